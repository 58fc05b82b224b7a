/** Incidents whose value can no longer be read: they end once their state is unknown for an hour. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/main/engine/alerts/policy';
import type { NotificationContext } from '../../../../src/main/engine/alerts/policy';
import { toAlertText } from '../../../../src/shared/alerts/alert-text';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import type { EvaluatedEvent, IncidentEvent } from '../../../../src/shared/alerts/incident-event';
import type { GapReason, Reading, Value } from '../../../../src/shared/metrics/reading';
import { device, reading, ruleOf, SimulatedMachine } from '../../../support/evaluator';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const temperature = DEFAULT_RULES.find(({ id }) => id === 'temperature') ?? ruleOf();
const sensor = (celsius: Value, ...others: readonly Value[]): Reading =>
  reading({ hottest: celsius }, Object.fromEntries([celsius, ...others].map((value, at) => [`s${at}`, device({ value }, { warning: 80, critical: 95 }, `Sensor ${at}`)])));

/** A machine whose sensor has been critical for a minute; the incident fired after 20 s. */
const hot = (): SimulatedMachine => new SimulatedMachine(temperature).run(MINUTE, 'temperature', () => sensor(96), 5);
/** Batches without a temperature, one every `every` seconds, as when its read hangs and was reported once. */
const silent = (machine: SimulatedMachine, seconds: number, every = 1): SimulatedMachine => {
  for (let at = every; at <= seconds; at += every) machine.pass(every).batch({ cpu: reading({ usage: 5 }) });
  return machine;
};

const lastOf = ({ events }: SimulatedMachine): EvaluatedEvent | undefined => events.at(-1);
/** An event with its rule. */
function withRule(event: EvaluatedEvent | undefined): IncidentEvent {
  if (event === undefined || event.rule === null) throw new Error('there is no event with a rule');
  return { ...event, rule: event.rule };
}

const notified: NotificationContext = { paused: false, snoozes: [], acknowledged: false, wasDelivered: true, settings: { quietHours: [], criticalBypassesQuietHours: true }, now: 0, offsetAt: () => 0, doNotDisturb: false };

describe('an incident whose family fails', () => {
  it('ends after an hour, and says so once', () => {
    const machine = hot().fail(2 * HOUR, 'temperature');
    expect(machine.lines).toEqual(['20 fired critical', '3660 resolved deviceGone']);
    expect(machine.evaluator.open()).toEqual([]);
    const end = withRule(lastOf(machine));
    expect(end).toMatchObject({ cause: 'unreadable', incident: { clearedAt: end.at, peak: 96 } });
    expect(toAlertText(end)).toEqual({ title: 'Temperature Sensor 0: no longer measured', body: 'After 1\u202fh 1\u202fmin · peak 96\u202f°C' });
    expect(decide(end, notified).reason).toBeNull();
    expect(decide(end, { ...notified, wasDelivered: false }).reason).toBe('not-announced');
  });

  it('stays open for less than an hour, and goes on when the value is back', () => {
    const machine = hot().fail(HOUR - 1, 'temperature').run(MINUTE, 'temperature', () => sensor(96), 5).fail(HOUR - 1, 'temperature');
    expect(machine.lines).toEqual(['20 fired critical']);
    expect(machine.run(5 * MINUTE, 'temperature', () => sensor(50), 5).lines.at(-1)).toMatch(/resolved$/);
  });

  it('ends also where nothing is said about it: its read hangs, or its collector is off', () => {
    expect(silent(hot(), 2 * HOUR).lines).toEqual(['20 fired critical', '3660 resolved deviceGone']);
    expect(silent(hot(), 2 * HOUR, 2).lines).toEqual(['20 fired critical', '3660 resolved deviceGone']);
    expect(hot().cpu(HOUR / 2, 5).fail(2 * HOUR, 'temperature').lines.at(-1)).toBe('3660 resolved deviceGone');
  });

  it('of the whole machine ends in the same way', () => {
    const machine = new SimulatedMachine(ruleOf({ warning: { threshold: 70, forSeconds: 0 } })).cpu(10, 80).fail(2 * HOUR, 'cpu');
    expect(machine.lines).toEqual(['1 fired warning', '3610 resolved deviceGone']);
    expect(toAlertText(withRule(lastOf(machine))).title).toBe('CPU: no longer measured');
  });

  it('opens anew when a value is back and still past its threshold, in its cooldown without a notification, and does not flap', () => {
    const machine = hot().fail(2 * HOUR, 'temperature').run(MINUTE, 'temperature', () => sensor(96), 5);
    expect(machine.lines.slice(2)).toEqual(['7280 fired critical']);
    for (let round = 0; round < 20; round += 1) machine.fail(10 * MINUTE, 'temperature').run(MINUTE, 'temperature', () => sensor(96), 5);
    expect(machine.lines.slice(3)).toEqual([]);
    // It fails for an hour, gives its value for a minute, fails again: one incident a time, each as long as the silence.
    machine.fail(HOUR, 'temperature').run(MINUTE, 'temperature', () => sensor(96), 5).fail(HOUR, 'temperature');
    expect(machine.lines.slice(3).map((line) => line.replace(/^\d+ /, ''))).toEqual(['resolved deviceGone', 'fired critical (cooldown)', 'resolved deviceGone']);
  });
});

describe('the hour', () => {
  it('has no time in it in which nothing is monitored', () => {
    const machine = hot().fail(59 * MINUTE, 'temperature');
    for (const gap of ['sleep', 'pause', 'stall'] as const satisfies readonly GapReason[]) {
      if (gap === 'sleep') machine.sleep(10 * HOUR);
      else machine.pass(10 * HOUR);
      machine.pass(1).batch({}, gap);
    }
    expect(machine.lines).toEqual(['20 fired critical']);
    expect(machine.fail(MINUTE - 1, 'temperature').lines).toEqual(['20 fired critical']);
    expect(machine.fail(1, 'temperature').lines).toHaveLength(2);
  });

  it('is not that of the wall clock', () => {
    for (const by of [400 * 24 * HOUR, -400 * 24 * HOUR]) {
      const machine = hot().fail(30 * MINUTE, 'temperature').stepClock(by).pass(1).batch({}, 'clock');
      machine.fail(30 * MINUTE - 2, 'temperature');
      expect(machine.lines).toEqual(['20 fired critical']);
      expect(machine.fail(1, 'temperature').lines).toHaveLength(2);
      expect(lastOf(machine)?.incident.clearedAt).toBe(machine.wall);
    }
  });

  it('begins anew with a restart, from which on the family cannot be read', () => {
    const machine = hot().fail(59 * MINUTE, 'temperature').restart(10);
    expect(machine.fail(HOUR, 'temperature').lines).toEqual(['20 fired critical']);
    expect(machine.fail(1, 'temperature').lines).toHaveLength(2);
    expect(machine.evaluator.open()).toEqual([]);
  });

  it('goes on across a change of the rules', () => {
    const machine = hot().fail(40 * MINUTE, 'temperature').setRules(ruleOf(), temperature).fail(20 * MINUTE - 1, 'temperature');
    expect(machine.lines).toEqual(['20 fired critical']);
    expect(machine.fail(1, 'temperature').lines).toHaveLength(2);
    const missing = hot().run(40 * MINUTE, 'temperature', () => sensor(null), 5).setRules(temperature).run(20 * MINUTE, 'temperature', () => sensor(null), 5);
    expect(missing.lines).toEqual(['20 fired critical', '3660 resolved deviceGone']);
  });

  it('is over for a slow family as well, whose readings are half a minute apart', () => {
    const full = (): Reading => reading({}, { '/': device({ usage: 80 }) });
    const machine = new SimulatedMachine(ruleOf({ family: 'disk', device: '*', warning: { threshold: 70, forSeconds: 0 } })).run(MINUTE, 'disk', full, 30);
    for (let read = 0; read < 240; read += 1) silent(machine, 29).pass(1).batch({ disk: full() });
    expect(machine.lines).toEqual(['30 fired warning']);
    expect(machine.fail(HOUR, 'disk').lines.at(-1)).toMatch(/deviceGone$/);
  });
});

describe('one of several devices', () => {
  it('ends alone', () => {
    const machine = new SimulatedMachine(temperature).run(MINUTE, 'temperature', () => sensor(96, 97), 5);
    machine.run(2 * HOUR, 'temperature', () => sensor(null, 97), 5);
    expect(machine.lines).toEqual(['20 fired critical', '20 fired critical', '3660 resolved deviceGone']);
    expect(lastOf(machine)).toMatchObject({ cause: 'unreadable', incident: { device: 's0' } });
    expect(machine.evaluator.open().map((incident) => incident.device)).toEqual(['s1']);
  });

  it('that is removed ends after five minutes, without a word about reading', () => {
    const machine = new SimulatedMachine(temperature).run(MINUTE, 'temperature', () => sensor(96, 97), 5).run(HOUR, 'temperature', () => sensor(96), 5);
    expect(machine.lines.slice(2)).toEqual(['360 resolved deviceGone']);
    expect(lastOf(machine)).not.toHaveProperty('cause');
    expect(decide(withRule(lastOf(machine)), notified).reason).toBe('device-gone');
  });

  it('ends when it is missing by turns: without its value, failed, or not a number', () => {
    const machine = hot();
    for (let round = 0; round < 12; round += 1) machine.fail(4 * MINUTE, 'temperature').run(MINUTE / 2, 'temperature', () => sensor(null), 5).run(MINUTE / 2, 'temperature', () => sensor(Number.NaN), 5);
    expect(machine.lines).toEqual(['20 fired critical', '3660 resolved deviceGone']);
  });
});

/** What happens for a number of batches. */
const stepArb = fc.record({
  kind: fc.constantFrom('hot', 'hot', 'cool', 'null', 'NaN', 'fault', 'silent', 'absent', 'sleep', 'pause', 'clock', 'restart', 'rules'),
  batches: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 600, max: 900 })),
});
const EVERY = 5;
const READINGS: Readonly<Record<string, () => Reading>> = { hot: () => sensor(96), cool: () => sensor(40), null: () => sensor(null), NaN: () => sensor(Number.NaN), absent: () => reading({ hottest: 40 }) };
const GAPS: Readonly<Record<string, GapReason>> = { sleep: 'sleep', pause: 'pause', clock: 'clock' };

describe('any history of a sensor', () => {
  it('has no incident open for more than an hour of monitoring without a value, and none that ends earlier as unreadable (property)', () => {
    fc.assert(
      fc.property(fc.array(stepArb, { maxLength: 14 }), (steps) => {
        const machine = new SimulatedMachine(temperature).run(20, 'temperature', () => sensor(96), EVERY);
        let without = 0;
        const check = (seen: number): void => {
          for (const event of machine.events.slice(seen)) if (event.cause === 'unreadable') expect(without).toBeGreaterThanOrEqual(HOUR - 2 * EVERY);
          if (machine.evaluator.open().length > 0) expect(without).toBeLessThan(HOUR + 2 * EVERY);
        };
        for (const { kind, batches } of steps) {
          const gap = GAPS[kind];
          if (kind === 'restart') without = 0;
          if (kind === 'restart') machine.restart(batches);
          else if (kind === 'rules') machine.setRules(ruleOf({ id: `r${batches}` }), temperature);
          else if (gap !== undefined) {
            if (gap === 'sleep') machine.sleep(batches * 60);
            else if (gap === 'clock') machine.stepClock(batches * 60 - 20_000);
            else machine.pass(batches * 60);
            machine.pass(EVERY).batch({}, gap);
            if (gap === 'clock') without += EVERY;
          } else {
            for (let batch = 0; batch < batches; batch += 1) {
              const seen = machine.events.length;
              const read = READINGS[kind];
              if (read !== undefined) machine.pass(EVERY).batch({ temperature: read() });
              else if (kind === 'fault') machine.fail(EVERY, 'temperature', EVERY);
              else silent(machine, EVERY, EVERY);
              without = kind === 'hot' || kind === 'cool' ? 0 : without + EVERY;
              check(seen);
            }
          }
        }
        // Each incident fired once and ended once at most; the last may be open.
        const kinds = machine.events.map((event) => event.kind).filter((kind) => kind === 'fired' || kind === 'resolved');
        kinds.forEach((kind, at) => expect(kind).toBe(at % 2 === 0 ? 'fired' : 'resolved'));
      }),
      { numRuns: 60 },
    );
  });
});
