/**
 * `writing <folder> <recording> <series> <hours>`: hours of ticks through the store with upkeep as in life, and what
 * that costs: processor time, bytes written, size, and the longest time any call took.
 */
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../../src/main/engine/store/open';
import type { Log } from '../../../src/main/engine/log';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { readRecording } from './recording';
import { player } from './replay';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (message, facts) => console.error(message, facts), scoped: () => silent };
/** Two hours before a UTC midnight, so that a day is rolled as well. */
const START = Date.UTC(2026, 10, 20, 22);

const [folder = '', file = '', series = '120', hours = '4'] = process.argv.slice(2);
const recording = readRecording(file);
const play = player(recording, Number(series), START);
const ioOf = (field: string): number => Number(new RegExp(`^${field}: (\\d+)`, 'm').exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? NaN);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const database = path.join(folder, 'history.sqlite');
const clock = { wall: START, mono: 0 };
const slices: number[] = [];
const appends: number[] = [];
/** Time goes on with the ticks, and within a call as it does. */
let callBegan = 0;
const mono = (): number => clock.mono + (performance.now() - callBegan);
const { store } = openStore({ path: database, clock: { now: () => clock.wall, mono }, log: silent, keepDays: 730 });
function timed(into: number[], work: () => boolean | void): boolean {
  callBegan = performance.now();
  const more = work();
  into.push(performance.now() - callBegan);
  return more === true;
}

const ticks = Number(hours) * 3600;
/** Batches are made ahead, an hour's part at a time, so that making them is not measured. */
const AHEAD = 600;
let samples = 0;
let cpu = 0;
const before = { wchar: ioOf('wchar'), written: ioOf('write_bytes') };

function countSamples(batches: readonly SampleBatch[]): number {
  const readings = batches.flatMap((batch) => Object.values(batch.readings));
  const count = (values: object): number => Object.keys(values).length;
  return readings.reduce((sum, { values, devices }) => sum + count(values) + Object.values(devices).reduce((inner, device) => inner + count(device.values), 0), 0);
}

for (let done = 0; done < ticks; done += AHEAD) {
  const batches = Array.from({ length: AHEAD }, (_, i) => play(done + i));
  samples += countSamples(batches);
  const mark = process.cpuUsage();
  batches.forEach((batch, i) => {
    clock.wall = batch.time;
    clock.mono += 1000;
    timed(appends, () => store.append(batch));
    // Slices come a tenth of a second apart; between two rounds there is time for six hundred.
    if ((done + i) % 60 === 0) for (let more = true; more; ) more = timed(slices, () => store.maintain(clock.wall));
  });
  const { user, system } = process.cpuUsage(mark);
  cpu += user + system;
}
store.close();
const perDay = (bytes: number): string => `${((bytes / ticks) * 86_400 / 1e6).toFixed(1)} MB/day`;
const db = new Database(database, { readonly: true });
const kinds = db.prepare<[], { kind: number; n: number; bytes: number }>('SELECT id / 562949953421312 AS kind, count(*) AS n, sum(length(data)) AS bytes FROM chunks GROUP BY kind').all();
db.close();
const longest = (times: number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  return `p50 ${sorted[Math.floor(sorted.length / 2)]?.toFixed(2)} p99 ${sorted[Math.floor(sorted.length * 0.99)]?.toFixed(2)} longest ${sorted.slice(-5).map((ms) => ms.toFixed(1)).join(' ')} ms of ${sorted.length}, over 10 ms: ${sorted.filter((ms) => ms > 10).length}`;
};
console.log(`${series} series, ${hours} h, ${(samples / ticks).toFixed(1)} samples a tick`);
console.log(`  processor ${(cpu / 1000 / ticks).toFixed(3)} ms a tick; handed to the system ${perDay(ioOf('wchar') - before.wchar)}, written ${perDay(ioOf('write_bytes') - before.written)}; database ${(statSync(database).size / 1e6).toFixed(2)} MB`);
console.log(`  append: ${longest(appends)}; upkeep: ${longest(slices)}`);
for (const { kind, n, bytes } of kinds) console.log(`  kind ${kind}: ${n} rows, ${bytes} bytes`);
const raw = kinds.find((one) => one.kind === 0)?.bytes ?? 0;
console.log(`  samples sealed: ${(raw / samples).toFixed(3)} bytes each (times and all)`);
