import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FamilyEvaluator } from '../../../../src/main/engine/alerts/family-evaluator';
import { compileRule } from '../../../../src/main/engine/alerts/compile-rule';
import type { EvaluatedEvent } from '../../../../src/shared/alerts/incident-event';
import { incidentSchema } from '../../../../src/shared/alerts/incident';
import type { GapReason, Reading } from '../../../../src/shared/metrics/reading';
import { device, NOON, reading, ruleOf, SimulatedMachine } from '../../../support/evaluator';

const HOUR = 3600;
const quick = ruleOf({ warning: { threshold: 70, recoverAt: 60, forSeconds: 0 } });

describe('the evaluator', () => {
  it('emits the steps of an incident, which match the schema', () => {
    const machine = new SimulatedMachine(ruleOf({ critical: { threshold: 90, recoverAt: 80, forSeconds: 2 } }));
    machine.cpu(5, 20).cpu(20, 75).cpu(4, 95).cpu(3, 70).cpu(3, 10);
    expect(machine.lines).toEqual(['16 fired warning', '28 escalated critical', '30 deescalated warning', '33 resolved']);
    const [fired, escalated, deescalated, resolved] = machine.events.map(({ incident }) => incident);
    for (const incident of [fired, escalated, deescalated, resolved]) expect(incidentSchema.safeParse(incident).error).toBeUndefined();
    expect(fired).toEqual({
      id: `test:cpu.usage:${NOON + 16_000}`,
      ruleId: 'test',
      label: 'Test',
      device: null,
      deviceLabel: null,
      series: 'cpu.usage',
      severity: 'warning',
      worst: 'warning',
      since: NOON + 6000,
      firedAt: NOON + 16_000,
      clearedAt: null,
      endedBy: null,
      threshold: 70,
      valueAtFire: 75,
      value: 75,
      peak: 75,
      peakAt: NOON + 6000,
      acknowledgedAt: null,
      culprits: [],
    });
    expect(escalated).toMatchObject({ id: fired?.id, severity: 'critical', worst: 'critical', threshold: 90, peak: 95, peakAt: NOON + 26_000 });
    expect(deescalated).toMatchObject({ severity: 'warning', worst: 'critical', threshold: 70, value: 70, peak: 95 });
    expect(resolved).toMatchObject({ id: fired?.id, worst: 'critical', clearedAt: NOON + 33_000, endedBy: 'recovered', value: 10, peak: 95 });
    expect(machine.events.map(({ at }) => (at - NOON) / 1000)).toEqual([16, 28, 30, 33]);
    expect(machine.evaluator.open()).toEqual([]);
  });

  it('returns the same empty list while nothing happens', () => {
    const { evaluator } = new SimulatedMachine(quick);
    const batch = { seq: 1, time: NOON, readings: { cpu: reading({ usage: 5 }) }, faults: {} };
    expect(evaluator.evaluate(batch)).toBe(evaluator.evaluate(batch));
  });

  it('returns open incidents with their current values, oldest first', () => {
    const machine = new SimulatedMachine(quick, ruleOf({ id: 'load', metric: 'load1', warning: { threshold: 2, forSeconds: 0 } }));
    const at = (usage: number, load1: number): Reading => reading({ usage, load1 });
    for (const one of [at(75, 1), at(80, 3), at(99, 4), at(72, 5)]) machine.pass(1).batch({ cpu: one });
    expect(machine.evaluator.open().map(({ ruleId, value, peak, peakAt }) => [ruleId, value, peak, (peakAt - NOON) / 1000])).toEqual([
      ['test', 72, 99, 3],
      ['load', 5, 5, 4],
    ]);
  });

  it('evaluates each device separately, a named device alone, and the machine apart from its devices', () => {
    const every = ruleOf({ id: 'every', device: '*', warning: { threshold: 70, forSeconds: 0 } });
    const one = ruleOf({ id: 'one', device: '1', warning: { threshold: 50, forSeconds: 0 } });
    const machine = new SimulatedMachine(every, one, ruleOf({ id: 'own', warning: { threshold: 90, forSeconds: 0 } }));
    machine.pass(1).batch({ cpu: reading({ usage: 60 }, { 0: device({ usage: 60 }), 1: device({ usage: 55 }), 2: device({ usage: 80 }, undefined, 'Core 2') }) });
    expect(machine.events.map(({ incident }) => `${incident.ruleId} ${incident.series} ${incident.deviceLabel}`).sort()).toEqual(['every cpu.usage@2 Core 2', 'one cpu.usage@1 a device']);
  });

  it('ignores disabled rules and rules on unknown metrics', () => {
    const foreign = { ...quick, id: 'foreign', metric: 'color' };
    const machine = new SimulatedMachine({ ...quick, enabled: false }, foreign).cpu(10, 99);
    expect(machine.lines).toEqual([]);
  });

  it('treats non-finite values as missing', () => {
    const machine = new SimulatedMachine(quick).cpu(1, Number.NaN).cpu(1, Infinity).cpu(1, null);
    machine.batch({ cpu: { values: {}, devices: {} } });
    expect(machine.lines).toEqual([]);
  });
});

describe('gaps and clocks', () => {
  it.each<GapReason>(['sleep', 'pause', 'stall', 'start'])('a %s restarts the window', (reason) => {
    const machine = new SimulatedMachine(ruleOf()).cpu(9, 80);
    machine.pass(1).batch({ cpu: reading({ usage: 80 }) }, reason);
    expect(machine.cpu(9, 80).lines).toEqual([]);
    expect(machine.cpu(1, 80).lines).toEqual(['20 fired warning']);
  });

  it('a gap before a slow family’s sample counts, although another family’s batch came first', () => {
    const slow = ruleOf({ family: 'disk', metric: 'usage', warning: { threshold: 70, forSeconds: 60 } });
    const full = { disk: reading({ usage: 80 }) };
    const machine = new SimulatedMachine(slow).pass(30).batch(full).pass(30).batch(full);
    machine.pass(1).batch({ cpu: reading({ usage: 1 }) }, 'stall').pass(29).batch(full).pass(30).batch(full);
    expect(machine.lines).toEqual([]);
    expect(machine.pass(30).batch(full).lines).toEqual(['150 fired warning']);
  });

  it('sleep neither fires nor resolves anything', () => {
    const machine = new SimulatedMachine(ruleOf({ recoverSeconds: 5 })).cpu(11, 80);
    machine.sleep(8 * HOUR).pass(1).batch({ cpu: reading({ usage: 10 }) }, 'sleep');
    expect(machine.lines).toEqual(['11 fired warning']);
    expect(machine.cpu(5, 10).lines).toEqual(['11 fired warning', '17 resolved']);
  });

  it('a clock change affects neither the window nor the recovery nor the cooldown', () => {
    const rule = ruleOf({ recoverSeconds: 10, cooldownSeconds: 60 });
    const script = [80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, ...Array.from({ length: 30 }, () => 10), ...Array.from({ length: 40 }, () => 80), ...Array.from({ length: 80 }, () => 10), ...Array.from({ length: 15 }, () => 80)];
    const play = (steps: ReadonlyMap<number, number>): string[] => {
      const machine = new SimulatedMachine(rule);
      script.forEach((usage, at) => {
        const by = steps.get(at);
        machine.stepClock(by ?? 0).pass(1).batch({ cpu: reading({ usage }) }, by === undefined ? undefined : 'clock');
      });
      return machine.lines;
    };
    const unchanged = play(new Map());
    expect(unchanged).toEqual(['11 fired warning', '23 resolved', '53 fired warning (cooldown)', '83 reminder warning', '93 resolved', '173 fired warning']);
    const stepsArb = fc.array(fc.tuple(fc.integer({ min: 0, max: script.length - 1 }), fc.integer({ min: -86_400 * 400, max: 86_400 * 400 })), { maxLength: 8 });
    fc.assert(fc.property(stepsArb, (steps) => {
      expect(play(new Map(steps))).toEqual(unchanged);
    }), { numRuns: 50 });
  });

  it('computes times backwards from the current clock: an incident never ends before it began', () => {
    const machine = new SimulatedMachine(ruleOf({ recoverSeconds: 3 })).cpu(5, 80);
    machine.stepClock(-HOUR).pass(1).batch({ cpu: reading({ usage: 80 }) }, 'clock').cpu(5, 80);
    const [fired] = machine.events;
    expect((fired?.at ?? 0) - (fired?.incident.since ?? 0)).toBe(10_000);
    machine.cpu(4, 10);
    const resolved = machine.events[1]?.incident;
    expect((resolved?.clearedAt ?? 0) - (resolved?.firedAt ?? 0)).toBe(1000);
  });
});

describe('devices that come and go', () => {
  const mounts = ruleOf({ family: 'disk', metric: 'usage', device: '*', warning: { threshold: 70, forSeconds: 0 }, cooldownSeconds: 600 });
  const disks = (machine: SimulatedMachine, seconds: number, ...ids: string[]): SimulatedMachine =>
    machine.run(seconds, 'disk', () => reading({}, Object.fromEntries(ids.map((id) => [id, device({ usage: 80 })]))), 30);

  it('end their incident after five minutes of absence', () => {
    const machine = disks(disks(new SimulatedMachine(mounts), 30, '/', '/mnt/stick'), 300, '/');
    expect(machine.lines).toEqual(['30 fired warning', '30 fired warning', '330 resolved deviceGone']);
    expect(machine.events[2]?.incident).toMatchObject({ series: 'disk.usage@/mnt/stick', clearedAt: machine.wall, endedBy: 'deviceGone', value: 80 });
    expect(machine.evaluator.open()).toHaveLength(1);
    // Back within the cooldown: suppressed.
    expect(disks(machine, 30, '/', '/mnt/stick').lines.at(-1)).toBe('360 fired warning (cooldown)');
  });

  it('keep their incident if they are back earlier', () => {
    const machine = disks(disks(disks(new SimulatedMachine(mounts), 30, '/'), 270), 60, '/');
    expect(disks(disks(machine, 270), 30, '/').lines).toEqual(['30 fired warning']);
  });

  it('end their incident at once where a person ignores them, and those of others go on', () => {
    const machine = disks(new SimulatedMachine(mounts), 30, '/', '/mnt/stick');
    machine.pass(1).batch({ disk: { ...reading({}, { '/': device({ usage: 80 }) }), ignored: ['/mnt/stick', '/gone'] } });
    expect(machine.lines).toEqual(['30 fired warning', '30 fired warning', '31 resolved deviceGone']);
    expect(machine.events[2]).toMatchObject({ cause: 'ignored', incident: { series: 'disk.usage@/mnt/stick' } });
    expect(machine.evaluator.open()).toHaveLength(1);
  });

  it('are not counted absent while their family is not sampled', () => {
    const machine = disks(new SimulatedMachine(mounts), 30, '/');
    machine.cpu(0.8 * HOUR, 5).sleep(HOUR).pass(1).batch({ disk: reading({}) }, 'sleep');
    expect(disks(machine, 240).lines).toEqual(['30 fired warning']);
    expect(disks(machine, 60).lines.at(-1)).toMatch(/deviceGone$/);
  });

  it('end their incident if its value is missing for an hour, not for less', () => {
    const missing = (machine: SimulatedMachine, seconds: number): SimulatedMachine => machine.run(seconds, 'disk', () => reading({}, { '/': device({ usage: null }) }), 30);
    const machine = missing(disks(missing(disks(new SimulatedMachine(mounts), 30, '/'), 3570), 30, '/'), 3570);
    expect(machine.lines).toEqual(['30 fired warning']);
    expect(missing(machine, 30).lines.at(-1)).toMatch(/deviceGone$/);
  });

  it('are not remembered forever', () => {
    const compiled = compileRule(mounts);
    const evaluator = new FamilyEvaluator('disk', compiled === null ? [] : [compiled]);
    const events: EvaluatedEvent[] = [];
    const take = (i: number, usage: number): void => evaluator.take(reading({}, { [`/run/${i}`]: device({ usage }) }), { time: NOON, steady: i * 30_000, gap: false, span: 0 }, (event) => events.push(event));
    for (let i = 0; i < 10_000; i += 1) take(i, i === 10 ? 80 : 10);
    expect(events.map(({ kind }) => kind)).toEqual(['fired', 'resolved']);
    expect([...evaluator.evaluators()].length).toBeLessThan(100);
  });
});
