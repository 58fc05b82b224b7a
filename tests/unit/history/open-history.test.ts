import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../support/log';
import type { Store } from '../../../src/main/engine/store/store-types';
import { openHistory } from '../../../src/main/history/open-history';
import { createNotices } from '../../../src/main/timeline/notices';
import { cpuBatch, NOON, runMaintenance } from '../../support/store';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A history in a folder of its own, with clocks to be moved. */
function history(path = join(mkdtempSync(join(tmpdir(), 'traywatch-history-')), 'data', 'history.sqlite')) {
  const clock = { wall: NOON, mono: 0 };
  const now = (): number => clock.wall;
  const notices = createNotices(now, () => undefined);
  const lines: string[] = [];
  const log = createCallbackLog(({ level, message }) => lines.push(`${level} ${message}`));
  const { store } = openHistory({ path, clock: { now, mono: () => clock.mono, boot: () => clock.mono }, log, notices, limits: { keepDays: 730, maxBytes: null } });
  onTestFinished(() => {
    store.close();
    rmSync(join(path, '..', '..'), { recursive: true, force: true });
  });
  return { path, clock, notices, lines, store };
}

/** Events as "type: message", oldest first. */
const told = (store: Store): string[] => store.activity.events({ limit: 100 }).events.map(({ type, message }) => `${type}: ${message}`).reverse();

describe('a history', () => {
  it('whose file is replaced, removed or written over tells so with one notice and one event', () => {
    const { path, clock, notices, store } = history();
    const append = (): void => {
      clock.wall += 1000;
      store.append({ ...cpuBatch(0, 1), time: clock.wall });
      store.commit();
    };
    for (let n = 0; n < 20; n += 1) append();
    copyFileSync(path, `${path}.x`);
    renameSync(`${path}.x`, path);
    for (let n = 0; n < 20; n += 1) append();
    const [notice, ...others] = notices.list();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ id: 'history-replaced', severity: 'warning', title: 'The history file was replaced while in use', dismissible: true });
    expect(notice?.body).toMatch(/^It was saved again as history\.sqlite, with what could be read\. The other file was kept as history\.replaced-\S+\.sqlite; restore it in Settings/);
    expect(told(store)).toEqual([expect.stringMatching(/^history_replaced: The history file was replaced while in use; what could be read of it is kept\. What took its place is kept as history\.replaced-\S+\.sqlite\.$/)]);
    expect(JSON.stringify([notices.list(), store.activity.events({ limit: 9 })])).not.toContain(dirname(path));
    rmSync(path);
    append();
    expect(told(store).slice(1)).toEqual(['history_replaced: The history file was removed while in use; what could be read of it is kept.']);
    writeFileSync(path, '');
    append();
    expect(told(store).at(-1)).toMatch(/^history_replaced: The history file was written over while in use/);
    expect(notices.list()).toHaveLength(1);
    expect(store.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBeGreaterThan(0);
  });

  it('that was saved before a loss of power tells so at the next start', () => {
    const first = history();
    first.store.append(cpuBatch(1, 1));
    first.store.close();
    renameSync(first.path, `${first.path}.saved`);
    const { notices, store } = history(first.path);
    expect(notices.list().map(({ title }) => title)).toEqual(['The history file was replaced while in use']);
    expect(told(store)).toEqual(['history_replaced: The history file was replaced while in use; what could be read of it is kept.']);
  });

  it('where the write-ahead log does not work is kept all the same, with one notice', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'traywatch-history-')), 'data', 'history.sqlite');
    // A folder in the place of its shared memory stands for a network share.
    mkdirSync(`${path}-shm`, { recursive: true });
    const { notices, store, lines } = history(path);
    for (let n = 0; n < 50; n += 1) {
      store.append(cpuBatch(n, n));
      expect(store.commit()).toBe(true);
    }
    expect(store.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(50);
    expect(notices.list().map(({ id }) => id)).toEqual(['history-no-log']);
    expect(lines).toEqual([expect.stringMatching(/^warn the write-ahead log does not work here/)]);
    expect(told(store)).toEqual([]);
  });

  it('in memory only, beside one that must not be touched, keeps what it is given', () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-history-'));
    const path = join(folder, 'data', 'history.sqlite');
    mkdirSync(dirname(path));
    const newer = new Database(path);
    newer.pragma('user_version = 99');
    newer.exec('CREATE TABLE a (b)');
    newer.close();
    const { notices, store, lines } = history(path);
    for (let n = 0; n < 50; n += 1) {
      store.append(cpuBatch(n, n));
      expect(store.commit()).toBe(true);
    }
    expect(store.stats({ series: ['cpu.usage'], from: 0, to: NOON * 2 })[0]?.count).toBe(50);
    expect(notices.list().map(({ id }) => id)).toEqual(['history-refused']);
    expect(lines).toEqual(['error the history file is left unchanged; the history is in memory only']);
  });

  it('tells in the timeline that retention followed a clock that stayed ahead, and nothing of a night', () => {
    const { clock, store } = history();
    const live = (hours: number): void => {
      for (let hour = 0; hour < hours; hour += 1) {
        clock.wall += HOUR;
        clock.mono += HOUR;
        store.append({ ...cpuBatch(0, 1), time: clock.wall });
        store.commit();
        runMaintenance(store, clock.wall);
      }
    };
    live(30);
    clock.wall += 12 * HOUR;
    live(10);
    expect(told(store)).toEqual([]);
    clock.wall += 60 * DAY;
    live(50);
    expect(told(store)).toEqual([]);
    live(20);
    expect(told(store)).toEqual(['retention_moved: The clock has stayed 60 d 00 h ahead and is taken as right: what is older than the limits by it is removed']);
  });
});
