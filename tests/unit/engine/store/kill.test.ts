import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../../src/main/engine/store/open-store';
import type { Store } from '../../../../src/main/engine/store/store-types';
import { createCallbackLog } from '../../../support/log';
import { random } from '../../../support/noise';
import { chunkStartsOf, NOON } from '../../../support/store';

/** Under Wine a process takes ten times as long to start. */
const FEWER = process.platform === 'win32' ? 10 : 1;
const KILLS = 200 / FEWER;
const TURNING_KILLS = 40 / FEWER;
/** Runs are a day apart, ms, so that each has a range of its own. */
const APART = 86_400_000;

/** Opens a store after a kill: its file must be undamaged, and the index of its chunks complete. */
function openUndamaged(path: string, now: number): Store {
  // Not only to read: a rollback journal that was left is played back first.
  const check = new Database(path, { fileMustExist: true });
  expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
  check.close();
  const { stored, indexed } = chunkStartsOf(path);
  // Chunks are removed in portions, and the row of the index goes with the last: a kill in between leaves one that names nothing.
  expect(indexed).toEqual(expect.arrayContaining(stored));
  const { store, quarantined } = openStore({ path, clock: { now: () => now, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
  expect(quarantined).toBeNull();
  return store;
}

describe('a writer killed at any time', () => {
  // In node_modules, so that the bundled writer finds better-sqlite3.
  const cache = resolve('node_modules/.cache');
  let folder = '';

  beforeAll(async () => {
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'store-writer-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: resolve('tests/support/store-writer.ts'),
        outDir: folder,
        rollupOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'writer.mjs' } },
      },
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Starts a writer, kills it after this many bytes of output, and resolves to its whole output. */
  async function killAfter(bytes: number, path: string, start: number, mode = 'steady'): Promise<string> {
    const child = spawn(process.execPath, [join(folder, 'writer.mjs'), path, String(start), mode], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.length >= bytes) child.kill('SIGKILL');
    }
    return output;
  }

  it(`loses at most one commit interval, doubles nothing and leaves an undamaged file (${KILLS} times)`, { timeout: 600_000 }, async () => {
    const path = join(folder, 'history.sqlite');
    const next = random(20_261_120);
    let total = 0;
    for (let run = 0; run < KILLS; run += 1) {
      const start = NOON + run * APART;
      const output = await killAfter(Math.ceil(next() * 400), path, start);
      const store = openUndamaged(path, start);
      const range = { series: ['connections.active', 'cpu.load5'], from: start, to: start + 10_000_000 };
      const [active, load] = store.query({ ...range, points: 10_000 }).series;
      const stored = active?.count.length ?? 0;
      expect(stored).toBeLessThanOrEqual(output.length + 1);
      expect(stored).toBeGreaterThan(output.length - 10);
      expect(stored).toBeGreaterThanOrEqual(output.lastIndexOf('c') + 1);
      // The batches 0, 1, 2 … in order, each once.
      expect(active?.avg).toEqual(Array.from({ length: stored }, (_, n) => n));
      expect(load?.count.filter((n) => n > 0)).toEqual(Array.from({ length: stored }, () => 1));
      // The activity log has an event for each stored batch, and for no other: they were committed together.
      const messages = store.activity.events({ limit: 500, text: `${start}` }).events.map(({ message }) => message);
      expect(messages).toEqual(Array.from({ length: stored }, (_, n) => `${start} ${stored - 1 - n}`));
      const incidents = store.activity.openIncidents().filter(({ id }) => id === `${start}`);
      expect(incidents.map(({ value }) => value)).toEqual(stored === 0 ? [] : [stored - 1]);
      const [snapshot] = store.activity.processSnapshots({ from: start, to: start + 10_000_000, limit: 1 });
      expect(snapshot === undefined).toBe(stored === 0);
      expect(new Set(store.activity.processSnapshots({ from: start, to: start + 10_000_000, limit: 200 }).map(({ time }) => time)).size).toBe(Math.min(200, stored));
      // No sample of an earlier run is lost or counted twice in the tiers it was moved to.
      total += stored;
      expect(store.stats({ series: ['cpu.usage'], from: NOON, to: start + APART }).map((one) => one.count)).toEqual([total]);
      store.close();
    }
  });

  it.each([
    ['while checkpoints run outside the event loop', 'turning'],
    ['with a rollback journal', 'unlogged'],
  ])(`loses and doubles nothing %s either (${TURNING_KILLS} times)`, { timeout: 180_000 }, async (_, mode) => {
    const path = join(folder, `${mode}.sqlite`);
    const next = random(7);
    let total = 0;
    for (let run = 0; run < TURNING_KILLS; run += 1) {
      const start = NOON + run * APART;
      const output = await killAfter(Math.ceil(next() * 1500), path, start, mode);
      const store = openUndamaged(path, start);
      const { avg } = store.query({ series: ['connections.active'], from: start, to: start + 10_000_000, points: 10_000 }).series[0] ?? { avg: [] };
      expect(avg.length).toBeLessThanOrEqual(output.length + 1);
      expect(avg).toEqual(Array.from({ length: avg.length }, (_, n) => n));
      total += avg.length;
      expect(store.stats({ series: ['cpu.usage'], from: NOON, to: start + APART }).map((one) => one.count)).toEqual([total]);
      store.close();
    }
    expect(total).toBeGreaterThan(1000 / FEWER);
  });
});
