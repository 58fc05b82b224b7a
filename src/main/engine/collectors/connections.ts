/** Sockets as counted by the system. */
import { connections } from '../../../shared/metrics/connections';
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { rounded } from './numbers';

/** Sockets of IPv4 and IPv6 together; null where the system keeps no such count. */
export interface ConnectionsRaw {
  /** TCP in the states ESTABLISHED and CLOSE-WAIT. */
  readonly active: number;
  /** TCP in every state but TIME-WAIT: listening, opening, active and closing. */
  readonly sockets: Value;
  readonly timeWait: Value;
  readonly udp: Value;
  /** How the numbers came about, where that is worth saying. */
  readonly note: string | null;
}

/** Rounds; nothing else is to be understood. */
export function connectionsReading({ active, sockets, timeWait, udp, note }: ConnectionsRaw): ReadingOf<'connections'> {
  return { values: rounded(connections.metrics, { active, sockets, timeWait, udp }), devices: {}, ...(note === null ? {} : { note }) };
}
