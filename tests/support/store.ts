import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCallbackLog } from './log';
import { openStore } from '../../src/main/engine/store/open-store';
import type { Quarantined, StoreOptions } from '../../src/main/engine/store/open-store';
import type { Store } from '../../src/main/engine/store/store-types';
import type { GapReason, SampleBatch, Value } from '../../src/shared/metrics/reading';
import type { SeriesPoints } from '../../src/shared/series/types';

/** Noon UTC, so that buckets of any width up to half a day begin here. */
export const NOON = Date.UTC(2026, 10, 20, 12);

export interface Bench {
  readonly folder: string;
  readonly path: string;
  readonly clock: { wall: number; mono: number };
  readonly lines: string[];
  readonly open: (extra?: Partial<StoreOptions>) => { store: Store; quarantined: Quarantined | null };
}

/** A temporary folder, a clock to be moved and a log to be read; stores opened here are closed after the test. */
export function bench(): Bench {
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

/** A batch of the processor's usage at `seconds` after noon. */
export function cpuBatch(seconds: number, usage: Value, gap?: GapReason): SampleBatch {
  return batchOf(seconds, { cpu: { usage } }, gap);
}

/** A batch of whole-machine values. */
export function batchOf(seconds: number, values: Record<string, Record<string, Value>>, gap?: GapReason): SampleBatch {
  const readings = Object.fromEntries(Object.entries(values).map(([family, own]) => [family, { values: own, devices: {} }]));
  return { seq: seconds + 1, time: NOON + seconds * 1000, readings, faults: {}, ...(gap === undefined ? {} : { gap }) };
}

/** Points of one series between two times in seconds after noon. */
export function pointsOf(store: Store, key: string, from: number, to: number, points = 10_000): SeriesPoints {
  const [answer] = store.query({ series: [key], from: NOON + from * 1000, to: NOON + to * 1000, points }).series;
  if (answer === undefined) throw new Error('no answer for the series asked');
  return answer;
}

/** The points as "seconds:average", a hole as "seconds:–". */
export function drawn(points: SeriesPoints): string {
  return points.time.map((time, i) => `${(time - NOON) / 1000}:${points.count[i] === 0 ? '–' : points.avg[i]}`).join(' ');
}

/** Spans of the chunks there are, and those that the table of spans tells of: "kind start", in order. */
export function chunkSpansOf(path: string): { found: unknown[]; told: unknown[] } {
  const db = new Database(path, { readonly: true });
  const found = db.prepare("SELECT DISTINCT (id / 562949953421312) || ' ' || (id / 33554432 % 16777216 * 900000) FROM chunks WHERE id / 562949953421312 % 2 = 0 ORDER BY 1").pluck().all();
  const told = db.prepare("SELECT kind || ' ' || start FROM spans ORDER BY 1").pluck().all();
  db.close();
  return { found, told };
}

/** A generator of the same numbers each time (mulberry32), so that a failure can be had again. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
