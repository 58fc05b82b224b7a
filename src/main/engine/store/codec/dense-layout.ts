/**
 * The header of dense sketches (dense-sketches.ts): which buckets they have, and how often each symbol occurs in each
 * context. All of it in Golomb codes:
 *
 *   golomb(4)  number of buckets: those that any of the sketches has
 *   golomb(6)  zigzag first key, then for each further bucket golomb(0) key − key before − 1
 *   golomb(0)  for each bucket zigzag class − class before
 *   table      of each context: golomb(2) number of symbols, then the frequency of each but the last, which gets the
 *              rest of 2^TABLE_BITS; the smaller the rest, the smaller k
 */
import { BitReader, BitWriter } from './bits';
import { unzigzag, zigzag } from './bytes';
import { SYMBOLS, TABLE_BITS } from './rans';
import type { Frequencies } from './rans';

/** Keys of the buckets, ascending, and the class of each, from 0: buckets of one class have similar counts. */
export interface Layout {
  readonly keys: readonly number[];
  readonly classes: readonly number[];
}

/** Context of the change of the number of samples from sketch to sketch. The contexts of the classes follow it. */
export const CHANGES = 0;
/** Contexts of a class: this many for a bucket's count, selected by the count before … */
export const NEIGHBORS = 4;
/** … one for the length of a run of empty buckets that begins here … */
export const RUN = 4;
/** … and one for the count that ends such a run. */
export const AFTER_RUN = 5;
const CONTEXTS = 6;

/** Levels of total counts per factor of two: buckets of one level differ by less than a factor of 2^(1/1.5). */
const LEVELS_PER_OCTAVE = 1.5;
/** Least number of counts of a class; with fewer its tables would take more bytes than they save. */
const MIN_COUNTS = 3000;
/** All possible counts have fewer levels; more classes indicate damage. */
const MAX_CLASSES = 160;

/** The first context of a class. */
export function firstContext(one = 0): number {
  return CHANGES + 1 + one * CONTEXTS;
}

/** Number of contexts. */
export function contextsOf({ classes }: Layout): number {
  return firstContext(classes.reduce((most, one) => Math.max(most, one + 1), 0));
}

/** Assigns the buckets to classes. `totals`: samples of each bucket in all sketches; `sketches`: their number. */
export function layOut(keys: readonly number[], totals: readonly number[], sketches: number): Layout {
  const rising = keys.map((_, bucket) => bucket).sort((a, b) => (totals[a] ?? 0) - (totals[b] ?? 0));
  const classes = keys.map(() => 0);
  let last = { number: 0, level: 0, counts: 0 };
  for (const bucket of rising) {
    const level = Math.round(LEVELS_PER_OCTAVE * Math.log2(totals[bucket] ?? 1));
    const isNew = last.counts >= MIN_COUNTS && level !== last.level;
    last = { number: last.number + (isNew ? 1 : 0), level, counts: (isNew ? 0 : last.counts) + sketches };
    classes[bucket] = last.number;
  }
  return { keys, classes };
}

/** Packs the layout and the frequencies of each context. */
export function packLayout({ keys, classes }: Layout, contexts: readonly Frequencies[]): Buffer {
  const out = new BitWriter();
  out.golomb(keys.length, 4);
  keys.forEach((key, i) => (i === 0 ? out.golomb(zigzag(key), 6) : out.golomb(key - (keys[i - 1] ?? 0) - 1, 0)));
  classes.forEach((one, i) => out.golomb(zigzag(one - (classes[i - 1] ?? 0)), 0));
  for (const frequencies of contexts) packTable(out, frequencies);
  return out.take();
}

function packTable(out: BitWriter, frequencies: Frequencies): void {
  out.golomb(frequencies.length, 2);
  let left = 1 << TABLE_BITS;
  for (const frequency of frequencies.slice(0, -1)) {
    out.golomb(frequency, kOf(left));
    left -= frequency;
  }
}

/** A suitable k for a part of the rest. */
function kOf(left: number): number {
  return Math.max(0, 28 - Math.clz32(left));
}

/** Inverse of packLayout. Throws on damaged bytes. */
export function unpackLayout(bytes: Buffer): { layout: Layout; contexts: Frequencies[] } {
  const input = new BitReader(bytes);
  const keys: number[] = [];
  let key = 0;
  for (let left = input.golomb(4); left > 0; left -= 1) keys.push((key += keys.length === 0 ? unzigzag(input.golomb(6)) : input.golomb(0) + 1));
  const classes: number[] = [];
  let one = 0;
  for (let left = keys.length; left > 0; left -= 1) classes.push((one += unzigzag(input.golomb(0))));
  if (classes.some((each) => each < 0 || each >= MAX_CLASSES)) throw new Error('stored sketches have an impossible layout');
  const layout = { keys, classes };
  return { layout, contexts: Array.from({ length: contextsOf(layout) }, () => unpackTable(input)) };
}

function unpackTable(input: BitReader): Frequencies {
  const symbols = input.golomb(2);
  if (symbols === 0) return [];
  const frequencies: number[] = [];
  let left = 1 << TABLE_BITS;
  for (let i = 1; i < Math.min(symbols, SYMBOLS); i += 1) {
    const frequency = input.golomb(kOf(left));
    left -= frequency;
    if (left <= 0) break;
    frequencies.push(frequency);
  }
  if (frequencies.length !== symbols - 1) throw new Error('stored sketches have an impossible table');
  frequencies.push(left);
  return frequencies;
}
