/** The chunks of a database: sealed samples and rollup points, and an index of the times that have any. */
import type { Database, Statement } from 'better-sqlite3';
import { rollUp } from '../series/rollup';
import type { Rollup } from '../series/rollup';
import { collapse, EMPTY_SKETCH } from '../series/sketch';
import type { Sketch } from '../series/sketch';
import { packPoints, unpackPoints } from './codec/rollup-chunk';
import { unpackSections } from './codec/sections';
import { openSketches, packSketches } from './codec/sketches';
import { chunkRow, codeOfRow, DAY, seriesOfRow, CHUNK_WINDOW, startOfRow } from './tiers';
import type { ChunkKind } from './tiers';

/** Number of the pseudo series under which the times of a window's ticks are stored. */
export const TIMES_SERIES = 0;

function sketchFor(kind: ChunkKind, sketch: Sketch): Sketch {
  if (kind.sketches === undefined) return sketch;
  return kind.sketches === 'collapsed' ? collapse(sketch) : EMPTY_SKETCH;
}

const NO_BYTES = Buffer.alloc(0);

/** Unpacks points of `width` ms with their sketches. Throws on damaged bytes. */
export function toRollups({ data, sketches }: PackedPoints, width: number): Rollup[] {
  const { time, count, sum, min, max } = unpackPoints(data, width);
  const bits = sketches();
  const reader = bits.length === 0 ? null : openSketches(bits, time.length);
  return Array.from(time, (at, i) => ({ time: at, count: count[i] ?? 0, sum: sum[i] ?? 0, min: min[i] ?? 0, max: max[i] ?? 0, sketch: reader?.next() ?? EMPTY_SKETCH }));
}

/** Rows removed at once: every page of a row is read in order to free it, possibly from the disk. */
function rowsAtOnce({ span }: ChunkKind): number {
  if (span < DAY) return 60;
  return span === DAY ? 12 : 4;
}

/** This many points, sketches included, are packed in well under a millisecond. */
const FEW_POINTS = 50;

/** A chunk of points ready to be written. */
export interface PreparedPoints {
  readonly kind: ChunkKind;
  readonly start: number;
  readonly series: number;
  readonly points: Buffer;
  /** Null for a kind that stores none. */
  readonly sketches: Buffer | null;
}

/** Points as they were packed: those of a chunk, or of one window of a merged chunk. */
export interface PackedPoints {
  /** Epoch ms and ms. */
  readonly start: number;
  readonly span: number;
  readonly data: Buffer;
  /** Empty where none are stored. */
  sketches(): Buffer;
}

/** Reads and writes chunks. Write inside a transaction only. */
export class Chunks {
  readonly #get: Statement<[number], Buffer>;
  readonly #put: Statement<[number, Buffer]>;
  readonly #copy: Statement<[number, Buffer]>;
  readonly #ids: Statement<[number, number], { id: number }>;
  readonly #drop: Statement<[number, number, number]>;
  readonly #remove: Statement<[number]>;
  readonly #any: Statement<[number, number]>;
  readonly #spans: Statement<[], { kind: number; start: number }>;
  readonly #addSpan: Statement<[number, number]>;
  readonly #dropSpans: Statement<[number, number, number]>;
  /** Starts of the stored chunks, ascending, by kind: the contents of the table `spans`. */
  readonly #starts = new Map<number, number[]>();

  constructor(db: Database) {
    this.#get = db.prepare<[number], Buffer>('SELECT data FROM chunks WHERE id = ?').pluck();
    this.#put = db.prepare('INSERT INTO chunks (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data');
    this.#copy = db.prepare('INSERT OR IGNORE INTO chunks (id, data) VALUES (?, ?)');
    this.#ids = db.prepare('SELECT id FROM chunks WHERE id >= ? AND id < ?');
    this.#drop = db.prepare('DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)');
    this.#remove = db.prepare('DELETE FROM chunks WHERE id = ?');
    this.#any = db.prepare('SELECT 1 FROM chunks WHERE id >= ? AND id < ? LIMIT 1');
    this.#spans = db.prepare('SELECT kind, start FROM spans ORDER BY kind, start');
    this.#addSpan = db.prepare('INSERT OR IGNORE INTO spans (kind, start) VALUES (?, ?)');
    this.#dropSpans = db.prepare('DELETE FROM spans WHERE kind = ? AND start >= ? AND start < ?');
    this.reload();
  }

  /** Starts of chunks of a kind that overlap [from, to), ascending. */
  starts(kind: ChunkKind, from = 0, to = Infinity): number[] {
    return (this.#starts.get(kind.code) ?? []).filter((start) => start < to && start + kind.span > from);
  }

  /** Start of the oldest chunk of a kind, or null. */
  oldest(kind: ChunkKind): number | null {
    return this.#starts.get(kind.code)?.[0] ?? null;
  }

  /** Numbers of the series that have a chunk of this kind and start, ascending. */
  seriesAt(kind: ChunkKind, start: number): number[] {
    return this.#ids.all(chunkRow(kind.code, start, 0), chunkRow(kind.code, start + CHUNK_WINDOW, 0)).map((row) => seriesOfRow(row.id));
  }

  /** Packed samples or points of a chunk, or null where there is no chunk. */
  data(kind: ChunkKind, start: number, series: number): Buffer | null {
    return this.#get.get(chunkRow(kind.code, start, series)) ?? null;
  }

  /** The packed points of a chunk; none where there is no chunk. Throws on damaged bytes. */
  packed(kind: ChunkKind, start: number, series: number): PackedPoints[] {
    const data = this.data(kind, start, series);
    if (data === null) return [];
    const sketches = (): Buffer => this.#get.get(chunkRow(kind.code + 1, start, series)) ?? NO_BYTES;
    if (kind.isMerged !== true) return [{ start, span: kind.span, data, sketches }];
    let bits: (Buffer | null)[] | null = null;
    const ofWindow = (i: number): Buffer => (bits ??= unpackSections(sketches()))[i] ?? NO_BYTES;
    return unpackSections(data).flatMap((section, i): PackedPoints[] => (section === null ? [] : [{ start: start + i * CHUNK_WINDOW, span: CHUNK_WINDOW, data: section, sketches: () => ofWindow(i) }]));
  }

  /** Writes samples or times as they are. */
  put(kind: ChunkKind, start: number, series: number, data: Buffer): void {
    this.#put.run(chunkRow(kind.code, start, series), data);
    this.#addStart(kind.code, start);
  }

  /** Writes a row of another database; false where this database has that row already. */
  copy(row: number, data: Buffer): boolean {
    if (this.#copy.run(row, data).changes === 0) return false;
    const code = codeOfRow(row);
    if (code % 2 === 0) this.#addStart(code, startOfRow(row));
    return true;
  }

  /** Points with the sketches this kind stores; none where there is no chunk. Throws on damaged bytes. */
  points(kind: ChunkKind, start: number, series: number, width: number): Rollup[] {
    return this.packed(kind, start, series).flatMap((packed) => toRollups(packed, width));
  }

  /**
   * Packs points (ascending, with full sketches, at least one), merged with those already stored, where a clock was set back
   * or a chunk grows; `isNew`: there are none, so none are looked up. Writes nothing, so that the transaction that does stays
   * short. Yields between steps, so that other work can run.
   */
  *prepare(kind: ChunkKind, start: number, series: number, width: number, points: readonly Rollup[], isNew = false): Generator<void, PreparedPoints> {
    const kept = kind.sketches === undefined ? points : points.map((point) => Object.assign({}, point, { sketch: sketchFor(kind, point.sketch) }));
    const before = isNew ? [] : this.points(kind, start, series, width);
    const all = before.length === 0 ? kept : rollUp([...before, ...kept].sort((a, b) => a.time - b.time), width);
    if (kind.sketches === 'none') return { kind, start, series, points: packPoints(all, width, null, kind.isUncompressed), sketches: null };
    const { bytes, total } = yield* packSketches(all);
    if (all.length > FEW_POINTS) yield;
    return { kind, start, series, points: packPoints(all, width, total), sketches: bytes };
  }

  /** Writes prepared points. */
  putPrepared({ kind, start, series, points, sketches }: PreparedPoints): void {
    if (sketches !== null) this.#put.run(chunkRow(kind.code + 1, start, series), sketches);
    this.put(kind, start, series, points);
  }

  /**
   * Removes some of a kind's chunks that begin in [from, to), no more than can be removed quickly; true when none are left.
   * Call inside a transaction.
   */
  drop(kind: ChunkKind, from: number, to: number): boolean {
    let left = rowsAtOnce(kind);
    for (const code of [kind.code, kind.code + 1]) {
      left -= this.#drop.run(chunkRow(code, from, 0), chunkRow(code, to, 0), left).changes;
      if (left <= 0) return false;
    }
    this.#dropSpans.run(kind.code, from, to);
    this.#starts.set(kind.code, this.#startsOf(kind.code).filter((start) => start < from || start >= to));
    return true;
  }

  /** Removes the chunks of these series that begin at `start`. Call inside a transaction. */
  remove(kind: ChunkKind, start: number, series: readonly number[]): void {
    for (const one of series) for (const code of [kind.code, kind.code + 1]) this.#remove.run(chunkRow(code, start, one));
    if (this.#any.get(chunkRow(kind.code, start, 0), chunkRow(kind.code, start + CHUNK_WINDOW, 0)) !== undefined) return;
    this.#dropSpans.run(kind.code, start, start + CHUNK_WINDOW);
    this.#starts.set(kind.code, this.#startsOf(kind.code).filter((other) => other !== start));
  }

  /** Reads the index again: after a failed transaction the copy in memory may be wrong. */
  reload(): void {
    this.#starts.clear();
    for (const { kind, start } of this.#spans.all()) this.#startsOf(kind).push(start);
  }

  /** The mutable list of a kind's starts. */
  #startsOf(code: number): number[] {
    const starts = this.#starts.get(code) ?? [];
    this.#starts.set(code, starts);
    return starts;
  }

  #addStart(code: number, start: number): void {
    const starts = this.#startsOf(code);
    let at = starts.length;
    while (at > 0 && (starts[at - 1] ?? 0) > start) at -= 1;
    if (starts[at - 1] === start) return;
    this.#addSpan.run(code, start);
    starts.splice(at, 0, start);
  }
}
