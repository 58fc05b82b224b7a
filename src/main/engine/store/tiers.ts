/** The tiers of the history as one table: width of a point, how long points are kept, and the kinds of chunks they are in. */
import { RESOLUTION_BY_AGE } from '../series/resolution-tiers';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One day, ms. */
export const DAY = 24 * HOUR;

/** The head is sealed in windows of this length, ms; starts of chunks are counted in windows since the epoch. */
export const CHUNK_WINDOW = 15 * MINUTE;

/** Length of a chunk of merged windows, ms: reading half a day window by window takes longer than the rest of a chart query. */
const MERGED_SPAN = 3 * HOUR;

/** Length of the longest chunks, ms: a whole number of days, independent of months and time zones. */
const LONG_SPAN = 32 * DAY;

/** A kind of chunk: its length and how it is packed. */
export interface ChunkKind {
  /** Even number below 16: part of a chunk's row number. The next number is that of its sketches. Stored: never change one. */
  readonly code: number;
  /** Milliseconds a chunk covers; chunks begin at multiples of it. */
  readonly span: number;
  /** Precision of the stored sketches (for percentiles); full by default. */
  readonly sketches?: 'collapsed' | 'none';
  /** Set for a kind whose points are not deflated: a chart of years reads dozens of its chunks, each with few points. */
  readonly isUncompressed?: true;
  /** Set for a kind whose chunks consist of unchanged window chunks, one after the other (sections.ts). */
  readonly isMerged?: true;
}

/**
 * All kinds of chunks. Samples and fresh minutes are written window by window; minutes are merged, then rolled up into chunks
 * of a day, and chunks of hours into the longest ones.
 */
export const CHUNK_KINDS = {
  samples: { code: 0, span: CHUNK_WINDOW },
  freshMinutes: { code: 2, span: CHUNK_WINDOW },
  minutes: { code: 4, span: DAY },
  quarters: { code: 6, span: DAY },
  hours: { code: 8, span: DAY },
  oldHours: { code: 10, span: LONG_SPAN, sketches: 'collapsed' },
  halfDays: { code: 12, span: LONG_SPAN, sketches: 'none', isUncompressed: true },
  mergedMinutes: { code: 14, span: MERGED_SPAN, isMerged: true },
} as const satisfies Record<string, ChunkKind>;

/** How chunks of one kind become chunks of others once their span is over: points are merged or moved, never recomputed from samples. */
export interface RollupStep {
  readonly from: ChunkKind;
  readonly fromWidth: number;
  readonly span: number;
  /** Series written in one transaction: more of them write fewer pages, but take longer. */
  readonly group: number;
  readonly to: readonly { readonly kind: ChunkKind; readonly width: number }[];
}

/** All rollup steps; a step comes before those that read what it writes. */
export const ROLLUPS: readonly RollupStep[] = [
  { from: CHUNK_KINDS.freshMinutes, fromWidth: MINUTE, span: MERGED_SPAN, group: 12, to: [{ kind: CHUNK_KINDS.mergedMinutes, width: MINUTE }] },
  {
    from: CHUNK_KINDS.mergedMinutes,
    fromWidth: MINUTE,
    span: DAY,
    group: 4,
    to: [
      { kind: CHUNK_KINDS.minutes, width: MINUTE },
      { kind: CHUNK_KINDS.quarters, width: 15 * MINUTE },
      { kind: CHUNK_KINDS.hours, width: HOUR },
      { kind: CHUNK_KINDS.halfDays, width: 12 * HOUR },
    ],
  },
  { from: CHUNK_KINDS.hours, fromWidth: HOUR, span: LONG_SPAN, group: 4, to: [{ kind: CHUNK_KINDS.oldHours, width: HOUR }] },
];

/** One tier. */
export interface Tier {
  readonly name: 'samples' | 'minutes' | 'quarters' | 'hours' | 'halfDays';
  /** Milliseconds per point; 0 for the samples themselves. */
  readonly width: number;
  /** Milliseconds points are kept at most; Infinity: as long as the settings say. */
  readonly keep: number;
  /** The kinds its points are in. Minutes of an unfinished day serve every rollup tier. */
  readonly kinds: readonly ChunkKind[];
}

/** Minutes of a day that is not over yet. */
const RECENT_MINUTES = [CHUNK_KINDS.mergedMinutes, CHUNK_KINDS.freshMinutes] as const;

/** The tiers, finest first. */
export const TIERS = [
  { name: 'samples', width: RESOLUTION_BY_AGE[0].width, keep: RESOLUTION_BY_AGE[0].until, kinds: [CHUNK_KINDS.samples] },
  { name: 'minutes', width: RESOLUTION_BY_AGE[1].width, keep: RESOLUTION_BY_AGE[1].until, kinds: [CHUNK_KINDS.minutes, ...RECENT_MINUTES] },
  { name: 'quarters', width: RESOLUTION_BY_AGE[2].width, keep: RESOLUTION_BY_AGE[2].until, kinds: [CHUNK_KINDS.quarters, ...RECENT_MINUTES] },
  { name: 'hours', width: RESOLUTION_BY_AGE[3].width, keep: RESOLUTION_BY_AGE[3].until, kinds: [CHUNK_KINDS.oldHours, CHUNK_KINDS.hours, ...RECENT_MINUTES] },
  // For charts of years: goes back as far as the hours, but has no sketches; statistics use the hours.
  { name: 'halfDays', width: 12 * HOUR, keep: Infinity, kinds: [CHUNK_KINDS.halfDays, ...RECENT_MINUTES] },
] as const satisfies readonly Tier[];

/** Index of a tier in TIERS. */
export type TierIndex = 0 | 1 | 2 | 3 | 4;

/** The indexes of the tiers, finest first. */
export const TIER_INDEXES = [0, 1, 2, 3, 4] as const satisfies readonly TierIndex[];

const MAX_WINDOWS = 2 ** 24;
const MAX_SERIES = 2 ** 25;

/** Start of the chunk of a kind that contains `time`, epoch ms. Times outside 1970 … 2448 count as the nearest inside. */
export function chunkStart(kind: ChunkKind, time: number): number {
  const inside = Math.min(Math.max(time, 0), (MAX_WINDOWS - 1) * CHUNK_WINDOW);
  return Math.floor(inside / kind.span) * kind.span;
}

/**
 * Row number of a chunk, below 2^53: by kind code, then time, then series. Rows written together are neighbors, which writes
 * the fewest pages, and rows that expire together are deleted as one range.
 */
export function chunkRow(code: number, start: number, series: number): number {
  return (code * MAX_WINDOWS + start / CHUNK_WINDOW) * MAX_SERIES + series;
}

/** Kind code of a row number; odd for sketches. */
export function codeOfRow(row: number): number {
  return Math.floor(row / (MAX_WINDOWS * MAX_SERIES));
}

/** Start of a row number's chunk, epoch ms. */
export function startOfRow(row: number): number {
  return (Math.floor(row / MAX_SERIES) % MAX_WINDOWS) * CHUNK_WINDOW;
}

/** Series number of a row number. */
export function seriesOfRow(row: number): number {
  return row % MAX_SERIES;
}
