/** Whether what the page shows is current, and the text of the time it is of. Pure. */
import { formatMoment } from '../../shared/local-time';
import type { FamilyId } from '../../shared/metrics/index';
import type { Fault, Reading, Snapshot } from '../../shared/metrics/reading';

/** connecting: no snapshot yet; live: up to date; silent: no data for longer than expected; lost: calls fail. */
export type Connection = 'connecting' | 'live' | 'silent' | 'lost';

/** paused: by the user; lost, silent: the connection; failed: this metric group alone. */
type StaleReason = 'paused' | 'lost' | 'silent' | 'failed';

/** Why values are not current. */
export interface Staleness {
  readonly reason: StaleReason;
  /** When the shown values were read, epoch ms of the machine; null where there are none. */
  readonly asOf: number | null;
}

/** What is known of the connection and of the latest data. */
export interface PageState {
  readonly connection: Connection;
  /** Time of the latest batch, epoch ms; 0 before any. */
  readonly time: number;
  readonly paused: boolean;
}

/** The staleness of the whole page; null while its values are current, or none have arrived yet. */
export function pageStaleness({ connection, time, paused }: PageState): Staleness | null {
  const asOf = time > 0 ? time : null;
  // A lost connection is more than a pause: nobody knows whether it still lasts.
  if (connection === 'lost') return { reason: 'lost', asOf };
  if (paused) return { reason: 'paused', asOf };
  return connection === 'silent' ? { reason: 'silent', asOf } : null;
}

/** What a view shows of a family: its current reading or the last known one, and why that is not current. */
export interface FamilyState {
  readonly reading: Reading | undefined;
  readonly fault: Fault | undefined;
  /** Null while the reading is current. */
  readonly stale: Staleness | null;
}

/** The state of a family on a page. */
export function familyState(id: FamilyId, live: Pick<Snapshot, 'readings' | 'faults' | 'lastKnown' | 'readAt'>, page: Staleness | null): FamilyState {
  const fault = live.faults[id];
  if (fault !== undefined) {
    const last = live.lastKnown[id];
    return { reading: last?.reading, fault, stale: { reason: page?.reason ?? 'failed', asOf: last?.readAt ?? null } };
  }
  const reading = live.readings[id];
  const stale = page === null ? null : { ...page, asOf: reading === undefined ? null : (live.readAt[id] ?? page.asOf) };
  return { reading, fault, stale };
}

/** "as of 07:36". */
export function asOfText(asOf: number | null, now: number): string {
  return asOf === null ? 'no data yet' : `as of ${formatMoment(asOf, now)}`;
}

const PAGE_LABELS: Readonly<Record<StaleReason, string>> = { paused: 'Monitoring paused', lost: 'Disconnected', silent: 'No new data', failed: 'Cannot be read' };

/** "Monitoring paused, as of 07:36". */
export function stalenessText({ reason, asOf }: Staleness, now: number): string {
  return asOf === null ? PAGE_LABELS[reason] : `${PAGE_LABELS[reason]}, ${asOfText(asOf, now)}`;
}
