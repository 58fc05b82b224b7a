/**
 * Format of a frame: the rows of one commit as one block of bytes, a column per series.
 *
 *   byte      version (1)
 *   unsigned  time of the first row, epoch ms
 *   unsigned  number of rows, then for each further row: signed change of the ms since the row before
 *   unsigned  number of columns, then for each, ids ascending:
 *     unsigned  series id minus the id before
 *     unsigned  bytes of what follows
 *     byte      bit 0: a value in every row (else a bit per row follows); bit 1: doubles
 *     values    signed differences of integer steps, or doubles (steps too large for integers)
 */
import { ByteReader, ByteWriter, MAX_VARINT_MAGNITUDE } from './bytes';
import type { Row, StoredSeries } from '../flatten';
import { CHUNK_WINDOW } from '../tiers';

/** A frame spans at most this long, ms. */
export const MAX_FRAME_SPAN = 60_000;

const MAX_FRAME_ROWS = 240;
const VERSION = 1;
const FULL = 1;
const DOUBLES = 2;

/** Reused for each frame and each of its columns; empty between calls. */
const out = new ByteWriter();
const payload = new ByteWriter();

interface Column {
  /** Indexes of the rows with a value; null while these are the first rows without exception. */
  rows: number[] | null;
  readonly steps: number[];
}

function addTo(column: Column, row: number, steps: number): void {
  if (column.rows === null && column.steps.length < row) column.rows = column.steps.map((_, i) => i);
  column.rows?.push(row);
  column.steps.push(steps);
}

/** Receives the samples of a series: time in epoch ms, value in steps; `row`: index of the row in the frame. */
export interface FrameSink {
  push(time: number, steps: number, row: number): void;
}

/** Splits rows into runs that fit into a frame each: in time order, short, and within one window, because a window is sealed at once. */
export function splitIntoFrames(rows: readonly Row[]): Row[][] {
  const frames: Row[][] = [];
  let current: Row[] = [];
  for (const row of rows) {
    const first = current[0];
    const last = current[current.length - 1];
    const isNext = first !== undefined && last !== undefined && row.time >= last.time && Math.floor(row.time / CHUNK_WINDOW) === Math.floor(first.time / CHUNK_WINDOW);
    const fits = isNext && row.time - first.time < MAX_FRAME_SPAN && current.length < MAX_FRAME_ROWS;
    if (!fits) {
      current = [];
      frames.push(current);
    }
    current.push(row);
  }
  return frames;
}

/** Columns by series number, ascending. */
function toColumns(rows: readonly Row[], idOf: (series: StoredSeries) => number | null): [number, Column][] {
  const columns = new Map<number, Column>();
  const known = new Map<StoredSeries, Column>();
  const columnOf = (series: StoredSeries): Column => {
    const id = idOf(series);
    const column = (id === null ? undefined : columns.get(id)) ?? { rows: null, steps: [] };
    if (id !== null) columns.set(id, column);
    known.set(series, column);
    return column;
  };
  // Most rows have the same series at the same indexes.
  const atIndex: { series: StoredSeries; column: Column }[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined) continue;
    for (let i = 0; i < row.series.length; i += 1) {
      const series = row.series[i];
      if (series === undefined) continue;
      let entry = atIndex[i];
      if (entry?.series !== series) {
        entry = { series, column: known.get(series) ?? columnOf(series) };
        atIndex[i] = entry;
      }
      addTo(entry.column, at, row.steps[i] ?? 0);
    }
  }
  return [...columns].sort((a, b) => a[0] - b[0]);
}

function writeTimes(rows: readonly Row[]): void {
  let before = rows[0]?.time ?? 0;
  let wait = 0;
  out.unsigned(before);
  out.unsigned(rows.length);
  for (const row of rows.slice(1)) {
    out.signed(row.time - before - wait);
    wait = row.time - before;
    before = row.time;
  }
}

function writeColumn(column: Column, rowCount: number): void {
  const isFull = column.steps.length === rowCount;
  let isWhole = true;
  for (const steps of column.steps) if (Math.abs(steps) > MAX_VARINT_MAGNITUDE) isWhole = false;
  payload.byte((isFull ? FULL : 0) | (isWhole ? 0 : DOUBLES));
  if (!isFull) {
    const bits = new Uint8Array(Math.ceil(rowCount / 8));
    for (const row of column.rows ?? column.steps.keys()) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    payload.append(bits);
  }
  if (isWhole) payload.changes(column.steps);
  else for (const steps of column.steps) payload.double(steps);
}

/** Encodes the rows of one frame, as returned by `splitIntoFrames`. `idOf` returns the number of a series, or null for one that is not stored. */
export function encodeFrame(rows: readonly Row[], idOf: (series: StoredSeries) => number | null): Buffer {
  const columns = toColumns(rows, idOf);
  out.byte(VERSION);
  writeTimes(rows);
  out.unsigned(columns.length);
  let before = 0;
  for (const [id, column] of columns) {
    writeColumn(column, rows.length);
    out.unsigned(id - before);
    out.unsigned(payload.length);
    payload.moveTo(out);
    before = id;
  }
  return out.take();
}

function readTimes(input: ByteReader): number[] {
  let time = input.unsigned();
  let wait = 0;
  const count = input.unsigned();
  const times = [time];
  for (let i = 1; i < count; i += 1) {
    wait += input.signed();
    time += wait;
    times.push(time);
  }
  return times;
}

/**
 * Reads a frame column by column, series numbers ascending. Throws on a damaged frame or an unknown version, at the latest
 * when it reaches the damage.
 */
export class FrameCursor {
  /** Times of the frame's rows, epoch ms. */
  readonly times: readonly number[];
  readonly #input: ByteReader;
  #left: number;
  #id = 0;
  #end = 0;

  constructor(bytes: Buffer) {
    this.#input = new ByteReader(bytes);
    const version = this.#input.byte();
    if (version !== VERSION) throw new Error(`stored block has unknown version ${version}`);
    this.times = readTimes(this.#input);
    this.#left = this.#input.unsigned();
    this.#open();
  }

  /** Number of the series whose column is next, or null after the last. */
  get series(): number | null {
    return this.#left === 0 ? null : this.#id;
  }

  /** Pushes the samples of the next column to the sink, or skips the column. */
  read(sink: FrameSink | null): void {
    if (sink !== null) this.#readColumn(sink);
    this.#input.at = this.#end;
    this.#left -= 1;
    this.#open();
  }

  /** Skips all remaining columns: after damage their offsets are unknown. */
  end(): void {
    this.#left = 0;
  }

  #open(): void {
    if (this.#left === 0) return;
    this.#id += this.#input.unsigned();
    const length = this.#input.unsigned();
    this.#end = this.#input.at + length;
  }

  #readColumn(sink: FrameSink): void {
    const input = this.#input;
    const { times } = this;
    const flags = input.byte();
    const bits = (flags & FULL) === 0 ? input.bytes(Math.ceil(times.length / 8)) : null;
    let steps = 0;
    for (let row = 0; row < times.length; row += 1) {
      if (bits !== null && ((bits[row >> 3] ?? 0) & (1 << (row & 7))) === 0) continue;
      steps = (flags & DOUBLES) === 0 ? steps + input.signed() : input.double();
      sink.push(times[row] ?? 0, steps, row);
    }
  }
}

/** Numbers of the series in a frame, ascending. Throws on a damaged frame or an unknown version. */
export function frameSeries(bytes: Buffer): number[] {
  const ids: number[] = [];
  const cursor = new FrameCursor(bytes);
  for (let id = cursor.series; id !== null; id = cursor.series) {
    ids.push(id);
    cursor.read(null);
  }
  return ids;
}

/** Pushes the samples of the wanted series (by number) to their sinks. Throws on a damaged frame or an unknown version. */
export function readFrame(bytes: Buffer, wanted: ReadonlyMap<number, FrameSink>): void {
  const cursor = new FrameCursor(bytes);
  let found = 0;
  for (let id = cursor.series; id !== null && found < wanted.size; id = cursor.series) {
    const sink = wanted.get(id) ?? null;
    if (sink !== null) found += 1;
    cursor.read(sink);
  }
}
