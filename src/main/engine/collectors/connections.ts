/** Socket counts: what the platforms read, and the reading made from it. */
import { connections } from '../../../shared/metrics/connections';
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { rounded } from './numbers';

/** Counts of IPv4 and IPv6 together; null where the system does not count. */
export interface ConnectionsRaw {
  /** TCP in ESTABLISHED or CLOSE-WAIT. */
  readonly active: number;
  /** TCP in any state except TIME-WAIT: listening, opening, active and closing. */
  readonly sockets: Value;
  readonly timeWait: Value;
  readonly udp: Value;
  /** Note on how the numbers were counted, or null. */
  readonly note: string | null;
}

/** The counts, rounded to their resolution. */
export function connectionsReading({ active, sockets, timeWait, udp, note }: ConnectionsRaw): ReadingOf<'connections'> {
  return { values: rounded(connections.metrics, { active, sockets, timeWait, udp }), devices: {}, ...(note === null ? {} : { note }) };
}
