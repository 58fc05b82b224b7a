/**
 * Format of a chunk of rollup points of one series: the points in one blob, their sketches in another, because a line on a
 * chart needs no sketches. The totals of the whole chunk come first, because statistics of a long range need no more.
 *
 *   points    byte 2, unsigned length of the total, the total, then packed columns (packed-columns.ts): changes of the
 *             bucket's number, counts − 1, minima, max − min, sum − count·min
 *   total     unsigned length of packed columns, these: one of number of points, count, min, max, sum; then its sketch
 *
 * For the sketches of the points see sketches.ts. The sketch of the total is in the form of sparse-sketches.ts; it is left
 * out where the points have none.
 */
import type { Items } from '../../series/items';
import type { Rollup } from '../../series/rollup';
import { EMPTY_SKETCH } from '../../series/sketch';
import type { Sketch } from '../../series/sketch';
import { ByteReader, ByteWriter } from './bytes';
import { NO_NUMBERS, packColumns, toChanges, unpackColumns, unpackTo } from './packed-columns';
import type { Scale } from './scale';
import { packOne, SparseReader } from './sparse-sketches';

/** Points without their sketches, as columns of equal length, oldest first: times in epoch ms, sums and extremes in steps. */
export interface PointColumns {
  readonly time: Float64Array;
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** First byte of a blob of points. */
const WITH_TOTAL = 2;

/** Totals of a chunk: sum and extremes in steps. */
export interface ChunkTotal {
  readonly points: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly sketch: Sketch;
}

/**
 * Packs points (ascending, starts at multiples of `width` ms, at least one) and the sketch of all of them, or null.
 * `isUncompressed`: see packColumns.
 */
export function packPoints(points: readonly Rollup[], width: number, sketch: Sketch | null, isUncompressed = false): Buffer {
  const columns = packColumns([
    toChanges(points.map((point) => point.time / width)),
    points.map((point) => point.count - 1),
    points.map((point) => point.min),
    points.map((point) => point.max - point.min),
    points.map(({ sum, count, min }) => sum - count * min),
  ], isUncompressed);
  const total = packTotal(points, sketch);
  const out = new ByteWriter();
  out.byte(WITH_TOTAL);
  out.unsigned(total.length);
  out.append(total);
  out.append(columns);
  return out.take();
}

function packTotal(points: readonly Rollup[], sketch: Sketch | null): Buffer {
  const all = { count: 0, min: Infinity, max: -Infinity, sum: 0 };
  for (const { count, min, max, sum } of points) {
    all.count += count;
    all.sum += sum;
    all.min = Math.min(all.min, min);
    all.max = Math.max(all.max, max);
  }
  const columns = packColumns([[points.length, all.count, all.min, all.max, all.sum]]);
  const out = new ByteWriter();
  out.unsigned(columns.length);
  out.append(columns);
  if (sketch !== null && sketch.keys.length > 0) out.append(packOne(sketch));
  return out.take();
}

/** Offsets of the total and of the columns in a blob of points. Throws on damaged bytes. */
function openPoints(bytes: Buffer): { total: number; columns: number } {
  const input = new ByteReader(bytes);
  const form = input.byte();
  if (form !== WITH_TOTAL) throw new Error(`stored chunk has unknown form ${form}`);
  const length = input.unsigned();
  return { total: input.at, columns: input.at + length };
}

/** Reads the totals of a chunk. Throws on damaged bytes. */
export function readTotal(bytes: Buffer): ChunkTotal {
  const { total, columns } = openPoints(bytes);
  const input = new ByteReader(bytes.subarray(0, columns), total);
  const [[points = 0, count = 0, min = 0, max = 0, sum = 0] = []] = unpackColumns(input.bytes(input.unsigned()));
  const bits = bytes.subarray(input.at, columns);
  return { points, count, sum, min, max, sketch: bits.length === 0 ? EMPTY_SKETCH : new SparseReader(bits, 1).next() };
}

/** Decodes the columns in place, and converts steps to values of `times / parts` each. */
function toPoints({ time, count, min, max, sum }: PointColumns, from: number, end: number, width: number, { times, parts }: Pick<Scale, 'times' | 'parts'>): void {
  let number = 0;
  for (let i = from; i < end; i += 1) {
    number += time[i] ?? 0;
    const counted = (count[i] ?? 0) + 1;
    const least = min[i] ?? 0;
    time[i] = number * width;
    count[i] = counted;
    min[i] = (least * times) / parts;
    max[i] = (((max[i] ?? 0) + least) * times) / parts;
    sum[i] = (((sum[i] ?? 0) + counted * least) * times) / parts;
  }
}

/** The columns of a blob of points, in their order. */
const COLUMNS = ['time', 'count', 'min', 'max', 'sum'] as const;

const STEPS = { times: 1, parts: 1 } as const;

/** Inverse of packPoints, for points of `width` ms. Throws on damaged bytes. */
export function unpackPoints(bytes: Buffer, width: number): PointColumns {
  const points = { time: NO_NUMBERS, count: NO_NUMBERS, min: NO_NUMBERS, max: NO_NUMBERS, sum: NO_NUMBERS };
  const length = unpackTo(bytes, openPoints(bytes).columns, (all) => {
    for (const name of COLUMNS) points[name] = new Float64Array(all);
    return { columns: COLUMNS.map((name) => points[name]), at: 0 };
  });
  toPoints(points, 0, length, width, STEPS);
  return points;
}

/** Adds points of `width` ms packed by packPoints to items, as values in the metric's unit. Throws on damaged bytes, and then adds nothing. */
export function addPoints(bytes: Buffer, width: number, scale: Scale, to: Items): void {
  const from = to.length;
  const length = unpackTo(bytes, openPoints(bytes).columns, (more) => {
    to.reserve(more);
    return { columns: COLUMNS.map((name) => to[name]), at: from };
  });
  to.width.fill(width, from, from + length);
  toPoints(to, from, from + length, width, scale);
  to.length += length;
}
