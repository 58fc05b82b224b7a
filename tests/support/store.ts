/** Support for tests of the store: a temporary store with clocks the test sets, batches, and results as short text. */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCallbackLog } from './log';
import { openDatabase } from '../../src/main/engine/store/database';
import { openStore } from '../../src/main/engine/store/open-store';
import type { Quarantined, StoreOptions } from '../../src/main/engine/store/open-store';
import type { Store } from '../../src/main/engine/store/store-types';
import type { GapReason, SampleBatch, Value } from '../../src/shared/metrics/reading';
import type { SeriesPoints } from '../../src/shared/series/types';

/** Noon UTC, epoch ms: buckets of any width up to half a day begin at it. */
export const NOON = Date.UTC(2026, 10, 20, 12);

/** A temporary folder for a store. */
export interface StoreFixture {
  readonly folder: string;
  /** The database file; neither it nor its folder exists at first. */
  readonly path: string;
  /** Wall time (epoch ms) and monotonic time (ms); the test advances them. */
  readonly clock: { wall: number; mono: number };
  /** The log, as "level message". */
  readonly lines: string[];
  readonly open: (extra?: Partial<StoreOptions>) => { store: Store; quarantined: Quarantined | null };
}

/** Creates the folder; it is removed, and stores opened in it are closed, after the test. */
export function createStoreFixture(): StoreFixture {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-store-'));
  const path = join(folder, 'data', 'history.sqlite');
  const clock = { wall: NOON, mono: 0 };
  const lines: string[] = [];
  const stores: Store[] = [];
  onTestFinished(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
  return {
    folder,
    path,
    clock,
    lines,
    open: (extra) => {
      const opened = openStore({ path, clock: { now: () => clock.wall, mono: () => clock.mono }, log, keepDays: 730, ...extra });
      stores.push(opened.store);
      return opened;
    },
  };
}

/** Opens a store whose database can have at most `pages` pages, to simulate a full disk; `setLimit` changes that. */
export function openLimitedStore(fixture: StoreFixture, pages: number): { store: Store; setLimit: (pages: number) => void } {
  let limit = pages;
  const connections: Database.Database[] = [];
  const { store } = fixture.open({
    openFile: (...given) => {
      const opened = openDatabase(...given);
      opened.db.pragma(`max_page_count = ${limit}`);
      connections.push(opened.db);
      return opened;
    },
  });
  const setLimit = (most: number): void => {
    limit = most;
    for (const db of connections) if (db.open) db.pragma(`max_page_count = ${limit}`);
  };
  return { store, setLimit };
}

/** A batch of cpu.usage, `seconds` after noon. */
export function cpuBatch(seconds: number, usage: Value, gap?: GapReason): SampleBatch {
  return batchOf(seconds, { cpu: { usage } }, gap);
}

/** A batch of values by family and metric, without devices, `seconds` after noon. */
export function batchOf(seconds: number, values: Record<string, Record<string, Value>>, gap?: GapReason): SampleBatch {
  const readings = Object.fromEntries(Object.entries(values).map(([family, own]) => [family, { values: own, devices: {} }]));
  return { seq: seconds + 1, time: NOON + seconds * 1000, readings, faults: {}, ...(gap === undefined ? {} : { gap }) };
}

/** Points of one series between two times in seconds after noon. */
export function pointsOf(store: Store, key: string, from: number, to: number, points = 10_000): SeriesPoints {
  const [found] = store.query({ series: [key], from: NOON + from * 1000, to: NOON + to * 1000, points }).series;
  if (found === undefined) throw new Error('the response has no such series');
  return found;
}

/** Runs maintenance at wall time `now` until nothing is left to do; returns the number of slices. */
export function runMaintenance(store: Store, now: number, mostSlices = 20_000): number {
  let slices = 1;
  for (; store.maintain(now); slices += 1) if (slices > mostSlices) throw new Error('maintenance does not end');
  return slices;
}

/** Points as "seconds:average", gaps as "seconds:–". */
export function pointsText(points: SeriesPoints): string {
  return points.time.map((time, i) => `${(time - NOON) / 1000}:${points.count[i] === 0 ? '–' : points.avg[i]}`).join(' ');
}

/** Starts of the chunks in the table of chunks, and in its index (the table `spans`), as "kind start", in order. */
export function chunkStartsOf(path: string): { stored: unknown[]; indexed: unknown[] } {
  const db = new Database(path, { readonly: true });
  const stored = db.prepare("SELECT DISTINCT (id / 562949953421312) || ' ' || (id / 33554432 % 16777216 * 900000) FROM chunks WHERE id / 562949953421312 % 2 = 0 ORDER BY 1").pluck().all();
  const indexed = db.prepare("SELECT kind || ' ' || start FROM spans ORDER BY 1").pluck().all();
  db.close();
  return { stored, indexed };
}
