/** Estimates the size of the database for given limits: from its own chunks, or from measured means while it has few. */
import type { Database } from 'better-sqlite3';
import type { Chunks } from './chunks';
import type { RetentionLimits } from './jobs/retention';
import { chunkRow, DAY, CHUNK_KINDS, CHUNK_WINDOW, TIER_INDEXES, TIERS } from './tiers';
import type { ChunkKind, TierIndex } from './tiers';

/** The kind of chunk each tier's points end up in, and its mean bytes per series and day, measured on a recorded desktop. */
const CHUNKS_OF_TIER: Readonly<Record<TierIndex, { kind: ChunkKind; bytesPerDay: number }>> = {
  0: { kind: CHUNK_KINDS.samples, bytesPerDay: 38_000 },
  1: { kind: CHUNK_KINDS.minutes, bytesPerDay: 11_000 },
  2: { kind: CHUNK_KINDS.quarters, bytesPerDay: 3100 },
  3: { kind: CHUNK_KINDS.oldHours, bytesPerDay: 750 },
  4: { kind: CHUNK_KINDS.halfDays, bytesPerDay: 4 },
};

/** Size of the file relative to that of the chunks: row numbers, unused ends of pages and free pages. */
const OVERHEAD = 1.06;

/** The size to expect. */
export interface SizeEstimate {
  /** Bytes of the database once its history is as long as the limits allow, the size limit included. */
  readonly bytes: number;
  /** Days of history that fit; fewer than `keepDays` where the size limit is reached first. */
  readonly days: number;
  /** Number of series assumed: those of the latest full window. */
  readonly series: number;
}

/** Bytes and number of the latest complete chunks of a kind; null while there are none. */
function measure(db: Database, chunks: Chunks, kind: ChunkKind): { bytes: number; series: number } | null {
  const starts = chunks.starts(kind);
  const start = starts[starts.length - 2] ?? starts[starts.length - 1];
  if (start === undefined) return null;
  const sum = db.prepare<[number, number], { bytes: number | null; n: number }>('SELECT sum(length(data)) AS bytes, count(*) AS n FROM chunks WHERE id >= ? AND id < ?');
  const [points, sketches] = [kind.code, kind.code + 1].map((code) => sum.get(chunkRow(code, start, 0), chunkRow(code, start + CHUNK_WINDOW, 0)));
  // One row of the samples holds the times of the window's ticks.
  const series = (points?.n ?? 0) - (kind.code === CHUNK_KINDS.samples.code ? 1 : 0);
  return series <= 0 ? null : { bytes: (points?.bytes ?? 0) + (sketches?.bytes ?? 0), series };
}

/** Estimates the size for `limits` and the series of the latest full window. */
export function estimate(db: Database, chunks: Chunks, limits: RetentionLimits): SizeEstimate {
  const latest = measure(db, chunks, CHUNK_KINDS.samples);
  const series = latest?.series ?? 0;
  const perDay = TIER_INDEXES.map((tier) => {
    const { kind, bytesPerDay } = CHUNKS_OF_TIER[tier];
    const found = measure(db, chunks, kind);
    return series * (found === null ? bytesPerDay : (found.bytes / found.series) * (DAY / kind.span)) * OVERHEAD;
  });
  const bytesFor = (days: number): number => perDay.reduce((sum, bytes, tier) => sum + bytes * Math.min(days, (TIERS[tier]?.keep ?? Infinity) / DAY), 0);
  let { keepDays: days } = limits;
  while (limits.maxBytes !== null && days > 1 && bytesFor(days) > limits.maxBytes) days = Math.max(1, Math.floor(days * 0.98));
  return { bytes: Math.round(bytesFor(days)), days, series };
}
