/**
 * Columns of whole numbers as few bytes. Of the ways tried on recorded data (docs/decisions/0004-history-tiers.md) the
 * shorter of differences and distances from the lowest, as varints, then deflated, came out best.
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
/**
 * How hard deflate tries. Level 9 takes twice as long for 1.6 %, and deflating both ways of each block to keep the smaller
 * twice as long for 0.4 %. A block shorter than its window needs no larger one, and deflate begins by clearing it.
 */
const EFFORT = { level: 3, memLevel: 8 } as const;
const SMALL = { ...EFFORT, windowBits: 11, chunkSize: 2048 } as const;
const LARGE = { ...EFFORT, windowBits: 14, chunkSize: 4096 } as const;
const SMALL_BLOCK = 2048;

/** A column of nothing. */
export const NO_NUMBERS = new Float64Array(0);

/** What each number is more than the one before, the first more than 0. */
export function toChanges(numbers: readonly number[]): number[] {
  return numbers.map((number, i) => number - (numbers[i - 1] ?? 0));
}

/** Makes numbers of such changes, in place. */
export function fromChanges(changes: Float64Array): Float64Array {
  for (let i = 1; i < changes.length; i += 1) changes[i] = (changes[i] ?? 0) + (changes[i - 1] ?? 0);
  return changes;
}

/** Used again for each block and column; they are empty between calls. */
const out = new ByteWriter();
const other = new ByteWriter();

function writeColumn(column: ArrayLike<number>): void {
  out.unsigned(column.length);
  if (column.length === 0) return;
  let lowest = Infinity;
  let highest = -Infinity;
  let isWhole = true;
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i] ?? 0;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (!Number.isInteger(value)) isWhole = false;
  }
  if (!isWhole || lowest < -MAX_VARINT_MAGNITUDE || highest > MAX_VARINT_MAGNITUDE) {
    out.byte(DOUBLES);
    for (let i = 0; i < column.length; i += 1) out.double(column[i] ?? 0);
  } else if (lowest === highest) {
    out.byte(EQUAL);
    out.signed(lowest);
  } else writeShorter(column, lowest);
}

/** As differences or as distances. */
function writeShorter(column: ArrayLike<number>, lowest: number): void {
  const before = out.length;
  out.byte(DIFFERENCES);
  out.changes(column);
  other.byte(DISTANCES);
  other.signed(lowest);
  other.distances(column, lowest);
  if (other.length < out.length - before) {
    out.cut(before);
    other.moveTo(out);
  } else other.cut(0);
}

/**
 * Packs columns, each in the shorter of the ways. Numbers that are not whole are kept as doubles. `isUncompressed`: not deflated,
 * for those that are read so often that inflating would be most of it.
 */
export function packColumns(columns: readonly ArrayLike<number>[], isUncompressed = false): Buffer {
  // The mark comes first; a deflated block has one of its own.
  out.byte(PLAIN);
  out.unsigned(columns.length);
  for (const column of columns) writeColumn(column);
  const plain = out.take();
  if (isUncompressed || plain.length <= MIN_DEFLATE) return plain;
  const deflated = deflateRawSync(plain.subarray(1), plain.length <= SMALL_BLOCK ? SMALL : LARGE);
  return deflated.length + 1 < plain.length ? Buffer.concat([Buffer.of(DEFLATED), deflated]) : plain;
}

/** Where columns go: an array for each, and the place of the first number in them. */
export interface ColumnTargets {
  readonly columns: readonly Float64Array[];
  readonly at: number;
}

/** Opens what packColumns packed into a buffer, from a place in it to its end; also gives the number of columns. */
function openColumns(bytes: Buffer, from: number): { input: ByteReader; count: number } {
  const packing = bytes[from];
  if (packing !== PLAIN && packing !== DEFLATED) throw new Error(`stored chunk has unknown packing ${packing ?? 'nothing'}`);
  const input = packing === PLAIN ? new ByteReader(bytes, from + 1) : new ByteReader(inflateRawSync(bytes.subarray(from + 1), { maxOutputLength: MAX_INFLATED }));
  return { input, count: input.unsigned() };
}

function readLength(input: ByteReader): number {
  const length = input.unsigned();
  if (length > MAX_LENGTH) throw new TruncatedError();
  return length;
}

/** Reads a column of so many numbers, to the places from `at` on. */
function readNumbers(input: ByteReader, length: number, to: Float64Array, at: number): void {
  if (length === 0) return;
  const end = at + length;
  const encoding = input.byte();
  if (encoding === EQUAL) to.fill(input.signed(), at, end);
  else if (encoding === DISTANCES) input.distances(to, at, end, input.signed());
  else if (encoding === DIFFERENCES) input.changes(to, at, end);
  else for (let i = at; i < end; i += 1) to[i] = input.double();
}

/** What packColumns packed into a buffer, from a place in it to its end. Throws on damaged bytes. */
export function unpackColumns(bytes: Buffer, from = 0): Float64Array[] {
  const { input, count } = openColumns(bytes, from);
  const columns: Float64Array[] = [];
  for (let left = count; left > 0; left -= 1) {
    const column = new Float64Array(readLength(input));
    readNumbers(input, column.length, column, 0);
    columns.push(column);
  }
  return columns;
}

/**
 * The same, of columns that are of equal length, into arrays that are there already: `targetsFor` so many numbers. Returns
 * how many each has. Throws on damaged bytes.
 */
export function unpackTo(bytes: Buffer, from: number, targetsFor: (length: number) => ColumnTargets): number {
  const { input, count } = openColumns(bytes, from);
  const length = count === 0 ? 0 : readLength(input);
  const { columns, at } = targetsFor(length);
  if (count !== columns.length) throw new Error(`stored chunk has ${count} columns`);
  for (const [i, column] of columns.entries()) {
    if (i > 0 && readLength(input) !== length) throw new Error('stored columns do not fit together');
    readNumbers(input, length, column, at);
  }
  return length;
}
