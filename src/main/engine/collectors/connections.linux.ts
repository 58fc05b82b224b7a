/**
 * Socket counts of the kernel, for the network namespace of the app. Reading the tables of /proc/net/tcp would take
 * milliseconds even if they are empty; these three files take microseconds.
 */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import { parseFault } from './faults';
import { HeldFile, WHOLE } from './files';
import { sumOf } from './numbers';
import type { Collector } from './collector';

const SNMP = '/proc/net/snmp';
const SOCKSTAT = '/proc/net/sockstat';
const SOCKSTAT6 = '/proc/net/sockstat6';

/**
 * `CurrEstab` from the two `Tcp:` lines, one of names and one of numbers: connections in ESTABLISHED or CLOSE-WAIT, IPv4
 * and IPv6 (RFC 4022, tcpCurrEstab). Throws a ParseError.
 */
export function parseEstablished(text: string): number {
  const [names, numbers] = text.split('\n').filter((line) => line.startsWith('Tcp: ')).map((line) => line.split(' '));
  const cell = numbers?.[names?.indexOf('CurrEstab') ?? -1];
  const count = Number(cell);
  if (cell === undefined || !(count >= 0)) throw parseFault(SNMP, 'has no CurrEstab');
  return count;
}

/**
 * One count of sockstat, from lines like `TCP: inuse 7 orphan 0 tw 3 alloc 9 mem 0`; null if the file has no such line or
 * count. `inuse` counts sockets that listen or have a peer, without those in TIME-WAIT (`tw`). `tw` is in the IPv4 line
 * for both address families and includes FIN-WAIT-2 sockets that their program has closed. Throws a ParseError.
 */
export function parseSockets(text: string, protocol: string, name: string): Value {
  const cells = text.split('\n').find((line) => line.startsWith(`${protocol}: `))?.split(' ') ?? [];
  const at = cells.indexOf(name);
  if (at < 0) return null;
  const count = Number(cells[at + 1] ?? Number.NaN);
  if (!(count >= 0)) throw parseFault(SOCKSTAT, `line "${protocol}" has no number for "${name}"`);
  return count;
}

/** Counts of both address families; without IPv6 there is no sockstat6. Throws a ParseError. */
export function parseCounts(snmp: string, sockstat: string | null, sockstat6: string | null): ConnectionsRaw {
  const four = sockstat ?? '';
  const both = (protocol: string): Value => {
    const count = parseSockets(four, protocol, 'inuse');
    return count === null ? null : sumOf([count, parseSockets(sockstat6 ?? '', `${protocol}6`, 'inuse')]);
  };
  return { active: parseEstablished(snmp), sockets: both('TCP'), timeWait: parseSockets(four, 'TCP', 'tw'), udp: both('UDP'), note: null };
}

/** Reads the three files synchronously; they stay open between reads. */
export function linuxConnections(root: string): Collector<'connections', ConnectionsRaw> {
  const snmp = new HeldFile(join(root, SNMP), 4096, WHOLE.record);
  const sockstat = new HeldFile(join(root, SOCKSTAT), 1024, WHOLE.record);
  const sockstat6 = new HeldFile(join(root, SOCKSTAT6), 1024, WHOLE.record);
  return {
    family: 'connections',
    read: () => parseCounts(snmp.text(), sockstat.optionalText(), sockstat6.optionalText()),
    toReading: connectionsReading,
    close: () => {
      for (const file of [snmp, sockstat, sockstat6]) file.close();
    },
  };
}
