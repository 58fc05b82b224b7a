/**
 * Goes on where a recording ends: stretches of it in an order of chance, joined where their values are close. A
 * recording merely repeated would deflate to nothing; here nothing comes twice within what is deflated together.
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
/** Stretches looked at for one that begins near the value the last ended with. */
const LOOKED_AT = 8;

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

/** Continues a series of a recording: all of it in another order, again and again, cut at other places each time. */
export function continueSeries(recording: Recording, series: RecordedSeries, random: () => number): Stream {
  const { steps } = series;
  const interval = recordedInterval(recording, series);
  let stretches: Stretch[] = [];
  let current: Stretch = { at: 0, end: 0 };
  let last = steps[0] ?? 0;
  const next = (): number => {
    if (current.at >= current.end) {
      if (stretches.length === 0) stretches = cut(steps.length, interval, random);
      current = takeNearest(stretches, (stretch) => Math.abs((steps[stretch.at] ?? 0) - last), random);
    }
    last = steps[current.at] ?? 0;
    current.at += 1;
    return last;
  };
  return { interval, take: (count) => Array.from({ length: count }, next) };
}

/** A part of a recording's samples, from `at` to before `end`. */
interface Stretch {
  at: number;
  readonly end: number;
}

/** Cuts so many samples into stretches of lengths of chance. */
function cut(length: number, interval: number, random: () => number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = 0; at < length; ) {
    const seconds = STRETCH.least + random() * (STRETCH.most - STRETCH.least);
    const end = Math.min(length, at + Math.max(1, Math.round((seconds * 1000) / interval)));
    stretches.push({ at, end });
    at = end;
  }
  return stretches;
}

/** Takes out, of some stretches of chance, the one that is least far away. */
function takeNearest(stretches: Stretch[], away: (stretch: Stretch) => number, random: () => number): Stretch {
  let best = 0;
  let distance = Infinity;
  for (let i = 0; i < LOOKED_AT; i += 1) {
    const place = Math.floor(random() * stretches.length);
    const stretch = stretches[place];
    const far = stretch === undefined ? Infinity : away(stretch);
    if (far < distance) [best, distance] = [place, far];
  }
  const [taken] = stretches.splice(best, 1);
  return taken ?? { at: 0, end: 1 };
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
