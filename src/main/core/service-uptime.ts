/**
 * Uptime of services for the status document, from the stored tiers. Whoever polls the document costs no query: what was found is
 * kept for a while, and is found anew in slices behind the answer.
 */
import { seriesKey } from '../../shared/metrics/index';
import { messageOf } from '../../shared/result';
import type { Snapshot } from '../../shared/metrics/reading';
import type { SeriesStats } from '../../shared/series/types';
import type { ServiceUptime, ServiceUptimes } from '../../shared/status-schema';
import type { Clock, Timers } from '../engine/clock';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import type { Store } from '../engine/store/store-types';
import { runInSlices } from '../engine/time-slicing';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How far each range reaches back, and how old what is kept of it may be before it is found anew, ms. */
const RANGES = {
  last_24_hours: { length: DAY, fresh: MINUTE },
  last_30_days: { length: 30 * DAY, fresh: 15 * MINUTE },
} as const;
/** What is older than this many times `fresh` is not told: nobody polled for that long. */
const TOO_OLD = 5;
/** How long an answer waits for what is not known yet, ms. Then it is missing, and in the next answer. */
const MAX_WAIT = 500;

/** Of a service of which nothing is known. */
export const UNKNOWN_UPTIME: ServiceUptime = { percentage: null, measured_percentage: null };

/** The uptime of services by their id. */
export type UptimeReader = (ids: readonly string[]) => Promise<ReadonlyMap<string, ServiceUptimes>>;

/** What it needs. `boot` of the clock tells age: it goes on in sleep, and nobody sets it. */
export interface UptimeParts {
  readonly store: Pick<Store, 'statsWork'>;
  readonly clock: Pick<Clock, 'now' | 'mono' | 'boot'>;
  readonly timers: Timers;
  readonly log: Log;
}

/** The uptime from statistics of the series `up`, which is 1 or 0, over a range in ms. A time that was not measured is in neither. Pure. */
function uptimeOf({ avg, sampledSeconds }: SeriesStats, length: number): ServiceUptime {
  if (avg === null) return { percentage: null, measured_percentage: 0 };
  // An average of ones may lie a hair's breadth beside one.
  return { percentage: avg > 1 - 1e-11 ? 100 : avg * 100, measured_percentage: Math.min(100, (sampledSeconds * 1e5) / length) };
}

interface Kept {
  /** Time since boot, ms. */
  readonly at: number;
  readonly uptimes: ReadonlyMap<string, ServiceUptime>;
}

/** The uptime over one range, kept. */
function keepRange({ store, clock }: UptimeParts, { length, fresh }: { readonly length: number; readonly fresh: number }, report: (problem: string | null) => void) {
  let kept: Kept | null = null;
  let running: Promise<void> | null = null;
  const age = (): number => (kept === null ? Infinity : clock.boot() - kept.at);
  const load = async (ids: readonly string[]): Promise<void> => {
    const [at, now] = [clock.boot(), clock.now()];
    const query = { series: ids.map((id) => seriesKey('service', 'up', id)), from: Math.max(0, now - length) + 1, to: now + 1 };
    const found = await runInSlices(() => store.statsWork(query), () => clock.mono());
    kept = { at, uptimes: new Map(found.flatMap((stats, index) => (ids[index] === undefined ? [] : [[ids[index], uptimeOf(stats, length)]]))) };
  };
  const start = (ids: readonly string[]): void => {
    running ??= load(ids)
      .then(() => report(null), (error: unknown) => report(messageOf(error)))
      .finally(() => {
        running = null;
      });
  };
  return {
    /** Begins to find anew what is old or missing. Returns what to wait for where nothing can be told meanwhile; null elsewhere. */
    refresh(ids: readonly string[]): Promise<void> | null {
      const isKnown = kept !== null && ids.every((id) => kept?.uptimes.has(id));
      if (!isKnown || age() >= fresh) start(ids);
      return isKnown && age() < TOO_OLD * fresh ? null : running;
    },
    of: (id: string): ServiceUptime => (age() < TOO_OLD * fresh ? kept?.uptimes.get(id) : undefined) ?? UNKNOWN_UPTIME,
  };
}

/** The ids of the services of a machine. */
export const serviceIdsOf = ({ readings }: Pick<Snapshot, 'readings'>): readonly string[] => Object.keys(readings.service?.devices ?? {});

/** Creates the reader. Nothing is asked of the store before somebody asks for a service. */
export function createUptimeReader(parts: UptimeParts): UptimeReader {
  const failures = createTransitionLog(parts.log);
  const keep = (range: keyof typeof RANGES) => keepRange(parts, RANGES[range], (problem) => failures.report(`uptime of services (${range})`, problem));
  const [day, month] = [keep('last_24_hours'), keep('last_30_days')];
  return async (ids) => {
    if (ids.length === 0) return new Map();
    const awaited = [day, month].flatMap((range) => range.refresh(ids) ?? []);
    if (awaited.length > 0) {
      let cancel = (): void => undefined;
      const late = new Promise<void>((resolve) => {
        cancel = parts.timers.after(MAX_WAIT, resolve);
      });
      await Promise.race([Promise.all(awaited), late]);
      cancel();
    }
    return new Map(ids.map((id) => [id, { last_24_hours: day.of(id), last_30_days: month.of(id) }]));
  };
}
