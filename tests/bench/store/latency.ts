/**
 * `latency <database> <recording> [series] [days]`: writes a history unless it is there, then measures opening it and
 * asking for charts and statistics, warm and cold (pages dropped from the machine's cache where that is allowed).
 */
import { existsSync, openSync, closeSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openStore } from '../../../src/main/engine/store/open';
import type { Log } from '../../../src/main/engine/log';
import { inSlices } from '../../../src/main/engine/slices';
import type { SeriesQuery } from '../../../src/shared/series/types';
import { DAY } from '../../../src/main/engine/store/tiers';
import { readRecording } from './recording';
import { writeHistory } from './two-years';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, scoped: () => silent };
const END = Date.UTC(2026, 10, 20);
/** Ranges seldom begin and end on the hour, ms. */
const SHIFT = process.env['ALIGNED'] === '1' ? 0 : 1_234_567;
const RANGES = [['24 h', 1], ['7 d', 7], ['30 d', 30], ['1 y', 365], ['2 y', 730]] as const;

const [path = '', recording = '', series = '120', days = '730'] = process.argv.slice(2);
const recorded = readRecording(recording);
const started = performance.now();
if (!existsSync(path)) writeHistory({ path, recording: recorded, seriesCount: Number(series), end: END, days: Number(days) });
console.log(`history of ${series} series, ${days} days: ${(statSync(path).size / 1e6).toFixed(1)} MB, written in ${((performance.now() - started) / 1000).toFixed(1)} s`);

function sizes(): void {
  const db = new Database(path, { readonly: true });
  const rows = db.prepare<[], { kind: number; n: number; bytes: number }>('SELECT id / 562949953421312 AS kind, count(*) AS n, sum(length(data)) AS bytes FROM chunks GROUP BY kind').all();
  for (const { kind, n, bytes } of rows) console.log(`  kind ${kind}: ${n} rows, ${(bytes / 1e6).toFixed(2)} MB`);
  db.close();
}

/** Asks the system to forget the file; without the right to, cold is not measured. */
function drop(): boolean {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '1');
    return true;
  } catch {
    return false;
  }
}

function open(): ReturnType<typeof openStore>['store'] {
  return openStore({ path, clock: { now: () => END, mono: () => performance.now() }, log: silent, keepDays: 730 }).store;
}

function quantiles(times: number[]): string {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(2);
  return `p50 ${at(0.5)} p95 ${at(0.95)} ms`;
}

sizes();
closeSync(openSync(path, 'r'));
const opens = Array.from({ length: 7 }, () => {
  const start = performance.now();
  const store = open();
  const took = performance.now() - start;
  store.close();
  return took;
});
console.log(`opening: ${quantiles(opens)}`);

const store = open();
const keys = recorded.series.map((one) => one.key).slice(0, Number(series));
const time = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
/** Milliseconds the event loop is held at most while work is done in pieces. */
async function longestHold(begin: () => Generator<void, unknown>): Promise<number> {
  const state = { isRunning: true, longest: 0 };
  const watch = async (): Promise<void> => {
    for (let last = performance.now(); state.isRunning; ) {
      await turn();
      const now = performance.now();
      state.longest = Math.max(state.longest, now - last);
      last = now;
    }
  };
  const watching = watch();
  await inSlices(begin, () => performance.now());
  state.isRunning = false;
  await watching;
  return state.longest;
}
async function holds(count: number, begin: (i: number) => Generator<void, unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) times.push(await longestHold(() => begin(i)));
  return times;
}
function coldQuery(query: SeriesQuery): number {
  drop();
  const fresh = open();
  drop();
  const took = time(() => fresh.query(query));
  fresh.close();
  return took;
}
for (const [name, span] of RANGES) {
  for (const count of [1, 12]) {
    const ask = (i: number) => ({ series: Array.from({ length: count }, (_, n) => keys[(i * count + n) % keys.length] ?? ''), from: END - span * DAY + SHIFT, to: END - SHIFT });
    for (let i = 0; i < 20; i += 1) store.query({ ...ask(i), points: 800 });
    const warm = Array.from({ length: 60 }, (_, i) => time(() => store.query({ ...ask(i), points: 800 })));
    const stats = Array.from({ length: 30 }, (_, i) => time(() => store.stats(ask(i))));
    const cold = drop() ? Array.from({ length: 8 }, (_, i) => coldQuery({ ...ask(i * 5), points: 800 })) : [];
    const charting = await holds(30, (i) => store.queryWork({ ...ask(i), points: 800 }));
    const reckoning = await holds(30, (i) => store.statsWork(ask(i)));
    console.log(`${name.padEnd(5)} ${String(count).padStart(2)} series: chart ${quantiles(warm)}; stats ${quantiles(stats)}; cold, just opened: ${quantiles(cold)}; the loop held: chart ${quantiles(charting)}, stats ${quantiles(reckoning)}`);
  }
}
store.close();
