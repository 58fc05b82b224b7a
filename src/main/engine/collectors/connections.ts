/** Sockets counted by state. */
import { connections } from '../../../shared/metrics/connections';
import type { ReadingOf } from '../../../shared/metrics/reading';
import { rounded } from './numbers';

/** Sockets of IPv4 and IPv6 together. */
export interface ConnectionsRaw {
  /** TCP in the state ESTABLISHED. */
  readonly active: number;
  readonly listening: number;
  readonly timeWait: number;
  /** TCP that is opening or closing: every other state. */
  readonly otherTcp: number;
  readonly udp: number;
}

/** Rounds; nothing else is to be understood. */
export function connectionsReading(raw: ConnectionsRaw): ReadingOf<'connections'> {
  const { active, listening, timeWait, otherTcp, udp } = raw;
  return { values: rounded(connections.metrics, { active, listening, timeWait, otherTcp, udp }), devices: {} };
}
