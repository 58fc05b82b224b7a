import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../../src/main/engine/log';
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
