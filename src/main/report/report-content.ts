/** Collects what a report says: from where the hub's copy ends, as much as fits. */
import type { Incident } from '../../shared/alerts/incident';
import { REPORT_LIMITS } from '../../shared/machines/report-schemas';
import type { Report } from '../../shared/machines/report-schemas';
import { eventVisibility } from '../../shared/timeline/event-visibility';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import type { StoredRows } from '../engine/store/query/stored-rows';
import type { Store } from '../engine/store/store-types';
import { runInSlices } from '../engine/time-slicing';

/** Where the hub's copy ends: the last row (epoch ms) and event. */
export interface Position {
  readonly from: number | null;
  readonly eventsFrom: number | null;
}

/** What of the history is reported. */
export interface Content extends Pick<Report, 'rows' | 'events'> {
  readonly hasMore: boolean;
}

/** Before the hub said where its copy ends, nothing of the history is sent. */
export const NO_CONTENT: Content = { rows: { times: [], gaps: {}, series: {} }, events: [], hasMore: false };

/** About this many values are in one report: 2 MB of text. */
const MAX_VALUES = 250_000;

/** Reads rows and events after a position, in slices. `first`: time of a row of this run. */
export async function readContent(store: Store, { from, eventsFrom }: Position, first: number | null, rows: number, mono: () => number): Promise<Content> {
  const { hasMore, ...found }: StoredRows = await runInSlices(() => store.rowsAfter({ after: from, first, rows, values: MAX_VALUES }), mono);
  return { rows: limited(found), events: eventsAfter(store, eventsFrom ?? 0), hasMore };
}

/** The next events that are not for this machine alone. */
function eventsAfter({ activity }: Store, id: number): readonly ActivityEvent[] {
  for (let after = id; ; ) {
    const page = activity.eventsAfter(after, REPORT_LIMITS.events);
    const told = page.filter(({ type }) => eventVisibility(type) !== 'local');
    after = page.at(-1)?.id ?? after;
    if (told.length > 0 || page.length < REPORT_LIMITS.events) return told;
  }
}

/** No more series than a report may have: those of the most devices are left out, which come last. */
function limited(rows: Omit<StoredRows, 'hasMore'>): Content['rows'] {
  const series = Object.entries(rows.series);
  return series.length <= REPORT_LIMITS.series ? rows : { ...rows, series: Object.fromEntries(series.slice(0, REPORT_LIMITS.series)) };
}

/** The incidents that the hub has to know of: at first those since its copy ends and all that are open, then what changes. */
export class ChangedIncidents {
  readonly #changed = new Map<string, Incident>();

  /** An incident began, changed or ended. */
  add(incident: Incident): void {
    this.#changed.delete(incident.id);
    this.#changed.set(incident.id, incident);
    if (this.#changed.size <= 5 * REPORT_LIMITS.incidents) return;
    for (const id of this.#changed.keys()) {
      this.#changed.delete(id);
      break;
    }
  }

  /** Those that the hub may not have, where its copy ends at `from`. */
  addSince({ activity }: Store, from: number | null): void {
    const since = from === null ? [] : activity.incidents({ from, to: Number.MAX_SAFE_INTEGER, openOnly: false, limit: REPORT_LIMITS.incidents });
    for (const incident of [...activity.openIncidents(), ...since]) if (!this.#changed.has(incident.id)) this.#changed.set(incident.id, incident);
  }

  /** Those for the next report. */
  next(): readonly Incident[] {
    return [...this.#changed.values()].slice(0, REPORT_LIMITS.incidents);
  }

  /** They have arrived; what changed since stays. */
  onStored(incidents: readonly Incident[]): void {
    for (const incident of incidents) if (this.#changed.get(incident.id) === incident) this.#changed.delete(incident.id);
  }
}
