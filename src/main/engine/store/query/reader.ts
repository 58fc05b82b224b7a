/** Reads samples and rollup points of a series in a range, from whichever frames and chunks they are in by now. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { Items } from '../../series/items';
import { lowerBound } from '../../../../shared/series/search';
import { collapsedValue, SketchBuilder, sketchValue } from '../../series/sketch';
import type { SeriesSummary } from '../../series/summary';
import { TIMES_SERIES } from '../chunks';
import type { PackedPoints } from '../chunks';
import { isCorruption } from '../database-errors';
import { readFrame } from '../codec/frame';
import type { FrameSink } from '../codec/frame';
import type { HeadFrame } from '../head';
import { addPoints, readTotal, unpackPoints } from '../codec/rollup-chunk';
import type { PointColumns } from '../codec/rollup-chunk';
import { readSections, unpackTimes } from '../codec/sample-chunk';
import type { Scale } from '../codec/scale';
import { openSketches } from '../codec/sketches';
import { isRolledUp } from '../jobs/rollup-job';
import { isSealed } from '../jobs/sealer';
import type { StoreContext } from '../jobs/sealer';
import { CHUNK_KINDS, ROLLUPS, TIERS } from '../tiers';
import type { ChunkKind } from '../tiers';
import type { Segment } from './query-planner';

/** Receives samples of one series, in any order: time in epoch ms, value in the metric's unit. */
export interface SampleSink {
  push(time: number, value: number): void;
}

/** A range of time, epoch ms; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Frames of the head, and chunks of samples, read between two yields. */
const FRAMES = 40;
const CHUNKS = 16;

/** Width of the points of each kind of chunk, ms. */
const WIDTHS = new Map<ChunkKind, number>(ROLLUPS.flatMap((runRollups) => [{ kind: runRollups.from, width: runRollups.fromWidth }].concat(runRollups.to)).map(({ kind, width }) => [kind, width]));

/**
 * Reads for one query. Caches the times of windows, which all series share. The generators yield between steps, so that other
 * work can run.
 */
export class Reader {
  readonly #context: StoreContext;
  readonly #times = new Map<number, ArrayLike<number>>();

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** Samples of the head's frames that are not in a chunk yet. */
  *head(frames: readonly HeadFrame[], wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange): Generator<void> {
    const { head, catalog, state } = this.#context;
    const series = [...wanted].flatMap(([key, sink]) => catalog.ofKey(key).map(({ id, scale }) => ({ id, sink: frameSink(sink, scale, range) })));
    if (series.length === 0) return;
    const all = new Map(series.map(({ id, sink }) => [id, sink]));
    const touched = frames.filter((frame) => frame.last >= range.from && frame.first < range.to && series.some(({ id }) => !isSealed(state, frame.id, id)));
    for (let i = 0; i < touched.length; i += FRAMES) {
      for (const frame of touched.slice(i, i + FRAMES)) {
        const open = series.filter(({ id }) => !isSealed(state, frame.id, id));
        const sinks = open.length === series.length ? all : new Map(open.map(({ id, sink }) => [id, sink]));
        this.#guard(() => readFrame(head.data(frame) ?? Buffer.alloc(0), sinks));
      }
      yield;
    }
  }

  /** Sealed samples of a series. */
  *samples(key: SeriesKey, range: TimeRange, sink: SampleSink): Generator<void> {
    const { chunks, catalog } = this.#context;
    for (const { id, scale } of catalog.ofKey(key)) {
      const { push } = frameSink(sink, scale, range);
      for (const [i, start] of chunks.starts(CHUNK_KINDS.samples, range.from, range.to).entries()) {
        const data = chunks.data(CHUNK_KINDS.samples, start, id);
        if (data !== null) this.#guard(() => readSections(data, () => this.#timesOf(start), (time, steps) => push(time, steps, 0)));
        if (i % CHUNKS === CHUNKS - 1) yield;
      }
    }
  }

  /** Adds the rollup points of a series in a segment. */
  *points(key: SeriesKey, segment: Segment, to: Items): Generator<void> {
    for (const found of this.#chunksOf(key, segment)) {
      for (const one of found.packed) this.#guard(() => pushPoints(to, found, one, segment));
      yield;
    }
  }

  /** Adds the same points to a summary. */
  *summarize(key: SeriesKey, segment: Segment, to: SeriesSummary): Generator<void> {
    const builders = new Map<string, { builder: SketchBuilder; found: FoundChunk }>();
    for (const found of this.#chunksOf(key, segment)) {
      const { kind, scale } = found;
      const name = `${scale.resolution} ${kind.sketches}`;
      const { builder } = builders.get(name) ?? { builder: new SketchBuilder() };
      builders.set(name, { builder, found });
      for (const one of found.packed) this.#guard(() => summarizeChunk(to, builder, found, one, segment));
      yield;
    }
    for (const { builder, found } of builders.values()) {
      const { keys, counts } = builder.take();
      const valueOf = found.kind.sketches === 'collapsed' ? collapsedValue : sketchValue;
      keys.forEach((bucket, i) => to.addValue(found.scale.toValue(valueOf(bucket)), counts[i] ?? 0));
    }
  }

  *#chunksOf(key: SeriesKey, segment: Segment): Generator<FoundChunk> {
    const { chunks, catalog, state } = this.#context;
    for (const { id, scale } of catalog.ofKey(key)) {
      for (const kind of TIERS[segment.tier].kinds) {
        for (const start of chunks.starts(kind, segment.from, segment.to)) {
          if (isRolledUp(state, kind, start, id)) continue;
          const found: FoundChunk = { kind, scale, width: WIDTHS.get(kind) ?? 0, packed: [] };
          this.#guard(() => found.packed.push(...chunks.packed(kind, start, id)));
          if (found.packed.length > 0) yield found;
        }
      }
    }
  }

  #timesOf(window: number): ArrayLike<number> {
    let times = this.#times.get(window);
    if (times === undefined) {
      const data = this.#context.chunks.data(CHUNK_KINDS.samples, window, TIMES_SERIES);
      times = data === null ? [] : unpackTimes(data);
      this.#times.set(window, times);
    }
    return times;
  }

  /** Reports and skips a block that cannot be read, which does not affect the rest. Throws if the file itself is damaged. */
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (isCorruption(error)) throw error;
      this.#context.onDamage(error);
    }
  }
}

/** A chunk of points that overlaps a segment. */
interface FoundChunk {
  readonly kind: ChunkKind;
  readonly width: number;
  readonly scale: Scale;
  readonly packed: PackedPoints[];
}

/** Indexes of the points of a chunk within a segment: from `first` to before `end`. */
function pointsIn({ time }: PointColumns, segment: Segment): { first: number; end: number } {
  const first = lowerBound(time, segment.from);
  return { first, end: Math.max(first, lowerBound(time, segment.to)) };
}

function pushPoints(to: Items, { width, scale }: FoundChunk, { data }: PackedPoints, { from, to: end }: Segment): void {
  const before = to.length;
  addPoints(data, width, scale, to);
  to.keep(before, from, end);
}

/** Adds a chunk to a summary. If all of it is within the segment, only its total is read. */
function summarizeChunk(to: SeriesSummary, builder: SketchBuilder, found: FoundChunk, packed: PackedPoints, segment: Segment): void {
  const { width, scale } = found;
  const { start, span, data } = packed;
  if (segment.from <= start && start + span <= segment.to) {
    const { points, count, sum, min, max, sketch } = readTotal(data);
    builder.merge(sketch);
    to.add(count, scale.toValue(sum), scale.toValue(min), scale.toValue(max));
    if (!to.coverChunk({ start, span, width, points, count })) coverPoints(to, unpackPoints(data, width), width, 0, points);
    to.setNewest(start, () => newestOf(unpackPoints(data, width), points, found));
    return;
  }
  const columns = unpackPoints(data, width);
  const { first, end } = pointsIn(columns, segment);
  if (first === end) return;
  const sketches = openSketches(packed.sketches(), columns.time.length);
  sketches.seek(first);
  sketches.merge(end - first, builder);
  for (let i = first; i < end; i += 1) {
    to.add(columns.count[i] ?? 0, scale.toValue(columns.sum[i] ?? 0), scale.toValue(columns.min[i] ?? 0), scale.toValue(columns.max[i] ?? 0));
  }
  coverPoints(to, columns, width, first, end);
  to.setNewest(columns.time[first] ?? 0, () => newestOf(columns, end, found));
}

function coverPoints(to: SeriesSummary, { time, count }: PointColumns, width: number, first: number, end: number): void {
  for (let i = first; i < end; i += 1) to.coverPoint(time[i] ?? 0, width, count[i] ?? 0);
}

/** The point before index `end`. */
function newestOf({ time, sum, count }: PointColumns, end: number, { width, scale }: FoundChunk): { time: number; width: number; mean: number } {
  const last = end - 1;
  return { time: time[last] ?? 0, width, mean: scale.toValue(sum[last] ?? 0) / (count[last] ?? 1) };
}

function frameSink(sink: SampleSink, scale: Scale, range: TimeRange): FrameSink {
  return {
    push: (time, steps) => {
      if (time >= range.from && time < range.to) sink.push(time, scale.toValue(steps));
    },
  };
}
