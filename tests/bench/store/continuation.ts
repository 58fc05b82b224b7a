/**
 * Continues a recording: stretches of it in random order, joined where their values are close. A recording that is merely
 * repeated would deflate to almost nothing; here no stretch occurs twice within the data that is deflated together.
 */
import { random } from '../../support/noise';
import type { RecordedSeries, Recording } from './recording';

/** Shortest and longest stretch, seconds. */
const STRETCH = { least: 30, most: 300 } as const;
/** Stretches compared to find one that begins near the value the last one ended with. */
const CANDIDATES = 8;

/** An endless series. */
export interface Stream {
  /** Milliseconds between two samples. */
  readonly interval: number;
  /** The next values, in steps. */
  take(count: number): number[];
}

/** Milliseconds between two samples of a recorded series: the median, rounded to seconds. */
export function recordedInterval({ time }: Recording, { rows }: RecordedSeries): number {
  const waits = rows.slice(1).map((row, i) => (time[row] ?? 0) - (time[rows[i] ?? 0] ?? 0));
  const middle = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 1000;
  return Math.max(1000, Math.round(middle / 1000) * 1000);
}

/** Continues a series of a recording: repeats all of it in another order, cut at other points each time. */
export function continueSeries(recording: Recording, series: RecordedSeries, nextRandom: () => number): Stream {
  const { steps } = series;
  const interval = recordedInterval(recording, series);
  let stretches: Stretch[] = [];
  let current: Stretch = { at: 0, end: 0 };
  let last = steps[0] ?? 0;
  const next = (): number => {
    if (current.at >= current.end) {
      if (stretches.length === 0) stretches = cut(steps.length, interval, nextRandom);
      current = takeNearest(stretches, (stretch) => Math.abs((steps[stretch.at] ?? 0) - last), nextRandom);
    }
    last = steps[current.at] ?? 0;
    current.at += 1;
    return last;
  };
  return { interval, take: (count) => Array.from({ length: count }, next) };
}

/** A part of a recording's samples: indexes from `at` to before `end`. */
interface Stretch {
  at: number;
  readonly end: number;
}

/** Cuts `length` samples into stretches of random lengths. */
function cut(length: number, interval: number, nextRandom: () => number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = 0; at < length; ) {
    const seconds = STRETCH.least + nextRandom() * (STRETCH.most - STRETCH.least);
    const end = Math.min(length, at + Math.max(1, Math.round((seconds * 1000) / interval)));
    stretches.push({ at, end });
    at = end;
  }
  return stretches;
}

/** Removes and returns, of some random stretches, the one with the smallest distance. */
function takeNearest(stretches: Stretch[], distanceOf: (stretch: Stretch) => number, nextRandom: () => number): Stretch {
  let best = 0;
  let distance = Infinity;
  for (let i = 0; i < CANDIDATES; i += 1) {
    const index = Math.floor(nextRandom() * stretches.length);
    const stretch = stretches[index];
    const far = stretch === undefined ? Infinity : distanceOf(stretch);
    if (far < distance) [best, distance] = [index, far];
  }
  const [taken] = stretches.splice(best, 1);
  return taken ?? { at: 0, end: 1 };
}

/** The recording, continued to `seconds` seconds: the same series, a row per second, with the jitter of the recording. */
export function continueRecording(recording: Recording, seconds: number, seed: number): Recording {
  const [first = 0] = recording.time;
  const rows = recording.time.length;
  const jitter = (row: number): number => (recording.time[row % rows] ?? 0) - first - (row % rows) * 1000;
  const time = [...recording.time, ...Array.from({ length: seconds - rows }, (_, i) => first + (rows + i) * 1000 + jitter(rows + i))];
  const series = recording.series.map((one, i) => {
    const { interval, take } = continueSeries(recording, one, random(seed + i));
    const rowsApart = interval / 1000;
    const next = (one.rows.at(-1) ?? 0) + rowsApart;
    const more = Array.from({ length: Math.max(0, Math.ceil((seconds - next) / rowsApart)) }, (_, n) => next + n * rowsApart);
    return { ...one, rows: [...one.rows, ...more], steps: [...one.steps, ...take(more.length)] };
  });
  return { time, series };
}
