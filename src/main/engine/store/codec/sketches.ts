/** Packs the sketches of a chunk's points in the smaller form: dense for many of them, sparse for few. */
import type { Rollup } from '../../series/rollup';
import { SketchBuilder } from '../../series/sketch';
import type { Sketch } from '../../series/sketch';
import { DenseReader } from './dense-reader';
import { DENSE, packDense } from './dense-sketches';
import { packSparse, SparseReader } from './sparse-sketches';

/** Fewer sketches are packed sparse: the tables of the dense form would take more than they save. */
const MANY = 32;
/** Sketches added up between two yields. */
const SKETCHES = 300;
/** Keys of all values of a double are closer to zero than this (sketch.ts). */
const MAX_COLUMN_KEY = 2 ** 16;

/** Reads sketches one after the other. All methods throw on damaged bytes. */
export interface SketchSource {
  /** Moves to the sketch of a point; initially that of point 0. */
  seek(point: number): void;
  /** The next sketch. */
  next(): Sketch;
  /** Adds the next `sketches` sketches to a builder. */
  merge(sketches: number, to: SketchBuilder): void;
}

/** Packs the sketches of points; also returns the sketch of all of them. Yields between steps, so that other work can run. */
export function* packSketches(points: readonly Rollup[]): Generator<void, { bytes: Buffer; total: Sketch }> {
  const total = yield* addUp(points);
  const isDense = points.length >= MANY || points.some(({ sketch }) => sketch.keys.length === 0);
  return { bytes: yield* isDense ? packDense(points, total) : packSparse(points), total };
}

/** Opens the sketches of `points` points packed by packSketches. */
export function openSketches(bytes: Buffer, points: number): SketchSource {
  const form = bytes[0] ?? 0;
  if (form > DENSE) throw new Error(`stored sketches have unknown form ${form}`);
  return form === DENSE ? new DenseReader(bytes, points) : new SparseReader(bytes, points);
}

/** The sketch of all points. */
function* addUp(points: readonly Rollup[]): Generator<void, Sketch> {
  const [lowest, highest] = rangeOf(points);
  const isNear = lowest > -MAX_COLUMN_KEY && highest < MAX_COLUMN_KEY;
  // A column is ten times as fast as a map of keys, but a damaged chunk may contain keys that would make it too wide.
  const all = isNear ? new Column(lowest, highest) : new SketchBuilder();
  for (let i = 0; i < points.length; i += 1) {
    const point = points[i];
    if (point !== undefined) all.merge(point.sketch);
    if (i % SKETCHES === SKETCHES - 1) yield;
  }
  return all.take();
}

/** Lowest and highest key of all. */
function rangeOf(points: readonly Rollup[]): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { sketch: { keys } } of points) {
    lowest = Math.min(lowest, keys[0] ?? Infinity);
    highest = Math.max(highest, keys[keys.length - 1] ?? -Infinity);
  }
  return lowest > highest ? [0, 0] : [lowest, highest];
}

/** Counts by key as an array, from the lowest key on. */
class Column {
  readonly #lowest: number;
  readonly #counts: Float64Array;

  constructor(lowest: number, highest: number) {
    this.#lowest = lowest;
    this.#counts = new Float64Array(highest - lowest + 1);
  }

  merge({ keys, counts }: Sketch): void {
    for (let i = 0; i < keys.length; i += 1) {
      const index = (keys[i] ?? 0) - this.#lowest;
      this.#counts[index] = (this.#counts[index] ?? 0) + (counts[i] ?? 0);
    }
  }

  take(): Sketch {
    const keys: number[] = [];
    const counts: number[] = [];
    this.#counts.forEach((count, i) => {
      if (count === 0) return;
      keys.push(this.#lowest + i);
      counts.push(count);
    });
    return { keys, counts };
  }
}
