import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../src/main/engine/store/open-store';
import type { Store } from '../../../src/main/engine/store/store-types';
import { familyOf, seriesKey } from '../../../src/shared/metrics/index';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { silentLog } from '../../bench/quiet-log';
import { dayTable, simulateDay } from '../../demo/day';
import { batchBetween } from '../../demo/batch-between';
import { writeHistory } from '../../demo/history';
import { isAsleep } from '../../demo/history-plan';
import { incidentsOf } from '../../demo/history-activity';
import { MACHINES } from '../../demo/machines';
import { createMachine } from '../../demo/tree';
import type { MachineSpec } from '../../demo/machine';

const END = Date.UTC(2026, 10, 26, 14);
const DAY = 86_400_000;

function plan(spec: MachineSpec, days: number, folder = '') {
  const machine = createMachine({ spec, seed: 3, boot: END - (days + 1) * DAY, anchor: END, zone: 0 });
  return { machine, path: join(folder, 'history.sqlite'), root: join(folder, 'past'), days, end: END, zone: 0 };
}

async function written(spec: MachineSpec, days: number): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'made-up-'));
  const made = plan(spec, days, folder);
  const done: number[] = [];
  await writeHistory(made, (part) => done.push(part));
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  const { store, quarantined } = openStore({ path: made.path, clock: { now: () => END, mono: () => 0 }, log: silentLog, keepDays: 730 });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  expect(quarantined).toBeNull();
  return store;
}

const points = (store: Store, key: string, from: number, to: number, count: number) => (store.query({ series: [key], from, to, points: count }).series[0]?.avg ?? []).filter((avg) => avg !== null);

describe('the history of a made-up machine', () => {
  it('has every headline up to now, alerts, events and processes, in the real store', { timeout: 120_000 }, async () => {
    const store = await written(MACHINES.board, 3);
    for (const id of ['cpu', 'memory', 'disk', 'diskio', 'network', 'temperature', 'frequency', 'connections', 'uptime'] as const) {
      const key = seriesKey(id, familyOf(id).headline);
      const found = points(store, key, END - 2 * DAY, END, 48);
      expect([id, found.length > 24]).toEqual([id, true]);
    }
    const incidents = store.activity.incidents({ from: END - 3 * DAY, to: END, openOnly: false, limit: 100 });
    expect(incidents.length).toBeGreaterThan(0);
    expect(incidents[0]?.culprits[0]?.name).toBe('motion');
    expect(store.activity.events({ types: ['alert_fired'], limit: 10 }).total).toBe(incidents.length);
    expect(store.activity.processSnapshots({ from: END - DAY, to: END, limit: 5 })[0]?.processes.length).toBeGreaterThan(2);
  });

  it('is asleep at night where the machine is, and shows no value there', { timeout: 120_000 }, async () => {
    const store = await written(MACHINES.laptop, 1.5);
    const night = Date.UTC(2026, 10, 26, 3);
    expect(isAsleep(plan(MACHINES.laptop, 1), night)).toBe(true);
    const values = (from: number): number => points(store, 'cpu.usage', from, from + 3_600_000, 60).length;
    expect([values(night), values(night + 8 * 3_600_000)]).toEqual([0, expect.toSatisfy((count: number) => count > 50)]);
    expect(store.activity.events({ types: ['host_slept', 'host_woke'], limit: 10 }).total).toBeGreaterThanOrEqual(2);
  });

  it('is awake where it never sleeps, and while the demo is about to start', () => {
    expect(isAsleep(plan(MACHINES.server, 1), Date.UTC(2026, 10, 26, 3))).toBe(false);
    const night = Date.UTC(2026, 10, 26, 3);
    expect(isAsleep({ ...plan(MACHINES.laptop, 1), end: night }, night - 60_000)).toBe(false);
  });

  it('has alerts at the builds, each of which ends before the next begins', () => {
    const incidents = incidentsOf(plan(MACHINES.laptop, 20));
    expect(incidents.length).toBeGreaterThan(10);
    for (const [index, { firedAt, clearedAt, peak }] of incidents.entries()) {
      expect(peak).toBeGreaterThanOrEqual(70);
      expect(clearedAt).toBeGreaterThan(firedAt);
      expect(firedAt).toBeGreaterThan(incidents[index - 1]?.clearedAt ?? 0);
    }
  });

  it('between two reads lies between them, stays within 0–100 %, and has nothing that one of them lacks', () => {
    const batch = (time: number, usage: number | null, extra: object): SampleBatch => ({ seq: 1, time, readings: { cpu: { values: { usage, cores: 8 }, devices: {} }, ...extra }, faults: {} });
    const [a, b] = [batch(0, 90, {}), batch(60_000, 100, { memory: { values: { usage: 3 }, devices: {} } })];
    for (let time = 1000; time < 60_000; time += 1000) {
      const { readings } = batchBetween(a, b, time);
      expect(Object.keys(readings)).toEqual(['cpu']);
      expect(readings.cpu?.values['cores']).toBe(8);
      expect(readings.cpu?.values['usage']).toBeGreaterThan(80);
      expect(readings.cpu?.values['usage']).toBeLessThanOrEqual(100);
    }
    expect(batchBetween(batch(0, null, {}), b, 500).readings.cpu?.values).not.toHaveProperty('usage');
  });
});

describe('a simulated day', () => {
  it('says which rules fired, how often it notified, and how long a mark was shown', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'day-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const from = Date.UTC(2026, 10, 26);
    const machine = createMachine({ spec: MACHINES.board, seed: 1, boot: from - DAY, anchor: from, zone: 0 });
    const result = await simulateDay({ machine, root: join(folder, 'tree'), from, step: 30_000 });
    expect(result.samples).toBe(86_371);
    expect(result.rules.find(({ rule }) => rule === 'cpu-usage')?.warnings).toBeGreaterThan(0);
    for (const { warnings, criticals, open } of result.rules) {
      expect(warnings + criticals).toBeGreaterThan(0);
      expect(open).toBeLessThanOrEqual(1);
    }
    const lines = dayTable('board', result);
    expect(lines[0]).toMatch(/^board: a day of 86371 samples/);
    expect(lines.slice(-2)).toEqual([expect.stringMatching(/^ {2}all: \d+ warnings, \d+ criticals, \d+ notifications$/), expect.stringMatching(/^ {2}marked: warning [\d.]+ %, critical [\d.]+ % of the day$/)]);
  });
});
