import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../../src/main/engine/log';
import { createLifecycleEvents, quarantinedEvent } from '../../../src/main/timeline/lifecycle-events';
import { createRecorder, toNewEvent } from '../../../src/main/timeline/event-recorder';
import { changesBetween, describeChanges } from '../../../src/main/timeline/settings-changes';
import type { GapReason, SampleBatch } from '../../../src/shared/metrics/reading';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import { createStoreFixture, NOON } from '../../support/store';

/** The life of an app with a clock to be moved; what it wrote is told as "type: message @seconds after noon". */
function life(before: string | null = null) {
  const clock = { wall: NOON, mono: 1000 };
  const told: string[] = [];
  const severities: string[] = [];
  const now = (): number => clock.wall;
  const events = createLifecycleEvents({
    record: (event, time = now()) => {
      told.push(`${event.type}: ${toNewEvent(event).message} @${(time - NOON) / 1000}`);
      severities.push(event.severity ?? 'info');
    },
    clock: { now, mono: () => clock.mono },
    appVersion: '1.2.3',
    latest: () => before,
  });
  let seq = 0;
  /** A batch after so many ms of the wall clock and of the monotonic one. */
  const batch = (wall: number, mono: number, gap?: GapReason): void => {
    clock.wall += wall;
    clock.mono += mono;
    seq += 1;
    const sample: SampleBatch = { seq, time: clock.wall, readings: {}, faults: {}, ...(gap === undefined ? {} : { gap }) };
    events.onBatch(sample);
  };
  return { clock, told, severities, events, batch };
}

describe('the app’s own life', () => {
  it('tells of start and end, and nothing of the ticks between', () => {
    const { told, events, batch } = life();
    batch(0, 0, 'start');
    for (let n = 0; n < 100; n += 1) batch(1000, 1000);
    batch(9000, 9000, 'stall');
    events.stop();
    expect(told).toEqual(['monitoring_started: Monitoring started @0', 'monitoring_stopped: Monitoring stopped @109']);
  });

  it('says when the run before ended without notice, and nothing of an end without a start', () => {
    const crashed = life('monitoring_started');
    crashed.batch(0, 0, 'start');
    expect(crashed.told[0]).toContain('The run before ended without notice');
    const clean = life('monitoring_stopped');
    clean.batch(0, 0, 'start');
    expect(clean.told).toEqual(['monitoring_started: Monitoring started @0']);
    const never = life();
    never.events.stop();
    expect(never.told).toEqual([]);
  });

  it('tells of sleep when it began and ended, and of clock steps by how much', () => {
    const { told, batch } = life();
    batch(0, 0, 'start');
    batch(1000, 1000);
    batch(3 * 3_600_000 + 240_000, 500, 'sleep');
    batch(-7_199_000, 1000, 'clock');
    batch(61_000, 1000, 'clock');
    expect(told.slice(1)).toEqual([
      'host_slept: The computer went to sleep @1',
      'host_woke: The computer woke after 3 h 04 min asleep @11041',
      'clock_stepped: The clock was set back by 2 h 00 min @3842',
      'clock_stepped: The clock was set forward by 1 min 00 s @3903',
    ]);
  });

  it('tells of half a minute and more in which nothing could be read, every ten minutes at most', () => {
    const { told, severities, batch } = life();
    batch(0, 0, 'start');
    batch(29_000, 29_000, 'stall');
    batch(60_000, 60_000, 'stall');
    batch(60_000, 60_000, 'stall');
    for (let n = 0; n < 600; n += 1) batch(1000, 1000);
    batch(3_600_000, 3_600_000, 'stall');
    expect(told.slice(1)).toEqual([
      'monitoring_stalled: Nothing could be read for 1 min 00 s: Traywatch was stopped, or the machine had no time for it @89',
      'monitoring_stalled: Nothing could be read for 1 h 00 min: Traywatch was stopped, or the machine had no time for it @4349',
    ]);
    expect(severities.slice(1)).toEqual(['warning', 'warning']);
  });

  it('tells of a pause and its end once each', () => {
    const { clock, told, events } = life();
    for (const paused of [false, true, true, false, false]) {
      events.onPaused(paused);
      clock.mono += 60_000;
    }
    expect(told).toEqual(['monitoring_paused: Monitoring paused @0', 'monitoring_resumed: Monitoring resumed after 2 min 00 s @0']);
  });

  it('tells of a collector at its turns only, and of one that flaps every ten minutes at most', () => {
    const { clock, told, severities, events } = life();
    const fault = { kind: 'Timeout', message: 'no answer within 5 s' } as const;
    events.onHealth('disk', null);
    events.onHealth('disk', fault);
    events.onHealth('disk', { kind: 'PermissionDenied', message: 'EACCES' });
    clock.mono += 5000;
    events.onHealth('disk', null);
    expect(told).toEqual(['collector_failing: Disk space cannot be read: no answer within 5 s @0', 'collector_recovered: Disk space can be read again after 5 s @0']);
    expect(severities).toEqual(['warning', 'info']);
    for (let n = 0; n < 1200; n += 1) {
      clock.mono += 1000;
      events.onHealth('disk', n % 2 === 0 ? fault : null);
    }
    expect(told.length).toBeLessThanOrEqual(2 + 4);
    expect(told.length).toBeGreaterThan(2);
  });

  it('tells what of the settings changed, and of a backup put in place', () => {
    const { told, events } = life();
    events.onSettings(DEFAULT_SETTINGS, DEFAULT_SETTINGS);
    events.onSettings({ ...DEFAULT_SETTINGS, theme: 'dark', keepDays: 30, maxHistoryMb: 20 }, DEFAULT_SETTINGS);
    const task = { id: 1, kind: 'restore', done: 1, bytes: 1, path: 'x', message: 'The history before is kept as y.' } as const;
    events.onTask({ ...task, state: 'running' });
    events.onTask({ ...task, kind: 'backup', state: 'done' });
    events.onTask({ ...task, state: 'done' });
    expect(told).toEqual([
      'settings_changed: Settings changed: keepDays: 730 → 30, maxHistoryMb: none → 20, theme: system → dark @0',
      'history_restored: A backup was restored. The history before is kept as y. @0',
    ]);
  });
});

describe('changes of settings', () => {
  it('are told one by one, without what is secret, long or a list', () => {
    const before = { a: { b: { on: true, rules: [1] }, webhookUrl: 'https://a.test/x', list: [1] }, smtp: { password: 'x', apiKey: 'k' }, text: 'x', gone: 1, keepDays: 1 };
    const after = { a: { b: { on: false, rules: [1, 2] }, webhookUrl: 'https://b.test/y', list: [1] }, smtp: { password: 'y', apiKey: 'l' }, text: 'y'.repeat(61), fresh: 2, keepDays: 2 };
    const changes = changesBetween(before, after);
    expect(describeChanges(changes)).toBe('a.b.on: on → off, a.b.rules, a.webhookUrl, fresh, gone, keepDays: 1 → 2, smtp.apiKey, smtp.password, text');
    expect(JSON.stringify(changes)).not.toMatch(/test\/|"x"|"y"|"k"|"l"/);
  });
});

describe('a recorder', () => {
  it('cuts what is too long, by characters, and logs what cannot be an event', () => {
    const place = createStoreFixture();
    const { store } = place.open();
    const lines: string[] = [];
    const record = createRecorder(store, { clock: { now: () => NOON }, log: createCallbackLog(({ message }) => lines.push(message)) });
    record({ type: 'note', message: '🚀'.repeat(600) });
    record({ type: 'NOT A TYPE', message: 'x' });
    record(quarantinedEvent({ path: '/x'.repeat(400), reason: 'file is not a database' }));
    const { events } = store.activity.events({ limit: 9 });
    expect(events.map(({ type, message }) => [type, Array.from(message).length, message.slice(-1)])).toEqual([
      ['history_quarantined', 93, 'e'],
      ['note', 500, '…'],
    ]);
    expect(lines).toEqual(['an event could not be written']);
  });
});
