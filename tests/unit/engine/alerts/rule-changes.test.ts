/** Incidents across a restart of the app, and across a change of the rules. */
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { device, NOON, reading, ruleOf, SimulatedMachine } from '../../../support/evaluator';

const HOUR = 3600;
const quick = ruleOf({ warning: { threshold: 70, recoverAt: 60, forSeconds: 0 } });

describe('a restart during an incident', () => {
  const rule = ruleOf({ recoverSeconds: 5, cooldownSeconds: 60, critical: { threshold: 90, recoverAt: 80, forSeconds: 5 } });

  it('continues it without firing again', () => {
    const machine = new SimulatedMachine(rule).cpu(11, 80);
    const [before] = machine.evaluator.open();
    machine.restart(120).cpu(60, 75);
    expect(machine.lines).toEqual(['11 fired warning']);
    expect(machine.evaluator.open()).toEqual([{ ...before, value: 75 }]);
    machine.cpu(6, 95).cpu(10, 20);
    expect(machine.lines.slice(1)).toEqual(['197 escalated critical', '203 resolved']);
    expect(machine.events[2]?.incident).toMatchObject({ id: before?.id, since: before?.since, firedAt: before?.firedAt, peak: 95 });
  });

  it('resolves it after the recovery time if the value recovered meanwhile', () => {
    expect(new SimulatedMachine(rule).cpu(11, 80).restart(600).cpu(6, 20).lines).toEqual(['11 fired warning', '617 resolved']);
  });

  it('restarts the window of a pending incident', () => {
    expect(new SimulatedMachine(rule).cpu(9, 80).restart(1).cpu(9, 80).lines).toEqual([]);
  });

  it('keeps the cooldown of an incident resolved just before', () => {
    const machine = new SimulatedMachine(rule).cpu(11, 80).cpu(6, 20);
    const ended = machine.events.map(({ incident }) => incident).filter(({ clearedAt }) => clearedAt !== null);
    expect(machine.restart(20, ended).cpu(11, 80).lines.at(-1)).toBe('48 fired warning (cooldown)');
    expect(new SimulatedMachine(rule).cpu(11, 80).cpu(6, 20).restart(300, ended).cpu(11, 80).lines.at(-1)).toBe('328 fired warning');
    // An end in the future must not extend the cooldown.
    const future = ended.map((incident) => ({ ...incident, clearedAt: NOON + 1e9 }));
    expect(new SimulatedMachine(rule).restart(20, future).cpu(70, 20).cpu(11, 80).lines.at(-1)).toBe('101 fired warning');
  });

  it('ends it if its rule was removed, disabled or has another level', () => {
    const open = new SimulatedMachine(rule).cpu(11, 80).evaluator.open();
    for (const rules of [[], [{ ...rule, enabled: false }], [ruleOf({ ...rule, warning: { threshold: 65, forSeconds: 10 } })], [ruleOf({ ...rule, warning: null })]]) {
      const machine = new SimulatedMachine(rule).restart(10, open, rules);
      expect(machine.lines).toEqual(['10 resolved ruleChanged']);
      expect(machine.events[0]).toMatchObject({ incident: { id: open[0]?.id, clearedAt: machine.wall }, rule: rules[0] ?? null });
      expect(machine.evaluator.open()).toEqual([]);
    }
  });

  it('ends it if the device does not come back or the series is unknown', () => {
    const mounts = ruleOf({ family: 'disk', device: '*', warning: { threshold: 70, forSeconds: 0 } });
    const full = { disk: reading({}, { '/mnt': device({ usage: 80 }, undefined, 'Stick') }) };
    const machine = new SimulatedMachine(mounts).pass(30).batch(full);
    const open = machine.evaluator.open();
    machine.restart(30).run(330, 'disk', () => reading({}), 30);
    expect(machine.lines).toEqual(['30 fired warning', '390 resolved deviceGone']);
    expect(machine.events[1]?.incident.deviceLabel).toBe('Stick');
    const foreign = open.map((incident) => ({ ...incident, series: 'weather.rain@/mnt' }));
    expect(new SimulatedMachine(mounts).restart(30, foreign).lines).toEqual(['30 resolved ruleChanged']);
  });

  it('uses the device limits again', () => {
    const hot = ruleOf({ family: 'temperature', metric: 'value', device: '*', useDeviceLimits: true, warning: { threshold: null, forSeconds: 0 } });
    const sensor = (celsius: number): Reading => reading({}, { a: device({ value: celsius }, { warning: 80, critical: 100 }) });
    const machine = new SimulatedMachine(hot).run(5, 'temperature', () => sensor(85), 5).restart(10);
    expect(machine.run(20, 'temperature', () => sensor(85), 5).lines).toEqual(['5 fired warning']);
    expect(machine.run(5, 'temperature', () => sensor(70), 5).lines).toEqual(['5 fired warning', '40 resolved']);
  });

  it('keeps culprits and acknowledgment', () => {
    const machine = new SimulatedMachine({ ...rule, repeatSeconds: 60 }).cpu(11, 80);
    const id = machine.events[0]?.incident.id ?? '';
    const culprits = [{ name: 'stress-ng', pid: 7, value: 199, unit: 'percent' }] as const;
    expect(machine.evaluator.setCause(id, { culprits: culprits })?.culprits).toEqual(culprits);
    machine.pass(1);
    expect(machine.evaluator.acknowledge(id)?.acknowledgedAt).toBe(machine.wall);
    machine.restart(10).cpu(300, 75).cpu(6, 95);
    expect(machine.lines.slice(1)).toEqual(['328 escalated critical']);
    // An acknowledged warning does not acknowledge its escalation.
    expect(machine.events[1]?.incident).toMatchObject({ culprits, acknowledgedAt: null });
    expect(machine.cpu(60, 95).lines.at(-1)).toBe('388 reminder critical');
  });
});

describe('acknowledging', () => {
  it('applies to open incidents only, and keeps the first time', () => {
    const machine = new SimulatedMachine(quick).cpu(1, 80);
    const id = machine.events[0]?.incident.id ?? '';
    expect(machine.evaluator.acknowledge('unknown')).toBeNull();
    expect(machine.evaluator.setCause('unknown', { culprits: [] })).toBeNull();
    const first = machine.evaluator.acknowledge(id)?.acknowledgedAt;
    expect(machine.pass(60).evaluator.acknowledge(id)?.acknowledgedAt).toBe(first);
    machine.cpu(1, 10);
    expect(machine.events[1]?.incident.acknowledgedAt).toBe(first);
    expect(machine.evaluator.acknowledge(id)).toBeNull();
  });
});

describe('changed rules', () => {
  const rule = ruleOf({ recoverSeconds: 5 });

  it('keep incidents of rules with the same condition, and apply their other changes', () => {
    const machine = new SimulatedMachine(rule).cpu(11, 80).setRules({ ...rule, label: 'Renamed', repeatSeconds: 60, recoverSeconds: 2 });
    expect(machine.lines).toEqual(['11 fired warning']);
    machine.cpu(60, 80).cpu(3, 10);
    expect(machine.lines.slice(1)).toEqual(['71 reminder warning', '74 resolved']);
    expect(machine.events[1]).toMatchObject({ rule: { label: 'Renamed' }, incident: { label: 'Test' } });
  });

  it('end incidents of rules with another condition, disabled or removed ones', () => {
    for (const rules of [[], [{ ...rule, enabled: false }], [ruleOf({ ...rule, warning: { threshold: 75, recoverAt: 60, forSeconds: 10 } })], [ruleOf({ ...rule, direction: 'below', warning: { threshold: 5, forSeconds: 1 } })]]) {
      const machine = new SimulatedMachine(rule).cpu(11, 80).setRules(...rules);
      expect(machine.lines).toEqual(['11 fired warning', '11 resolved ruleChanged']);
      expect(machine.events[1]?.rule).toEqual(rule);
    }
  });

  it('may fire again without a cooldown, once their own window has passed', () => {
    const machine = new SimulatedMachine({ ...rule, cooldownSeconds: 600 }).cpu(11, 80).setRules({ ...rule, cooldownSeconds: 600, warning: { threshold: 75, recoverAt: 70, forSeconds: 5, guard: null, anyOf: [] } });
    expect(machine.cpu(6, 80).lines).toEqual(['11 fired warning', '11 resolved ruleChanged', '17 fired warning']);
  });

  it('do not affect a window in progress, a forecast, or other rules', () => {
    const machine = new SimulatedMachine(rule).cpu(8, 80).setRules(ruleOf({ id: 'new', warning: { threshold: 50, forSeconds: 60 } }), rule);
    expect(machine.cpu(3, 80).lines).toEqual(['11 fired warning']);
    const soon = ruleOf({ family: 'disk', device: '*', source: 'timeToFull', direction: 'below', warning: { threshold: 24, forSeconds: 0 } });
    const filling = (from: number) => (at: number): Reading => reading({}, { '/': device({ usage: 50 + (5 * (from + at)) / HOUR }) });
    const disk = new SimulatedMachine(soon).run(1.5 * HOUR, 'disk', filling(0), 30).setRules(soon, rule).run(0.6 * HOUR, 'disk', filling(1.5 * HOUR), 30);
    expect(disk.lines).toHaveLength(1);
  });
});
