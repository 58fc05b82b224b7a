/**
 * `writing <folder> <recording> <series> <hours>`: hours of ticks through the store with upkeep as in life, and what
 * that costs: processor time, bytes written, size, and the longest time anything held the event loop.
 */
import { fdatasync, fdatasyncSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Disk } from '../../../src/main/engine/store/checkpoint';
import { openStore } from '../../../src/main/engine/store/open';
import type { Log } from '../../../src/main/engine/log';
import { readRecording } from './recording';
import { player } from './replay';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (message, facts) => console.error(message, facts), scoped: () => silent };
/** Two hours before a UTC midnight, so that a day is rolled as well. */
const START = Date.UTC(2026, 10, 20, 22);
/** Batches are made so many at a time, so that making them is not measured. */
const AHEAD = 10;

const [folder = '', file = '', series = '120', hours = '4'] = process.argv.slice(2);
const stage = player(readRecording(file), Number(series), START);
const stages = Array.from({ length: AHEAD }, () => stage.stage());
const ioOf = (field: string): number => Number(new RegExp(`^${field}: (\\d+)`, 'm').exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? NaN);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const database = path.join(folder, 'history.sqlite');
const clock = { wall: START, mono: 0 };
/** Milliseconds of every call, by what it was. */
const held = { append: [] as number[], upkeep: [] as number[], checkpoint: [] as number[] };
/** Processor time of the calls of upkeep, ms: other programs cannot make that longer. */
const worked: number[] = [];
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
/** Time goes on with the ticks, and within a call as it does. */
let callBegan = 0;
/** Resolves once the disk has answered: waiting by turning the loop would cost processor time. */
const waiting: { answer: Promise<void> | null } = { answer: null };
const mono = (): number => clock.mono + (performance.now() - callBegan);
function timed(what: keyof typeof held, work: () => boolean | void): boolean {
  callBegan = performance.now();
  const more = work();
  held[what].push(performance.now() - callBegan);
  return more === true;
}
const disk: Disk = {
  sync(fd, done) {
    waiting.answer = new Promise((resolve) => {
      fdatasync(fd, (error) => {
        waiting.answer = null;
        timed('checkpoint', () => done(error));
        resolve();
      });
    });
  },
  syncNow: fdatasyncSync,
};
const { store } = openStore({ path: database, clock: { now: () => clock.wall, mono }, log: silent, keepDays: 730, disk });

const ticks = Number(hours) * 3600;
let samples = 0;
let cpu = 0;
const before = { wchar: ioOf('wchar'), written: ioOf('write_bytes') };
for (let done = 0; done < ticks; done += AHEAD) {
  const batches = stages.map((play, i) => {
    const made = play(done + i);
    samples += made.samples;
    return made.batch;
  });
  const mark = processorMs();
  for (const batch of batches) {
    clock.wall = batch.time;
    clock.mono += 1000;
    timed('append', () => store.append(batch));
  }
  // Slices come a tenth of a second apart; between two rounds there is time for six hundred.
  for (let more = done % 60 === 0; more; ) {
    const began = processorMs();
    more = timed('upkeep', () => store.maintain(clock.wall));
    worked.push(processorMs() - began);
    await turn();
    while (waiting.answer !== null) await waiting.answer;
  }
  cpu += processorMs() - mark;
}
store.close();

const perDay = (bytes: number): string => `${((bytes / ticks) * 86_400 / 1e6).toFixed(1)} MB/day`;
const db = new Database(database, { readonly: true });
const kinds = db.prepare<[], { kind: number; n: number; bytes: number }>('SELECT id / 562949953421312 AS kind, count(*) AS n, sum(length(data)) AS bytes FROM chunks GROUP BY kind').all();
db.close();
function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} p99 ${at(0.99)} longest ${sorted.slice(-5).map((ms) => ms.toFixed(1)).join(' ')} ms of ${sorted.length}, over 10 ms: ${sorted.filter((ms) => ms > 10).length}`;
}
console.log(`${series} series, ${hours} h, ${(samples / ticks).toFixed(1)} samples a tick`);
console.log(`  processor ${(cpu / ticks).toFixed(3)} ms a tick; handed to the system ${perDay(ioOf('wchar') - before.wchar)}, written ${perDay(ioOf('write_bytes') - before.written)}; database ${(statSync(database).size / 1e6).toFixed(2)} MB`);
for (const [what, times] of Object.entries({ ...held, 'upkeep, processor': worked })) console.log(`  ${what}: ${spread(times)}`);
for (const { kind, n, bytes } of kinds) console.log(`  kind ${kind}: ${n} rows, ${bytes} bytes`);
const raw = kinds.find((one) => one.kind === 0)?.bytes ?? 0;
console.log(`  samples sealed: ${(raw / samples).toFixed(3)} bytes each (times and all)`);
