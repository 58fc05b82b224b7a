/** Points of one series as columns, and the few operations live charts need. All pure; inputs are not changed. */
import { lowerBound } from '../../shared/series/search';
import type { SeriesPoints } from '../../shared/series/types';

/** Columns of equal length, oldest first; a point without values is a hole. Times are epoch ms. */
export interface Columns {
  readonly time: readonly number[];
  readonly min: readonly (number | null)[];
  readonly avg: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly count: readonly number[];
}

/** A series without points. */
export const EMPTY: Columns = { time: [], min: [], avg: [], max: [], count: [] };

/** How a sample is put into a series. */
export interface AppendRule {
  /** Width of a point, ms; samples within one bucket are merged. */
  readonly step: number;
  /** A pause longer than this between samples is a hole, ms. */
  readonly gapAfter: number;
}

/** Takes an answer's points. */
export function toColumns({ time, min, avg, max, count }: SeriesPoints): Columns {
  return { time, min, avg, max, count };
}

function push(columns: Columns, time: number, value: number | null): Columns {
  return {
    time: [...columns.time, time],
    min: [...columns.min, value],
    avg: [...columns.avg, value],
    max: [...columns.max, value],
    count: [...columns.count, value === null ? 0 : 1],
  };
}

function withLast<T>(list: readonly T[], last: T): readonly T[] {
  return [...list.slice(0, -1), last];
}

/** Adds a sample to the last point: counts add up, the mean is weighted, the extremes widen. */
function mergeLast(columns: Columns, value: number | null): Columns {
  if (value === null) return columns;
  const at = columns.time.length - 1;
  const count = columns.count[at] ?? 0;
  const avg = columns.avg[at] ?? null;
  const merged = avg === null ? value : (avg * count + value) / (count + 1);
  return {
    time: columns.time,
    min: withLast(columns.min, Math.min(columns.min[at] ?? value, value)),
    avg: withLast(columns.avg, merged),
    max: withLast(columns.max, Math.max(columns.max[at] ?? value, value)),
    count: withLast(columns.count, count + 1),
  };
}

/** Adds a sample: into the last point where it belongs there, else as a new point, after a hole where there is one. */
export function append(columns: Columns, time: number, value: number | null, rule: AppendRule): Columns {
  const bucket = Math.floor(time / rule.step) * rule.step;
  const last = columns.time.at(-1);
  if (last === undefined) return push(columns, bucket, value);
  if (bucket <= last) return mergeLast(columns, value);
  const broken = time - last > rule.gapAfter && columns.avg.at(-1) !== null;
  return push(broken ? push(columns, last + rule.step, null) : columns, bucket, value);
}

/** Marks a hole right after the last point, so that the next does not connect to it. */
export function breakOff(columns: Columns): Columns {
  const last = columns.time.at(-1);
  return last === undefined || columns.avg.at(-1) === null ? columns : push(columns, last + 1, null);
}

/** Drops the points before `from`, save the one whose line enters the window. */
export function trim(columns: Columns, from: number): Columns {
  const first = Math.max(0, lowerBound(columns.time, from) - 1);
  if (first === 0) return columns;
  return {
    time: columns.time.slice(first),
    min: columns.min.slice(first),
    avg: columns.avg.slice(first),
    max: columns.max.slice(first),
    count: columns.count.slice(first),
  };
}

/** One point as a reader of a chart sees it. */
export interface PointAt {
  readonly time: number;
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
}

/** The point nearest to `time`, or null when none is within `reach` ms or it is a hole. */
export function pointAt(columns: Columns, time: number, reach: number): PointAt | null {
  const after = lowerBound(columns.time, time);
  const distance = (at: number): number => Math.abs((columns.time[at] ?? Infinity) - time);
  const at = distance(after) < distance(after - 1) ? after : after - 1;
  const found = columns.time[at];
  if (found === undefined || distance(at) > reach || (columns.avg[at] ?? null) === null) return null;
  return { time: found, min: columns.min[at] ?? null, avg: columns.avg[at] ?? null, max: columns.max[at] ?? null };
}

/** Highest value of a series, null when it has none. */
export function highest(columns: Columns): number | null {
  let best: number | null = null;
  for (const value of columns.max) if (value !== null && (best === null || value > best)) best = value;
  return best;
}

/** Lowest value of a series, null when it has none. */
export function lowest(columns: Columns): number | null {
  let best: number | null = null;
  for (const value of columns.min) if (value !== null && (best === null || value < best)) best = value;
  return best;
}

/** True when there is something to draw. */
export function hasValues(columns: Columns | undefined): boolean {
  return columns !== undefined && columns.avg.some((value) => value !== null);
}
