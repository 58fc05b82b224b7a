/**
 * CPU time of a snapshot of all processes, compared with `ps` and systeminformation in the same run, and of a snapshot of
 * ten thousand generated processes in the folder given as the only argument. Prints JSON.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import { systemDeps } from '../../src/main/engine/collectors/platform';
import { createProcessSource } from '../../src/main/engine/processes/index';
import type { ReadDetail } from '../../src/main/engine/processes/process-source';
import { median } from './numbers';
import { TICKS_PER_SECOND } from './proc';

const run = promisify(execFile);
const GENERATED = 10_000;
/** Rounds; each detail is measured once per round. */
const ROUNDS = 20;
/** Snapshots per measurement: one is too short to measure. */
const SNAPSHOTS = 10;
/** Between two cold snapshots, ms: enough for CPU caches to go cold, far less than the minute in practice. */
const PAUSE = 400;

/** CPU milliseconds per snapshot. */
export interface ProcessesUse {
  readonly processes: number;
  readonly madeUp: number;
  /** Snapshots one after another. */
  readonly warm: Readonly<Record<ReadDetail, number | null>>;
  /** One snapshot after a pause: closer to the one of each minute. */
  readonly cold: number | null;
  readonly madeUpWarm: Readonly<Record<ReadDetail, number | null>>;
  /** Null if it could not be run. */
  readonly ps: number | null;
  readonly systemInformation: number | null;
}

/** CPU milliseconds of this process. */
function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds of children that have ended, counted in hundredths of a second. */
function childrenMs(): number {
  const text = readFileSync('/proc/self/stat', 'utf8');
  const cells = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(cells[13]) + Number(cells[14])) * 1000) / TICKS_PER_SECOND;
}

async function costOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = ownMs() + childrenMs();
  for (let turn = 0; turn < count; turn += 1) await work();
  return (ownMs() + childrenMs() - before) / count;
}

/** Generates processes like those of a browser. */
function generateProcesses(root: string): void {
  mkdirSync(path.join(root, 'etc'), { recursive: true });
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  for (let pid = 1; pid <= GENERATED; pid += 1) {
    const folder = path.join(root, 'proc', String(pid));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'stat'), `${pid} (renderer ${pid % 200}) S 1 1 1 0 -1 4194560 99 0 0 0 ${pid} ${pid % 7} 0 0 20 0 9 0 ${pid} 3133440000 ${pid} 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n`);
    writeFileSync(path.join(folder, 'cmdline'), `/usr/lib/browser/renderer\0--type=renderer\0--lang=en-GB\0--id=${pid}\0`);
    writeFileSync(path.join(folder, 'status'), 'Name:\trenderer\nUmask:\t0022\nUid:\t0\t0\t0\t0\n');
    writeFileSync(path.join(folder, 'io'), `rchar: 1\nwchar: 1\nread_bytes: ${pid}\nwrite_bytes: ${pid}\n`);
  }
}

async function snapshotCosts(root: string, rounds: number, snapshots: number): Promise<Record<ReadDetail, number | null>> {
  const source = createProcessSource({ system: { ...systemDeps(), root }, clock: systemClock, timers: systemTimers });
  const costs: Record<ReadDetail, number[]> = { plain: [], io: [], full: [] };
  for (const detail of ['plain', 'io', 'full'] as const) await costOf(snapshots * 3, () => source.snapshot(detail));
  for (let round = 0; round < rounds; round += 1) {
    for (const detail of ['plain', 'io', 'full'] as const) costs[detail].push(await costOf(snapshots, () => source.snapshot(detail)));
  }
  return { plain: median(costs.plain), io: median(costs.io), full: median(costs.full) };
}

async function coldCost(): Promise<number | null> {
  const source = createProcessSource({ system: systemDeps(), clock: systemClock, timers: systemTimers });
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await delay(PAUSE);
    costs.push(await costOf(1, () => source.snapshot('plain')));
  }
  return median(costs);
}

/** Mean over all rounds, since children are counted in steps of 10 ms; null if it cannot be run. */
async function otherCost(work: () => Promise<unknown>): Promise<number | null> {
  try {
    await work();
    return await costOf(ROUNDS, work);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    return null;
  }
}

async function measure(folder: string): Promise<ProcessesUse> {
  generateProcesses(folder);
  const cold = await coldCost();
  const warm = await snapshotCosts('/', ROUNDS, SNAPSHOTS);
  const ps = await otherCost(() => run('ps', ['-eo', 'pid,user,pcpu,rss,lstart,args'], { maxBuffer: 2 ** 26 }));
  const { default: { processes } } = await import('systeminformation');
  // Within half a second it returns a cached list. The pauses use no CPU time, so they do not count.
  const systemInformation = await otherCost(async () => {
    await delay(550);
    await processes();
  });
  const madeUpWarm = await snapshotCosts(folder, 3, 3);
  const { processes: list } = await createProcessSource({ system: systemDeps(), clock: systemClock, timers: systemTimers }).snapshot('plain');
  return { processes: list.length, madeUp: GENERATED, warm, cold, madeUpWarm, ps, systemInformation };
}

process.stdout.write(JSON.stringify(await measure(process.argv[2] ?? '.')));
