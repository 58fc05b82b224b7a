/**
 * Chunks of rollup points of one series: the points in one blob, their sketches in another, because a line on a chart
 * needs no sketches.
 *
 *   points    packed columns (columns.ts): changes of the bucket's number, counts − 1, minima, max − min, sum − count·min
 *   sketches  bits: four bits each for the three k below, then the sketch of the whole chunk, then one per point:
 *             golomb(k=3) buckets − 1, golomb(6) zigzag change of the first key, then for each further bucket
 *             golomb(kGap) key − key before − 1; then for each bucket golomb(kCount) count − 1, or golomb(kTotal) in
 *             the whole chunk's
 */
import type { Rollup } from '../../../shared/series/rollup';
import { EMPTY_SKETCH, SketchBuilder } from '../../../shared/series/sketch';
import type { Sketch } from '../../../shared/series/sketch';
import { BitReader, BitWriter, golombLength } from './bits';
import { packColumns, unpackColumns } from './columns';

/** Points without their sketches, as columns of equal length, oldest first. Sums and extremes in steps. */
export interface PointColumns {
  readonly time: number[];
  readonly count: number[];
  readonly sum: number[];
  readonly min: number[];
  readonly max: number[];
}

const BUCKETS_K = 3;
const FIRST_KEY_K = 6;
/** Sketches packed before a pause. */
const SKETCHES = 300;
/** What four bits can say. */
const MAX_K = 15;

/** Packs points (ascending, starts at multiples of `width`). */
export function packPoints(points: readonly Rollup[], width: number): Buffer {
  const numbers = points.map((point) => point.time / width);
  const rests = points.map(({ sum, count, min }) => sum - count * min);
  return packColumns([
    numbers.map((number, i) => number - (numbers[i - 1] ?? 0)),
    points.map((point) => point.count - 1),
    points.map((point) => point.min),
    points.map((point) => point.max - point.min),
    rests,
  ]);
}

/** What packPoints packed, of `width` ms each. Throws on damaged bytes. */
export function unpackPoints(bytes: Buffer, width: number): PointColumns {
  const [changes = [], counts = [], min = [], spans = [], rests = []] = unpackColumns(bytes);
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

/** Numbers below this are counted, not kept one by one. */
const SMALL = 256;

/** Numbers to be written with the k that takes the fewest bits, or nearly: it lies about the logarithm of their mean. */
class Tally {
  readonly #small = new Uint32Array(SMALL);
  readonly #large: number[] = [];
  #sum = 0;
  #count = 0;

  add(number: number): void {
    if (number < SMALL) this.#small[number] = (this.#small[number] ?? 0) + 1;
    else this.#large.push(number);
    this.#sum += number;
    this.#count += 1;
  }

  addCounts({ counts }: Sketch): void {
    for (let i = 0; i < counts.length; i += 1) this.add((counts[i] ?? 1) - 1);
  }

  addGaps({ keys }: Sketch): void {
    for (let i = 1; i < keys.length; i += 1) this.add((keys[i] ?? 0) - (keys[i - 1] ?? 0) - 1);
  }

  goodK(): number {
    const guess = this.#count === 0 ? 0 : Math.floor(Math.log2(this.#sum / this.#count + 1));
    const lower = Math.min(Math.max(0, guess - 1), MAX_K - 1);
    return this.#bitsAt(lower) <= this.#bitsAt(lower + 1) ? lower : lower + 1;
  }

  #bitsAt(k: number): number {
    const ofSmall = this.#small.reduce((bits, count, number) => bits + count * golombLength(number, k), 0);
    return this.#large.reduce((bits, number) => bits + golombLength(number, k), ofSmall);
  }
}

function writeSketch(out: BitWriter, sketch: Sketch, keyBefore: number, kGap: number, kCount: number): void {
  out.golomb(sketch.keys.length - 1, BUCKETS_K);
  const change = (sketch.keys[0] ?? 0) - keyBefore;
  out.golomb(change < 0 ? -2 * change - 1 : 2 * change, FIRST_KEY_K);
  const { keys } = sketch;
  for (let i = 1; i < keys.length; i += 1) out.golomb((keys[i] ?? 0) - (keys[i - 1] ?? 0) - 1, kGap);
  for (const count of sketch.counts) out.golomb(count - 1, kCount);
}

/** Packs the sketches of points, and the sketch of all of them together; pauses are where other work may go on. */
export function* packSketches(points: readonly Rollup[]): Generator<void, Buffer> {
  const all = new SketchBuilder();
  const [gaps, counts, totals] = [new Tally(), new Tally(), new Tally()];
  for (let i = 0; i < points.length; i += 1) {
    const sketch = points[i]?.sketch ?? EMPTY_SKETCH;
    all.merge(sketch);
    gaps.addGaps(sketch);
    counts.addCounts(sketch);
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  const total = all.take();
  totals.addCounts(total);
  const [kGap, kCount, kTotal] = [gaps.goodK(), counts.goodK(), totals.goodK()];
  const out = new BitWriter();
  for (const k of [kGap, kCount, kTotal]) out.bits(k, 4);
  writeSketch(out, total, 0, kGap, kTotal);
  let before = total.keys[0] ?? 0;
  for (let i = 0; i < points.length; i += 1) {
    const sketch = points[i]?.sketch ?? EMPTY_SKETCH;
    writeSketch(out, sketch, before, kGap, kCount);
    before = sketch.keys[0] ?? 0;
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  return out.take();
}

function readSketch(input: BitReader, keyBefore: number, kGap: number, kCount: number): Sketch {
  const buckets = input.golomb(BUCKETS_K) + 1;
  const coded = input.golomb(FIRST_KEY_K);
  let key = keyBefore + (coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2);
  const keys = [key];
  for (let i = 1; i < buckets; i += 1) keys.push((key += input.golomb(kGap) + 1));
  const counts: number[] = [];
  for (let i = 0; i < buckets; i += 1) counts.push(input.golomb(kCount) + 1);
  return { keys, counts };
}

/** Reads what packSketches packed: the whole chunk's sketch at once, the points' when asked for. Throws on damaged bytes. */
export function readSketches(bytes: Buffer): { total: Sketch; each(count: number): Sketch[] } {
  const input = new BitReader(bytes);
  const k = (): number => input.bit() * 8 + input.bit() * 4 + input.bit() * 2 + input.bit();
  const [kGap, kCount, kTotal] = [k(), k(), k()];
  const total = readSketch(input, 0, kGap, kTotal);
  return {
    total,
    each(count) {
      const sketches: Sketch[] = [];
      let before = total.keys[0] ?? 0;
      for (let i = 0; i < count; i += 1) {
        const sketch = readSketch(input, before, kGap, kCount);
        sketches.push(sketch);
        before = sketch.keys[0] ?? 0;
      }
      return sketches;
    },
  };
}
