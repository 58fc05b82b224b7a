/** Recordings of a real machine: the values of the engine's collectors, second by second, in a small file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Row } from '../../../src/main/engine/store/flatten';

/** One series of a recording. */
export interface RecordedSeries {
  readonly key: string;
  readonly resolution: number;
  /** Indexes of the rows with a value. */
  readonly rows: readonly number[];
  /** Values in steps of the resolution. */
  readonly steps: readonly number[];
}

/** Rows of one run of the engine. */
export interface Recording {
  /** Epoch ms of each row. */
  readonly time: readonly number[];
  readonly series: readonly RecordedSeries[];
}

/** Values of a series by row of the recording, in the metric's unit; null where a row has none. */
export function valuesByRow({ time }: Recording, { rows, steps, resolution }: RecordedSeries): (number | null)[] {
  const values = Array.from<number | null>({ length: time.length }).fill(null);
  rows.forEach((row, i) => (values[row] = (steps[i] ?? 0) * resolution));
  return values;
}

/** Differences of neighbors, which compress well. */
function toChanges(numbers: readonly number[]): number[] {
  return numbers.map((number, i) => number - (i === 0 ? 0 : (numbers[i - 1] ?? 0)));
}

function fromChanges(changes: readonly number[]): number[] {
  let sum = 0;
  return changes.map((change) => (sum += change));
}

function mapColumns(recording: Recording, map: (numbers: readonly number[]) => number[]): Recording {
  return {
    time: map(recording.time),
    series: recording.series.map((series) => ({ ...series, rows: map(series.rows), steps: map(series.steps) })),
  };
}

/** Makes a recording of rows of the store's Flattener. */
export function toRecording(rows: readonly Row[]): Recording {
  const series = new Map<string, { key: string; resolution: number; rows: number[]; steps: number[] }>();
  rows.forEach((row, at) => {
    row.series.forEach(({ key, scale }, i) => {
      const one = series.get(key) ?? { key, resolution: scale.resolution, rows: [], steps: [] };
      one.rows.push(at);
      one.steps.push(row.steps[i] ?? 0);
      series.set(key, one);
    });
  });
  return { time: rows.map((row) => row.time), series: [...series.values()] };
}

/** Writes a recording as gzipped JSON. */
export function writeRecording(file: string, recording: Recording): void {
  writeFileSync(file, gzipSync(JSON.stringify(mapColumns(recording, toChanges)), { level: 9 }));
}

/** Reads a recording written by writeRecording. */
export function readRecording(file: string): Recording {
  return mapColumns(JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recording, fromChanges);
}
