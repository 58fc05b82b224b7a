/** Part "store-write": what hours of ticks cost with sealing, rolling and retention in them, and the longest call. */
import fs from 'node:fs';
import path from 'node:path';
import type { Bench, PartResult, Row } from '../bench';
import type { Spread } from '../numbers';
import { runStoreProgram } from '../node-program';
import { forgetPages } from '../store/page-cache';
import type { CallUse, Writing, WritingPlan } from '../store/writing';

const DAY_SECONDS = 86_400;
/** Longest time the loop may be held, ms. */
const BLOCK = 10;
/** A UTC midnight, and two hours before it, so that a short run has a day to roll as well. */
const MIDNIGHT = Date.UTC(2026, 10, 20);
const EVENING = MIDNIGHT + 22 * 3_600_000;

interface Aims {
  readonly cpuPerTick: number;
  /** Megabytes a day; null where none is aimed at. */
  readonly written: number | null;
}

type Plan = Omit<WritingPlan, 'recording'>;

export async function measureStoreWrite(bench: Bench): Promise<PartResult> {
  const desktop = await writeDesktop(bench);
  const many = await writeEmpty(bench, 1000);
  const rows = [
    ...toWritingRows(bench.options.quick ? '120 series' : '120 series after two years', desktop, { cpuPerTick: 0.1, written: 150 }),
    ...toWritingRows('1000 series', many, { cpuPerTick: 0.8, written: null }),
  ];
  return { rows, runs: { desktop, many } };
}

/** A desktop with two years behind it, for a little more than a day: every tier loses as much as it gets. */
async function writeDesktop(bench: Bench): Promise<Writing> {
  if (bench.options.quick) return writeEmpty(bench, 120);
  const history = await bench.histories.get(bench, 120, 730);
  const file = path.join(bench.home, 'written-120.sqlite');
  fs.copyFileSync(history.path, file);
  // A copy lies in the machine's memory in large pieces, and /proc counts the whole of a piece for one page changed in it.
  forgetPages(file);
  return write(bench, { path: file, series: 120, start: history.now + 1000, hours: 25 });
}

/** A new database: a day and an hour, or some hours about a midnight. */
async function writeEmpty(bench: Bench, series: number): Promise<Writing> {
  const file = path.join(bench.home, `written-${series}.sqlite`);
  return write(bench, { path: file, series, ...(bench.options.quick ? { start: EVENING, hours: 3 } : { start: MIDNIGHT, hours: 25 }) });
}

async function write(bench: Bench, plan: Plan): Promise<Writing> {
  const writing = await runStoreProgram<Writing>(bench, ['writing', JSON.stringify(plan)]);
  fs.rmSync(plan.path);
  const { append, maintenance, checkpoint, samplesPerTick, ticks } = writing;
  bench.say(`  ${plan.series} series, ${ticks} ticks of ${samplesPerTick.toFixed(0)} samples; appends ${toFigures(append)}; slices of upkeep ${toFigures(maintenance)}; steps of checkpoints ${toFigures(checkpoint)}`);
  return writing;
}

function toFigures({ wall, blocksWall, blocksThread }: CallUse): string {
  return `${wall?.count ?? 0}, over ${BLOCK} ms: ${blocksWall} by the clock, ${blocksThread} of processor time`;
}

/** The rows of what was found. */
export function toWritingRows(name: string, writing: Writing, aims: Aims): Row[] {
  const own = { part: 'store-write', bare: null, compare: 'none' } as const;
  const perDay = (bytes: number | null): number | null => (bytes === null ? null : (bytes * DAY_SECONDS) / 1e6);
  const written = { ...own, what: `${name}: written to the disk`, app: perDay(writing.writtenPerTick), unit: 'MB/day', digits: 1 };
  const call = (what: string, use: CallUse): Row[] => [
    spread(`${name}: ${what}, longest of processor time`, use.thread),
    spread(`${name}: ${what}, longest by the clock`, use.wall),
  ];
  const spread = (what: string, found: Spread | null): Row => {
    const range = found === null ? null : { min: found.p50, max: found.p99 };
    return { ...own, what, app: found?.longest ?? null, aim: { of: 'app', atMost: BLOCK }, unit: 'ms', digits: 2, range };
  };
  return [
    { ...own, what: `${name}: one tick, upkeep included`, app: writing.cpuPerTick, aim: { of: 'app', atMost: aims.cpuPerTick }, unit: 'CPU-ms', digits: 3 },
    { ...own, what: `${name}: handed to the system`, app: perDay(writing.handedPerTick), unit: 'MB/day', digits: 1 },
    aims.written === null ? written : { ...written, aim: { of: 'app', atMost: aims.written } },
    ...call('append', writing.append),
    ...call('slice of upkeep', writing.maintenance),
    ...call('step of a checkpoint', writing.checkpoint),
  ];
}
