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

/** More cells than a frame has: a cell's key is the number of its series, and behind it that of the cell. */
const MOST_CELLS = 2 ** 24;

/**
 * The values of a frame, in the order of their columns: by series, then by row. A commit of a hundred containers has thousands of
 * columns, most of a single value; an object for each was a third of all that the app allocated. The arrays are used again.
 */
class Cells {
  /** Sorted by `fill`. */
  keys = new Float64Array(1024);
  count = 0;
  #rows = new Uint16Array(1024);
  #steps = new Float64Array(1024);
  /** Series and number at each index of the row before: most rows have the same series at the same indexes. */
  readonly #series: (StoredSeries | undefined)[] = [];
  readonly #ids: (number | null)[] = [];

  fill(rows: readonly Row[], idOf: (series: StoredSeries) => number | null): void {
    this.count = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at];
      if (row === undefined) continue;
      this.#reserve(row.series.length);
      for (let i = 0; i < row.series.length; i += 1) {
        const series = row.series[i];
        if (series === undefined) continue;
        if (this.#series[i] !== series) {
          this.#ids[i] = idOf(series);
          this.#series[i] = series;
        }
        const id = this.#ids[i];
        if (id !== null && id !== undefined) this.#add(id, at, row.steps[i] ?? 0);
      }
    }
    // Of another database a series may have another number.
    this.#series.length = 0;
    this.keys.subarray(0, this.count).sort();
  }

  /** Number of the series of a place in the order. */
  seriesAt(place: number): number {
    return Math.floor((this.keys[place] ?? 0) / MOST_CELLS);
  }

  rowAt(place: number): number {
    return this.#rows[(this.keys[place] ?? 0) % MOST_CELLS] ?? 0;
  }

  stepsAt(place: number): number {
    return this.#steps[(this.keys[place] ?? 0) % MOST_CELLS] ?? 0;
  }

  /** The place behind the column that begins at a place. */
  endOf(place: number): number {
    const next = (this.seriesAt(place) + 1) * MOST_CELLS;
    let end = place + 1;
    while (end < this.count && (this.keys[end] ?? 0) < next) end += 1;
    return end;
  }

  #add(id: number, row: number, steps: number): void {
    this.keys[this.count] = id * MOST_CELLS + this.count;
    this.#rows[this.count] = row;
    this.#steps[this.count] = steps;
    this.count += 1;
  }

  #reserve(more: number): void {
    if (this.count + more <= this.keys.length) return;
    const size = Math.max(this.keys.length * 2, this.count + more);
    const [keys, rows, steps] = [new Float64Array(size), new Uint16Array(size), new Float64Array(size)];
    keys.set(this.keys);
    rows.set(this.#rows);
    steps.set(this.#steps);
    [this.keys, this.#rows, this.#steps] = [keys, rows, steps];
  }
}

const cells = new Cells();

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

/** Which rows have a value; used again for each column. */
const bits = new Uint8Array(Math.ceil(MAX_FRAME_ROWS / 8));

function writeBits(from: number, to: number, rowCount: number): void {
  const length = Math.ceil(rowCount / 8);
  bits.fill(0, 0, length);
  for (let place = from; place < to; place += 1) {
    const row = cells.rowAt(place);
    bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  for (let i = 0; i < length; i += 1) payload.byte(bits[i] ?? 0);
}

/** Writes the column of the cells at these places. */
function writeColumn(from: number, to: number, rowCount: number): void {
  const isFull = to - from === rowCount;
  let isWhole = true;
  for (let place = from; place < to; place += 1) if (Math.abs(cells.stepsAt(place)) > MAX_VARINT_MAGNITUDE) isWhole = false;
  payload.byte((isFull ? FULL : 0) | (isWhole ? 0 : DOUBLES));
  if (!isFull) writeBits(from, to, rowCount);
  let before = 0;
  for (let place = from; place < to; place += 1) {
    const steps = cells.stepsAt(place);
    if (isWhole) payload.signed(steps - before);
    else payload.double(steps);
    before = steps;
  }
}

/** Encodes the rows of one frame, as returned by `splitIntoFrames`. `idOf` returns the number of a series, or null for one that is not stored. */
export function encodeFrame(rows: readonly Row[], idOf: (series: StoredSeries) => number | null): Buffer {
  cells.fill(rows, idOf);
  let columns = 0;
  for (let place = 0; place < cells.count; place = cells.endOf(place)) columns += 1;
  out.byte(VERSION);
  writeTimes(rows);
  out.unsigned(columns);
  let before = 0;
  for (let place = 0; place < cells.count; ) {
    const end = cells.endOf(place);
    const id = cells.seriesAt(place);
    writeColumn(place, end, rows.length);
    out.unsigned(id - before);
    out.unsigned(payload.length);
    payload.moveTo(out);
    before = id;
    place = end;
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
