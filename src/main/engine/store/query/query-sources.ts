/** What answers are made of: the database where there is one, and what is not on disk yet. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { Samples } from '../../series/samples';
import type { QuerySources } from './query-executor';
import type { PendingRows } from '../pending-rows';
import type { TimeRange } from './reader';
import type { OpenDatabase } from '../open-database';

/** Where material comes from. */
export interface SourceParts {
  readonly database: OpenDatabase | null;
  readonly pending: PendingRows;
  /** Told of an error of the file; what is in memory is still answered. */
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

/** Gathers what is in memory and in the head at once, and prepares to read the rest; pauses are where other work may go on. */
export function* collectQuerySources({ database, pending, fail }: SourceParts, series: readonly SeriesKey[], range: TimeRange): Generator<void, QuerySources> {
  const reader = database?.reader() ?? null;
  const columns = new Map(series.map((key) => [key, new SampleColumns()]));
  let markers: number[] = [];
  function* attempt(read: Generator<void> | undefined): Generator<void> {
    try {
      if (read !== undefined) yield* read;
    } catch (error) {
      fail(error);
    }
  }
  // The head as it is now and what is not in it belong together: what is committed later is in neither.
  const frames = database?.head.frames ?? [];
  const pendingSamples = new Map(series.map((key) => [key, new SampleColumns()]));
  pending.read(pendingSamples, range);
  const pendingMarkers = pending.gaps(range);
  try {
    markers = database?.gaps(range) ?? [];
  } catch (error) {
    fail(error);
  }
  yield* attempt(reader?.head(frames.slice(), columns, range));
  for (const [key, { time, value }] of pendingSamples) time.forEach((at, i) => columns.get(key)?.push(at, value[i] ?? 0));
  return {
    markers: [...markers, ...pendingMarkers].sort((a, b) => a - b),
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
