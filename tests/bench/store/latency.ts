/** Measures opening and querying a history: charts of 800 points and statistics, warm and cold. */
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
/** Queried ranges. */
const RANGES = [{ name: '24 h', days: 1 }, { name: '7 d', days: 7 }, { name: '30 d', days: 30 }, { name: '1 y', days: 365 }, { name: '2 y', days: 730 }] as const;
const POINTS = 800;
/** Ranges seldom begin on the hour, ms. */
const OFF_HOUR = 1_234_567;
const CALLS = { open: 15, warmUp: 30, warm: 100, stats: 30, cold: 12 } as const;

/** Latency of queries over one range, for `series` series at once. */
export interface RangeLatency {
  readonly range: string;
  readonly series: number;
  /** Warm: wall time, and CPU time of the thread. */
  readonly chart: Spread | null;
  readonly chartThread: Spread | null;
  /** With an empty page cache; null where it cannot be emptied. */
  readonly cold: Spread | null;
  readonly stats: Spread | null;
  readonly statsThread: Spread | null;
  /** Run in slices, as in the app: the longest turn of the event loop during each query, CPU time of the thread. */
  readonly chartHeld: Spread | null;
  readonly statsHeld: Spread | null;
}

/** The result, ms. */
export interface Latency {
  readonly open: Spread | null;
  readonly openCold: Spread | null;
  readonly ranges: readonly RangeLatency[];
}

/** Which history to query, and how. */
export interface LatencyPlan {
  readonly path: string;
  readonly keys: readonly string[];
  /** End of every range, epoch ms. */
  readonly now: number;
  /** Length of the history; longer ranges are left out. */
  readonly days: number;
  /** Numbers of series queried at once: a row each. */
  readonly counts: readonly number[];
  readonly isQuick: boolean;
}

/** Wall time of a call, ms. */
function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** CPU time of the thread, ms: a warm query waits for nothing, and other programs do not influence it. */
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

function openOnce(plan: LatencyPlan, isCold: boolean): number | null {
  if (isCold && !forgetPages(plan.path)) return null;
  let store: Store | null = null;
  const took = time(() => (store = open(plan)));
  (store as Store | null)?.close();
  return took;
}

/** The longest turn of the event loop while work runs in slices, ms. */
async function longestTurn(clock: ThreadTime, begin: () => Generator<void, unknown>): Promise<number> {
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

async function longestTurns(clock: ThreadTime, calls: number, begin: (i: number) => Generator<void, unknown>): Promise<Spread | null> {
  const longest: number[] = [];
  for (let i = 0; i < calls; i += 1) longest.push(await longestTurn(clock, () => begin(i)));
  return spreadOf(longest);
}

/** Measures one range; the queried series change from call to call. */
async function measureRange(plan: LatencyPlan, store: Store, days: number, count: number): Promise<Omit<RangeLatency, 'range'>> {
  const { keys, now } = plan;
  const share = plan.isQuick ? 0.3 : 1;
  const query = (i: number) => ({ series: Array.from({ length: count }, (_, n) => keys[(i * count + n) % keys.length] ?? ''), from: now - days * DAY + OFF_HOUR, to: now });
  const chart = (from: Store, i: number): number => time(() => from.query({ ...query(i), points: POINTS }));
  repeat(CALLS.warmUp, (i) => chart(store, i));
  const clock = new ThreadTime();
  const both = (calls: number, work: (i: number) => unknown): { wall: Spread | null; thread: Spread | null } => {
    const thread: number[] = [];
    const wall = repeat(Math.ceil(calls * share), (i) => time(() => thread.push(threadTime(clock, () => work(i)))));
    return { wall, thread: spreadOf(thread) };
  };
  const warm = both(CALLS.warm, (i) => store.query({ ...query(i), points: POINTS }));
  const stats = both(CALLS.stats, (i) => store.stats(query(i)));
  const chartHeld = await longestTurns(clock, Math.ceil(CALLS.stats * share), (i) => store.queryWork({ ...query(i), points: POINTS }));
  const statsHeld = await longestTurns(clock, Math.ceil(CALLS.stats * share), (i) => store.statsWork(query(i)));
  clock.close();
  const cold = repeat(Math.ceil(CALLS.cold * share), (i) => {
    const fresh = open(plan);
    const took = forgetPages(plan.path) ? chart(fresh, i * 5) : null;
    fresh.close();
    return took;
  });
  return { series: count, chart: warm.wall, chartThread: warm.thread, cold, stats: stats.wall, statsThread: stats.thread, chartHeld, statsHeld };
}

/** Measures a history. */
export async function measureLatency(plan: LatencyPlan): Promise<Latency> {
  const opens = plan.isQuick ? 5 : CALLS.open;
  const warm = repeat(opens, () => openOnce(plan, false));
  const cold = repeat(opens, () => openOnce(plan, true));
  const store = open(plan);
  const ranges: RangeLatency[] = [];
  for (const { name, days } of RANGES.filter((range) => range.days <= plan.days)) {
    for (const count of plan.counts) ranges.push({ range: name, ...(await measureRange(plan, store, days, count)) });
  }
  store.close();
  return { open: warm, openCold: cold, ranges };
}
