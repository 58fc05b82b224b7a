/**
 * Chunks of rollup points of one series: the points in one blob, their sketches in another, because a line on a chart
 * needs no sketches. What is true of the whole chunk stands first, because statistics of a long time need no more.
 *
 *   points    byte 2, unsigned length of the total, the total, then packed columns (columns.ts): changes of the bucket's
 *             number, counts − 1, minima, max − min, sum − count·min
 *   total     unsigned length of packed columns, these: one of number of points, count, min, max, sum; then its sketch
 *   sketches  byte kGap · 16 + kCount, unsigned length of the bits of each group but the last, then the bits: groups of 60
 *             sketches begin at whole bytes, so that what is wanted of a long chunk can be found
 *   bits      of each sketch: golomb(k=3) buckets − 1, golomb(6) zigzag change of the first key (in a group), then for
 *             each further bucket golomb(kGap) key − key before − 1; then for each bucket golomb(kCount) count − 1
 *
 * The total's sketch is written like those of a chunk with one point, and left out where points keep none.
 */
import type { Rollup } from '../../../shared/series/rollup';
import { EMPTY_SKETCH, SketchBuilder } from '../../../shared/series/sketch';
import type { Sketch } from '../../../shared/series/sketch';
import { BitReader, BitWriter, golombLength } from './bits';
import { ByteReader, ByteWriter } from './bytes';
import { packColumns, unpackColumns } from './columns';

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
const BUCKETS_K = 3;
const FIRST_KEY_K = 6;
/** Sketches of a group. */
const GROUP = 60;
/** Sketches packed before a pause. */
const SKETCHES = 300;
/** What four bits can say. */
const MAX_K = 15;

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
  if (sketch !== null) {
    const tally = new SketchTally();
    tally.add(sketch);
    const writer = tally.writer();
    writer.add(sketch);
    out.append(writer.take());
  }
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
  return { points, count, sum, min, max, sketch: bits.length === 0 ? EMPTY_SKETCH : new SketchReader(bits, 1).next() };
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

/** Looks at sketches before they are written. */
class SketchTally {
  readonly #gaps = new Tally();
  readonly #counts = new Tally();

  add({ keys, counts }: Sketch): void {
    for (let i = 1; i < keys.length; i += 1) this.#gaps.add((keys[i] ?? 0) - (keys[i - 1] ?? 0) - 1);
    for (let i = 0; i < counts.length; i += 1) this.#counts.add((counts[i] ?? 1) - 1);
  }

  writer(): SketchWriter {
    return new SketchWriter(this.#gaps.goodK(), this.#counts.goodK());
  }
}

class SketchWriter {
  readonly #kGap: number;
  readonly #kCount: number;
  readonly #groups: Buffer[] = [];
  #bits = new BitWriter();
  #inGroup = 0;
  #keyBefore = 0;

  constructor(kGap: number, kCount: number) {
    this.#kGap = kGap;
    this.#kCount = kCount;
  }

  add({ keys, counts }: Sketch): void {
    if (this.#inGroup === GROUP) this.#endGroup();
    this.#inGroup += 1;
    const out = this.#bits;
    const first = keys[0] ?? 0;
    const change = first - this.#keyBefore;
    this.#keyBefore = first;
    out.golomb(keys.length - 1, BUCKETS_K);
    out.golomb(change < 0 ? -2 * change - 1 : 2 * change, FIRST_KEY_K);
    for (let i = 1; i < keys.length; i += 1) out.golomb((keys[i] ?? 0) - (keys[i - 1] ?? 0) - 1, this.#kGap);
    for (let i = 0; i < counts.length; i += 1) out.golomb((counts[i] ?? 1) - 1, this.#kCount);
  }

  take(): Buffer {
    this.#endGroup();
    const out = new ByteWriter();
    out.byte(this.#kGap * 16 + this.#kCount);
    for (const group of this.#groups.slice(0, -1)) out.unsigned(group.length);
    for (const group of this.#groups) out.append(group);
    return out.take();
  }

  #endGroup(): void {
    this.#groups.push(this.#bits.take());
    this.#bits = new BitWriter();
    this.#inGroup = 0;
    this.#keyBefore = 0;
  }
}

/** Packs the sketches of points; also gives the sketch of all of them. Pauses are where other work may go on. */
export function* packSketches(points: readonly Rollup[]): Generator<void, { bytes: Buffer; total: Sketch }> {
  const all = new SketchBuilder();
  const tally = new SketchTally();
  for (let i = 0; i < points.length; i += 1) {
    const sketch = points[i]?.sketch ?? EMPTY_SKETCH;
    all.merge(sketch);
    tally.add(sketch);
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  const writer = tally.writer();
  for (let i = 0; i < points.length; i += 1) {
    writer.add(points[i]?.sketch ?? EMPTY_SKETCH);
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  return { bytes: writer.take(), total: all.take() };
}

/** Reads what packSketches packed of so many points, one sketch after the other. Throws on damaged bytes. */
export class SketchReader {
  readonly #kGap: number;
  readonly #kCount: number;
  readonly #bytes: Buffer;
  /** Where each group begins. */
  readonly #groups: number[];
  #group = 0;
  #inGroup = 0;
  #input: BitReader;
  #firstKey = 0;
  /** Keys of the sketch being read; used again. */
  readonly #keys: number[] = [];

  constructor(bytes: Buffer, points: number) {
    this.#bytes = bytes;
    const input = new ByteReader(bytes);
    const both = input.byte();
    [this.#kGap, this.#kCount] = [both >> 4, both & 15];
    const lengths: number[] = [];
    for (let left = Math.ceil(points / GROUP) - 1; left > 0; left -= 1) lengths.push(input.unsigned());
    let at = input.at;
    this.#groups = [at, ...lengths.map((length) => (at += length))];
    this.#input = new BitReader(bytes.subarray(this.#groups[0]));
  }

  /** Goes on to the sketch of a point, at first that of point 0. */
  seek(point: number): void {
    this.#openGroup(Math.floor(point / GROUP));
    while (this.#inGroup < point % GROUP) {
      const { length } = this.#readKeys();
      for (let left = length; left > 0; left -= 1) this.#input.golomb(this.#kCount);
    }
  }

  /** The next sketch. */
  next(): Sketch {
    const keys = this.#readKeys().slice();
    return { keys, counts: keys.map(() => this.#input.golomb(this.#kCount) + 1) };
  }

  /** Adds the next sketch to others, which is cheaper than to have it and then add it. */
  mergeNext(to: SketchBuilder): void {
    const keys = this.#readKeys();
    for (let i = 0; i < keys.length; i += 1) to.addBucket(keys[i] ?? 0, this.#input.golomb(this.#kCount) + 1);
  }

  #openGroup(group: number): void {
    this.#group = group;
    this.#inGroup = 0;
    this.#firstKey = 0;
    this.#input = new BitReader(this.#bytes.subarray(this.#groups[group] ?? this.#bytes.length));
  }

  #readKeys(): number[] {
    if (this.#inGroup === GROUP) this.#openGroup(this.#group + 1);
    this.#inGroup += 1;
    const input = this.#input;
    const keys = this.#keys;
    const buckets = input.golomb(BUCKETS_K) + 1;
    const coded = input.golomb(FIRST_KEY_K);
    let key = this.#firstKey + (coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2);
    this.#firstKey = key;
    keys.length = 0;
    keys.push(key);
    for (let i = 1; i < buckets; i += 1) keys.push((key += input.golomb(this.#kGap) + 1));
    return keys;
  }
}
