/**
 * Packs columns of integers into few bytes. Of the encodings tried on recorded data (docs/decisions/0004-history-tiers.md)
 * the best one was: the shorter of differences and distances from the lowest, as varints, then deflated.
 *
 *   byte      0: not deflated, 1: deflated; the rest is
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

/** A column has at most this many numbers; more indicate damage. */
const MAX_LENGTH = 4_000_000;
/** A block has at most this many bytes when inflated; more indicate damage. */
const MAX_INFLATED = 64 * 1024 * 1024;
/** Blocks up to this are not deflated, bytes: they would hardly become smaller. */
const MIN_DEFLATE = 200;
/**
 * Options of deflate. Level 9 takes twice as long and saves 1.6 %; deflating both encodings of each block to keep the smaller
 * one takes twice as long and saves 0.4 %. A block shorter than the window needs no larger one, and deflate clears it first.
 */
const EFFORT = { level: 3, memLevel: 8 } as const;
const SMALL = { ...EFFORT, windowBits: 11, chunkSize: 2048 } as const;
const LARGE = { ...EFFORT, windowBits: 14, chunkSize: 4096 } as const;
const SMALL_BLOCK = 2048;

/** An empty column. */
export const NO_NUMBERS = new Float64Array(0);

/** Difference of each number from the one before; of the first one from 0. */
export function toChanges(numbers: readonly number[]): number[] {
  return numbers.map((number, i) => number - (numbers[i - 1] ?? 0));
}

/** Inverse of toChanges, in place. */
export function fromChanges(changes: Float64Array): Float64Array {
  for (let i = 1; i < changes.length; i += 1) changes[i] = (changes[i] ?? 0) + (changes[i - 1] ?? 0);
  return changes;
}

/** Reused for each block and column; empty between calls. */
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

/** Writes a column as differences or as distances. */
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
 * Packs columns, each in the shorter encoding. Columns with numbers that are not integers are stored as doubles.
 * `isUncompressed`: not deflated, for blocks whose inflating would take most of the time of reading them.
 */
export function packColumns(columns: readonly ArrayLike<number>[], isUncompressed = false): Buffer {
  // The first byte is not deflated; a deflated block gets its own.
  out.byte(PLAIN);
  out.unsigned(columns.length);
  for (const column of columns) writeColumn(column);
  const plain = out.take();
  if (isUncompressed || plain.length <= MIN_DEFLATE) return plain;
  const deflated = deflateRawSync(plain.subarray(1), plain.length <= SMALL_BLOCK ? SMALL : LARGE);
  return deflated.length + 1 < plain.length ? Buffer.concat([Buffer.of(DEFLATED), deflated]) : plain;
}

/** Target of unpacked columns: an array for each, and the index of the first number in them. */
export interface ColumnTargets {
  readonly columns: readonly Float64Array[];
  readonly at: number;
}

/** Opens a block written by packColumns, from an offset to the end of the buffer; returns a reader and the number of columns. */
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

/** Reads a column of `length` numbers into `to`, from the index `at` on. */
function readNumbers(input: ByteReader, length: number, to: Float64Array, at: number): void {
  if (length === 0) return;
  const end = at + length;
  const encoding = input.byte();
  if (encoding === EQUAL) to.fill(input.signed(), at, end);
  else if (encoding === DISTANCES) input.distances(to, at, end, input.signed());
  else if (encoding === DIFFERENCES) input.changes(to, at, end);
  else for (let i = at; i < end; i += 1) to[i] = input.double();
}

/** Inverse of packColumns; the block extends from an offset to the end of the buffer. Throws on damaged bytes. */
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
 * The same for columns of equal length, into existing arrays: `targetsFor` returns those for a length. Returns the length.
 * Throws on damaged bytes.
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
