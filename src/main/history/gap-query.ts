/** Why there are no samples: the store's marks of holes, and where each hole began. */
import { FAMILY_IDS, familyOf, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { gapsOf } from '../../shared/series/gaps';
import type { GapMarker, Gap } from '../../shared/series/gaps';
import { finish } from '../engine/time-slicing';
import { readGapMarkers } from '../engine/store/query/read-only-connection';
import type { Store } from '../engine/store/store-types';

/** Points asked for: as fine as the widest chart. */
const POINTS = 2000;
/** Series whose samples together tell when anything was read. */
const WITNESSES = 3;
/** Marks of this run kept until they are on disk. */
const MAX_FRESH = 500;

/** Headlines of the families that are read most often. */
function witnesses(): readonly SeriesKey[] {
  const paced = FAMILY_IDS.map((id) => familyOf(id)).filter((family) => family.samplingInterval.background !== null && family.metrics[family.headline]?.stored !== false);
  const fastest = Math.min(...paced.map((family) => family.samplingInterval.background ?? Infinity));
  return FAMILY_IDS.filter((id) => familyOf(id).samplingInterval.background === fastest && paced.includes(familyOf(id)))
    .slice(0, WITNESSES)
    .map((id) => seriesKey(id, familyOf(id).headline));
}

/** Tells the known holes of ranges. */
export interface GapQuery {
  /** Takes note of a hole before it is on disk. */
  onBatch(batch: SampleBatch): void;
  gaps(from: number, to: number): readonly Gap[];
  /** The same as work with pauses, for `runInSlices`. */
  gapsWork(from: number, to: number): Generator<void, readonly Gap[]>;
}

function merged(stored: readonly GapMarker[], fresh: readonly GapMarker[], from: number): readonly GapMarker[] {
  const known = new Set(stored.map(({ time }) => time));
  return [...stored, ...fresh.filter(({ time }) => time > from && !known.has(time))].sort((a, b) => a.time - b.time);
}

/** What the spans are told from. */
export interface GapQueryParts {
  readonly store: Store;
  /** Null where the history is in memory only. */
  path(): string | null;
  /** The present time, epoch ms, while a person has paused monitoring; else null. */
  pausedNow(): number | null;
}

/** Builds it. */
export function createGapQuery({ store, path, pausedNow }: GapQueryParts): GapQuery {
  const keys = witnesses();
  let fresh: readonly GapMarker[] = [];
  function* gapsWork(from: number, to: number): Generator<void, readonly Gap[]> {
    const file = path();
    const stored = file === null ? { markers: [], first: null } : readGapMarkers(file, from, to);
    const now = pausedNow();
    // A pause that goes on has no mark yet: its band reaches to the present.
    const open: readonly GapMarker[] = now !== null && now > from ? [{ time: now, reason: 'pause' }] : [];
    const markers = merged(stored.markers, [...fresh, ...open], from);
    if (markers.length === 0) return [];
    const { step, series } = yield* store.queryWork({ series: keys, from, to, points: POINTS });
    const times = [...new Set(series.flatMap(({ time, count }) => time.filter((_, at) => (count[at] ?? 0) > 0)))].sort((a, b) => a - b);
    return gapsOf({ markers, times, step, first: stored.first ?? fresh[0]?.time ?? null }, from, to);
  }
  return {
    onBatch({ gap, time }) {
      if (gap !== undefined) fresh = [...fresh, { time: Math.round(time), reason: gap }].slice(-MAX_FRESH);
    },
    gaps: (from, to) => finish(gapsWork(from, to)),
    gapsWork,
  };
}
