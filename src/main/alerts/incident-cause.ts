/** What caused an alert: the processes that use most now and how long tasks wait, or how much the level grew in the last days. */
import type { Growth, IncidentCause, Waiting } from '../../shared/alerts/incident';
import type { EvaluatedEvent } from '../../shared/alerts/incident-event';
import { culpritsOf, familyOf, parseSeriesKey, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import { messageOf } from '../../shared/result';
import type { SeriesPoints } from '../../shared/series/types';
import type { Clock } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Processes } from '../engine/processes/index';
import type { Store } from '../engine/store/store-types';
import { runInSlices } from '../engine/time-slicing';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back growth is looked for, ms. */
const REACH = 7 * DAY;
/** Points of that time: quarters of an hour. */
const POINTS = REACH / (15 * MINUTE);
/** Times that are told, shortest first, ms. */
const WINDOWS = [HOUR, 6 * HOUR, DAY, 3 * DAY, REACH] as const;
/** The shortest time with this share of all growth is told: it says best when it happened. */
const MOST = 0.8;
/** Growth below this share of the level explains nothing. */
const LEAST = 0.01;

/** Waiting below this share of the time is not felt, percent. */
const FELT = 10;

/** Most letters of what a device says. */
const LONGEST_SAID = 300;

/** What looks causes up. */
export interface CauseParts {
  readonly clock: Pick<Clock, 'mono'>;
  readonly hub: Pick<Hub, 'snapshot'>;
  readonly store: Store;
  readonly processes: Pick<Processes, 'explain'>;
  readonly log: Log;
}

/** By how much a level grew until its last point, and since when; null where it hardly did. Pure. */
export function growthIn({ series, time, avg }: Pick<SeriesPoints, 'series' | 'time' | 'avg'>): Growth | null {
  const points = time.flatMap((at, i) => {
    const value = avg[i];
    return value === null || value === undefined ? [] : [{ at, value }];
  });
  const last = points.at(-1);
  if (last === undefined) return null;
  const grownIn = (window: number): Growth => {
    const within = points.filter(({ at }) => at >= last.at - window);
    // The latest of the lowest: before it the level did not grow.
    const lowest = within.reduce((least, point) => (point.value <= least.value ? point : least), last);
    return { series, by: last.value - lowest.value, since: lowest.at, until: last.at };
  };
  const all = grownIn(REACH);
  if (all.by <= Math.abs(last.value) * LEAST || all.until - all.since < MINUTE) return null;
  return WINDOWS.map(grownIn).find(({ by }) => by >= all.by * MOST) ?? all;
}

async function readGrowth({ store, clock }: CauseParts, series: SeriesKey, at: number): Promise<Growth | null> {
  const query = { series: [series], from: at - REACH, to: at + 1, points: POINTS };
  const { series: [points] } = await runInSlices(() => store.queryWork(query), () => clock.mono());
  return points === undefined ? null : growthIn(points);
}

/** How long tasks wait for what the series is about; null where that is not felt, not known, or the value of the series itself. */
function waitingNow({ hub }: CauseParts, series: SeriesKey): Waiting | null {
  const parsed = parseSeriesKey(series);
  const wait = parsed === null ? undefined : familyOf(parsed.family).wait;
  if (parsed === null || wait === undefined || parsed.metric === wait.metric) return null;
  const share = hub.snapshot().readings[parsed.family]?.values[wait.metric] ?? null;
  return share === null || share < FELT ? null : { series: seriesKey(parsed.family, wait.metric), share };
}

/** What the device of a state says of it; null where it says nothing. */
function saidOf({ hub }: CauseParts, series: SeriesKey): string | null {
  const parsed = parseSeriesKey(series);
  if (parsed === null || parsed.device === null || !(parsed.descriptor.words !== undefined || parsed.descriptor.saidByState === true)) return null;
  return hub.snapshot().readings[parsed.family]?.devices[parsed.device]?.state?.reason?.slice(0, LONGEST_SAID) ?? null;
}

/** The cause of a series' present value; the processes are stored as well. Null where nothing can be said. */
async function causeOf(parts: CauseParts, { incident, at }: EvaluatedEvent): Promise<IncidentCause | null> {
  const kind = culpritsOf(incident.series);
  if (kind === 'none') {
    const state = saidOf(parts, incident.series);
    return state === null ? null : { culprits: [], state };
  }
  if (typeof kind === 'object') {
    const growth = await readGrowth(parts, kind.growthOf, at);
    return growth === null ? null : { culprits: [], growth };
  }
  const waiting = waitingNow(parts, incident.series);
  const { culprits, top } = await parts.processes.explain(kind);
  // What they use of graphics cards is not told by every system.
  if (top.length > 0) parts.store.activity.putProcessSnapshot({ time: at, incident: incident.id, processes: top });
  return { culprits, ...(waiting === null ? {} : { waiting }) };
}

/** The event with its cause, and that handed to `setCause`; the event alone where the cause is not known or cannot be read. */
export async function withCause(parts: CauseParts, setCause: (id: string, cause: IncidentCause) => unknown, event: EvaluatedEvent): Promise<EvaluatedEvent> {
  const { kind, incident } = event;
  if (kind !== 'fired' && kind !== 'escalated') return event;
  try {
    const cause = await causeOf(parts, event);
    if (cause === null) return event;
    setCause(incident.id, cause);
    return { ...event, incident: { ...incident, ...cause } };
  } catch (error) {
    parts.log.warn('the cause of an alert could not be read', { incident: incident.id, reason: messageOf(error) });
    return event;
  }
}
