/** Gaps as stored: the first sample after each, and since this version the last one before it. */
import type { Database, Statement } from 'better-sqlite3';
import type { GapReason } from '../../../shared/metrics/reading';
import type { KnownGap } from '../series/monitored-time';
import { unpackTimes } from './codec/sample-chunk';
import { TIMES_SERIES } from './chunks';
import type { Row } from './flatten';
import { horizonOf } from './jobs/retention';
import type { StoreContext } from './jobs/sealer';
import type { TimeRange } from './query/reader';
import { CHUNK_KINDS } from './tiers';

/** `since` of a gap before which there is no sample at all. */
const NO_SAMPLE = 0;

type Parts = Pick<StoreContext, 'chunks' | 'head' | 'state' | 'onDamage'>;

/** The gaps of one open database. */
export class GapMarkers {
  readonly #newestStored: () => number | null;
  /** Newest row written; undefined before it was looked up. */
  #newest: number | null | undefined;
  readonly #add: Statement<[number, string, number | null]>;
  readonly #setReason: Statement<[string, number]>;
  readonly #times: Statement<[number, number], number>;
  readonly #reasons: Statement<[number, number], { time: number; reason: GapReason }>;
  readonly #known: Statement<[number, number], KnownGap>;
  readonly #next: Statement<[number], { time: number; since: number | null }>;
  readonly #first: Statement<[], number | null>;

  /** `newestStored`: time of the newest sample (epoch ms), NO_SAMPLE where there is none, null where it cannot be told. */
  constructor(db: Database, newestStored: () => number | null) {
    this.#newestStored = newestStored;
    this.#add = db.prepare('INSERT OR IGNORE INTO gaps (time, reason, since) VALUES (?, ?, ?)');
    this.#setReason = db.prepare('UPDATE gaps SET reason = ? WHERE time = ?');
    this.#times = db.prepare<[number, number], number>('SELECT time FROM gaps WHERE time > ? AND time < ? ORDER BY time').pluck();
    this.#reasons = db.prepare("SELECT time, reason FROM gaps WHERE time > ? AND time < ? AND reason <> ''");
    this.#known = db.prepare('SELECT time, since FROM gaps WHERE time > ? AND time < ? AND since IS NOT NULL');
    this.#next = db.prepare('SELECT time, since FROM gaps WHERE time >= ? ORDER BY time LIMIT 1');
    this.#first = db.prepare<[], number | null>('SELECT MIN(time) FROM gaps').pluck();
  }

  /** Writes the gaps before these rows. Call inside a transaction, then `onCommit` if it succeeded. */
  write(rows: readonly Row[]): void {
    for (const { row, since } of this.#gapsBefore(rows)) this.#add.run(row.time, row.gap ?? '', since);
  }

  /** Changes the reason of the gap before the sample of `time` (epoch ms), where there is one. */
  setReason(time: number, reason: GapReason): void {
    this.#setReason.run(reason, Math.round(time));
  }

  onCommit(rows: readonly Row[]): void {
    const last = rows.at(-1);
    if (last !== undefined) this.#newest = last.time;
  }

  /** Times of the first samples after gaps in (from, to), ascending. */
  times({ from, to }: TimeRange): number[] {
    return this.#times.all(from, to);
  }

  /** Why there are gaps before samples in (from, to). */
  reasons({ from, to }: TimeRange): readonly { readonly time: number; readonly reason: GapReason }[] {
    return this.#reasons.all(from, to);
  }

  /** Gaps that overlap a range, as far as their beginning is known. */
  known({ from, to }: TimeRange, pending: readonly Row[]): KnownGap[] {
    const next = this.#next.get(to);
    const all = [...this.#known.all(from, to), ...(next === undefined ? [] : [next]), ...this.#gapsBefore(pending).map(({ row: { time }, since }) => ({ time, since }))];
    return all.flatMap(({ time, since }) => (since === null || since >= to || time <= from ? [] : [{ time, since }]));
  }

  /** Time of the first marker of all, or null. */
  first(): number | null {
    return this.#first.get() ?? null;
  }

  #gapsBefore(rows: readonly Row[]): { readonly row: Row; readonly since: number | null }[] {
    return rows.flatMap((row, i) => {
      if (row.gap === null) return [];
      this.#newest ??= this.#newest === undefined ? this.#newestStored() : null;
      return [{ row, since: rows[i - 1]?.time ?? this.#newest }];
    });
  }
}

/** Time of the newest sample stored, epoch ms; NO_SAMPLE without any, null where it cannot be read. */
export function newestSample({ chunks, head, onDamage }: Parts): number | null {
  const frame = head.frames.at(-1);
  if (frame !== undefined) return frame.last;
  const window = chunks.starts(CHUNK_KINDS.samples).at(-1);
  if (window === undefined) return hasChunks(chunks) ? null : NO_SAMPLE;
  try {
    const data = chunks.data(CHUNK_KINDS.samples, window, TIMES_SERIES);
    return data === null ? null : (unpackTimes(data).at(-1) ?? null);
  } catch (error) {
    onDamage(error);
    return null;
  }
}

function oldestChunk(chunks: Parts['chunks']): number {
  return Math.min(...Object.values(CHUNK_KINDS).map((kind) => chunks.oldest(kind) ?? Infinity));
}

function hasChunks(chunks: Parts['chunks']): boolean {
  return oldestChunk(chunks) < Infinity;
}

/**
 * Time of the oldest data, epoch ms, or null; `firstMarker` is that of the first gap marker. A history begins with a marker,
 * and markers are removed with the data they are of: what was removed ends at the horizon of the hours.
 */
export function oldestData(parts: Parts, firstMarker: number | null): number | null {
  const { head, chunks } = parts;
  const oldest = head.frames.reduce((first, frame) => Math.min(first, frame.first), oldestChunk(chunks));
  if (oldest === Infinity) return null;
  const horizon = horizonOf(parts, 3);
  // The chunk that holds the oldest data may begin a month before it.
  return horizon >= oldest ? horizon : Math.max(oldest, firstMarker ?? oldest);
}
