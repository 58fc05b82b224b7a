/**
 * Few sketches of one series, or one, each for itself: the form of what is sealed, and of totals. Chunks of many that were
 * written before there were dense ones have it, too.
 *
 *   byte kGap · 16 + kCount, below DENSE (dense-sketches.ts), unsigned length of the bits of each group but the last, then
 *   the bits: groups of 60 sketches begin at whole bytes, so that what is wanted of a long chunk can be found
 *   bits  of each sketch: golomb(k=3) buckets − 1, golomb(6) zigzag change of the first key (in a group), then for each
 *         further bucket golomb(kGap) key − key before − 1; then for each bucket golomb(kCount) count − 1
 *
 * A sketch of nothing cannot be written so.
 */
import type { Rollup } from '../../series/rollup';
import { EMPTY_SKETCH } from '../../series/sketch';
import type { Sketch, SketchBuilder } from '../../series/sketch';
import { BitReader, BitWriter, golombLength } from './bits';
import { ByteReader, ByteWriter, unzigzag, zigzag } from './bytes';
import { GROUP } from './dense-sketches';

const BUCKETS_K = 3;
const FIRST_KEY_K = 6;
/** Sketches packed before a pause. */
const SKETCHES = 300;
/** The largest k that four bits can say; of gaps, which never need it, it would look like another form. */
const MAX_K = 15;
const MAX_GAP_K = 14;

/** Numbers below this are counted, not kept one by one. */
const SMALL = 256;

/** Numbers to be written with the k that takes the fewest bits, or nearly: it lies about the logarithm of their mean. */
class GolombTally {
  readonly #small = new Uint32Array(SMALL);
  readonly #large: number[] = [];
  /** No small number is as large as this. */
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

/** Looks at sketches before they are written. */
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

/** Packs the sketches of points, none of them empty. Pauses are where other work may go on. */
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

/** Packs one sketch, which is not empty. */
export function packOne(sketch: Sketch): Buffer {
  const tally = new SketchTally();
  tally.add(sketch);
  const writer = tally.writer();
  writer.add(sketch);
  return writer.take();
}

/** Reads what packSparse packed of so many points, one sketch after the other. Throws on damaged bytes. */
export class SparseReader {
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

  /** Adds so many next sketches to others, which is cheaper than to have them and then add them. */
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
