/** How long a history takes to open and to answer: charts of 800 points and statistics, warm and cold. */
import { setImmediate as turn } from 'node:timers/promises';
import { runInSlices } from '../../../src/main/engine/time-slicing';
import { openStore } from '../../../src/main/engine/store/open-store';
import type { Store } from '../../../src/main/engine/store/store-types';
import { spreadOf } from '../numbers';
import type { Spread } from '../numbers';
import { silentLog } from '../quiet-log';
import { ThreadTime } from '../thread-time';
import { forgetPages } from './page-cache';

const DAY = 86_400_000;
/** Ranges that are asked for. */
const RANGES = [{ name: '24 h', days: 1 }, { name: '7 d', days: 7 }, { name: '30 d', days: 30 }, { name: '1 y', days: 365 }, { name: '2 y', days: 730 }] as const;
const POINTS = 800;
/** Ranges seldom begin on the hour, ms. */
const OFF_HOUR = 1_234_567;
const CALLS = { open: 15, warmUp: 30, warm: 100, stats: 30, cold: 12 } as const;

/** Answers over one range, for so many series at once. */
export interface RangeLatency {
  readonly range: string;
  readonly series: number;
  /** Warm: by the clock, and of the thread's processor time. */
  readonly chart: Spread | null;
  readonly chartThread: Spread | null;
  /** After the machine forgot the file; null where that cannot be asked of it. */
  readonly cold: Spread | null;
  readonly stats: Spread | null;
  readonly statsThread: Spread | null;
  /** Given in pieces, as the app does: the longest turn of the event loop during each answer, processor time of the thread. */
  readonly chartHeld: Spread | null;
  readonly statsHeld: Spread | null;
}

/** What was found, ms. */
export interface Latency {
  readonly open: Spread | null;
  readonly openCold: Spread | null;
  readonly ranges: readonly RangeLatency[];
}

/** What to ask which history. */
export interface LatencyPlan {
  readonly path: string;
  readonly keys: readonly string[];
  /** End of every range, epoch ms. */
  readonly now: number;
  /** Longer ranges are left out. */
  readonly days: number;
  /** How many series are asked for at once: each number gives a row. */
  readonly counts: readonly number[];
  readonly isQuick: boolean;
}

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Processor time of the thread: a warm answer waits for nothing, and other programs do not make it longer. */
function threadTime(clock: ThreadTime, work: () => unknown): number {
  const start = clock.now();
  work();
  return clock.now() - start;
}

function open({ path, now }: LatencyPlan): Store {
  return openStore({ path, clock: { now: () => now, mono: () => performance.now() }, log: silentLog, keepDays: 730 }).store;
}

function repeat(count: number, work: (i: number) => number | null): Spread | null {
  const times = Array.from({ length: count }, (_, i) => work(i));
  return spreadOf(times.filter((one) => one !== null));
}

function openOnce(asked: LatencyPlan, isCold: boolean): number | null {
  if (isCold && !forgetPages(asked.path)) return null;
  let store: Store | null = null;
  const took = time(() => (store = open(asked)));
  (store as Store | null)?.close();
  return took;
}

/** The longest that the loop is held while work is done in pieces. */
async function heldBy(clock: ThreadTime, begin: () => Generator<void, unknown>): Promise<number> {
  const state = { isOver: false, longest: 0 };
  const watch = async (): Promise<void> => {
    for (let last = clock.now(); !state.isOver; ) {
      await turn();
      const now = clock.now();
      state.longest = Math.max(state.longest, now - last);
      last = now;
    }
  };
  const watching = watch();
  await runInSlices(begin, () => performance.now());
  state.isOver = true;
  await watching;
  return state.longest;
}

async function holds(clock: ThreadTime, calls: number, begin: (i: number) => Generator<void, unknown>): Promise<Spread | null> {
  const longest: number[] = [];
  for (let i = 0; i < calls; i += 1) longest.push(await heldBy(clock, () => begin(i)));
  return spreadOf(longest);
}

/** One range: the series asked for change from call to call. */
async function measureRange(asked: LatencyPlan, store: Store, days: number, count: number): Promise<Omit<RangeLatency, 'range'>> {
  const { keys, now } = asked;
  const share = asked.isQuick ? 0.3 : 1;
  const wish = (i: number) => ({ series: Array.from({ length: count }, (_, n) => keys[(i * count + n) % keys.length] ?? ''), from: now - days * DAY + OFF_HOUR, to: now });
  const chart = (from: Store, i: number): number => time(() => from.query({ ...wish(i), points: POINTS }));
  repeat(CALLS.warmUp, (i) => chart(store, i));
  const clock = new ThreadTime();
  const both = (calls: number, work: (i: number) => unknown): { wall: Spread | null; thread: Spread | null } => {
    const thread: number[] = [];
    const wall = repeat(Math.ceil(calls * share), (i) => time(() => thread.push(threadTime(clock, () => work(i)))));
    return { wall, thread: spreadOf(thread) };
  };
  const warm = both(CALLS.warm, (i) => store.query({ ...wish(i), points: POINTS }));
  const stats = both(CALLS.stats, (i) => store.stats(wish(i)));
  const chartHeld = await holds(clock, Math.ceil(CALLS.stats * share), (i) => store.queryWork({ ...wish(i), points: POINTS }));
  const statsHeld = await holds(clock, Math.ceil(CALLS.stats * share), (i) => store.statsWork(wish(i)));
  clock.close();
  const cold = repeat(Math.ceil(CALLS.cold * share), (i) => {
    const fresh = open(asked);
    const took = forgetPages(asked.path) ? chart(fresh, i * 5) : null;
    fresh.close();
    return took;
  });
  return { series: count, chart: warm.wall, chartThread: warm.thread, cold, stats: stats.wall, statsThread: stats.thread, chartHeld, statsHeld };
}

/** Asks a history. */
export async function measureLatency(asked: LatencyPlan): Promise<Latency> {
  const opens = asked.isQuick ? 5 : CALLS.open;
  const warm = repeat(opens, () => openOnce(asked, false));
  const cold = repeat(opens, () => openOnce(asked, true));
  const store = open(asked);
  const ranges: RangeLatency[] = [];
  for (const { name, days } of RANGES.filter((range) => range.days <= asked.days)) {
    for (const count of asked.counts) ranges.push({ range: name, ...(await measureRange(asked, store, days, count)) });
  }
  store.close();
  return { open: warm, openCold: cold, ranges };
}
