/** How long a device was absent is measured by the time in which the app ran: no step of the wall clock throws one out. */
import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IDLE_LIMIT, isIdle, runTimeOf } from '../../../src/main/access/expiry';
import { openAccess, pairDevice } from '../../support/access';
import { FakeTime } from '../../support/collectors';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

describe('a step of the wall clock', () => {
  it('from 1970 to now throws nobody out', async () => {
    const time = new FakeTime();
    time.wall = 60_000;
    const harness = openAccess({ time });
    const { tokens } = pairDevice(harness);
    time.wall = Date.UTC(2026, 9, 1);
    await time.pass(60_000);
    expect(harness.access.refresh(tokens.refresh, '192.168.1.20').kind).toBe('ok');
  });

  it('a year ahead and back, with a device paired in between, leaves four of four', () => {
    const harness = openAccess();
    const before = ['A', 'B', 'C'].map((name) => pairDevice(harness, { name }));
    harness.time.wall += YEAR;
    pairDevice(harness, { name: 'D' });
    expect(harness.access.summary().devices).toHaveLength(4);
    harness.time.wall -= YEAR;
    expect(harness.access.summary().devices).toHaveLength(4);
    for (const { tokens } of before) expect(harness.access.refresh(tokens.refresh, '192.168.1.20').kind).toBe('ok');
  });

  it('while the app does not run throws nobody out either', () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    harness.access.close();
    harness.time.wall += 50 * YEAR;
    const after = harness.restart();
    expect(after.access.summary().devices).toHaveLength(1);
    expect(after.access.refresh(tokens.refresh, '192.168.1.20').kind).toBe('ok');
  });

  it('between the refreshes of two tabs signs neither out', () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    const first = harness.access.refresh(tokens.refresh, '192.168.1.20');
    if (first.kind !== 'ok') throw new Error(first.kind);
    void harness.access.authenticate({ cookies: { '__Host-traywatch': first.tokens.access }, authorization: undefined, address: '192.168.1.20' });
    harness.time.wall += YEAR;
    expect(harness.access.refresh(tokens.refresh, '192.168.1.20')).toMatchObject({ kind: 'ok', tokens: { refresh: first.tokens.refresh } });
  });
});

describe('absence', () => {
  it('counts over restarts and crashes, and ends in a sign-out', async () => {
    let harness = openAccess();
    const { tokens } = pairDevice(harness);
    for (let run = 0; run < 31; run += 1) {
      await harness.time.pass(DAY);
      // Every other run ends in a crash: at most six hours of it are not counted.
      if (run % 2 === 0) harness.access.close();
      harness.time.dropTimers();
      harness = harness.restart();
    }
    await harness.time.pass(5 * DAY);
    expect(harness.access.refresh(tokens.refresh, '192.168.1.20')).toEqual({ kind: 'wrong' });
    expect(harness.access.summary().devices).toEqual([]);
  });

  it('of devices of a file of version 1 counts from now on', () => {
    const harness = openAccess();
    const { tokens } = pairDevice(harness);
    harness.access.close();
    const { runTime: _runTime, ...stored } = JSON.parse(readFileSync(harness.path, 'utf8')) as { runTime: number; devices: { refresh: { seenAt?: number; rotatedAt: number } }[] };
    for (const { refresh } of stored.devices) {
      delete refresh.seenAt;
      refresh.rotatedAt -= 40 * DAY;
    }
    writeFileSync(harness.path, JSON.stringify({ ...stored, version: 1 }));
    const after = harness.restart();
    expect(after.access.summary()).toMatchObject({ problem: null, devices: [{ name: 'Phone' }] });
    expect(after.access.refresh(tokens.refresh, '192.168.1.20').kind).toBe('ok');
    expect(JSON.parse(readFileSync(harness.path, 'utf8'))).toMatchObject({ version: 2 });
  });

  it('whatever the wall clock does, a device in use stays, and one absent for the limit goes', async () => {
    const step = oneof(
      record({ kind: constantFrom('wall' as const), by: integer({ min: -60 * YEAR, max: 60 * YEAR }) }),
      record({ kind: constantFrom('pass' as const, 'sleep' as const), by: integer({ min: 0, max: 12 * DAY }) }),
      record({ kind: constantFrom('restart' as const, 'crash' as const, 'use' as const, 'pair' as const), by: constantFrom(0) }),
    );
    await assert(
      asyncProperty(array(step, { maxLength: 15 }), async (steps) => {
        let harness = openAccess();
        let { refresh } = pairDevice(harness, { name: 'Owner' }).tokens;
        let absent = 0;
        for (const { kind, by } of steps) {
          if (kind === 'wall') harness.time.wall = Math.max(0, harness.time.wall + by);
          else if (kind === 'pass') await harness.time.pass(by);
          else if (kind === 'sleep') harness.time.sleep(by);
          else if (kind === 'pair') pairDevice(harness, { name: 'Other' });
          else if (kind !== 'use') {
            if (kind === 'restart') harness.access.close();
            harness.time.dropTimers();
            harness = harness.restart();
          }
          if (kind === 'pass' || kind === 'sleep') absent += by;
          if (kind !== 'use' && absent <= IDLE_LIMIT) continue;
          const result = harness.access.refresh(refresh, '192.168.1.20');
          if (absent <= IDLE_LIMIT) expect(result.kind).toBe('ok');
          if (result.kind !== 'ok') return;
          refresh = result.tokens.refresh;
          absent = 0;
        }
        if (absent <= IDLE_LIMIT) expect(harness.access.summary().devices.some(({ name }) => name === 'Owner')).toBe(true);
      }),
      { numRuns: 15 },
    );
  }, 30_000);

  it('is run time: it never goes back, and the limit itself is still in time', () => {
    expect(runTimeOf(500, 1000, 1700)).toBe(1200);
    expect(runTimeOf(500, 1000, 10)).toBe(500);
    expect([isIdle({ seenAt: 10 }, IDLE_LIMIT + 10), isIdle({ seenAt: 10 }, IDLE_LIMIT + 11), isIdle({ seenAt: 10 }, 0)]).toEqual([false, true, false]);
  });
});
