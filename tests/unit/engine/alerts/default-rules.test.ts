/** Each default rule: when it fires, when it does not, and when it resolves. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import type { Rule } from '../../../../src/shared/alerts/rule';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { device, reading, SimulatedMachine } from '../../../support/evaluator';

const GIB = 1024 ** 3;
const HOUR = 3600;

function defaultRule(id: string): Rule {
  const rule = DEFAULT_RULES.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no default rule ${id}`);
  return rule;
}

const machineWith = (id: string): SimulatedMachine => new SimulatedMachine(defaultRule(id));
const notifying = ({ events }: SimulatedMachine): string[] => events.filter(({ kind, incident, rule }) => (kind === 'fired' || kind === 'escalated') && rule?.channels[incident.severity].notify === true).map(({ incident }) => incident.severity);

describe('CPU', () => {
  it('warns at 70 for a minute, is critical at 90 for five', () => {
    expect(machineWith('cpu-usage').cpu(61, 70).lines).toEqual(['61 fired warning']);
    expect(machineWith('cpu-usage').cpu(600, 69.9).lines).toEqual([]);
    expect(machineWith('cpu-usage').cpu(60, 100).cpu(60, 69).lines).toEqual([]);
    expect(machineWith('cpu-usage').cpu(301, 90).lines).toEqual(['61 fired warning', '301 escalated critical']);
    expect(machineWith('cpu-usage').cpu(900, 89.9).lines).toEqual(['61 fired warning']);
  });

  it('does not notify for a build of four minutes and a half', () => {
    const build = machineWith('cpu-usage').cpu(270, 100).cpu(120, 5);
    expect(build.lines).toEqual(['61 fired warning', '301 resolved']);
    expect(notifying(build)).toEqual([]);
    expect(build.events[1]?.incident).toMatchObject({ since: build.events[0]?.incident.since, peak: 100, endedBy: 'recovered' });
  });

  it('de-escalates at 80 and resolves at 60 for half a minute', () => {
    expect(machineWith('cpu-usage').cpu(301, 95).cpu(600, 81).lines).toEqual(['61 fired warning', '301 escalated critical']);
    expect(machineWith('cpu-usage').cpu(301, 95).cpu(60, 80).cpu(60, 61).cpu(29, 60).cpu(1, 61).cpu(31, 60).lines).toEqual(['61 fired warning', '301 escalated critical', '332 deescalated warning', '482 resolved']);
  });
});

describe('memory and swap', () => {
  const memory = (machine: SimulatedMachine, seconds: number, values: Record<string, number | null>): SimulatedMachine => machine.run(seconds, 'memory', () => reading(values));

  it('memory warns at 70 and is critical at 85, each for two minutes', () => {
    expect(memory(machineWith('memory-usage'), 121, { usage: 70 }).lines).toEqual(['121 fired warning']);
    expect(memory(machineWith('memory-usage'), 120, { usage: 84.9 }).lines).toEqual([]);
    expect(memory(machineWith('memory-usage'), 600, { usage: 69.9 }).lines).toEqual([]);
    const both = memory(machineWith('memory-usage'), 121, { usage: 85 });
    expect(both.lines).toEqual(['121 fired critical']);
    expect(memory(memory(memory(both, 60, { usage: 81 }), 31, { usage: 80 }), 31, { usage: 65 }).lines.slice(1)).toEqual(['212 deescalated warning', '243 resolved']);
    expect(notifying(both)).toEqual(['critical']);
  });

  it('swap warns at 80 for five minutes and is critical at 95 for two, while memory is short as well', () => {
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 70 }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 900, { swapUsage: 79.9, usage: 99 }).lines).toEqual([]);
    expect(memory(machineWith('swap-usage'), 121, { swapUsage: 95, usage: 85 }).lines).toEqual(['121 fired critical']);
    expect(memory(machineWith('swap-usage'), 300, { swapUsage: 94, usage: 99 }).lines).toEqual([]);
    expect(memory(machineWith('swap-usage'), 900, { swapUsage: 100, usage: 84 }).lines).toEqual(['301 fired warning']);
  });

  it.each([
    ['zram that is full', { swapUsage: 97, usage: 40 }],
    ['pages left in swap', { swapUsage: 100, usage: 69.9 }],
    ['memory whose use is unknown', { swapUsage: 100, usage: null }],
  ])('swap does not fire on a healthy machine: %s', (_, values) => {
    const healthy = memory(machineWith('swap-usage'), 3600, values);
    expect(healthy.lines).toEqual([]);
  });

  it('swap resolves when memory is free again, although it stays full', () => {
    const busy = memory(machineWith('swap-usage'), 121, { swapUsage: 97, usage: 90 });
    memory(busy, 60, { swapUsage: 97, usage: 81 });
    expect(busy.lines).toEqual(['121 fired critical']);
    expect(memory(memory(busy, 31, { swapUsage: 97, usage: 80 }), 31, { swapUsage: 97, usage: 65 }).lines.slice(1)).toEqual(['212 deescalated warning', '243 resolved']);
  });

  it('swap that fired before the rule looked at memory resolves on a healthy machine', () => {
    const rule = defaultRule('swap-usage');
    const unguarded = { ...rule, warning: rule.warning && { ...rule.warning, guard: null }, critical: rule.critical && { ...rule.critical, guard: null } };
    const old = memory(new SimulatedMachine(unguarded), 121, { swapUsage: 97, usage: 40 });
    expect(old.lines).toEqual(['121 fired critical']);
    expect(memory(old.restart(10, undefined, [rule]), 60, { swapUsage: 97, usage: 40 }).lines.slice(1)).toEqual(['162 resolved']);
  });

  it('swap does not fire on a machine without swap', () => {
    const none = memory(machineWith('swap-usage'), 900, { usage: 99, swapUsage: null });
    expect(none.lines).toEqual([]);
    expect(none.evaluator.open()).toEqual([]);
  });
});

describe('disks', () => {
  const mounts = (machine: SimulatedMachine, seconds: number, devices: Record<string, Record<string, number | null>>): SimulatedMachine =>
    machine.run(seconds, 'disk', () => reading({ usage: 99, inodeUsage: 99 }, Object.fromEntries(Object.entries(devices).map(([id, values]) => [id, device(values, undefined, id)]))), 30);

  it('space warns at 70, each mount separately', () => {
    const two = mounts(machineWith('disk-space'), 150, { '/': { usage: 70, available: 900 * GIB }, '/home': { usage: 69.9, available: 50 * GIB } });
    expect(two.lines).toEqual(['150 fired warning']);
    expect(two.events[0]?.incident).toMatchObject({ device: '/', series: 'disk.usage@/', label: 'Disk space', threshold: 70 });
    expect(mounts(machineWith('disk-space'), 120, { '/': { usage: 75, available: 900 * GIB } }).lines).toEqual([]);
  });

  it('space is critical at 90 only with less than 5 GiB available', () => {
    expect(mounts(machineWith('disk-space'), 3600, { '/': { usage: 98, available: 5.1 * GIB } }).lines).toEqual(['150 fired warning']);
    expect(mounts(machineWith('disk-space'), 3600, { '/': { usage: 89, available: 2 * GIB } }).lines).toEqual(['150 fired warning']);
    const scarce = mounts(machineWith('disk-space'), 300, { '/': { usage: 90, available: 4.9 * GIB } });
    expect(scarce.lines).toEqual(['90 fired critical']);
    mounts(scarce, 600, { '/': { usage: 89, available: 5.5 * GIB } });
    expect(scarce.lines).toEqual(['90 fired critical']);
    mounts(scarce, 600, { '/': { usage: 88.5, available: 6.1 * GIB } });
    expect(scarce.lines).toEqual(['90 fired critical', '1050 deescalated warning']);
    mounts(scarce, 600, { '/': { usage: 68, available: 60 * GIB } });
    expect(scarce.lines.slice(2)).toEqual(['1650 resolved']);
  });

  it('a mount with unknown available space cannot be critical', () => {
    expect(mounts(machineWith('disk-space'), 600, { '/': { usage: 99, available: null } }).lines).toEqual(['150 fired warning']);
  });

  it('inodes warn at 80 and are critical at 90, never on a file system without them', () => {
    expect(mounts(machineWith('disk-inodes'), 150, { '/': { usage: 5, inodeUsage: 80 } }).lines).toEqual(['150 fired warning']);
    expect(mounts(machineWith('disk-inodes'), 90, { '/': { usage: 5, inodeUsage: 90 } }).lines).toEqual(['90 fired critical']);
    expect(mounts(machineWith('disk-inodes'), 900, { '/': { usage: 99, inodeUsage: 79.9 }, '/boot/efi': { usage: 99, inodeUsage: null } }).lines).toEqual([]);
  });

  /** Samples half a minute apart, `share` by hours. */
  const fill = (machine: SimulatedMachine, hours: number, share: (hours: number) => number): SimulatedMachine =>
    machine.run(hours * HOUR, 'disk', (at) => reading({}, { '/data': device({ usage: Math.round(share(at / HOUR) * 10) / 10, available: 500 * GIB }) }), 30);

  it('the forecast warns when a mount is full within a day, and is critical within four hours', () => {
    const slow = fill(machineWith('disk-forecast'), 4, (h) => 50 + 3 * h);
    expect(slow.lines).toHaveLength(1);
    expect(slow.events[0]).toMatchObject({ kind: 'fired', incident: { severity: 'warning', series: 'disk.usage@/data', threshold: 24 } });
    expect(slow.events[0]?.incident.valueAtFire).toBeCloseTo((100 - 57.5) / 3, 0);
    const fast = fill(machineWith('disk-forecast'), 4, (h) => 30 + 16 * h);
    expect(fast.lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['fired critical']);
    expect(notifying(fast)).toEqual(['critical']);
    expect(fast.events[0]?.incident.peak).toBeLessThanOrEqual(4);
  });

  it('the forecast ignores slow growth, one large copy, temporary files and falling values', () => {
    expect(fill(machineWith('disk-forecast'), 12, (h) => 50 + 1.2 * h).lines).toEqual([]);
    expect(fill(machineWith('disk-forecast'), 14, (h) => 50 + 30 * Math.min(1, Math.max(0, (h - 6) / 0.5))).lines).toEqual([]);
    expect(fill(machineWith('disk-forecast'), 14, (h) => 50 + 20 * Math.min(1, Math.max(0, h - 6))).lines).toEqual([]);
    expect(fill(machineWith('disk-forecast'), 48, (h) => 60 + 20 * ((h / 0.9) % 1)).lines).toEqual([]);
    expect(fill(machineWith('disk-forecast'), 12, (h) => 95 - h).lines).toEqual([]);
  });

  it('the forecast resolves half an hour after the growth has ended', () => {
    const done = fill(machineWith('disk-forecast'), 6, (h) => 40 + 8 * Math.min(h, 4));
    expect(done.lines.at(-1)).toMatch(/resolved$/);
    const { clearedAt, firedAt } = done.events.at(-1)?.incident ?? { clearedAt: null, firedAt: 0 };
    expect(((clearedAt ?? 0) - firedAt) / 3_600_000).toBeLessThan(2.2);
    expect(done.evaluator.open()).toEqual([]);
  });
});

describe('temperature', () => {
  const sensors = (machine: SimulatedMachine, seconds: number, celsius: number | null, limits?: { warning: number; critical: number }): SimulatedMachine =>
    machine.run(seconds, 'temperature', (): Reading => reading({ hottest: celsius }, { 'coretemp/1': device({ value: celsius }, limits, 'Package') }), 5);
  const deviceLimits = { warning: 80, critical: 100 };

  it('uses the device limits of the sensor', () => {
    expect(sensors(machineWith('temperature'), 125, 80, deviceLimits).lines).toEqual(['125 fired warning']);
    expect(sensors(machineWith('temperature'), 900, 79.9, deviceLimits).lines).toEqual([]);
    expect(sensors(machineWith('temperature'), 20, 100, deviceLimits).lines).toEqual(['20 fired critical']);
    const disk = sensors(machineWith('temperature'), 20, 70, { warning: 60, critical: 70 });
    expect(disk.lines).toEqual(['20 fired critical']);
    expect(disk.events[0]?.incident).toMatchObject({ threshold: 70, deviceLabel: 'Package' });
  });

  it('recovers 5 % below the limit for a minute', () => {
    const hot = sensors(machineWith('temperature'), 20, 101, deviceLimits);
    expect(sensors(sensors(sensors(sensors(hot, 300, 95.1, deviceLimits), 65, 95, deviceLimits), 300, 76.1, deviceLimits), 65, 76, deviceLimits).lines).toEqual(['20 fired critical', '385 deescalated warning', '750 resolved']);
  });

  it('does not fire for a sensor without limits, however hot', () => {
    expect(sensors(machineWith('temperature'), 3600, 140).lines).toEqual([]);
  });

  it('follows limits that change, and resolves when they disappear', () => {
    const changing = sensors(sensors(machineWith('temperature'), 300, 85), 125, 85, deviceLimits);
    expect(changing.lines).toEqual(['425 fired warning']);
    expect(sensors(changing, 300, 85).lines).toEqual(['425 fired warning', '490 resolved']);
  });

  it('ignores a sensor that sleeps', () => {
    expect(sensors(sensors(sensors(machineWith('temperature'), 60, 85, deviceLimits), 600, null, deviceLimits), 60, 85, deviceLimits).lines).toEqual([]);
  });
});

describe('Traywatch itself', () => {
  const own = (machine: SimulatedMachine, seconds: number, cpu: number): SimulatedMachine => machine.run(seconds, 'self', () => reading({ cpu }), 30);

  it('warns at 15 % of a core for ten minutes, and is critical at half of one', () => {
    expect(own(machineWith('self-cpu'), 630, 15).lines).toEqual(['630 fired warning']);
    expect(own(machineWith('self-cpu'), 3600, 14.9).lines).toEqual([]);
    expect(own(machineWith('self-cpu'), 630, 50).lines).toEqual(['630 fired critical']);
    expect(own(own(machineWith('self-cpu'), 600, 80), 600, 1).lines).toEqual([]);
    expect(own(own(machineWith('self-cpu'), 630, 20), 150, 10).lines).toEqual(['630 fired warning', '780 resolved']);
  });
});

describe('all default rules', () => {
  it('do not fire for missing hardware', () => {
    const bare = new SimulatedMachine(...DEFAULT_RULES);
    bare.run(3600, 'cpu', () => reading({ usage: null }));
    bare.run(3600, 'temperature', () => reading({ hottest: null }), 5);
    bare.run(3600, 'disk', () => reading({ usage: null, inodeUsage: null }), 30);
    expect(bare.lines).toEqual([]);
    expect(bare.evaluator.open()).toEqual([]);
  });
});
