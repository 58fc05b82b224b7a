/** The chunks of a database: sealed samples and rollup points, and which spans of time have any. */
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

/** The pseudo series under which the times of a slot's ticks are kept. */
export const TIMES_SERIES = 0;

function sketchFor(kind: ChunkKind, sketch: Sketch): Sketch {
  if (kind.sketches === undefined) return sketch;
  return kind.sketches === 'collapsed' ? collapse(sketch) : EMPTY_SKETCH;
}

const NO_BYTES = Buffer.alloc(0);

/** Points of `width` ms with their sketches. Throws on damage. */
export function toRollups({ data, sketches }: PackedPoints, width: number): Rollup[] {
  const { time, count, sum, min, max } = unpackPoints(data, width);
  const bits = sketches();
  const reader = bits.length === 0 ? null : openSketches(bits, time.length);
  return Array.from(time, (at, i) => ({ time: at, count: count[i] ?? 0, sum: sum[i] ?? 0, min: min[i] ?? 0, max: max[i] ?? 0, sketch: reader?.next() ?? EMPTY_SKETCH }));
}

/** Rows removed at once: each page of a row is looked up to be given back, and may have to come from the disk. */
function rowsAtOnce({ span }: ChunkKind): number {
  if (span < DAY) return 60;
  return span === DAY ? 12 : 4;
}

/** So many points are packed, sketches and all, in well under a millisecond. */
const FEW_POINTS = 50;

/** A chunk of points ready to be written. */
export interface PreparedPoints {
  readonly kind: ChunkKind;
  readonly start: number;
  readonly series: number;
  readonly points: Buffer;
  /** Null for a kind that keeps none. */
  readonly sketches: Buffer | null;
}

/** Points as they were packed: those of a chunk, or of one slot of a chunk that gathers some. */
export interface PackedPoints {
  /** Epoch ms and ms. */
  readonly start: number;
  readonly span: number;
  readonly data: Buffer;
  /** Empty where none are kept. */
  sketches(): Buffer;
}

/** Reads and writes chunks. Writing belongs inside a transaction. */
export class Chunks {
  readonly #get: Statement<[number], Buffer>;
  readonly #put: Statement<[number, Buffer]>;
  readonly #copy: Statement<[number, Buffer]>;
  readonly #ids: Statement<[number, number], { id: number }>;
  readonly #drop: Statement<[number, number, number]>;
  readonly #spans: Statement<[], { kind: number; start: number }>;
  readonly #addSpan: Statement<[number, number]>;
  readonly #dropSpans: Statement<[number, number, number]>;
  /** Starts of the spans that have chunks, ascending, by kind: what the table of spans says. */
  readonly #starts = new Map<number, number[]>();

  constructor(db: Database) {
    this.#get = db.prepare<[number], Buffer>('SELECT data FROM chunks WHERE id = ?').pluck();
    this.#put = db.prepare('INSERT INTO chunks (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data');
    this.#copy = db.prepare('INSERT OR IGNORE INTO chunks (id, data) VALUES (?, ?)');
    this.#ids = db.prepare('SELECT id FROM chunks WHERE id >= ? AND id < ?');
    this.#drop = db.prepare('DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)');
    this.#spans = db.prepare('SELECT kind, start FROM spans ORDER BY kind, start');
    this.#addSpan = db.prepare('INSERT OR IGNORE INTO spans (kind, start) VALUES (?, ?)');
    this.#dropSpans = db.prepare('DELETE FROM spans WHERE kind = ? AND start >= ? AND start < ?');
    this.reload();
  }

  /** Starts of chunks of a kind that touch [from, to), ascending. */
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

  /** Bytes of samples or points, or null. */
  data(kind: ChunkKind, start: number, series: number): Buffer | null {
    return this.#get.get(chunkRow(kind.code, start, series)) ?? null;
  }

  /** The points of a chunk; none where there is no chunk. Throws on damage. */
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

  /** Writes a row of another database; false where there is one already. */
  copy(row: number, data: Buffer): boolean {
    if (this.#copy.run(row, data).changes === 0) return false;
    const code = codeOfRow(row);
    if (code % 2 === 0) this.#addStart(code, startOfRow(row));
    return true;
  }

  /** Points with their sketches, as this kind keeps them; none where there is no chunk. Throws on damage. */
  points(kind: ChunkKind, start: number, series: number, width: number): Rollup[] {
    return this.packed(kind, start, series).flatMap((packed) => toRollups(packed, width));
  }

  /**
   * Packs points (ascending, sketches in full, at least one), merged with those already there, where a clock was set back
   * or a chunk grows; one that is known to be new is not looked for. Writes nothing, so that the transaction that will has little left to do; pauses are where other
   * work may go on.
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
   * Removes some of a kind's chunks that begin in [from, to), as many as take a moment; true when none are left. Call
   * inside a transaction.
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

  /** Looks anew which spans there are: a transaction failed, and what was noted of it may be wrong. */
  reload(): void {
    this.#starts.clear();
    for (const { kind, start } of this.#spans.all()) this.#startsOf(kind).push(start);
  }

  /** The list itself. */
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
