/**
 * Writes the history of a made-up machine into a real store, through its own append and maintenance. What is older is read
 * less often, as it is stored coarser, and what lies between two reads is filled in from both: years take a minute.
 */
import { openStore } from '../../src/main/engine/store/open-store';
import type { Store } from '../../src/main/engine/store/store-types';
import type { GapReason, Reading, SampleBatch, Value } from '../../src/shared/metrics/reading';
import { failingLog } from '../bench/quiet-log';
import { writeActivity } from './history-activity';
import { Playback } from './playback';
import { hash } from './random';
import type { Machine } from './tree';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Age up to which it applies, ms; how often the machine is read, and how often a sample is stored. */
interface Pace {
  readonly age: number;
  readonly read: number;
  readonly sample: number;
}

/** From the newest on. The tiers of the store are a second, a minute, a quarter of an hour, an hour. */
const PACES: readonly Pace[] = [
  { age: HOUR, read: 2 * SECOND, sample: SECOND },
  { age: 3 * HOUR, read: 20 * SECOND, sample: SECOND },
  { age: DAY, read: MINUTE, sample: 5 * SECOND },
  { age: 8 * DAY, read: 5 * MINUTE, sample: 30 * SECOND },
  { age: 31 * DAY, read: 15 * MINUTE, sample: 5 * MINUTE },
  { age: Number.POSITIVE_INFINITY, read: 3 * HOUR, sample: 20 * MINUTE },
];

/** Up to this distance of reads, ms, only what is due is read. */
const SHORT = 20 * SECOND;

/** What to write: `days` before `end` (epoch ms) into the new file at `path`; `root` is a folder for the machine's files. */
export interface HistoryPlan {
  readonly machine: Machine;
  readonly path: string;
  readonly root: string;
  readonly days: number;
  readonly end: number;
  readonly zone: number;
}

/** True while a machine that sleeps at night does; never shortly before the end, as it is awake now. */
export function isAsleep({ machine: { spec }, end, zone }: Pick<HistoryPlan, 'machine' | 'end' | 'zone'>, time: number): boolean {
  if (spec.sleeps === null || end - time < 2 * HOUR) return false;
  const [from, to] = spec.sleeps;
  const day = Math.floor((time + zone) / DAY);
  // It goes to bed, and gets up, half an hour earlier or later.
  const shift = hash(day, 21) - 0.5;
  const hour = ((time + zone) / HOUR) % 24;
  return hour >= from + 0.4 * shift || hour < to + shift;
}

function paceAt(age: number): Pace {
  return PACES.find((one) => age <= one.age) ?? { age: 0, read: HOUR, sample: HOUR };
}

/** Values between two reads, a little noisy where the two differ. */
function valuesBetween(a: Reading['values'], b: Reading['values'], share: number, noise: number): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const name in b) {
    const [before, after] = [a[name] ?? null, b[name] ?? null];
    if (after === null || before === null) continue;
    const mean = before + (after - before) * share;
    values[name] = before === after ? after : Math.max(0, Math.min(Math.max(before, after, mean + 0.35 * noise * (Math.abs(after - before) + 0.08 * Math.abs(mean))), after <= 100 && before <= 100 ? 100 : Number.POSITIVE_INFINITY));
  }
  return values;
}

function readingBetween(a: Reading, b: Reading, share: number, noise: number): Reading {
  const devices = Object.entries(b.devices).flatMap(([id, device]) => {
    const before = a.devices[id];
    return before === undefined ? [] : [[id, { ...device, values: valuesBetween(before.values, device.values, share, noise) }] as const];
  });
  return { values: valuesBetween(a.values, b.values, share, noise), devices: Object.fromEntries(devices) };
}

/** A batch at a time between two others. */
export function batchBetween(a: SampleBatch, b: SampleBatch, time: number): SampleBatch {
  const share = (time - a.time) / (b.time - a.time);
  const noise = 2 * hash(time, 22) - 1;
  const before: Readonly<Record<string, Reading | undefined>> = a.readings;
  const readings = Object.entries(b.readings).flatMap(([id, reading]) => {
    const earlier = before[id];
    return earlier === undefined ? [] : [[id, readingBetween(earlier, reading, share, noise)] as const];
  });
  return { seq: b.seq, time, readings: Object.fromEntries(readings), faults: {} };
}

/** Opens the store with a clock that follows what is appended. Nothing waits for the disk: a demo is no loss. */
function openHistory(path: string, days: number): { store: Store; setTime(time: number): void } {
  let [time, start] = [0, 0];
  const disk = { sync: (_fd: number, done: (error: Error | null) => void) => done(null), syncNow: () => undefined };
  const { store } = openStore({ path, clock: { now: () => time, mono: () => time - start }, log: failingLog, keepDays: Math.max(730, Math.ceil(days)), disk, commitEveryMs: HOUR });
  return {
    store,
    setTime(next) {
      if (start === 0) start = next;
      time = next;
    },
  };
}

/** Maintenance, as often as the app would have done it for what has been appended, but not more than once for each day. */
function maintain(store: Store, time: number): void {
  while (store.maintain(time));
}

/** Reads the machine once, and appends what has happened since the last read. Returns the batch. */
async function step(plan: HistoryPlan, playback: Playback, store: Store, last: SampleBatch | null, time: number, gap: GapReason | undefined): Promise<SampleBatch> {
  const { read, sample } = paceAt(plan.end - time);
  const batch = await playback.batch(time, read <= SHORT ? 'due' : 'all', gap);
  if (last !== null && gap === undefined) {
    for (let between = last.time + sample; between < time; between += sample) store.append(batchBetween(last, batch, between));
  }
  store.append(batch);
  return batch;
}

/** Writes the history; `onProgress` gets the part that is done, 0–1. Returns the number of reads. */
export async function writeHistory(plan: HistoryPlan, onProgress: (done: number) => void = () => undefined): Promise<number> {
  const { machine, path, root, days, end } = plan;
  const begin = Math.floor((end - days * DAY) / 1000) * 1000;
  const playback = new Playback(machine, root);
  const { store, setTime } = openHistory(path, days);
  let [last, gap, reads, maintained]: [SampleBatch | null, GapReason | undefined, number, number] = [null, 'start', 0, begin];
  try {
    for (let time = begin; time <= end; time += paceAt(end - time).read) {
      if (isAsleep(plan, time)) {
        gap = reads === 0 ? 'start' : 'sleep';
        continue;
      }
      setTime(time);
      last = await step(plan, playback, store, last, time, gap);
      gap = undefined;
      reads += 1;
      if (time - maintained >= (end - time > DAY ? DAY : HOUR)) {
        maintain(store, time);
        maintained = time;
        onProgress(reads / (reads + remaining(end - time)));
      }
    }
    writeActivity(plan, store);
    store.commit();
    maintain(store, end);
  } finally {
    store.close();
    playback.close();
  }
  return reads;
}

/** How many reads the time until the end takes. */
function remaining(left: number): number {
  let [reads, newer] = [0, 0];
  for (const { age, read } of PACES) {
    reads += Math.max(0, Math.min(left, age) - newer) / read;
    newer = age;
  }
  return reads;
}
