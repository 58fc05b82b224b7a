/**
 * Sparse form of few sketches of one series, each packed for itself: used for sealed windows and for totals, and in chunks of
 * many sketches that were written before the dense form existed.
 *
 *   byte kGap · 16 + kCount, below DENSE (dense-sketches.ts), unsigned length of the bits of each group but the last, then
 *   the bits: groups of 60 sketches begin at whole bytes, so that a part of a long chunk can be read alone
 *   bits  of each sketch: golomb(k=3) buckets − 1, golomb(6) zigzag change of the first key (in a group), then for each
 *         further bucket golomb(kGap) key − key before − 1; then for each bucket golomb(kCount) count − 1
 *
 * An empty sketch cannot be written in this form.
 */
import type { Rollup } from '../../series/rollup';
import { EMPTY_SKETCH } from '../../series/sketch';
import type { Sketch, SketchBuilder } from '../../series/sketch';
import { BitReader, BitWriter, golombLength } from './bits';
import { ByteReader, ByteWriter, unzigzag, zigzag } from './bytes';
import { GROUP } from './dense-sketches';

const BUCKETS_K = 3;
const FIRST_KEY_K = 6;
/** Sketches packed between two yields. */
const SKETCHES = 300;
/** The largest k in four bits; for the gaps between keys, which never need it, it would look like the byte of the dense form. */
const MAX_K = 15;
const MAX_GAP_K = 14;

/** Numbers below this are counted, not stored one by one. */
const SMALL = 256;

/** Finds the k with which numbers take the fewest bits, or nearly: it is close to the logarithm of their mean. */
class GolombTally {
  readonly #small = new Uint32Array(SMALL);
  readonly #large: number[] = [];
  /** Upper bound (exclusive) of the small numbers added. */
  #end = 0;
  #sum = 0;
  #count = 0;

  add(number: number): void {
    if (number < SMALL) {
      this.#small[number] = (this.#small[number] ?? 0) + 1;
      if (number >= this.#end) this.#end = number + 1;
    } else this.#large.push(number);
    this.#sum += number;
    this.#count += 1;
  }

  goodK(most: number): number {
    const guess = this.#count === 0 ? 0 : Math.floor(Math.log2(this.#sum / this.#count + 1));
    const lower = Math.min(Math.max(0, guess - 1), most - 1);
    return this.#bitsAt(lower) <= this.#bitsAt(lower + 1) ? lower : lower + 1;
  }

  #bitsAt(k: number): number {
    let bits = this.#large.reduce((before, number) => before + golombLength(number, k), 0);
    for (let number = 0; number < this.#end; number += 1) bits += (this.#small[number] ?? 0) * golombLength(number, k);
    return bits;
  }
}

/** First pass over the sketches: finds the parameters of the codes. */
class SketchTally {
  readonly #gaps = new GolombTally();
  readonly #counts = new GolombTally();

  add({ keys, counts }: Sketch): void {
    for (let i = 1; i < keys.length; i += 1) this.#gaps.add((keys[i] ?? 0) - (keys[i - 1] ?? 0) - 1);
    for (let i = 0; i < counts.length; i += 1) this.#counts.add((counts[i] ?? 1) - 1);
  }

  writer(): SketchWriter {
    return new SketchWriter(this.#gaps.goodK(MAX_GAP_K), this.#counts.goodK(MAX_K));
  }
}

/** Second pass: writes the sketches. */
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
    out.golomb(keys.length - 1, BUCKETS_K);
    out.golomb(zigzag(first - this.#keyBefore), FIRST_KEY_K);
    this.#keyBefore = first;
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

/** Packs the sketches of points, none of them empty. Yields between steps, so that other work can run. */
export function* packSparse(points: readonly Rollup[]): Generator<void, Buffer> {
  const tally = new SketchTally();
  for (let i = 0; i < points.length; i += 1) {
    tally.add(points[i]?.sketch ?? EMPTY_SKETCH);
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  const writer = tally.writer();
  for (let i = 0; i < points.length; i += 1) {
    writer.add(points[i]?.sketch ?? EMPTY_SKETCH);
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  return writer.take();
}

/** Packs one sketch, which must not be empty. */
export function packOne(sketch: Sketch): Buffer {
  const tally = new SketchTally();
  tally.add(sketch);
  const writer = tally.writer();
  writer.add(sketch);
  return writer.take();
}

/** Reads the sketches of `points` points packed by packSparse, one after the other. Throws on damaged bytes. */
export class SparseReader {
  readonly #kGap: number;
  readonly #kCount: number;
  readonly #bytes: Buffer;
  /** Offset of each group. */
  readonly #groups: number[];
  #group = 0;
  #inGroup = 0;
  #input: BitReader;
  #firstKey = 0;
  /** Keys of the sketch being read; reused. */
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

  /** Moves to the sketch of a point; initially that of point 0. */
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

  /** Adds the next `sketches` sketches to a builder, which is cheaper than `next` and adding the result. */
  merge(sketches: number, to: SketchBuilder): void {
    for (let left = sketches; left > 0; left -= 1) {
      const keys = this.#readKeys();
      for (let i = 0; i < keys.length; i += 1) to.addBucket(keys[i] ?? 0, this.#input.golomb(this.#kCount) + 1);
    }
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
    let key = this.#firstKey + unzigzag(input.golomb(FIRST_KEY_K));
    this.#firstKey = key;
    keys.length = 0;
    keys.push(key);
    for (let i = 1; i < buckets; i += 1) keys.push((key += input.golomb(this.#kGap) + 1));
    return keys;
  }
}
