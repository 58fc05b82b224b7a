/** Reading a database: samples and rollup points of a series in a range, wherever they are by now. */
import type { SeriesKey } from '../../../../shared/metrics/index';
import type { Items } from '../../series/items';
import { lowerBound } from '../../../../shared/series/search';
import { collapsedValue, SketchBuilder, sketchValue } from '../../series/sketch';
import type { SeriesSummary } from '../../series/summary';
import { TIMES } from '../chunks';
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
import { isRolled } from '../jobs/rollup-job';
import { isSealed } from '../jobs/sealer';
import type { StoreContext } from '../jobs/sealer';
import { CHUNK_KINDS, ROLLUPS, TIERS } from '../tiers';
import type { ChunkKind } from '../tiers';
import type { Segment } from './query-planner';

/** Takes samples of one series, in any order. */
export interface SampleSink {
  push(time: number, value: number): void;
}

/** A range of time, epoch ms; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Frames of the head, and chunks of samples, read before a pause. */
const FRAMES = 40;
const CHUNK_WINDOWS = 16;

/** Widths of the points of each kind. */
const WIDTHS = new Map<ChunkKind, number>(ROLLUPS.flatMap((roll) => [{ kind: roll.from, width: roll.fromWidth }].concat(roll.to)).map(({ kind, width }) => [kind, width]));

/** Reads for one answer; remembers the times of slots, which the series share. Pauses are where other work may go on. */
export class Reader {
  readonly #at: StoreContext;
  readonly #times = new Map<number, ArrayLike<number>>();

  constructor(at: StoreContext) {
    this.#at = at;
  }

  /** Samples of those frames of the head that are in no chunk yet. */
  *head(frames: readonly HeadFrame[], wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange): Generator<void> {
    const { head, catalog, state } = this.#at;
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
    const { chunks, catalog } = this.#at;
    for (const { id, scale } of catalog.ofKey(key)) {
      const { push } = frameSink(sink, scale, range);
      for (const [i, start] of chunks.starts(CHUNK_KINDS.samples, range.from, range.to).entries()) {
        const data = chunks.data(CHUNK_KINDS.samples, start, id);
        if (data !== null) this.#guard(() => readSections(data, () => this.#timesOf(start), (time, steps) => push(time, steps, 0)));
        if (i % CHUNK_WINDOWS === CHUNK_WINDOWS - 1) yield;
      }
    }
  }

  /** Rollup points of a series in a part of a tier. */
  *points(key: SeriesKey, segment: Segment, to: Items): Generator<void> {
    for (const found of this.#chunksOf(key, segment)) {
      for (const one of found.packed) this.#guard(() => pushPoints(to, found, one, segment));
      yield;
    }
  }

  /** The same points as statistics see them. */
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
    const { chunks, catalog, state } = this.#at;
    for (const { id, scale } of catalog.ofKey(key)) {
      for (const kind of TIERS[segment.tier].kinds) {
        for (const start of chunks.starts(kind, segment.from, segment.to)) {
          if (isRolled(state, kind, start, id)) continue;
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
      const data = this.#at.chunks.data(CHUNK_KINDS.samples, window, TIMES);
      times = data === null ? [] : unpackTimes(data);
      this.#times.set(window, times);
    }
    return times;
  }

  /** A block that cannot be read is reported and passed over: the rest is still true. An error of the file itself is not. */
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (isCorruption(error)) throw error;
      this.#at.onDamage(error);
    }
  }
}

/** A chunk of points that touches a part. */
interface FoundChunk {
  readonly kind: ChunkKind;
  readonly width: number;
  readonly scale: Scale;
  readonly packed: PackedPoints[];
}

/** Which points of a chunk lie in a part: from `first` to before `end`. */
function pointsIn({ time }: PointColumns, segment: Segment): { first: number; end: number } {
  const first = lowerBound(time, segment.from);
  return { first, end: Math.max(first, lowerBound(time, segment.to)) };
}

function pushPoints(to: Items, { width, scale }: FoundChunk, { data }: PackedPoints, { from, to: end }: Segment): void {
  const before = to.length;
  addPoints(data, width, scale, to);
  to.keep(before, from, end);
}

/** Of a chunk that lies in the part as a whole only its total is read. */
function summarizeChunk(to: SeriesSummary, builder: SketchBuilder, found: FoundChunk, packed: PackedPoints, segment: Segment): void {
  const { width, scale } = found;
  const { start, span, data } = packed;
  if (segment.from <= start && start + span <= segment.to) {
    const { points, count, sum, min, max, sketch } = readTotal(data);
    builder.merge(sketch);
    to.add(count, scale.toValue(sum), scale.toValue(min), scale.toValue(max), points * width);
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
    to.add(columns.count[i] ?? 0, scale.toValue(columns.sum[i] ?? 0), scale.toValue(columns.min[i] ?? 0), scale.toValue(columns.max[i] ?? 0), width);
  }
  to.setNewest(columns.time[first] ?? 0, () => newestOf(columns, end, found));
}

/** The last point before number `end`. */
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
