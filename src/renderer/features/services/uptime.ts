/** The share of the measured time in which a service was up, and its days. A time that was not measured is neither. Pure. */
import type { StatsEntry } from '../../data/history-queries';
import type { Columns } from '../../data/columns';
import { instantsOf, localOffset } from '../../../shared/series/calendar';
import type { OffsetAt } from '../../../shared/series/calendar';

const DAY = 86_400_000;

/** Below this share of a range that was measured, the uptime says how much of it was. */
const WELL_MEASURED = 0.95;

/** The uptime of a range. */
export interface Uptime {
  /** 0–100; null where nothing was measured. */
  readonly percent: number | null;
  /** Share of the range that was measured, 0–1. */
  readonly measured: number;
}

/** The uptime from the statistics of the series `up`, which is 1 or 0; `range` in seconds. */
export function uptimeOf(stats: Pick<StatsEntry, 'avg' | 'sampledSeconds'> | undefined, range: number): Uptime {
  if (stats === undefined || stats.avg === null) return { percent: null, measured: 0 };
  return { percent: stats.avg * 100, measured: Math.min(1, stats.sampledSeconds / range) };
}

/** "100 %", "99.98 %", "–". Rounded down: only a service that never failed has 100 %. */
export function formatUptime(percent: number | null): string {
  if (percent === null) return '–';
  // An average of ones may lie a hair's breadth below one.
  if (percent > 100 - 1e-9) return '100\u202f%';
  return `${(Math.floor(percent * 100 + 1e-9) / 100).toFixed(2)}\u202f%`;
}

/** "measured 40 % of the time", where a good part of a range was not; null elsewhere. */
export function measuredText({ percent, measured }: Uptime): string | null {
  if (percent === null) return 'not measured';
  if (measured >= WELL_MEASURED) return null;
  const share = measured * 100;
  return `measured ${share < 1 ? 'less than 1' : Math.floor(share)}\u202f% of the time`;
}

/** up: never failed; degraded: failed for a while; down: failed for more than a twentieth of the measured time; none: not measured. */
type DayLevel = 'up' | 'degraded' | 'down' | 'none';

/** A local day. */
export interface DayUptime {
  /** Epoch ms. */
  readonly from: number;
  readonly uptime: Uptime;
  readonly level: DayLevel;
}

/** The begins of the last `count` local days, oldest first, and the begin of tomorrow behind them. */
export function dayBegins(now: number, count: number, offsetAt: OffsetAt = localOffset): readonly number[] {
  const today = Math.floor((now + offsetAt(now)) / DAY);
  return Array.from({ length: count + 1 }, (_, at) => {
    const local = (today - count + 1 + at) * DAY;
    // Where the clocks skip midnight the day begins at the change.
    return instantsOf(local, offsetAt)[0] ?? local - offsetAt(local - DAY);
  });
}

function levelOf(percent: number | null): DayLevel {
  if (percent === null) return 'none';
  if (percent > 100 - 1e-9) return 'up';
  return percent >= 95 ? 'degraded' : 'down';
}

/**
 * The uptime of each local day between `begins`, from points of the series `up` of `step` ms. A point counts for the day in which
 * it begins, with as much time as its samples were apart (`interval`, ms), at most its own. The day that is not over yet is
 * measured up to `now`.
 */
export function daysOf(points: Pick<Columns, 'time' | 'avg' | 'count'>, { step, interval }: { readonly step: number; readonly interval: number }, begins: readonly number[], now: number): readonly DayUptime[] {
  const sums = begins.slice(0, -1).map(() => ({ up: 0, samples: 0, time: 0 }));
  let day = 0;
  points.time.forEach((time, at) => {
    const avg = points.avg[at] ?? null;
    const count = points.count[at] ?? 0;
    if (avg === null || count === 0 || time < (begins[0] ?? 0)) return;
    while (time >= (begins[day + 1] ?? Infinity)) day += 1;
    const sum = sums[day];
    if (sum === undefined) return;
    sum.up += avg * count;
    sum.samples += count;
    sum.time += Math.min(step, count * interval);
  });
  return sums.map(({ up, samples, time }, at) => {
    const from = begins[at] ?? 0;
    const length = Math.max(1, Math.min(now, begins[at + 1] ?? now) - from);
    const percent = samples === 0 ? null : (up / samples) * 100;
    return { from, uptime: { percent, measured: Math.min(1, time / length) }, level: levelOf(percent) };
  });
}

/** How many days of each level, for those who do not see the bar: "88 days without a failure, 2 not measured". */
export function daysText(days: readonly DayUptime[]): string {
  const counts: readonly (readonly [number, string])[] = [
    [days.filter(({ level }) => level === 'up').length, 'without a failure'],
    [days.filter(({ level }) => level === 'degraded').length, 'with short failures'],
    [days.filter(({ level }) => level === 'down').length, 'with long failures'],
    [days.filter(({ level }) => level === 'none').length, 'not measured'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, text]) => `${count} ${count === 1 ? 'day' : 'days'} ${text}`);
  return `Last ${days.length} days: ${parts.join(', ')}`;
}
