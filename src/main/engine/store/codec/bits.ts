/** Bit streams, and numbers in exponential Golomb codes of order k: short for small numbers, the low k bits unchanged (see H.264, 9.1). */
import { TruncatedError } from './bytes';

/** Writes bits to a growing buffer, most significant first. */
export class BitWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;
  /** Bits not yet in the buffer, fewer than eight, at the low end. */
  #rest = 0;
  #restBits = 0;

  /** Writes up to 24 bits of an integer. */
  bits(value: number, count: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#bytes.length)]);
    const rest = (this.#rest << count) | value;
    let left = this.#restBits + count;
    while (left >= 8) {
      left -= 8;
      this.#bytes[this.#length] = (rest >>> left) & 255;
      this.#length += 1;
    }
    this.#rest = rest & ((1 << left) - 1);
    this.#restBits = left;
  }

  /** Writes an integer from 0 to 2^52; k up to 15. */
  golomb(value: number, k: number): void {
    const rest = value + (1 << k);
    const length = lengthOf(rest);
    const all = 2 * length - 1 - k;
    // Where both fit, the leading zeros are written together with the number.
    if (all <= 24) {
      this.bits(rest, all);
      return;
    }
    for (let zeros = length - 1 - k; zeros > 0; zeros -= 24) this.bits(0, Math.min(zeros, 24));
    for (let left = length; left > 0; ) {
      const count = Math.min(left, 24);
      left -= count;
      // Beyond 32 bits the bit operators would truncate the number.
      this.bits(Math.floor(rest / 2 ** left) % 2 ** count, count);
    }
  }

  /** Returns everything written, padded with zero bits to whole bytes. */
  take(): Buffer {
    const bits = this.#restBits;
    if (bits > 0) this.bits(0, 8 - bits);
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }
}

function lengthOf(value: number): number {
  return value < 2 ** 31 ? 32 - Math.clz32(value) : Math.floor(Math.log2(value)) + 1;
}

/** Number of bits that `golomb(value, k)` writes. */
export function golombLength(value: number, k: number): number {
  return 2 * lengthOf(value + (1 << k)) - 1 - k;
}

/** Reads what a BitWriter wrote. Throws TruncatedError rather than reading past the end. */
export class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new TruncatedError();
    const bit = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return bit;
  }

  golomb(k: number): number {
    const word = this.#window();
    const length = 2 * Math.clz32(word) + 1 + k;
    // Nearly all codes fit into the 25 bits read at once, whatever bit they begin at.
    if (length > 25) return this.#longGolomb(k);
    if (this.#at + length > this.#bytes.length * 8) throw new TruncatedError();
    this.#at += length;
    return (word >>> (32 - length)) - (1 << k);
  }

  /** The next 25 bits or more, at the top of 32. */
  #window(): number {
    const at = this.#at >> 3;
    const bytes = this.#bytes;
    const word = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return word << (this.#at & 7);
  }

  #longGolomb(k: number): number {
    let length = k;
    while (this.bit() === 0) length += 1;
    if (length > 52) throw new TruncatedError();
    let value = 1;
    for (let i = 0; i < length; i += 1) value = value * 2 + this.bit();
    return value - (1 << k);
  }
}
