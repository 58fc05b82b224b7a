/** The data queries read: the database, if it is open, and the rows not committed yet. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { Samples } from '../../series/samples';
import type { QuerySources } from './query-executor';
import type { PendingRows } from '../pending-rows';
import type { TimeRange } from './reader';
import type { OpenDatabase } from '../open-database';

/** Where the data comes from. */
export interface SourceParts {
  readonly database: OpenDatabase | null;
  readonly pending: PendingRows;
  /** Called with an error of the file; the query then continues with the data in memory. */
  fail(error: unknown): void;
}

class SampleColumns implements Samples {
  readonly time: number[] = [];
  readonly value: number[] = [];
  push(time: number, value: number): void {
    this.time.push(time);
    this.value.push(value);
  }
}

const NO_SAMPLES: Samples = { time: [], value: [] };

const earlier = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** Reads the pending rows and the head now and prepares reading the rest. Yields between steps, so that other work can run. */
export function* collectQuerySources({ database, pending, fail }: SourceParts, series: readonly SeriesKey[], range: TimeRange): Generator<void, QuerySources> {
  const reader = database?.reader() ?? null;
  const columns = new Map(series.map((key) => [key, new SampleColumns()]));
  function* attempt(read: Generator<void> | undefined): Generator<void> {
    try {
      if (read !== undefined) yield* read;
    } catch (error) {
      fail(error);
    }
  }
  const attemptNow = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      fail(error);
      return otherwise;
    }
  };
  // Pending rows and the list of frames are taken at the same time: rows committed later are in neither.
  const frames = database?.head.frames ?? [];
  const pendingSamples = new Map(series.map((key) => [key, new SampleColumns()]));
  pending.read(pendingSamples, range);
  const pendingMarkers = pending.gaps(range);
  const unwritten = pending.rows;
  const markers = attemptNow(() => database?.gaps(range) ?? [], []);
  yield* attempt(reader?.head(frames.slice(), columns, range));
  for (const [key, { time, value }] of pendingSamples) time.forEach((at, i) => columns.get(key)?.push(at, value[i] ?? 0));
  return {
    markers: [...markers, ...pendingMarkers].sort((a, b) => a - b),
    begins: earlier(attemptNow(() => database?.begins() ?? null, null), pending.rows[0]?.time ?? null),
    knownGaps: () => attemptNow(() => database?.knownGaps(range, unwritten) ?? [], []),
    horizons: (tier) => database?.horizon(tier) ?? 0,
    unsealed: (key) => columns.get(key) ?? NO_SAMPLES,
    *sealed(key, part) {
      const samples = new SampleColumns();
      yield* attempt(reader?.samples(key, part, samples));
      return samples;
    },
    points: (key, segment, to) => attempt(reader?.points(key, segment, to)),
    summarize: (key, segment, to) => attempt(reader?.summarize(key, segment, to)),
  };
}
