/** Why there are no samples: the store's marks of holes, and where each hole began. */
import { FAMILY_IDS, familyOf, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';
import type { SampleBatch } from '../../shared/metrics/reading';
import { spansOf } from '../../shared/series/gaps';
import type { Mark, Span } from '../../shared/series/gaps';
import { finish } from '../engine/time-slicing';
import { readMarks } from '../engine/store/query/read-only-connection';
import type { Store } from '../engine/store/store-types';

/** Points asked for: as fine as the widest chart. */
const POINTS = 2000;
/** Series whose samples together tell when anything was read. */
const WITNESSES = 3;
/** Marks of this run kept until they are on disk. */
const MAX_FRESH = 500;

/** Headlines of the families that are read most often. */
function witnesses(): readonly SeriesKey[] {
  const paced = FAMILY_IDS.map((id) => familyOf(id)).filter((family) => family.pace.background !== null && family.metrics[family.headline]?.stored !== false);
  const fastest = Math.min(...paced.map((family) => family.pace.background ?? Infinity));
  return FAMILY_IDS.filter((id) => familyOf(id).pace.background === fastest && paced.includes(familyOf(id)))
    .slice(0, WITNESSES)
    .map((id) => seriesKey(id, familyOf(id).headline));
}

/** Tells the known holes of ranges. */
export interface Spans {
  /** Takes note of a hole before it is on disk. */
  onBatch(batch: SampleBatch): void;
  spans(from: number, to: number): readonly Span[];
  /** The same as work with pauses, for `inSlices`. */
  spansWork(from: number, to: number): Generator<void, readonly Span[]>;
}

function merged(stored: readonly Mark[], fresh: readonly Mark[], from: number): readonly Mark[] {
  const known = new Set(stored.map(({ time }) => time));
  return [...stored, ...fresh.filter(({ time }) => time > from && !known.has(time))].sort((a, b) => a.time - b.time);
}

/** What the spans are told from. */
export interface SpansParts {
  readonly store: Store;
  /** Null where the history is in memory only. */
  path(): string | null;
  /** The present time, epoch ms, while a person has paused monitoring; else null. */
  pausedNow(): number | null;
}

/** Builds it. */
export function createSpans({ store, path, pausedNow }: SpansParts): Spans {
  const keys = witnesses();
  let fresh: readonly Mark[] = [];
  function* spansWork(from: number, to: number): Generator<void, readonly Span[]> {
    const file = path();
    const stored = file === null ? { marks: [], first: null } : readMarks(file, from, to);
    const now = pausedNow();
    // A pause that goes on has no mark yet: its band reaches to the present.
    const open: readonly Mark[] = now !== null && now > from ? [{ time: now, reason: 'pause' }] : [];
    const marks = merged(stored.marks, [...fresh, ...open], from);
    if (marks.length === 0) return [];
    const { step, series } = yield* store.queryWork({ series: keys, from, to, points: POINTS });
    const times = [...new Set(series.flatMap(({ time, count }) => time.filter((_, at) => (count[at] ?? 0) > 0)))].sort((a, b) => a - b);
    return spansOf({ marks, times, step, first: stored.first ?? fresh[0]?.time ?? null }, from, to);
  }
  return {
    onBatch({ gap, time }) {
      if (gap !== undefined) fresh = [...fresh, { time: Math.round(time), reason: gap }].slice(-MAX_FRESH);
    },
    spans: (from, to) => finish(spansWork(from, to)),
    spansWork,
  };
}
