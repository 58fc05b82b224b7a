/**
 * Dense form of many sketches of one series: each is a column of counts over the buckets that any of them has. A bucket's
 * total count predicts its count in each sketch, and predictable counts take few bits (entropy coder: rans.ts).
 *
 *   byte DENSE, unsigned length of the layout, the layout (dense-layout.ts), unsigned length of each group but the last,
 *   then the groups, of 60 sketches each, so that a part of a long chunk can be read alone
 *   sketch  zigzag change of the number of its samples (from 0 in a group), then the counts of the buckets, first to last,
 *           until no sample is left; the count of the last bucket is the rest, and not written
 *   count   in the context of the bucket's class and of the count before. After a 0 follows the number of further empty
 *           buckets, then, unless that reaches the last bucket, the next one's count − 1
 *   number  0 to 3 are symbols of their own; a larger number has a symbol for its highest two bits and the number of bits
 *           below them, followed by those bits as they are
 */
import type { Rollup } from '../../series/rollup';
import type { Sketch } from '../../series/sketch';
import { ByteWriter, zigzag } from './bytes';
import { AFTER_RUN, CHANGES, contextsOf, firstContext, layOut, NEIGHBORS, packLayout, RUN } from './dense-layout';
import type { Layout } from './dense-layout';
import { PLAIN_BITS, RansWriter, SYMBOLS, toFrequencies } from './rans';
import type { Frequencies } from './rans';

/** First byte of this form. */
export const DENSE = 0xf0;
/** Sketches per group. */
export const GROUP = 60;
/** Groups packed between two yields. */
const GROUPS = 4;

/** Context selected by the count before, if below 9: for none, few, some or (beyond the table) many. */
const NEIGHBOR_OF = Uint8Array.of(0, 1, 1, 2, 2, 2, 2, 2, 2);

/** Index of the context, among those of a class, selected by the count before. */
export function neighbor(before: number): number {
  return NEIGHBOR_OF[before] ?? NEIGHBORS - 1;
}

/** Flag of an entry whose bits are written as they are. */
const PLAIN = 1 << 30;

/** Log of the symbols in reading order, and how often each occurs in its context. */
class SymbolLog {
  /** Occurrences by context · SYMBOLS + symbol. */
  readonly counts: Float64Array;
  length = 0;
  #entries = new Int32Array(4096);

  constructor(contexts: number) {
    this.counts = new Float64Array(contexts * SYMBOLS);
  }

  /** Adds an integer from 0 to 2^52. */
  add(context: number, value: number): void {
    if (value < 4) {
      this.#symbol(context * SYMBOLS + value);
      return;
    }
    const bits = lowBits(value);
    if (bits <= PLAIN_BITS) {
      this.#symbol(context * SYMBOLS + 2 * bits + (value >> bits));
      this.#plain(value & ((1 << bits) - 1), bits);
      return;
    }
    // Beyond 32 bits the bit operators would truncate the number.
    this.#symbol(context * SYMBOLS + 2 * bits + Math.floor(value / 2 ** bits));
    for (let left = bits; left > 0; ) {
      const piece = Math.min(left, PLAIN_BITS);
      left -= piece;
      this.#plain(Math.floor(value / 2 ** left) % 2 ** piece, piece);
    }
  }

  /** Encodes the entries from `from` to before `end`. */
  write(out: RansWriter, { frequencies, below }: Weights, from: number, end: number): Buffer {
    for (let i = end - 1; i >= from; i -= 1) {
      const entry = this.#entries[i] ?? 0;
      if ((entry & PLAIN) === 0) out.symbol(frequencies[entry] ?? 0, below[entry] ?? 0);
      else out.plain(entry & ((1 << PLAIN_BITS) - 1), (entry ^ PLAIN) >> PLAIN_BITS);
    }
    return out.take();
  }

  #symbol(entry: number): void {
    this.counts[entry] = (this.counts[entry] ?? 0) + 1;
    this.#push(entry);
  }

  #plain(value: number, bits: number): void {
    this.#push(PLAIN | (bits << PLAIN_BITS) | value);
  }

  #push(entry: number): void {
    if (this.length === this.#entries.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.#entries);
      this.#entries = wider;
    }
    this.#entries[this.length] = entry;
    this.length += 1;
  }
}

/** Number of bits below the highest two of a number, which is at least 4. */
function lowBits(value: number): number {
  return value < 2 ** 31 ? 30 - Math.clz32(value) : Math.floor(Math.log2(value)) - 1;
}

/** Frequency of each symbol, and the sum of the frequencies before it, by context · SYMBOLS + symbol. */
interface Weights {
  readonly frequencies: Int32Array;
  readonly below: Int32Array;
}

function toWeights(contexts: readonly Frequencies[]): Weights {
  const weights = { frequencies: new Int32Array(contexts.length * SYMBOLS), below: new Int32Array(contexts.length * SYMBOLS) };
  contexts.forEach((all, context) => {
    let sum = 0;
    all.forEach((frequency, symbol) => {
      weights.frequencies[context * SYMBOLS + symbol] = frequency;
      weights.below[context * SYMBOLS + symbol] = sum;
      sum += frequency;
    });
  });
  return weights;
}

/** Packs the sketches of points; `total` is the sketch of all of them. Yields between steps, so that other work can run. */
export function* packDense(points: readonly Rollup[], total: Sketch): Generator<void, Buffer> {
  const layout = layOut(total.keys, total.counts, points.length);
  const log = new SymbolLog(contextsOf(layout));
  const ends: number[] = [];
  for (let from = 0; from < points.length; from += GROUP) {
    logGroup(log, layout, points.slice(from, from + GROUP));
    ends.push(log.length);
    if (ends.length % GROUPS === 0) yield;
  }
  const contexts = Array.from({ length: contextsOf(layout) }, (_, i) => toFrequencies(log.counts.subarray(i * SYMBOLS, (i + 1) * SYMBOLS)));
  const weights = toWeights(contexts);
  const writer = new RansWriter();
  const groups: Buffer[] = [];
  for (const [i, end] of ends.entries()) {
    groups.push(log.write(writer, weights, ends[i - 1] ?? 0, end));
    if (i % GROUPS === GROUPS - 1) yield;
  }
  return join(packLayout(layout, contexts), groups);
}

function logGroup(log: SymbolLog, layout: Layout, points: readonly Rollup[]): void {
  let before = 0;
  for (const { sketch } of points) {
    const samples = sketch.counts.reduce((sum, count) => sum + count, 0);
    log.add(CHANGES, zigzag(samples - before));
    before = samples;
    logCounts(log, layout, sketch);
  }
}

function logCounts(log: SymbolLog, { keys, classes }: Layout, sketch: Sketch): void {
  const last = keys.length - 1;
  let bucket = 0;
  let before = 0;
  for (let i = 0; i < sketch.keys.length; i += 1) {
    const from = bucket;
    while (keys[bucket] !== sketch.keys[i]) bucket += 1;
    if (from < bucket) {
      const context = firstContext(classes[from]);
      log.add(context + neighbor(before), 0);
      log.add(context + RUN, bucket - from - 1);
    }
    if (bucket === last) return;
    const count = sketch.counts[i] ?? 0;
    const context = firstContext(classes[bucket]);
    if (from < bucket) log.add(context + AFTER_RUN, count - 1);
    else log.add(context + neighbor(before), count);
    before = count;
    bucket += 1;
  }
}

function join(layout: Buffer, groups: readonly Buffer[]): Buffer {
  const out = new ByteWriter();
  out.byte(DENSE);
  out.unsigned(layout.length);
  out.append(layout);
  for (const group of groups.slice(0, -1)) out.unsigned(group.length);
  for (const group of groups) out.append(group);
  return out.take();
}
