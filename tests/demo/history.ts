/**
 * Writes the history of a made-up machine: days that are over as they would have been rolled up, today through the store's
 * own append and maintenance. What is older is read less often, as it is stored coarser, and what lies between two reads is
 * filled in from both.
 */
import { openStore } from '../../src/main/engine/store/open-store';
import type { Store } from '../../src/main/engine/store/store-types';
import type { GapReason, SampleBatch } from '../../src/shared/metrics/reading';
import { failingLog } from '../bench/quiet-log';
import { writeActivity } from './history-activity';
import { PastHistory } from './history-past';
import { batchBetween } from './batch-between';
import { Playback } from './playback';
import { isAsleep } from './history-plan';
import type { HistoryPlan } from './history-plan';

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

function paceAt(age: number): Pace {
  return PACES.find((one) => age <= one.age) ?? { age: 0, read: HOUR, sample: HOUR };
}

/** A store with a clock that follows what is appended. Nothing waits for the disk: a lost demo is no loss. */
class Present {
  readonly store: Store;
  #time: number;
  #maintained: number;

  constructor(path: string, start: number, keepDays: number) {
    this.#time = start;
    this.#maintained = start;
    const disk = { sync: (_fd: number, done: (error: Error | null) => void) => done(null), syncNow: () => undefined };
    const clock = { now: () => this.#time, mono: () => this.#time - start };
    this.store = openStore({ path, clock, log: failingLog, keepDays, disk, commitEveryMs: 5 * MINUTE }).store;
  }

  add(batch: SampleBatch): void {
    this.#time = batch.time;
    this.store.append(batch);
    if (batch.time - this.#maintained >= HOUR) this.maintain();
  }

  maintain(): void {
    this.#maintained = this.#time;
    let isMore = true;
    while (isMore) isMore = this.store.maintain(this.#time);
  }
}

/** Reads the machine from `from` to `to`; `add` gets each batch, and those between. Returns the last. */
async function read(plan: HistoryPlan, playback: Playback, [from, to]: readonly [number, number], before: SampleBatch | null, add: (batch: SampleBatch) => void): Promise<SampleBatch | null> {
  let last = before;
  let gap: GapReason | undefined = before === null ? 'start' : undefined;
  for (let time = from; time < to; time += paceAt(plan.end - time).read) {
    if (isAsleep(plan, time)) {
      gap ??= 'sleep';
      continue;
    }
    const pace = paceAt(plan.end - time);
    const batch: SampleBatch = await playback.batch(time, pace.read <= SHORT ? 'due' : 'all', gap);
    if (last !== null && last !== before && gap === undefined) for (let between = last.time + pace.sample; between < time; between += pace.sample) add(batchBetween(last, batch, between));
    add(batch);
    [last, gap] = [batch, undefined];
  }
  return last;
}

/** Share of the work that is reading the past, writing it, and the present. */
const WORK = [0.4, 0.75, 0.95] as const;

/** Writes the history; `onProgress` gets the part that is done, 0–1. */
export async function writeHistory(plan: HistoryPlan, onProgress: (done: number) => void = () => undefined): Promise<void> {
  const { machine, path, root, days, end } = plan;
  const begin = Math.floor((end - days * DAY) / SECOND) * SECOND;
  const midnight = Math.max(begin, Math.floor(end / DAY) * DAY);
  const playback = new Playback(machine, root);
  const [readTo, writtenTo, presentTo] = WORK;
  const along = (from: number, to: number, part: number): void => onProgress(from + (to - from) * Math.min(1, part));
  try {
    const past = new PastHistory();
    const last = await read(plan, playback, [begin, midnight], null, (batch) => {
      past.add(batch);
      along(0, readTo, (batch.time - begin) / (midnight - begin));
    });
    if (last !== null) past.write(path, midnight, (part) => along(readTo, writtenTo, part));
    const present = new Present(path, midnight, Math.max(730, Math.ceil(days)));
    try {
      await read(plan, playback, [midnight, end], last, (batch) => {
        present.add(batch);
        along(writtenTo, presentTo, (batch.time - midnight) / (end - midnight));
      });
      writeActivity(plan, present.store);
      present.store.commit();
      present.maintain();
    } finally {
      present.store.close();
    }
  } finally {
    playback.close();
  }
  onProgress(1);
}
