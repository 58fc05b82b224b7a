import { describe, expect, it } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { createLifecycleEvents, quarantinedEvent } from '../../../src/main/timeline/lifecycle-events';
import { createEventRecorder, toNewEvent } from '../../../src/main/timeline/event-recorder';
import { changesBetween, describeChanges } from '../../../src/main/timeline/settings-changes';
import type { GapReason, SampleBatch } from '../../../src/shared/metrics/reading';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import { createStoreFixture, NOON } from '../../support/store';

/** Lifecycle events over a clock that is set by hand; `recorded` are lines "type: message @seconds after noon". */
function createApp(before: string | null = null, tellsSleep = true) {
  const clock = { wall: NOON, mono: 1000 };
  const recorded: string[] = [];
  const severities: string[] = [];
  const now = (): number => clock.wall;
  const events = createLifecycleEvents({
    record: (event, time = now()) => {
      recorded.push(`${event.type}: ${toNewEvent(event).message} @${(time - NOON) / 1000}`);
      severities.push(event.severity ?? 'info');
    },
    clock: { now, mono: () => clock.mono, ...(tellsSleep ? {} : { awake: () => null }) },
    appVersion: '1.2.3',
    latest: () => before,
  });
  let seq = 0;
  /** A batch after so many ms of the wall clock and of the monotonic clock. */
  const batch = (wall: number, mono: number, gap?: GapReason): void => {
    clock.wall += wall;
    clock.mono += mono;
    seq += 1;
    const sample: SampleBatch = { seq, time: clock.wall, readings: {}, faults: {}, ...(gap === undefined ? {} : { gap }) };
    events.onBatch(sample);
  };
  return { clock, recorded, severities, events, batch };
}

describe('lifecycle events', () => {
  it('are written at start and stop, not at the ticks between', () => {
    const { recorded, events, batch } = createApp();
    batch(0, 0, 'start');
    for (let n = 0; n < 100; n += 1) batch(1000, 1000);
    batch(9000, 9000, 'stall');
    events.stop();
    expect(recorded).toEqual(['monitoring_started: Monitoring started @0', 'monitoring_stopped: Monitoring stopped @109']);
  });

  it('say when the previous run ended unexpectedly, and record no stop without a start', () => {
    const crashed = createApp('monitoring_started');
    crashed.batch(0, 0, 'start');
    expect(crashed.recorded[0]).toContain('The previous run ended unexpectedly');
    const clean = createApp('monitoring_stopped');
    clean.batch(0, 0, 'start');
    expect(clean.recorded).toEqual(['monitoring_started: Monitoring started @0']);
    const never = createApp();
    never.events.stop();
    expect(never.recorded).toEqual([]);
  });

  it('record when sleep began and ended, and clock changes with their size', () => {
    const { recorded, batch } = createApp();
    batch(0, 0, 'start');
    batch(1000, 1000);
    batch(3 * 3_600_000 + 240_000, 500, 'sleep');
    batch(-7_199_000, 1000, 'clock');
    batch(61_000, 1000, 'clock');
    expect(recorded.slice(1)).toEqual([
      'host_slept: Went to sleep @1',
      'host_woke: Resumed from sleep after 3 h 04 min @11041',
      'clock_stepped: System clock moved back 2 h 00 min @3842',
      'clock_stepped: System clock moved forward 1 min 00 s @3903',
    ]);
  });

  it('record stalls of half a minute and more, at most every ten minutes', () => {
    const { recorded, severities, batch } = createApp();
    batch(0, 0, 'start');
    batch(29_000, 29_000, 'stall');
    batch(60_000, 60_000, 'stall');
    batch(60_000, 60_000, 'stall');
    for (let n = 0; n < 600; n += 1) batch(1000, 1000);
    batch(3_600_000, 3_600_000, 'stall');
    expect(recorded.slice(1)).toEqual([
      'monitoring_stalled: No samples for 1 min 00 s: Traywatch was stopped or the machine was overloaded @89',
      'monitoring_stalled: No samples for 1 h 00 min: Traywatch was stopped or the machine was overloaded @4349',
    ]);
    expect(severities.slice(1)).toEqual(['warning', 'warning']);
  });

  it('of a stall wait a minute where it may have been sleep, and are those of a sleep where the system says so', () => {
    const told = createApp(null, false);
    told.batch(0, 0, 'start');
    told.batch(3_600_000, 3_600_000, 'stall');
    expect(told.recorded).toHaveLength(1);
    told.events.onSleepLearned(NOON + 1);
    told.events.onSleepLearned(NOON + 3_600_000);
    told.batch(120_000, 120_000);
    expect(told.recorded.slice(1)).toEqual(['host_slept: Went to sleep @0', 'host_woke: Resumed from sleep after 1 h 00 min @3600']);
    for (const end of ['time', 'another gap', 'stop'] as const) {
      const { batch, events, recorded, clock } = createApp(null, false);
      batch(0, 0, 'start');
      batch(3_600_000, 3_600_000, 'stall');
      for (let n = 0; n < 60; n += 1) batch(1000, 1000);
      expect(recorded).toHaveLength(1);
      if (end === 'time') batch(1000, 1000);
      else if (end === 'another gap') batch(0, 0, 'pause');
      else events.stop();
      events.onSleepLearned(clock.wall);
      expect(recorded[1]).toBe('monitoring_stalled: No samples for 1 h 00 min: Traywatch was stopped or the machine was overloaded @3600');
    }
  });

  it('record a pause and its end once each', () => {
    const { clock, recorded, events } = createApp();
    for (const paused of [false, true, true, false, false]) {
      events.onPaused(paused);
      clock.mono += 60_000;
    }
    expect(recorded).toEqual(['monitoring_paused: Monitoring paused @0', 'monitoring_resumed: Monitoring resumed after 2 min 00 s @0']);
  });

  it('record a collector when its state changes, and one that flaps every ten minutes at most', () => {
    const { clock, recorded, severities, events } = createApp();
    const fault = { kind: 'Timeout', message: 'no answer within 5 s', since: 1, nextAt: null } as const;
    events.onHealth('disk', null);
    events.onHealth('disk', fault);
    events.onHealth('disk', { kind: 'PermissionDenied', message: 'EACCES', since: 1, nextAt: null });
    clock.mono += 5000;
    events.onHealth('disk', null);
    expect(recorded).toEqual(['collector_failing: Disk space: read error (Timed out: no answer within 5 s) @0', 'collector_recovered: Disk space: readable again after 5 s @0']);
    expect(severities).toEqual(['warning', 'info']);
    for (let n = 0; n < 1200; n += 1) {
      clock.mono += 1000;
      events.onHealth('disk', n % 2 === 0 ? fault : null);
    }
    expect(recorded.length).toBeLessThanOrEqual(2 + 4);
    expect(recorded.length).toBeGreaterThan(2);
  });

  it('record changed settings and a restored backup', () => {
    const { recorded, events } = createApp();
    events.onSettings(DEFAULT_SETTINGS, DEFAULT_SETTINGS);
    events.onSettings({ ...DEFAULT_SETTINGS, theme: 'dark', keepDays: 30, maxHistoryMb: 20 }, DEFAULT_SETTINGS);
    const task = { id: 1, kind: 'restore', done: 1, bytes: 1, path: 'x', message: 'The previous history was kept as y.' } as const;
    events.onTask({ ...task, state: 'running' });
    events.onTask({ ...task, kind: 'backup', state: 'done' });
    events.onTask({ ...task, state: 'done' });
    expect(recorded).toEqual([
      'settings_changed: Settings changed: Keep for (days): 730 → 30, Maximum size (MB): none → 20, Theme: System → Dark @0',
      'history_restored: Backup restored. The previous history was kept as y. @0',
    ]);
  });
});

describe('changes of settings', () => {
  it('are listed one by one, without values that are secret, long or a list', () => {
    const before = { a: { b: { on: true, rules: [1] }, webhookUrl: 'https://a.test/x', list: [1] }, smtp: { password: 'x', apiKey: 'k' }, text: 'x', gone: 1, keepDays: 1 };
    const after = { a: { b: { on: false, rules: [1, 2] }, webhookUrl: 'https://b.test/y', list: [1] }, smtp: { password: 'y', apiKey: 'l' }, text: 'y'.repeat(61), fresh: 2, keepDays: 2 };
    const changes = changesBetween(before, after);
    expect(describeChanges(changes)).toBe('a.b.on: on → off, a.b.rules, a.webhookUrl, fresh, gone, Keep for (days): 1 → 2, smtp.apiKey, smtp.password, text');
    expect(JSON.stringify(changes)).not.toMatch(/test\/|"x"|"y"|"k"|"l"/);
  });
});

describe('the event recorder', () => {
  it('cuts a message that is too long, by characters, and logs what is no valid event', () => {
    const place = createStoreFixture();
    const { store } = place.open();
    const lines: string[] = [];
    const record = createEventRecorder(store, { clock: { now: () => NOON }, log: createCallbackLog(({ message }) => lines.push(message)) });
    record({ type: 'note', message: '🚀'.repeat(600) });
    record({ type: 'NOT A TYPE', message: 'x' });
    record(quarantinedEvent({ path: '/x'.repeat(400), reason: 'file is not a database' }));
    const { events } = store.activity.events({ limit: 9 });
    expect(events.map(({ type, message }) => [type, Array.from(message).length, message.slice(-1)])).toEqual([
      ['history_quarantined', 87, ')'],
      ['note', 500, '…'],
    ]);
    expect(lines).toEqual(['an event could not be written']);
  });
});
