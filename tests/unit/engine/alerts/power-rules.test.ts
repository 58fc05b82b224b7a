/** The default rules on batteries and fans: a day of healthy machines is quiet, and the others are heard of. */
import { describe, expect, it } from 'vitest';
import { batteryReading } from '../../../../src/main/engine/collectors/battery';
import type { BatteriesRaw, BatteryRaw } from '../../../../src/main/engine/collectors/battery';
import { fansReading } from '../../../../src/main/engine/collectors/fans';
import type { FanRaw } from '../../../../src/main/engine/collectors/fans';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { familyOf } from '../../../../src/shared/metrics/index';
import { reading, SimulatedMachine } from '../../../support/evaluator';

/** Seconds between two samples of a family whose window is closed. */
const stepOf = (family: 'battery' | 'fans'): number => (familyOf(family).samplingInterval.background ?? 0) / 1000;

/** What a machine says of its battery. */
interface Moment {
  readonly charge: number | null;
  readonly state: BatteryRaw['state'];
  readonly watts?: number | null;
  readonly onMains?: boolean | null;
}

function batteryAt({ charge, state, watts = null, onMains = null }: Moment): BatteriesRaw {
  const battery: BatteryRaw = { id: 'BAT0', label: 'BAT0', detail: null, powers: 'machine', state, charge, watts, energy: null, full: null, health: null, cycles: null, limit: null };
  return { batteries: [battery], onMains, timeLeft: null, timeToFull: null };
}

/** Events of so many minutes, each described by its number. */
function minutes(count: number, at: (minute: number) => Moment, rules = DEFAULT_RULES): string[] {
  const machine = new SimulatedMachine(...rules);
  const step = stepOf('battery');
  for (let second = 0; second < count * 60; second += step) machine.pass(step).batch({ battery: batteryReading(batteryAt(at(Math.floor(second / 60)))), cpu: reading({ usage: 20 }) });
  return machine.lines;
}

describe('a day of a healthy laptop', () => {
  it.each<[string, (minute: number) => Moment]>([
    ['that is discharged to 21 % and charged', (minute) => (minute % 600 < 360 ? { charge: 100 - (79 * (minute % 600)) / 360, state: 'discharging', watts: -9, onMains: false } : { charge: 21 + (79 * ((minute % 600) - 360)) / 240, state: 'charging', watts: 30, onMains: true })],
    ['that is charged from 3 % on', (minute) => ({ charge: Math.min(100, 3 + minute / 2), state: minute < 194 ? 'charging' : 'full', watts: minute < 194 ? 40 : 0, onMains: true })],
    ['on its mains at a limit of 60 %', () => ({ charge: 60, state: 'notCharging', watts: 0, onMains: true })],
    ['whose gauge gives 0 % for one sample after the plug was pulled', (minute) => ({ charge: 80, state: minute % 10 === 0 ? 'discharging' : 'charging', watts: null, onMains: null })],
  ])('%s has no alert', (_, at) => {
    expect(minutes(1440, at)).toEqual([]);
  });

  it('has none for a single sample of 0 %', () => {
    const machine = new SimulatedMachine(...DEFAULT_RULES);
    for (let sample = 0; sample < 200; sample += 1) machine.pass(30).batch({ battery: batteryReading(batteryAt({ charge: sample % 20 === 10 ? 0 : 80, state: 'discharging', watts: -8, onMains: false })) });
    expect(machine.lines).toEqual([]);
  });
});

describe('a low battery', () => {
  it('warns at 20 %, is critical at 10 %, and is over as soon as it charges', () => {
    const lines = minutes(100, (minute) => (minute < 90 ? { charge: 30 - minute / 4, state: 'discharging', watts: -10, onMains: false } : { charge: 8, state: 'charging', watts: 40, onMains: true }));
    expect(lines.map((line) => line.replace(/^\d+ /, ''))).toEqual(['fired warning', 'escalated critical', 'resolved']);
    const [warned = 0, escalated = 0, over = 0] = lines.map((line) => Number(line.split(' ')[0]) / 60);
    expect([warned >= 40 && warned <= 43, escalated >= 80 && escalated <= 82, over >= 90 && over <= 91]).toEqual([true, true, true]);
  });

  it.each<[string, Moment]>([
    ['whose power is not told', { charge: 8, state: 'discharging', onMains: false }],
    ['whose adapter is not told', { charge: 8, state: 'discharging', watts: -9 }],
    ['whose adapter is too weak', { charge: 8, state: 'discharging', watts: -4, onMains: true }],
  ])('%s is critical', (_, moment) => {
    expect(minutes(10, () => moment).some((line) => line.endsWith('critical'))).toBe(true);
  });
});

it('the charge limit is off, and tells once where it is on', () => {
  const rule = DEFAULT_RULES.find(({ id }) => id === 'battery-charged');
  if (rule === undefined) throw new Error('there is no such rule');
  const charging = (minute: number): Moment => ({ charge: Math.min(100, 60 + minute), state: 'charging', watts: 20, onMains: true });
  expect([rule.enabled, minutes(60, charging)]).toEqual([false, []]);
  expect(minutes(60, charging, [{ ...rule, enabled: true }]).map((line) => line.replace(/^\d+ /, ''))).toEqual(['fired warning']);
  expect(rule.channels.warning.notify).toBe(true);
});

describe('a fan', () => {
  /** An hour, described by its seconds. */
  function anHour(at: (second: number) => Partial<FanRaw>): string[] {
    const machine = new SimulatedMachine(...DEFAULT_RULES);
    const step = stepOf('fans');
    for (let second = 0; second < 3600; second += step) machine.pass(step).batch({ fans: fansReading({ fans: [{ id: 'a', label: 'a', chip: 'thinkpad', rpm: 0, hasSpun: true, failedFor: null, hotFor: 0, ...at(second) }] }) });
    return machine.lines;
  }

  it.each<[string, (second: number) => Partial<FanRaw>]>([
    ['that turns, and rests while it is cool', (second) => (second % 120 < 60 ? { rpm: 2400, hotFor: null } : {})],
    ['that has never turned', () => ({ hasSpun: false, hotFor: 600 })],
    ['that has never turned and is said to have failed', () => ({ hasSpun: false, failedFor: 600 })],
    ['of a power supply', () => ({ chip: 'corsairpsu', hotFor: 600 })],
    ['that starts half a minute late', (second) => (second % 600 < 50 ? { hotFor: second % 600 } : { rpm: 2400 })],
  ])('%s has no alert', (_, at) => {
    expect(anHour(at)).toEqual([]);
  });

  it.each<[string, (seconds: number) => Partial<FanRaw>]>([
    ['that stands still in the heat', (seconds) => ({ hotFor: seconds })],
    ['that is said to have failed', (seconds) => ({ rpm: 1800, failedFor: seconds })],
  ])('%s has one, until it turns', (_, at) => {
    expect(anHour((second) => (second >= 600 && second < 1800 ? at(second - 600) : { rpm: 1800 })).map((line) => line.replace(/^\d+ /, ''))).toEqual(['fired warning', 'escalated critical', 'resolved']);
  });
});
