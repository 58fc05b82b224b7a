/** The tiers of the history as one table: how wide a point is, how long it is kept, and how its points are packed. */
import { RESOLUTION_BY_AGE } from '../series/resolution-tiers';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One day, ms. */
export const DAY = 24 * HOUR;

/** The head is sealed in slots of this length, ms; all places of chunks are counted in slots since the epoch. */
export const CHUNK_WINDOW = 15 * MINUTE;

/** Length of a chunk that gathers slots, ms: reading half a day one by one takes longer than all the rest of a chart. */
const MERGED_SPAN = 3 * HOUR;

/** Length of a chunk that gathers day chunks, ms: a whole number of days, the same everywhere. */
const LONG_SPAN = 32 * DAY;

/** A way of packing: chunks of one kind begin at multiples of `span`. */
export interface ChunkKind {
  /** Even number below 16: part of a chunk's row number. The one after it is that of its sketches. Never change one. */
  readonly code: number;
  /** Milliseconds a chunk covers. */
  readonly span: number;
  /** What is kept for percentiles beside the points; full where nothing is said. */
  readonly sketches?: 'collapsed' | 'none';
  /** Set for a kind whose points are not deflated: a chart of years has dozens of its chunks, and little is in each. */
  readonly isUncompressed?: true;
  /** Set for a kind whose chunks are chunks of slots as they were, one after the other (sections.ts). */
  readonly isMerged?: true;
}

/** All kinds of chunks. Samples and minutes are written slot by slot; minutes are gathered, then become a day's chunks, hours a long one. */
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

/** How chunks of one kind become chunks of others once their span is over: points are merged or moved, never made anew. */
export interface RollupStep {
  readonly from: ChunkKind;
  readonly fromWidth: number;
  readonly span: number;
  /** Series written in one transaction: more write fewer pages, but take longer. */
  readonly group: number;
  readonly to: readonly { readonly kind: ChunkKind; readonly width: number }[];
}

/** Every roll, those that feed others before them. */
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
  /** Milliseconds kept at most; the coarsest tier is kept as long as the settings say. */
  readonly keep: number;
  /** Where its points are. Fresh minutes stand in for every rollup tier until their day is over. */
  readonly kinds: readonly ChunkKind[];
}

/** Minutes of a day that is not over. */
const RECENT_MINUTES = [CHUNK_KINDS.mergedMinutes, CHUNK_KINDS.freshMinutes] as const;

/** The tiers, finest first. */
export const TIERS = [
  { name: 'samples', width: RESOLUTION_BY_AGE[0].width, keep: RESOLUTION_BY_AGE[0].until, kinds: [CHUNK_KINDS.samples] },
  { name: 'minutes', width: RESOLUTION_BY_AGE[1].width, keep: RESOLUTION_BY_AGE[1].until, kinds: [CHUNK_KINDS.minutes, ...RECENT_MINUTES] },
  { name: 'quarters', width: RESOLUTION_BY_AGE[2].width, keep: RESOLUTION_BY_AGE[2].until, kinds: [CHUNK_KINDS.quarters, ...RECENT_MINUTES] },
  { name: 'hours', width: RESOLUTION_BY_AGE[3].width, keep: RESOLUTION_BY_AGE[3].until, kinds: [CHUNK_KINDS.oldHours, CHUNK_KINDS.hours, ...RECENT_MINUTES] },
  // For charts of years: as old as the hours, and without sketches, which those have.
  { name: 'halfDays', width: 12 * HOUR, keep: Infinity, kinds: [CHUNK_KINDS.halfDays, ...RECENT_MINUTES] },
] as const satisfies readonly Tier[];

/** Number of a tier in TIERS. */
export type TierIndex = 0 | 1 | 2 | 3 | 4;

/** The tier numbers, finest first. */
export const TIER_INDEXES = [0, 1, 2, 3, 4] as const satisfies readonly TierIndex[];

const MAX_WINDOWS = 2 ** 24;
const MAX_SERIES = 2 ** 25;

/** Start of the chunk of a kind that holds `time`, epoch ms. Times outside of 1970 … 2448 count as the nearest inside. */
export function chunkStart(kind: ChunkKind, time: number): number {
  const inside = Math.min(Math.max(time, 0), (MAX_WINDOWS - 1) * CHUNK_WINDOW);
  return Math.floor(inside / kind.span) * kind.span;
}

/**
 * Row number of a chunk, below 2^53: by kind, then time, then series. What is written together lies together, which
 * writes the fewest pages, and what grows old together goes in one piece.
 */
export function chunkRow(code: number, start: number, series: number): number {
  return (code * MAX_WINDOWS + start / CHUNK_WINDOW) * MAX_SERIES + series;
}

/** The code of a row number's kind, or that of its sketches. */
export function codeOfRow(row: number): number {
  return Math.floor(row / (MAX_WINDOWS * MAX_SERIES));
}

/** Start of the chunk a row number stands for, epoch ms. */
export function startOfRow(row: number): number {
  return (Math.floor(row / MAX_SERIES) % MAX_WINDOWS) * CHUNK_WINDOW;
}

/** The series of a chunk's row number. */
export function seriesOfRow(row: number): number {
  return row % MAX_SERIES;
}
