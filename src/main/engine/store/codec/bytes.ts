/** Variable-length integers and doubles in a growing buffer. Seven bits per byte, low bits first, as in LEB128. */

/** Integers up to this magnitude can be zigzagged, and so can the difference of two of them. */
export const MAX_VARINT_MAGNITUDE = 2 ** 50;

const WORD = 2 ** 28;
/** Most bytes of an integer. */
const LONGEST = 8;

/** Thrown when a buffer ends before everything it should contain was read. */
export class TruncatedError extends Error {
  constructor() {
    super('stored block ends too early');
    this.name = 'TruncatedError';
  }
}

/** Zigzag code: maps signed integers to unsigned ones; small magnitudes stay small. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Inverse of zigzag. */
export function unzigzag(coded: number): number {
  // Beyond 32 bits the bit operators would truncate the number.
  if (coded < 2 ** 31) return (coded >>> 1) ^ -(coded & 1);
  return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
}

/** Writes an integer from 0 to 2^53 − 1 at an offset; returns the offset after it. */
function putUnsigned(bytes: Buffer, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest >= WORD) {
    bytes[end] = (rest % 128) | 128;
    end += 1;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    bytes[end] = (rest & 127) | 128;
    end += 1;
    rest >>>= 7;
  }
  bytes[end] = rest;
  return end + 1;
}

/** Writes to a buffer that is reused after each `take`. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns a copy of everything written; the writer is empty afterwards. */
  take(): Buffer {
    return Buffer.from(this.#peel());
  }

  /** Discards everything written beyond this length. */
  cut(length: number): void {
    this.#length = length;
  }

  /** Appends everything written to another writer; this one is empty afterwards. */
  moveTo(to: ByteWriter): void {
    to.#reserve(this.#length);
    this.#bytes.copy(to.#bytes, to.#length, 0, this.#length);
    to.#length += this.#length;
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** Writes an integer from 0 to 2^53 − 1. */
  unsigned(value: number): void {
    this.#reserve(LONGEST);
    this.#length = putUnsigned(this.#bytes, this.#length, value);
  }

  /** Writes a signed integer in zigzag code. */
  signed(value: number): void {
    this.unsigned(zigzag(value));
  }

  /** Writes the distance of each number from `lowest`, the smallest of them, unsigned. */
  distances(column: ArrayLike<number>, lowest: number): void {
    this.#reserve(LONGEST * column.length);
    for (let i = 0; i < column.length; i += 1) this.#length = putUnsigned(this.#bytes, this.#length, (column[i] ?? 0) - lowest);
  }

  /** Writes the difference of each number from the one before (of the first one from 0), signed. */
  changes(column: ArrayLike<number>): void {
    this.#reserve(LONGEST * column.length);
    let before = 0;
    for (let i = 0; i < column.length; i += 1) {
      const value = column[i] ?? 0;
      this.#length = putUnsigned(this.#bytes, this.#length, zigzag(value - before));
      before = value;
    }
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

  /** Everything written, valid until the next write; the writer is empty afterwards. */
  #peel(): Buffer {
    const written = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return written;
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
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
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
    return unzigzag(this.unsigned());
  }

  /** Reads what ByteWriter's `distances` wrote into `to`, at the indexes from `from` to before `end`. */
  distances(to: Float64Array, from: number, end: number, lowest: number): void {
    this.#run(to, from, end);
    for (let i = from; i < end; i += 1) to[i] = lowest + (to[i] ?? 0);
  }

  /** Reads what ByteWriter's `changes` wrote into `to`, at the indexes from `from` to before `end`. */
  changes(to: Float64Array, from: number, end: number): void {
    this.#run(to, from, end);
    let before = 0;
    for (let i = from; i < end; i += 1) {
      before += unzigzag(to[i] ?? 0);
      to[i] = before;
    }
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

  /** Reads consecutive unsigned numbers. The hot loop of chart queries: all their numbers are read here. */
  #run(to: Float64Array, from: number, end: number): void {
    const bytes = this.#bytes;
    let { at } = this;
    for (let i = from; i < end; i += 1) {
      // A byte beyond the end reads as 0; that is detected below.
      let value = bytes[at] ?? 0;
      at += 1;
      if (value >= 128) {
        const next = bytes[at] ?? 0;
        if (next < 128) {
          value += (next - 1) << 7;
          at += 1;
        } else {
          this.at = at - 1;
          value = this.unsigned();
          ({ at } = this);
        }
      }
      to[i] = value;
    }
    if (at > bytes.length) throw new TruncatedError();
    this.at = at;
  }
}
