/** Fields of structures that Windows has filled in, by offset; nothing is read outside the bytes that are there. Pure. */
import { CollectorError } from '../collectors/collector';

/** A structure that is not what its header says: ParseError. */
export function layoutFault(structure: string, problem: string): CollectorError {
  return new CollectorError('ParseError', `${structure}: ${problem}`);
}

/** Half of a pair of UTF-16, which a name in Windows may contain, and which is no character. */
const LONE_SURROGATE = /\p{Cs}/gu;

/** UTF-16 text without halves of characters. */
export function textOf(bytes: Buffer): string {
  return bytes.toString('utf16le').replaceAll(LONE_SURROGATE, '\uFFFD');
}

/** A structure in memory, little-endian as on every processor that Windows runs on. Every method throws a ParseError outside of it. */
export class Fields {
  readonly structure: string;
  readonly bytes: Buffer;

  /** `structure`: its name in the headers, for messages. */
  constructor(structure: string, bytes: Buffer) {
    this.structure = structure;
    this.bytes = bytes;
  }

  get size(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    this.#need(at, 1);
    return this.bytes.readUInt8(at);
  }

  u16(at: number): number {
    this.#need(at, 2);
    return this.bytes.readUInt16LE(at);
  }

  u32(at: number): number {
    this.#need(at, 4);
    return this.bytes.readUInt32LE(at);
  }

  /** An unsigned 64-bit number; above 2^53 the nearest that JavaScript has, which is right to 1 in 10^15. */
  u64(at: number): number {
    this.#need(at, 8);
    return this.bytes.readUInt32LE(at + 4) * 2 ** 32 + this.bytes.readUInt32LE(at);
  }

  /** The same in full, for addresses and identifiers. */
  id64(at: number): bigint {
    this.#need(at, 8);
    return this.bytes.readBigUInt64LE(at);
  }

  f64(at: number): number {
    this.#need(at, 8);
    return this.bytes.readDoubleLE(at);
  }

  /** A part of it. */
  part(at: number, size: number, structure = this.structure): Fields {
    this.#need(at, size);
    return new Fields(structure, this.bytes.subarray(at, at + size));
  }

  /** An array of UTF-16 that ends at its first NUL, or after `length` characters. */
  text(at: number, length: number): string {
    const { bytes } = this.part(at, 2 * length);
    let end = 0;
    while (end < bytes.length && bytes.readUInt16LE(end) !== 0) end += 2;
    return textOf(bytes.subarray(0, end));
  }

  #need(at: number, size: number): void {
    if (!Number.isSafeInteger(at) || at < 0 || size < 0 || at + size > this.bytes.length) {
      throw layoutFault(this.structure, `has ${this.bytes.length} bytes, and none for ${size} at ${at}`);
    }
  }
}

/** Texts that end with a NUL each, the last with two (REG_MULTI_SZ and its like); what is behind the end is not read. */
export function multiText(bytes: Buffer): string[] {
  const texts: string[] = [];
  let start = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    if (bytes.readUInt16LE(at) !== 0) continue;
    if (at === start) break;
    texts.push(textOf(bytes.subarray(start, at)));
    start = at + 2;
  }
  return texts;
}
