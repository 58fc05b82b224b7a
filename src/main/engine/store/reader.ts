/** Reading a database: samples and rollup points of a series in a range, wherever they are by now. */
import type { SeriesKey } from '../../../shared/metrics/index';
import { pushItem } from '../../../shared/series/items';
import type { Items } from '../../../shared/series/items';
import { collapsedValue, SketchBuilder, sketchValue } from '../../../shared/series/sketch';
import { TIMES } from './chunks';
import { isDamage } from './errors';
import { readFrame } from './frame';
import type { FrameSink } from './frame';
import { readSketches, unpackPoints } from './rollup-chunk';
import type { PointColumns } from './rollup-chunk';
import { readSections, unpackTimes } from './sample-chunk';
import { scaleOf } from './scale';
import type { Scale } from './scale';
import { isRolled } from './roller';
import { isSealed } from './sealer';
import type { Workplace } from './sealer';
import { KINDS, ROLLS, TIERS } from './tiers';
import type { Kind } from './tiers';
import type { Segment } from './plan';

/** Takes samples of one series, in any order. */
export interface SampleSink {
  push(time: number, value: number): void;
}

/** A range of time, epoch ms; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Takes values with the number of samples each stands for. */
export type WeightSink = (value: number, count: number) => void;

/** Widths of the points of each kind. */
const WIDTHS = new Map<Kind, number>(ROLLS.flatMap((roll) => [{ kind: roll.from, width: roll.fromWidth }].concat(roll.to)).map(({ kind, width }) => [kind, width]));

/** Reads for one answer; remembers the times of slots, which the series share. */
export class Reader {
  readonly #at: Workplace;
  readonly #times = new Map<number, readonly number[]>();

  constructor(at: Workplace) {
    this.#at = at;
  }

  /** Samples of the head that are in no chunk yet. */
  head(wanted: ReadonlyMap<SeriesKey, SampleSink>, range: TimeRange): void {
    const { head, catalog, state } = this.#at;
    const series = [...wanted].flatMap(([key, sink]) => catalog.ofKey(key).map(({ id, resolution }) => ({ id, sink: frameSink(sink, scaleOf(resolution), range) })));
    if (series.length === 0) return;
    const all = new Map(series.map(({ id, sink }) => [id, sink]));
    for (const frame of head.frames) {
      if (frame.last < range.from || frame.first >= range.to) continue;
      const sealed = series.filter(({ id }) => isSealed(state, frame.id, id));
      if (sealed.length === series.length) continue;
      const sinks = sealed.length === 0 ? all : new Map(series.filter(({ id }) => !isSealed(state, frame.id, id)).map(({ id, sink }) => [id, sink]));
      this.#guard(() => readFrame(head.data(frame) ?? Buffer.alloc(0), sinks));
    }
  }

  /** Sealed samples of a series. */
  samples(key: SeriesKey, range: TimeRange, sink: SampleSink): void {
    const { chunks, catalog } = this.#at;
    for (const { id, resolution } of catalog.ofKey(key)) {
      const scale = scaleOf(resolution);
      for (const start of chunks.starts(KINDS.samples, range.from, range.to)) {
        const data = chunks.data(KINDS.samples, start, id);
        if (data === null) continue;
        const push = frameSink(sink, scale, range).push;
        this.#guard(() => readSections(data, () => this.#timesOf(start), (time, steps) => push(time, steps, 0)));
      }
    }
  }

  /** Rollup points of a series in a part of a tier. */
  points(key: SeriesKey, segment: Segment, to: Items): void {
    this.#eachChunk(key, segment, (found) => pushPoints(to, found));
  }

  /** The same points as values and how many samples each stands for, from their sketches; and the points themselves. */
  weights(key: SeriesKey, segment: Segment, to: Items, push: WeightSink): void {
    this.#eachChunk(key, segment, (found) => {
      const { scale, columns, first, end } = found;
      const builder = new SketchBuilder();
      const sketches = readSketches(found.sketches());
      if (first === 0 && end === columns.time.length) builder.merge(sketches.total);
      else for (const sketch of sketches.each(columns.time.length).slice(first, end)) builder.merge(sketch);
      const { keys, counts } = builder.take();
      const valueOf = found.kind.sketches === 'collapsed' ? collapsedValue : sketchValue;
      keys.forEach((bucket, i) => push(scale.toValue(valueOf(bucket)), counts[i] ?? 0));
      pushPoints(to, found);
    });
  }

  #eachChunk(key: SeriesKey, segment: Segment, use: (found: FoundPoints) => void): void {
    const { chunks, catalog, state } = this.#at;
    for (const { id, resolution } of catalog.ofKey(key)) {
      const scale = scaleOf(resolution);
      for (const kind of TIERS[segment.tier].kinds) {
        for (const start of chunks.starts(kind, segment.from, segment.to)) {
          if (!isRolled(state, kind, start, id)) this.#guard(() => this.#readChunk(kind, start, id, scale, segment, use));
        }
      }
    }
  }

  #readChunk(kind: Kind, start: number, id: number, scale: Scale, segment: Segment, use: (found: FoundPoints) => void): void {
    const data = this.#at.chunks.data(kind, start, id);
    if (data === null) return;
    const width = WIDTHS.get(kind) ?? 0;
    const columns = unpackPoints(data, width);
    const { time } = columns;
    let first = 0;
    while (first < time.length && (time[first] ?? 0) < segment.from) first += 1;
    let end = time.length;
    while (end > first && (time[end - 1] ?? 0) >= segment.to) end -= 1;
    const sketches = (): Buffer => this.#at.chunks.sketches(kind, start, id) ?? Buffer.alloc(0);
    if (first < end) use({ kind, scale, columns, width, first, end, sketches });
  }

  #timesOf(slot: number): readonly number[] {
    let times = this.#times.get(slot);
    if (times === undefined) {
      const data = this.#at.chunks.data(KINDS.samples, slot, TIMES);
      times = data === null ? [] : unpackTimes(data);
      this.#times.set(slot, times);
    }
    return times;
  }

  /** A block that cannot be read is reported and passed over: the rest is still true. An error of the file itself is not. */
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (isDamage(error)) throw error;
      this.#at.onDamage(error);
    }
  }
}

/** Points of a chunk that lie in a part, from `first` to before `end`. */
interface FoundPoints {
  readonly kind: Kind;
  readonly scale: Scale;
  readonly columns: PointColumns;
  readonly width: number;
  readonly first: number;
  readonly end: number;
  sketches(): Buffer;
}

function pushPoints(to: Items, { scale, columns, width, first, end }: FoundPoints): void {
  for (let i = first; i < end; i += 1) {
    pushItem(to, columns.time[i] ?? 0, width, columns.count[i] ?? 0, scale.toValue(columns.sum[i] ?? 0), scale.toValue(columns.min[i] ?? 0), scale.toValue(columns.max[i] ?? 0));
  }
}

function frameSink(sink: SampleSink, scale: Scale, range: TimeRange): FrameSink {
  return {
    push: (time, steps) => {
      if (time >= range.from && time < range.to) sink.push(time, scale.toValue(steps));
    },
  };
}
