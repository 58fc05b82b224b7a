/**
 * Entropy coder: writes symbols in nearly as few bits as their frequencies allow, fractions of bits included. A range variant
 * of asymmetric numeral systems, rANS (J. Duda, "Asymmetric numeral systems", arXiv 1311.2540, 2013, section 2). The state is
 * one number from 2^16 to 2^24. Symbols are written in reverse order and read in order.
 */
import { TruncatedError } from './bytes';

/** The frequencies of a context add up to 2^TABLE_BITS. */
export const TABLE_BITS = 10;
/** Symbols are numbers below this. */
export const SYMBOLS = 128;
/** Most bits that can be written as they are in one step. */
export const PLAIN_BITS = 12;

const TABLE_SIZE = 1 << TABLE_BITS;
const STATE_BITS = 24;
const LOWEST = 1 << (STATE_BITS - 8);

/** Frequency of each symbol of a context, in units of 1/2^TABLE_BITS; empty where no symbol occurs. */
export type Frequencies = readonly number[];

/** Frequencies in proportion to counts (by symbol): integers, at least 1 for each symbol that occurs. */
export function toFrequencies(counts: Float64Array): Frequencies {
  let length = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? 0;
    if (count > 0) length = i + 1;
    sum += count;
  }
  if (length === 0) return [];
  const frequencies = Array.from(counts.subarray(0, length), (count) => (count === 0 ? 0 : Math.max(1, Math.round((count / sum) * TABLE_SIZE))));
  let left = frequencies.reduce((before, frequency) => before - frequency, TABLE_SIZE);
  // The rounding error is added to the most frequent symbols, where it costs least.
  while (left !== 0) {
    const most = frequencies.reduce((best, frequency, i) => (frequency > (frequencies[best] ?? 0) ? i : best), 0);
    const change = Math.max(left, -((frequencies[most] ?? 0) >> 1));
    frequencies[most] = (frequencies[most] ?? 0) + change;
    left -= change;
  }
  return frequencies;
}

/** Encoder. Symbols must be written from the last to the first. */
export class RansWriter {
  #bytes = Buffer.allocUnsafe(4096);
  /** Index of the last byte written; bytes are written from the end of the buffer to its beginning. */
  #at = this.#bytes.length;
  #state = LOWEST;

  /** Writes a symbol of this frequency; `below` is the sum of the frequencies of the symbols before it. */
  symbol(frequency: number, below: number): void {
    const state = this.#fit(frequency << (STATE_BITS - TABLE_BITS));
    const times = (state / frequency) | 0;
    this.#state = (times << TABLE_BITS) + (state - times * frequency) + below;
  }

  /** Writes up to PLAIN_BITS bits of an integer. */
  plain(value: number, bits: number): void {
    this.#state = (this.#fit(1 << (STATE_BITS - bits)) << bits) | value;
  }

  /** Returns everything written; the writer is empty afterwards. */
  take(): Buffer {
    for (let i = 0; i < STATE_BITS; i += 8) this.#byte((this.#state >> i) & 255);
    const bytes = Buffer.from(this.#bytes.subarray(this.#at));
    this.#at = this.#bytes.length;
    this.#state = LOWEST;
    return bytes;
  }

  /** Writes low bytes of the state until it is below a limit. */
  #fit(limit: number): number {
    let state = this.#state;
    while (state >= limit) {
      this.#byte(state & 255);
      state >>= 8;
    }
    return state;
  }

  #byte(value: number): void {
    if (this.#at === 0) {
      this.#at = this.#bytes.length;
      this.#bytes = Buffer.concat([Buffer.allocUnsafe(this.#at), this.#bytes]);
    }
    this.#at -= 1;
    this.#bytes[this.#at] = value;
  }
}

/** Tables for decoding. */
export interface RansTables {
  /** The symbol for each value of the low TABLE_BITS bits of the state, context after context. */
  readonly symbols: Uint8Array;
  /** For each symbol its frequency (high bits) and the sum of those before it (low TABLE_BITS bits); `stride` entries per context. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** Creates the tables from frequencies, which add up to 2^TABLE_BITS in each context. */
export function toTables(contexts: readonly Frequencies[]): RansTables {
  const stride = contexts.reduce((most, { length }) => Math.max(most, length), 1);
  const symbols = new Uint8Array(contexts.length * TABLE_SIZE);
  const weights = new Int32Array(contexts.length * stride);
  contexts.forEach((frequencies, context) => {
    let below = 0;
    frequencies.forEach((frequency, symbol) => {
      const at = context * TABLE_SIZE + below;
      symbols.fill(symbol, at, at + frequency);
      weights[context * stride + symbol] = (frequency << TABLE_BITS) | below;
      below += frequency;
    });
  });
  return { symbols, weights, stride };
}

/** Reads what a RansWriter wrote, first symbol first. Throws TruncatedError rather than reading past the end. */
export class RansReader {
  readonly #bytes: Buffer;
  readonly #symbols: Uint8Array;
  readonly #weights: Int32Array;
  readonly #stride: number;
  #at = 0;
  #state = 0;

  constructor(bytes: Buffer, { symbols, weights, stride }: RansTables) {
    this.#bytes = bytes;
    this.#symbols = symbols;
    this.#weights = weights;
    this.#stride = stride;
    this.#refill(0);
  }

  /** True once everything was read. A damaged stream nearly always ends in another state, unless only plain bits are wrong. */
  get isOver(): boolean {
    return this.#state === LOWEST;
  }

  symbol(context: number): number {
    const state = this.#state;
    const low = state & (TABLE_SIZE - 1);
    const symbol = this.#symbols[(context << TABLE_BITS) | low] ?? 0;
    const weight = this.#weights[context * this.#stride + symbol] ?? 0;
    const next = (weight >> TABLE_BITS) * (state >> TABLE_BITS) + low - (weight & (TABLE_SIZE - 1));
    if (next < LOWEST) this.#refill(next);
    else this.#state = next;
    return symbol;
  }

  plain(bits: number): number {
    const state = this.#state;
    this.#refill(state >> bits);
    return state & ((1 << bits) - 1);
  }

  #refill(from: number): void {
    let state = from;
    while (state < LOWEST) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new TruncatedError();
      this.#at += 1;
      state = (state << 8) | byte;
    }
    this.#state = state;
  }
}
