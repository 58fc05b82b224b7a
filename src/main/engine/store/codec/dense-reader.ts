/** Decoder of dense sketches; the format is described in dense-sketches.ts. */
import { SketchBuilder } from '../../series/sketch';
import type { Sketch } from '../../series/sketch';
import { ByteReader, unzigzag } from './bytes';
import { AFTER_RUN, CHANGES, firstContext, RUN, unpackLayout } from './dense-layout';
import { GROUP, neighbor } from './dense-sketches';
import { PLAIN_BITS, RansReader, toTables } from './rans';
import type { RansTables } from './rans';

/** Reads the sketches of `points` points packed by packDense, one after the other. Throws on damaged bytes. */
export class DenseReader {
  readonly #points: number;
  readonly #bytes: Buffer;
  /** By bucket: its key, its first context, and its count in the sketches being read. */
  readonly #keys: readonly number[];
  readonly #contexts: Int32Array;
  readonly #counts: Float64Array;
  readonly #tables: RansTables;
  /** Offset of each group. */
  readonly #groups: readonly number[];
  #input: RansReader;
  /** Index of the point whose sketch is next. */
  #at = 0;
  /** Number of samples in the previous sketch. */
  #samples = 0;

  constructor(bytes: Buffer, points: number) {
    this.#bytes = bytes;
    this.#points = points;
    const input = new ByteReader(bytes);
    input.byte();
    const { layout, contexts } = unpackLayout(input.bytes(input.unsigned()));
    this.#keys = layout.keys;
    this.#contexts = Int32Array.from(layout.classes.map(firstContext));
    this.#counts = new Float64Array(layout.keys.length);
    this.#tables = toTables(contexts);
    const lengths: number[] = [];
    for (let left = Math.ceil(points / GROUP) - 1; left > 0; left -= 1) lengths.push(input.unsigned());
    let at = input.at;
    this.#groups = [at, ...lengths.map((length) => (at += length))];
    this.#input = this.#open(0);
  }

  /** Moves to the sketch of a point; initially that of point 0. */
  seek(point: number): void {
    const group = Math.floor(point / GROUP);
    this.#at = group * GROUP;
    this.#input = this.#open(group);
    while (this.#at < point) this.#addNext();
    this.#counts.fill(0);
  }

  /** The next sketch. */
  next(): Sketch {
    const builder = new SketchBuilder();
    this.merge(1, builder);
    return builder.take();
  }

  /** Adds the next `sketches` sketches to a builder: all of them, or none if it throws. */
  merge(sketches: number, to: SketchBuilder): void {
    for (let left = sketches; left > 0; left -= 1) this.#addNext();
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      const count = this.#counts[bucket] ?? 0;
      if (count > 0) to.addBucket(this.#keys[bucket] ?? 0, count);
    }
    this.#counts.fill(0);
  }

  #open(group: number): RansReader {
    this.#samples = 0;
    return new RansReader(this.#bytes.subarray(this.#groups[group] ?? this.#bytes.length), this.#tables);
  }

  #addNext(): void {
    this.#samples += unzigzag(this.#number(this.#input.symbol(CHANGES)));
    this.#addCounts(this.#samples);
    this.#at += 1;
    const isEnd = this.#at % GROUP === 0 || this.#at === this.#points;
    if (!isEnd) return;
    if (!this.#input.isOver) throw new Error('stored sketches are damaged');
    if (this.#at < this.#points) this.#input = this.#open(this.#at / GROUP);
  }

  #addCounts(samples: number): void {
    const input = this.#input;
    const counts = this.#counts;
    const last = counts.length - 1;
    let left = samples;
    let before = 0;
    for (let bucket = 0; left > 0 && bucket < last; bucket += 1) {
      const context = this.#contexts[bucket] ?? 0;
      const symbol = input.symbol(context + neighbor(before));
      if (symbol === 0) {
        bucket += 1 + this.#number(input.symbol(context + RUN));
        if (bucket >= last) break;
        before = 1 + this.#number(input.symbol((this.#contexts[bucket] ?? 0) + AFTER_RUN));
      } else before = this.#number(symbol);
      counts[bucket] = (counts[bucket] ?? 0) + before;
      left -= before;
    }
    if (left < 0 || (left > 0 && last < 0)) throw new Error('stored sketches do not add up');
    if (left > 0) counts[last] = (counts[last] ?? 0) + left;
  }

  /** Reads the rest of the number whose symbol this is. */
  #number(symbol: number): number {
    if (symbol < 4) return symbol;
    let left = (symbol >> 1) - 1;
    let value = 2 + (symbol & 1);
    if (left <= PLAIN_BITS) return (value << left) | this.#input.plain(left);
    while (left > 0) {
      const piece = Math.min(left, PLAIN_BITS);
      left -= piece;
      value = value * 2 ** piece + this.#input.plain(piece);
    }
    return value;
  }
}
