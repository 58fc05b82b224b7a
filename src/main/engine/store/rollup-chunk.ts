/**
 * Chunks of rollup points of one series: the points in one blob, their sketches in another, because a line on a chart
 * needs no sketches. What is true of the whole chunk stands first, because statistics of a long time need no more.
 *
 *   points    byte 2, unsigned length of the total, the total, then packed columns (columns.ts): changes of the bucket's
 *             number, counts − 1, minima, max − min, sum − count·min
 *   total     unsigned length of packed columns, these: one of number of points, count, min, max, sum; then its sketch
 *
 * For the points' sketches see sketches.ts. The total's is written as sparse-sketches.ts does, and left out where points
 * keep none.
 */
import type { Rollup } from '../../../shared/series/rollup';
import { EMPTY_SKETCH } from '../../../shared/series/sketch';
import type { Sketch } from '../../../shared/series/sketch';
import { ByteReader, ByteWriter } from './bytes';
import { packColumns, unpackColumns } from './columns';
import { packOne, SparseReader } from './sparse-sketches';

/** Points without their sketches, as columns of equal length, oldest first. Sums and extremes in steps. */
export interface PointColumns {
  readonly time: number[];
  readonly count: number[];
  readonly sum: number[];
  readonly min: number[];
  readonly max: number[];
}

/** How a blob of points begins. */
const WITH_TOTAL = 2;

/** What is true of a whole chunk. */
export interface ChunkTotal {
  readonly points: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly sketch: Sketch;
}

/** Packs points (ascending, starts at multiples of `width`), at least one, and the sketch of all of them, if they have any. */
export function packPoints(points: readonly Rollup[], width: number, sketch: Sketch | null): Buffer {
  const numbers = points.map((point) => point.time / width);
  const columns = packColumns([
    numbers.map((number, i) => number - (numbers[i - 1] ?? 0)),
    points.map((point) => point.count - 1),
    points.map((point) => point.min),
    points.map((point) => point.max - point.min),
    points.map(({ sum, count, min }) => sum - count * min),
  ]);
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

/** Parts of a points blob. Throws on damaged bytes. */
function openPoints(bytes: Buffer): { total: Buffer; columns: Buffer } {
  const input = new ByteReader(bytes);
  const mark = input.byte();
  if (mark !== WITH_TOTAL) throw new Error(`stored chunk has unknown form ${mark}`);
  const total = input.bytes(input.unsigned());
  return { total, columns: bytes.subarray(input.at) };
}

/** What is true of a whole chunk of points. Throws on damaged bytes. */
export function readTotal(bytes: Buffer): ChunkTotal {
  const { total } = openPoints(bytes);
  const input = new ByteReader(total);
  const [[points = 0, count = 0, min = 0, max = 0, sum = 0] = []] = unpackColumns(input.bytes(input.unsigned()));
  const bits = total.subarray(input.at);
  return { points, count, sum, min, max, sketch: bits.length === 0 ? EMPTY_SKETCH : new SparseReader(bits, 1).next() };
}

/** What packPoints packed, of `width` ms each. Throws on damaged bytes. */
export function unpackPoints(bytes: Buffer, width: number): PointColumns {
  const [changes = [], counts = [], min = [], spans = [], rests = []] = unpackColumns(openPoints(bytes).columns);
  let number = 0;
  const count = counts.map((less) => less + 1);
  return {
    time: changes.map((change) => (number += change) * width),
    count,
    sum: rests.map((rest, i) => rest + (count[i] ?? 0) * (min[i] ?? 0)),
    min,
    max: spans.map((span, i) => (min[i] ?? 0) + span),
  };
}
