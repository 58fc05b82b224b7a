/**
 * Sockets as the kernel itself counts them, for the network namespace the app runs in. Walking the tables of
 * /proc/net/tcp would take the kernel milliseconds even where they are empty; these three files take it microseconds.
 */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import { parseFault } from './faults';
import { HeldFile } from './files';
import { sumOf } from './numbers';
import type { Collector } from './collector';

const SNMP = '/proc/net/snmp';
const SOCKSTAT = '/proc/net/sockstat';
const SOCKSTAT6 = '/proc/net/sockstat6';

/**
 * `CurrEstab` of the two `Tcp:` lines, names above numbers: connections in ESTABLISHED or CLOSE-WAIT, of both
 * address families (RFC 4022, tcpCurrEstab). Throws a ParseError.
 */
export function parseEstablished(text: string): number {
  const [names, numbers] = text.split('\n').filter((line) => line.startsWith('Tcp: ')).map((line) => line.split(' '));
  const cell = numbers?.[names?.indexOf('CurrEstab') ?? -1];
  const count = Number(cell);
  if (cell === undefined || !(count >= 0)) throw parseFault(SNMP, 'tells no CurrEstab');
  return count;
}

/**
 * One count of sockstat, from lines like `TCP: inuse 7 orphan 0 tw 3 alloc 9 mem 0`; null when the file has no
 * such line or count. `inuse` is sockets that listen or have a peer, those in TIME-WAIT (`tw`) apart; `tw`
 * stands in the line of IPv4 for both families, and holds what is left of a socket in FIN-WAIT-2 that its
 * program has let go. Throws a ParseError.
 */
export function parseSockets(text: string, protocol: string, name: string): Value {
  const cells = text.split('\n').find((line) => line.startsWith(`${protocol}: `))?.split(' ') ?? [];
  const at = cells.indexOf(name);
  if (at < 0) return null;
  const count = Number(cells[at + 1] ?? Number.NaN);
  if (!(count >= 0)) throw parseFault(SOCKSTAT, `line "${protocol}" holds no number of "${name}"`);
  return count;
}

/** A machine without IPv6 has no sockstat6; its sockets are those of IPv4. Throws a ParseError. */
export function parseCounts(snmp: string, sockstat: string | null, sockstat6: string | null): ConnectionsRaw {
  const four = sockstat ?? '';
  const both = (protocol: string): Value => {
    const count = parseSockets(four, protocol, 'inuse');
    return count === null ? null : sumOf([count, parseSockets(sockstat6 ?? '', `${protocol}6`, 'inuse')]);
  };
  return { active: parseEstablished(snmp), sockets: both('TCP'), timeWait: parseSockets(four, 'TCP', 'tw'), udp: both('UDP'), note: null };
}

/** Reads the three files with held descriptors, synchronously. */
export function linuxConnections(root: string): Collector<'connections', ConnectionsRaw> {
  const snmp = new HeldFile(join(root, SNMP));
  const sockstat = new HeldFile(join(root, SOCKSTAT), 1024);
  const sockstat6 = new HeldFile(join(root, SOCKSTAT6), 1024);
  return {
    family: 'connections',
    read: () => parseCounts(snmp.text(), sockstat.optionalText(), sockstat6.optionalText()),
    toReading: connectionsReading,
    close: () => {
      for (const file of [snmp, sockstat, sockstat6]) file.close();
    },
  };
}
