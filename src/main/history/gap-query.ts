/** The gaps of a range, with their reasons: gap markers say where a gap ended and why, samples say where it began. */
import { FAMILY_IDS, familyOf, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { gapsOf } from '../../shared/series/gaps';
import type { GapMarker, Gap } from '../../shared/series/gaps';
import { finish } from '../engine/time-slicing';
import { readGapMarkers } from '../engine/store/query/read-only-connection';
import type { Store } from '../engine/store/store-types';

/** Points per query: the resolution of the widest chart. */
const POINTS = 2000;
/** Number of series whose samples together show when anything was read. */
const PROBE_COUNT = 3;
/** Largest number of gap markers of this run that are held until they are stored. */
const MAX_RECENT = 500;

/** The headline series of the families with the shortest background interval. */
function probeSeries(): readonly SeriesKey[] {
  const sampled = FAMILY_IDS.map((id) => familyOf(id)).filter((family) => family.samplingInterval.background !== null && family.metrics[family.headline]?.stored !== false);
  const fastest = Math.min(...sampled.map((family) => family.samplingInterval.background ?? Infinity));
  return FAMILY_IDS.filter((id) => familyOf(id).samplingInterval.background === fastest && sampled.includes(familyOf(id)))
    .slice(0, PROBE_COUNT)
    .map((id) => seriesKey(id, familyOf(id).headline));
}

/** Runs queries for the gaps of a range. */
export interface GapQuery {
  /** Records the gap marker of a batch before it is stored. */
  onBatch(batch: SampleBatch): void;
  /** The gap before the batch of `time` was sleep. */
  onSleepLearned(time: number): void;
  /** Gaps that overlap the range, in order; epoch ms. */
  gaps(from: number, to: number): readonly Gap[];
  /** The same as a generator that yields between slices, for `runInSlices`. */
  gapsWork(from: number, to: number): Generator<void, readonly Gap[]>;
}

function merged(stored: readonly GapMarker[], recent: readonly GapMarker[], from: number): readonly GapMarker[] {
  const known = new Set(stored.map(({ time }) => time));
  return [...stored, ...recent.filter(({ time }) => time > from && !known.has(time))].sort((a, b) => a.time - b.time);
}

/** What gaps are found from. */
export interface GapQueryParts {
  readonly store: Store;
  /** The database file; null where the history is in memory only. */
  path(): string | null;
  /** The current time, epoch ms, while monitoring is paused by the user; otherwise null. */
  pausedNow(): number | null;
}

/** Starts with the markers that are stored. */
export function createGapQuery({ store, path, pausedNow }: GapQueryParts): GapQuery {
  const keys = probeSeries();
  let recent: readonly GapMarker[] = [];
  function* gapsWork(from: number, to: number): Generator<void, readonly Gap[]> {
    const file = path();
    const stored = file === null ? { markers: [], first: null } : readGapMarkers(file, from, to);
    const now = pausedNow();
    // A pause that has not ended has no marker yet: its gap reaches to now.
    const open: readonly GapMarker[] = now !== null && now > from ? [{ time: now, reason: 'pause' }] : [];
    const markers = merged(stored.markers, [...recent, ...open], from);
    if (markers.length === 0) return [];
    const { step, series } = yield* store.queryWork({ series: keys, from, to, points: POINTS });
    const times = [...new Set(series.flatMap(({ time, count }) => time.filter((_, at) => (count[at] ?? 0) > 0)))].sort((a, b) => a - b);
    return gapsOf({ markers, times, step, first: stored.first ?? recent[0]?.time ?? null }, from, to);
  }
  return {
    onBatch({ gap, time }) {
      if (gap !== undefined) recent = [...recent, { time: Math.round(time), reason: gap }].slice(-MAX_RECENT);
    },
    onSleepLearned(time) {
      recent = recent.map((marker) => (marker.time === Math.round(time) ? { ...marker, reason: 'sleep' } : marker));
    },
    gaps: (from, to) => finish(gapsWork(from, to)),
    gapsWork,
  };
}
