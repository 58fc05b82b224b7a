/** Variable-length integers and doubles in a growing buffer. Seven bits a byte, low bits first, as in LEB128. */

/** Integers up to this magnitude can be zigzagged, and so can the difference of two of them. */
export const MAX_VARINT_MAGNITUDE = 2 ** 50;

const WORD = 2 ** 28;

/** Thrown when a buffer ends in the middle of what it should hold. */
export class TruncatedError extends Error {
  constructor() {
    super('stored block ends too early');
    this.name = 'TruncatedError';
  }
}

/** Writes into a buffer that is used again after each `take`. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Buffer {
    const copy = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return copy;
  }

  /** Appends what was written to another; this one is empty afterwards. */
  moveTo(to: ByteWriter): void {
    to.append(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A whole number from 0 to 2^53 − 1. */
  unsigned(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= WORD) {
      // Beyond 32 bits the operators on integers would cut the number.
      this.#bytes[this.#length] = (rest % 128) | 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest & 127) | 128;
      this.#length += 1;
      rest >>>= 7;
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  /** A whole number of either sign, small ones short (zigzag). */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(wider, 0, 0, this.#length);
    this.#bytes = wider;
  }
}

/** Reads what a ByteWriter wrote. Throws TruncatedError rather than reading past the end. */
export class ByteReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new TruncatedError();
    this.at += 1;
    return value;
  }

  unsigned(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let weight = 128;
    do {
      byte = this.byte();
      value += (byte & 127) * weight;
      weight *= 128;
    } while (byte >= 128);
    return value;
  }

  signed(): number {
    const coded = this.unsigned();
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
  }

  double(): number {
    if (this.at + 8 > this.#bytes.length) throw new TruncatedError();
    const value = this.#bytes.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.#bytes.length) throw new TruncatedError();
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
