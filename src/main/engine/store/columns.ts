/**
 * Columns of whole numbers as few bytes. Of the ways tried on recorded data (docs/decisions/0004-history-tiers.md) the
 * smaller of differences and distances from the lowest, as varints, then deflated, came out best.
 *
 *   byte      0: as is, 1: deflated; the rest is
 *   unsigned  number of columns, then for each
 *     unsigned  length
 *     byte      0: all equal (signed value), 1: signed differences, 2: lowest (signed), then distances, 3: doubles
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter, MAX_VARINT_MAGNITUDE, TruncatedError } from './bytes';

const EQUAL = 0;
const DIFFERENCES = 1;
const DISTANCES = 2;
const DOUBLES = 3;

const PLAIN = 0;
const DEFLATED = 1;

/** A chunk holds at most as many numbers; more are a sign of damage. */
const MAX_LENGTH = 4_000_000;
/** Nor does one grow beyond this when inflated, bytes. */
const MAX_INFLATED = 64 * 1024 * 1024;
/** Shorter blocks hardly become smaller by deflating, bytes. */
const MIN_DEFLATE = 200;
/** A way that is this much longer than the other before deflating is longer after it, too. */
const HOPELESS = 1.2;

type Way = typeof DIFFERENCES | typeof DISTANCES;

/** Used again for each block; it is empty between calls. */
const out = new ByteWriter();

function writeColumn(column: readonly number[], way: Way): void {
  out.unsigned(column.length);
  let lowest = Infinity;
  let highest = -Infinity;
  let isWhole = true;
  for (const value of column) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (!Number.isInteger(value)) isWhole = false;
  }
  if (!isWhole || lowest < -MAX_VARINT_MAGNITUDE || highest > MAX_VARINT_MAGNITUDE) {
    out.byte(DOUBLES);
    for (const value of column) out.double(value);
  } else if (lowest === highest) {
    out.byte(EQUAL);
    out.signed(lowest);
  } else if (column.length > 0) {
    out.byte(way);
    let before = way === DISTANCES ? lowest : 0;
    if (way === DISTANCES) out.signed(lowest);
    for (const value of column) {
      if (way === DISTANCES) out.unsigned(value - before);
      else {
        out.signed(value - before);
        before = value;
      }
    }
  }
}

function writeColumns(columns: readonly (readonly number[])[], way: Way): Buffer {
  out.unsigned(columns.length);
  for (const column of columns) writeColumn(column, way);
  return out.take();
}

function framed(mark: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(mark), bytes]);
}

/** A block shorter than its window needs no larger one, and deflate begins by clearing it. */
function deflate(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, bytes.length <= 2048 ? { level: 9, windowBits: 11, memLevel: 4 } : { level: 9, windowBits: 14, memLevel: 7 });
}

/** Packs columns in the smallest of the ways. Numbers that are not whole are kept as doubles. */
export function packColumns(columns: readonly (readonly number[])[]): Buffer {
  const plain = ([DIFFERENCES, DISTANCES] as const).map((way) => writeColumns(columns, way)).sort((a, b) => a.length - b.length);
  const shortest = plain[0] ?? Buffer.alloc(0);
  let best = framed(PLAIN, shortest);
  for (const bytes of plain) {
    if (bytes.length < MIN_DEFLATE || bytes.length > shortest.length * HOPELESS) continue;
    const deflated = deflate(bytes);
    if (deflated.length + 1 < best.length) best = framed(DEFLATED, deflated);
  }
  return best;
}

function readColumn(input: ByteReader): number[] {
  const length = input.unsigned();
  if (length > MAX_LENGTH) throw new TruncatedError();
  if (length === 0) return [];
  const way = input.byte();
  if (way === EQUAL) return Array.from<number>({ length }).fill(input.signed());
  const column: number[] = [];
  if (way === DISTANCES) {
    const lowest = input.signed();
    for (let i = 0; i < length; i += 1) column.push(lowest + input.unsigned());
  } else if (way === DIFFERENCES) {
    let before = 0;
    for (let i = 0; i < length; i += 1) column.push((before += input.signed()));
  } else {
    for (let i = 0; i < length; i += 1) column.push(input.double());
  }
  return column;
}

/** What packColumns packed. Throws on damaged bytes. */
export function unpackColumns(bytes: Buffer): number[][] {
  const mark = bytes[0];
  if (mark !== PLAIN && mark !== DEFLATED) throw new Error(`stored chunk has unknown packing ${mark ?? 'nothing'}`);
  const rest = bytes.subarray(1);
  const input = new ByteReader(mark === DEFLATED ? inflateRawSync(rest, { maxOutputLength: MAX_INFLATED }) : rest);
  const columns: number[][] = [];
  for (let left = input.unsigned(); left > 0; left -= 1) columns.push(readColumn(input));
  return columns;
}
