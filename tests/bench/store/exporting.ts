/** Measures the export of a whole history: duration, blocking of the event loop, and growth of memory. */
import { rmSync } from 'node:fs';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { openStore } from '../../../src/main/engine/store/open-store';
import { writeExport } from '../../../src/main/history/export';
import type { ExportFormat } from '../../../src/shared/series/export-text';
import { spreadOf } from '../numbers';
import type { Spread } from '../numbers';
import { silentLog } from '../quiet-log';
import { ThreadTime } from '../thread-time';

const DAY = 86_400_000;
/** Number of readings of the memory in use, evenly spread over the export. */
const READINGS = 10;

/** The result. */
export interface Exporting {
  readonly format: ExportFormat;
  readonly seconds: number;
  readonly bytes: number;
  /** Turns of the event loop meanwhile, ms: wall time, and CPU time of the thread. */
  readonly wall: Spread | null;
  readonly thread: Spread | null;
  /** Increase of the bytes in use (after a garbage collection) at each tenth of the export; a leak would make it grow. */
  readonly inUse: readonly number[];
  /** Largest increase of the resident set of the process, bytes, garbage included. */
  readonly residentGrown: number;
}

/** What to export, and in which format. */
export interface ExportPlan {
  readonly format: ExportFormat;
  readonly path: string;
  readonly keys: readonly string[];
  readonly days: number;
  readonly now: number;
}

/** Bytes in use after a garbage collection. */
function bytesInUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Exports everything once. */
export async function measureExport({ format, path, keys, days, now }: ExportPlan): Promise<Exporting> {
  const { store } = openStore({ path, clock: { now: () => now, mono: () => performance.now() }, log: silentLog, keepDays: 730 });
  const clock = new ThreadTime();
  const turns = { wall: [] as number[], thread: [] as number[] };
  const [usedBefore, residentBefore] = [bytesInUse(), process.memoryUsage.rss()];
  const inUse: number[] = [];
  let resident = residentBefore;
  const state = { done: 0, isOver: false };
  const watch = async (): Promise<void> => {
    while (!state.isOver) {
      const [thread, wall] = [clock.now(), performance.now()];
      await yieldToEventLoop();
      turns.wall.push(performance.now() - wall);
      turns.thread.push(clock.now() - thread);
      if (state.done < inUse.length / READINGS) continue;
      resident = Math.max(resident, process.memoryUsage.rss());
      inUse.push(bytesInUse() - usedBefore);
    }
  };
  const watching = watch();
  const file = `${path}.${format}`;
  const began = performance.now();
  const task = { signal: new AbortController().signal, owns: () => undefined, report: (done: number) => void (state.done = done) };
  const bytes = await writeExport(store, { path: file, format, series: keys, from: now - days * DAY, to: now, now }, task);
  const seconds = (performance.now() - began) / 1000;
  state.isOver = true;
  await watching;
  clock.close();
  store.close();
  rmSync(file);
  return { format, seconds, bytes, wall: spreadOf(turns.wall), thread: spreadOf(turns.thread), inUse, residentGrown: resident - residentBefore };
}
