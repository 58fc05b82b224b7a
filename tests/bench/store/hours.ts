/** Hours of one series, as samples and as rollup points of every tier: the parts of generated histories. */
import { rollUp, rollUpSamples } from '../../../src/main/engine/series/rollup';
import type { Rollup } from '../../../src/main/engine/series/rollup';
import { SKETCH_ERROR, SketchBuilder, sketchKey, sketchValue } from '../../../src/main/engine/series/sketch';
import type { Stream } from './continuation';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Ratio of neighboring buckets of a sketch: the values of an hour are scaled by a power of it. */
const RATIO = (1 + SKETCH_ERROR) / (1 - SKETCH_ERROR);
/** Largest exponent, of either sign. */
const MOST = 6;
/** A series whose values span fewer steps is a count rather than a quantity, and is not scaled. */
const COARSE = 64;

/** An hour; times are ms since its start. Each part is computed when it is first read. */
export interface Hour {
  readonly time: readonly number[];
  steps(): readonly number[];
  minutes(): readonly Rollup[];
  quarters(): readonly Rollup[];
  /** One point, or none where nothing was sampled. */
  hours(): readonly Rollup[];
}

/** Caches the result of `make`. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** The next hour of a series. */
export function nextHour({ interval, take }: Stream): Hour {
  const steps = take(Math.round(HOUR / interval));
  const time = steps.map((_, i) => i * interval);
  const minutes = once(() => rollUpSamples(time, steps, MINUTE));
  return { time, steps: () => steps, minutes, quarters: once(() => rollUp(minutes(), 15 * MINUTE)), hours: once(() => rollUp(minutes(), HOUR)) };
}

function scaled(steps: number, times: number): number {
  return times === 0 ? steps : Math.round(steps * RATIO ** times) + 0;
}

function scaledPoint(point: Rollup, times: number): Rollup {
  const builder = new SketchBuilder();
  builder.merge({ keys: point.sketch.keys.map((key) => sketchKey(scaled(sketchValue(key), times))), counts: point.sketch.counts });
  return { time: point.time, count: point.count, sum: scaled(point.sum, times), min: scaled(point.min, times), max: scaled(point.max, times), sketch: builder.take() };
}

/** The hour with every value scaled by RATIO^times; order, extremes and counts stay consistent in every tier. */
export function scaledHour(hour: Hour, times: number): Hour {
  if (times === 0) return hour;
  const all = (points: () => readonly Rollup[]): (() => Rollup[]) => once(() => points().map((point) => scaledPoint(point, times)));
  const steps = once(() => hour.steps().map((one) => scaled(one, times)));
  return { time: hour.time, steps, minutes: all(hour.minutes), quarters: all(hour.quarters), hours: all(hour.hours) };
}

/** Returns hour after hour, each different: sizes are exact, but generating them is slow. */
export function freshHours(stream: Stream): () => Hour {
  return () => nextHour(stream);
}

/**
 * Returns hours of a pool of `size`, all of them before one is repeated, each scaled a little: years of data in the time that
 * a few days take to generate.
 */
export function pooledHours(stream: Stream, size: number, random: () => number): () => Hour {
  const pool = Array.from({ length: size }, () => nextHour(stream));
  const isFine = pool.some(({ steps }) => Math.max(...steps()) - Math.min(...steps()) >= COARSE);
  const variants = new Map<string, Hour>();
  let order: number[] = [];
  return () => {
    if (order.length === 0) order = shuffled(size, random);
    const at = order.pop() ?? 0;
    const times = isFine ? Math.floor(random() * (2 * MOST + 1)) - MOST : 0;
    const name = `${at}/${times}`;
    const hour = variants.get(name) ?? scaledHour(pool[at] ?? nextHour(stream), times);
    variants.set(name, hour);
    return hour;
  };
}

function shuffled(size: number, random: () => number): number[] {
  const keyed = Array.from({ length: size }, (_, at) => ({ at, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ at }) => at);
}
