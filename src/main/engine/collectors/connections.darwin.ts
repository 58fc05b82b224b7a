/** Socket counts of macOS, from netstat(1). */
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import type { Collector } from './collector';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import { parseFault } from './faults';
import { ProgramValue } from './program-value';

const NETSTAT = '/usr/sbin/netstat';

/** After this a program that hangs is ended, ms; below the family's deadline. */
const DEADLINE = 2500;

/** Each count starts two programs, which is too dear for the family's sampling interval. */
const INTERVAL = 30_000;

/** States of active connections; other open states count as sockets only. */
const ACTIVE: ReadonlySet<string> = new Set(['ESTABLISHED', 'CLOSE_WAIT']);

/** The cells of each row of a protocol; their places are those of the header. Throws a ParseError without a header. */
function rowsOf(text: string, protocol: string): string[][] {
  if (!/^Proto\b/m.test(text)) throw parseFault('netstat', 'has no header');
  return text.split('\n').filter((line) => line.startsWith(protocol)).map((line) => line.trim().split(/\s+/));
}

/** Column of the state: protocol, two queues and two addresses come before it. */
const STATE = 5;

/**
 * Parses `netstat -an -p tcp`. A socket that is CLOSED neither has a peer nor listens: it is listed as long as its program
 * keeps it, and no socket in the sense of the metric. Throws a ParseError.
 */
export function parseTcp(text: string): Omit<ConnectionsRaw, 'udp' | 'note'> {
  const counts = { active: 0, sockets: 0, timeWait: 0 };
  for (const cells of rowsOf(text, 'tcp')) {
    const state = cells[STATE] ?? 'CLOSED';
    if (state === 'TIME_WAIT') counts.timeWait += 1;
    else if (state !== 'CLOSED') {
      counts.sockets += 1;
      if (ACTIVE.has(state)) counts.active += 1;
    }
  }
  return counts;
}

/** Counts the sockets of `netstat -an -p udp`. Throws a ParseError. */
export function parseUdp(text: string): number {
  return rowsOf(text, 'udp').length;
}

/** Counts the sockets every half minute. */
export function darwinConnections({ programs, clock }: Pick<SystemDeps, 'programs' | 'clock'>): Collector<'connections', ConnectionsRaw> {
  const list = (protocol: string): Promise<string> => programs.read(NETSTAT, ['-an', '-p', protocol], DEADLINE);
  const tcp = new ProgramValue(clock, async () => parseTcp(await list('tcp')));
  const udp = new ProgramValue(clock, async () => parseUdp(await list('udp')));
  return {
    family: 'connections',
    read: async () => {
      const [counts, datagrams]: [Omit<ConnectionsRaw, 'udp' | 'note'>, Value] = await Promise.all([tcp.current(INTERVAL), udp.optional(INTERVAL)]);
      return { ...counts, udp: datagrams, note: `counted every ${INTERVAL / 1000} s` };
    },
    toReading: connectionsReading,
  };
}
