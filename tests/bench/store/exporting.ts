/** Exporting a whole history: how long it takes, how long it holds up the loop, and whether it gathers memory. */
import { rmSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { openStore } from '../../../src/main/engine/store/open';
import { writeExport } from '../../../src/main/export';
import type { ExportFormat } from '../../../src/shared/series/export-text';
import { spreadOf } from '../numbers';
import type { Spread } from '../numbers';
import { silentLog } from '../quiet-log';
import { ThreadTime } from '../thread-time';

const DAY = 86_400_000;
/** Looks at the memory, ms apart. */
const LOOK_EVERY = 250;

/** What was found. */
export interface Exporting {
  readonly format: ExportFormat;
  readonly seconds: number;
  readonly bytes: number;
  /** Turns of the event loop meanwhile, ms: on the clock, and of the thread's processor time. */
  readonly wall: Spread | null;
  readonly thread: Spread | null;
  /** Bytes of memory more than before, at the most, in the first tenth of the export and in all of it. */
  readonly grownEarly: number;
  readonly grown: number;
}

/** What to export as what. */
export interface ExportPlan {
  readonly format: ExportFormat;
  readonly path: string;
  readonly keys: readonly string[];
  readonly days: number;
  readonly now: number;
}

/** Exports everything once. */
export async function measureExport({ format, path, keys, days, now }: ExportPlan): Promise<Exporting> {
  const { store } = openStore({ path, clock: { now: () => now, mono: () => performance.now() }, log: silentLog, keepDays: 730 });
  const clock = new ThreadTime();
  const turns = { wall: [] as number[], thread: [] as number[] };
  const memory = { early: 0, all: 0, lookedAt: 0 };
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const state = { done: 0, isOver: false };
  const watch = async (): Promise<void> => {
    while (!state.isOver) {
      const [thread, wall] = [clock.now(), performance.now()];
      await breathe();
      turns.wall.push(performance.now() - wall);
      turns.thread.push(clock.now() - thread);
      if (wall - memory.lookedAt < LOOK_EVERY) continue;
      memory.lookedAt = wall;
      memory.all = Math.max(memory.all, process.memoryUsage.rss() - before);
      if (state.done < 0.1) memory.early = memory.all;
    }
  };
  const watching = watch();
  const file = `${path}.${format}`;
  const began = performance.now();
  const task = { signal: new AbortController().signal, report: (done: number) => void (state.done = done) };
  const bytes = await writeExport(store, { path: file, format, series: keys, from: now - days * DAY, to: now, now }, task);
  const seconds = (performance.now() - began) / 1000;
  state.isOver = true;
  await watching;
  clock.close();
  store.close();
  rmSync(file);
  return { format, seconds, bytes, wall: spreadOf(turns.wall), thread: spreadOf(turns.thread), grownEarly: memory.early, grown: memory.all };
}
