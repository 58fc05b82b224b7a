/** Points of one series as columns, and the operations live charts need on them. All pure; inputs are not changed. */
import { lowerBound } from '../../shared/series/search';
import type { SeriesPoints } from '../../shared/series/types';

/** Columns of equal length, oldest first; a point without values is a gap. Times are epoch ms. */
export interface Columns {
  readonly time: readonly number[];
  readonly min: readonly (number | null)[];
  readonly avg: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly count: readonly number[];
}

/** A series without points. */
export const EMPTY_COLUMNS: Columns = { time: [], min: [], avg: [], max: [], count: [] };

/** How a sample is added to a series. */
export interface AppendOptions {
  /** Time per point, ms; samples within the same point are merged. */
  readonly step: number;
  /** Time between samples from which there is a gap, ms. */
  readonly gapAfter: number;
}

/** The columns of a response's points. */
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

/** Merges a sample into the last point: the count grows, the mean is weighted by it, minimum and maximum widen. */
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

/** Adds a sample: merged into the last point if it falls into it, else as a new point, preceded by a gap if it came too late. */
export function append(columns: Columns, time: number, value: number | null, { step, gapAfter }: AppendOptions): Columns {
  const bucket = Math.floor(time / step) * step;
  const last = columns.time.at(-1);
  if (last === undefined) return push(columns, bucket, value);
  if (bucket <= last) return mergeLast(columns, value);
  const hasGap = time - last > gapAfter && columns.avg.at(-1) !== null;
  return push(hasGap ? push(columns, last + step, null) : columns, bucket, value);
}

/** Adds a gap right after the last point, so that the next point is not connected to it. */
export function appendGap(columns: Columns): Columns {
  const last = columns.time.at(-1);
  return last === undefined || columns.avg.at(-1) === null ? columns : push(columns, last + 1, null);
}

/** Drops the points before `from`, except the last of them, from which the line enters the window. */
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

/** Values of one point. */
export interface PointValues {
  readonly time: number;
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
}

/** The point nearest to `time`; null when none is within `reach` ms or it is a gap. */
export function pointAt(columns: Columns, time: number, reach: number): PointValues | null {
  const after = lowerBound(columns.time, time);
  const distance = (at: number): number => Math.abs((columns.time[at] ?? Infinity) - time);
  const at = distance(after) < distance(after - 1) ? after : after - 1;
  const found = columns.time[at];
  if (found === undefined || distance(at) > reach || (columns.avg[at] ?? null) === null) return null;
  return { time: found, min: columns.min[at] ?? null, avg: columns.avg[at] ?? null, max: columns.max[at] ?? null };
}

/** Highest maximum of a series; null without values. */
export function highest(columns: Columns): number | null {
  let best: number | null = null;
  for (const value of columns.max) if (value !== null && (best === null || value > best)) best = value;
  return best;
}

/** Lowest minimum of a series; null without values. */
export function lowest(columns: Columns): number | null {
  let best: number | null = null;
  for (const value of columns.min) if (value !== null && (best === null || value < best)) best = value;
  return best;
}

/** Whether there is any value to draw. */
export function hasValues(columns: Columns | undefined): boolean {
  return columns !== undefined && columns.avg.some((value) => value !== null);
}
