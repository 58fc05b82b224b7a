/**
 * Goes on where a recording ends: stretches of it in an order of chance, joined where their values are close and a
 * little stronger or weaker each, so that no hour is like another. A recording merely repeated would deflate to nothing.
 */
import type { RecordedSeries, Recording } from './recording';

/** Numbers of chance in [0, 1), the same for the same seed (Mulberry32, public domain, by Tommy Ettinger). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Seconds of one stretch, at least and at most. */
const STRETCH = { least: 30, most: 300 } as const;
/** Places looked at for one that begins near the value the last stretch ended with. */
const PLACES = 8;
/** How much stronger or weaker a stretch may be. */
const STRENGTH = 0.15;
/** A series that moves over fewer steps than this is repeated as it is: it says how many, not how much. */
const COARSE = 16;

/** One series that goes on for ever. */
export interface Stream {
  /** Milliseconds between two samples. */
  readonly interval: number;
  /** The next values, in steps. */
  take(count: number): number[];
}

/** Milliseconds between two samples of a recorded series: the middle of what they are. */
export function recordedInterval({ time }: Recording, { rows }: RecordedSeries): number {
  const waits = rows.slice(1).map((row, i) => (time[row] ?? 0) - (time[rows[i] ?? 0] ?? 0));
  const middle = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 1000;
  return Math.max(1000, Math.round(middle / 1000) * 1000);
}

/** Continues a series of a recording. */
export function continueSeries(recording: Recording, series: RecordedSeries, random: () => number): Stream {
  const { steps } = series;
  const interval = recordedInterval(recording, series);
  const ordered = steps.toSorted((a, b) => a - b);
  const [lowest = 0, middle = 0, highest = 0] = [ordered[0], ordered[Math.floor(ordered.length / 2)], ordered.at(-1)];
  const floor = lowest >= 0 ? 0 : -Infinity;
  const isFine = highest - lowest >= COARSE;
  let at = 0;
  let left = 0;
  let strength = 1;
  let last = steps[0] ?? 0;
  const begin = (): void => {
    const seconds = STRETCH.least + random() * (STRETCH.most - STRETCH.least);
    left = Math.max(2, Math.round((seconds * 1000) / interval));
    strength = isFine ? 1 + (2 * random() - 1) * STRENGTH : 1;
    at = nearest(steps, last, random);
  };
  const next = (): number => {
    if (left === 0 || at >= steps.length) begin();
    last = steps[at] ?? 0;
    at += 1;
    left -= 1;
    return Math.max(floor, Math.round(middle + (last - middle) * strength));
  };
  return { interval, take: (count) => Array.from({ length: count }, next) };
}

/** The recording, continued to so many seconds: the same series, a row a second, with the jitter of the recording. */
export function continueRecording(recording: Recording, seconds: number, seed: number): Recording {
  const [first = 0] = recording.time;
  const rows = recording.time.length;
  const jitter = (row: number): number => (recording.time[row % rows] ?? 0) - first - (row % rows) * 1000;
  const time = [...recording.time, ...Array.from({ length: seconds - rows }, (_, i) => first + (rows + i) * 1000 + jitter(rows + i))];
  const series = recording.series.map((one, i) => {
    const { interval, take } = continueSeries(recording, one, chance(seed + i));
    const pace = interval / 1000;
    const next = (one.rows.at(-1) ?? 0) + pace;
    const more = Array.from({ length: Math.max(0, Math.ceil((seconds - next) / pace)) }, (_, n) => next + n * pace);
    return { ...one, rows: [...one.rows, ...more], steps: [...one.steps, ...take(more.length)] };
  });
  return { time, series };
}

/** Of some places of chance, the one whose value is nearest. */
function nearest(steps: readonly number[], wanted: number, random: () => number): number {
  let best = 0;
  let distance = Infinity;
  for (let i = 0; i < PLACES; i += 1) {
    const place = Math.floor(random() * steps.length);
    const away = Math.abs((steps[place] ?? 0) - wanted);
    if (away < distance) [best, distance] = [place, away];
  }
  return best;
}
