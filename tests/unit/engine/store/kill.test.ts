import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../../src/main/engine/store/open-store';
import { createCallbackLog } from '../../../support/log';
import { NOON, numbers, chunkSpansOf } from '../../../support/store';

const KILLS = 200;
const TURNING_KILLS = 40;
/** Runs are a day apart, so that each has a range of its own. */
const APART = 86_400_000;

describe('a writer killed at any moment', () => {
  // Below node_modules, where the built writer finds better-sqlite3.
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

  /** Starts a writer, kills it after so many bytes, and resolves to all the bytes it wrote. */
  async function killAfter(bytes: number, path: string, start: number, mode = 'steady'): Promise<string> {
    const child = spawn(process.execPath, [join(folder, 'writer.mjs'), path, String(start), mode], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.length >= bytes) child.kill('SIGKILL');
    }
    return output;
  }

  it(`loses at most one commit interval, doubles nothing and leaves a sound file (${KILLS} times)`, { timeout: 600_000 }, async () => {
    const path = join(folder, 'history.sqlite');
    const random = numbers(20_261_120);
    let total = 0;
    for (let run = 0; run < KILLS; run += 1) {
      const start = NOON + run * APART;
      const output = await killAfter(Math.ceil(random() * 400), path, start);
      const check = new Database(path, { readonly: true });
      expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
      check.close();
      const { found, told } = chunkSpansOf(path);
      expect(told).toEqual(found);

      const { store, quarantined } = openStore({ path, clock: { now: () => start, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
      expect(quarantined).toBeNull();
      const range = { series: ['connections.active', 'cpu.load5'], from: start, to: start + 10_000_000 };
      const answer = store.query({ ...range, points: 10_000 });
      const [active, load] = answer.series;
      const stored = active?.count.length ?? 0;
      expect(stored).toBeLessThanOrEqual(output.length + 1);
      expect(stored).toBeGreaterThan(output.length - 10);
      expect(stored).toBeGreaterThanOrEqual(output.lastIndexOf('c') + 1);
      // The batches 0, 1, 2 … in order, each once: none missing, none twice.
      expect(active?.avg).toEqual(Array.from({ length: stored }, (_, n) => n));
      expect(load?.count.filter((n) => n > 0)).toEqual(Array.from({ length: stored }, () => 1));
      // Of each batch that is there the journal tells, and of no other: they were written together.
      const messages = store.activity.events({ limit: 500, text: `${start}` }).events.map(({ message }) => message);
      expect(messages).toEqual(Array.from({ length: stored }, (_, n) => `${start} ${stored - 1 - n}`));
      const mine = store.activity.openIncidents().filter(({ id }) => id === `${start}`);
      expect(mine.map(({ value }) => value)).toEqual(stored === 0 ? [] : [stored - 1]);
      const [snapshot] = store.activity.top({ from: start, to: start + 10_000_000, limit: 1 });
      expect(snapshot === undefined).toBe(stored === 0);
      expect(new Set(store.activity.top({ from: start, to: start + 10_000_000, limit: 200 }).map(({ time }) => time)).size).toBe(Math.min(200, stored));
      // No run before is counted twice, or less, by the tiers its samples went to.
      total += stored;
      expect(store.stats({ series: ['cpu.usage'], from: NOON, to: start + APART }).map((one) => one.count)).toEqual([total]);
      store.close();
    }
  });

  it(`does no harm while checkpoints are made beside it either (${TURNING_KILLS} times)`, { timeout: 180_000 }, async () => {
    const path = join(folder, 'turning.sqlite');
    const random = numbers(7);
    let total = 0;
    for (let run = 0; run < TURNING_KILLS; run += 1) {
      const start = NOON + run * APART;
      const output = await killAfter(Math.ceil(random() * 1500), path, start, 'turning');
      const check = new Database(path, { readonly: true });
      expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
      check.close();
      const { found, told } = chunkSpansOf(path);
      expect(told).toEqual(found);
      const { store, quarantined } = openStore({ path, clock: { now: () => start, mono: () => 0 }, log: createCallbackLog(() => undefined), keepDays: 730 });
      expect(quarantined).toBeNull();
      const { avg } = store.query({ series: ['connections.active'], from: start, to: start + 10_000_000, points: 10_000 }).series[0] ?? { avg: [] };
      expect(avg.length).toBeLessThanOrEqual(output.length + 1);
      expect(avg).toEqual(Array.from({ length: avg.length }, (_, n) => n));
      total += avg.length;
      expect(store.stats({ series: ['cpu.usage'], from: NOON, to: start + APART }).map((one) => one.count)).toEqual([total]);
      store.close();
    }
    expect(total).toBeGreaterThan(1000);
  });
});
