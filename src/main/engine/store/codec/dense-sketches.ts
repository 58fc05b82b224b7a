/**
 * Many sketches of one series, each a column of counts over the buckets that any of them has. How full a bucket is in all
 * of them tells how full to expect it in each, and what is expected takes few bits (rans.ts).
 *
 *   byte DENSE, unsigned length of the layout, the layout (dense-layout.ts), unsigned length of each group but the last,
 *   then the groups, of 60 sketches each, so that what is wanted of a long chunk can be found
 *   sketch  zigzag change of the number of its samples (from 0 in a group), then the counts of the slots, first to last,
 *           until there is no sample left; what is left at the last slot is its count, and not written
 *   count   in the context of the slot's class and of the count before. After a 0 comes the number of further empty slots,
 *           then, unless that leads to the last slot, the next one's count − 1
 *   number  0 to 3 are symbols of their own; others have one for how many bits they have below their highest two, and for
 *           those two, and then those bits as they are
 */
import type { Rollup } from '../../series/rollup';
import type { Sketch } from '../../series/sketch';
import { ByteWriter, zigzag } from './bytes';
import { AFTER_RUN, CHANGES, contextsOf, firstContext, layOut, NEIGHBORS, packLayout, RUN } from './dense-layout';
import type { Layout } from './dense-layout';
import { PLAIN_BITS, RansWriter, SYMBOLS, toFrequencies } from './rans';
import type { Frequencies } from './rans';

/** How such a blob begins. */
export const DENSE = 0xf0;
/** Sketches of a group. */
export const GROUP = 60;
/** Groups packed before a pause. */
const GROUPS = 4;

/** Which context the count before makes: none, few, some, many. */
const NEIGHBOR_OF = Uint8Array.of(0, 1, 1, 2, 2, 2, 2, 2, 2);

/** Number of the context, among those of a class, that the count before makes. */
export function neighbor(before: number): number {
  return NEIGHBOR_OF[before] ?? NEIGHBORS - 1;
}

/** Marks bits that are written as they are. */
const PLAIN = 1 << 30;

/** Symbols in the order in which they will be read, and how often each comes in its context. */
class SymbolLog {
  /** How often, by context · SYMBOLS + symbol. */
  readonly counts: Float64Array;
  length = 0;
  #entries = new Int32Array(4096);

  constructor(contexts: number) {
    this.counts = new Float64Array(contexts * SYMBOLS);
  }

  /** A whole number from 0 to 2^52. */
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
    // Beyond 32 bits the operators on integers would cut the number.
    this.#symbol(context * SYMBOLS + 2 * bits + Math.floor(value / 2 ** bits));
    for (let left = bits; left > 0; ) {
      const piece = Math.min(left, PLAIN_BITS);
      left -= piece;
      this.#plain(Math.floor(value / 2 ** left) % 2 ** piece, piece);
    }
  }

  /** Writes a part of the log. */
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

/** Bits that a number, at least 4, has below its highest two. */
function lowBits(value: number): number {
  return value < 2 ** 31 ? 30 - Math.clz32(value) : Math.floor(Math.log2(value)) - 1;
}

/** The frequency of each symbol and the sum of those before it, by context · SYMBOLS + symbol. */
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

/** Packs the sketches of points; `total` is that of all of them. Pauses are where other work may go on. */
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
