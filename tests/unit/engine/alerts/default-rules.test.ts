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

  const MIB = 1024 ** 2;
  const calm = { swapIn: 0, swapOut: 0, pressure: 0 };

  it.each<[string, Record<string, number | null>]>([
    ['pages are read back from swap', { ...calm, swapIn: MIB }],
    ['pages are written to swap', { ...calm, swapOut: 4 * MIB }],
    ['tasks wait for memory', { ...calm, pressure: 10 }],
    ['tasks wait for memory, without swap', { swapIn: null, swapOut: null, pressure: 10 }],
    ['the machine has none of these values', { swapIn: null, swapOut: null, pressure: null }],
    ['the collector does not know them', {}],
  ])('memory warns at 70 and is critical at 85, each for two minutes, while %s', (_, missed) => {
    const at = (machine: SimulatedMachine, seconds: number, usage: number): SimulatedMachine => memory(machine, seconds, { usage, ...missed });
    expect(at(machineWith('memory-usage'), 121, 70).lines).toEqual(['121 fired warning']);
    expect(at(machineWith('memory-usage'), 120, 84.9).lines).toEqual([]);
    expect(at(machineWith('memory-usage'), 600, 69.9).lines).toEqual([]);
    const both = at(machineWith('memory-usage'), 121, 85);
    expect(both.lines).toEqual(['121 fired critical']);
    expect(at(at(at(both, 60, 81), 31, 80), 31, 65).lines.slice(1)).toEqual(['212 deescalated warning', '243 resolved']);
    expect(notifying(both)).toEqual(['critical']);
  });

  it.each<[string, Record<string, number | null>]>([
    ['nothing else is wrong', calm],
    ['swap is tidied up', { ...calm, swapOut: 3.9 * MIB, swapIn: MIB - 1 }],
    ['there is no swap', { swapIn: null, swapOut: null, pressure: 9.9 }],
    ['the kernel reports no pressure', { swapIn: 0, swapOut: 0, pressure: null }],
  ])('memory in use is no fault while %s', (_, values) => {
    expect(memory(machineWith('memory-usage'), 7200, { usage: 99, ...values }).lines).toEqual([]);
  });

  it('memory is told after two minutes of swapping in a row, and resolved when that is over', () => {
    const bursts = machineWith('memory-usage').run(3600, 'memory', (at) => reading({ usage: 88, ...calm, swapIn: at % 120 < 110 ? 20 * MIB : 0 }));
    expect(bursts.lines).toEqual([]);
    const busy = memory(machineWith('memory-usage'), 121, { usage: 88, ...calm, swapIn: 20 * MIB });
    expect(busy.lines).toEqual(['121 fired critical']);
    // Back above the recovery value is not over.
    expect(memory(busy, 600, { usage: 88, ...calm, swapIn: MIB / 2 }).lines).toHaveLength(1);
    expect(memory(busy, 31, { usage: 88, ...calm }).lines.slice(1)).toEqual(['752 resolved']);
  });

  it('memory is not told for what is unknown for some seconds after a start or a gap', () => {
    const starting = memory(machineWith('memory-usage'), 10, { usage: 90, swapIn: null, swapOut: null, pressure: null });
    expect(memory(starting, 3600, { usage: 90, ...calm }).lines).toEqual([]);
  });

  it('memory that loses all of these values is watched by its level alone', () => {
    const calmly = memory(machineWith('memory-usage'), 600, { usage: 90, ...calm });
    expect(memory(calmly, 121, { usage: 90, swapIn: null, swapOut: null, pressure: null }).lines).toEqual(['721 fired critical']);
  });

  it('swap warns at 80 for five minutes and is critical at 95 for two, while memory is short as well', () => {
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 70, ...calm, pressure: 10 }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 70, ...calm, swapIn: MIB }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 301, { swapUsage: 80, usage: 85 }).lines).toEqual(['301 fired warning']);
    expect(memory(machineWith('swap-usage'), 900, { swapUsage: 79.9, usage: 99 }).lines).toEqual([]);
    expect(memory(machineWith('swap-usage'), 121, { swapUsage: 95, usage: 85 }).lines).toEqual(['121 fired critical']);
    expect(memory(machineWith('swap-usage'), 300, { swapUsage: 94, usage: 99 }).lines).toEqual([]);
    expect(memory(machineWith('swap-usage'), 900, { swapUsage: 100, usage: 84, ...calm, pressure: 20 }).lines).toEqual(['301 fired warning']);
  });

  it.each([
    ['zram that is full', { swapUsage: 97, usage: 40 }],
    ['pages left in swap', { swapUsage: 100, usage: 69.9 }],
    ['memory whose use is unknown', { swapUsage: 100, usage: null }],
    ['full zram while a fifth of memory is free', { swapUsage: 100, usage: 79, ...calm }],
    ['the same on a kernel without pressure', { swapUsage: 100, usage: 79, swapIn: 0, swapOut: 0, pressure: null }],
  ])('swap does not fire on a healthy machine: %s', (_, values) => {
    const healthy = memory(machineWith('swap-usage'), 3600, values);
    expect(healthy.lines).toEqual([]);
  });

  it('swap resolves when memory is free again, although it stays full', () => {
    const busy = memory(machineWith('swap-usage'), 121, { swapUsage: 97, usage: 90 });
    memory(busy, 60, { swapUsage: 97, usage: 81, ...calm, pressure: 20 });
    expect(busy.lines).toEqual(['121 fired critical']);
    expect(memory(memory(busy, 31, { swapUsage: 97, usage: 80, ...calm, pressure: 20 }), 31, { swapUsage: 97, usage: 65, ...calm }).lines.slice(1)).toEqual(['212 deescalated warning', '243 resolved']);
  });

  it('swap that fired before the rule looked at memory resolves on a healthy machine', () => {
    const rule = defaultRule('swap-usage');
    const unguarded = { ...rule, warning: rule.warning && { ...rule.warning, guard: null, anyOf: [] }, critical: rule.critical && { ...rule.critical, guard: null } };
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

  it('space warns with little room: less than 20 GiB and less than a tenth, each mount separately', () => {
    const two = mounts(machineWith('disk-space'), 150, { '/': { usage: 90, available: 19.9 * GIB }, '/home': { usage: 89.9, available: 10 * GIB } });
    expect(two.lines).toEqual(['150 fired warning']);
    expect(two.events[0]?.incident).toMatchObject({ device: '/', series: 'disk.usage@/', label: 'Disk space', threshold: 70 });
    expect(mounts(machineWith('disk-space'), 120, { '/': { usage: 95, available: 19 * GIB } }).lines).toEqual([]);
    mounts(two, 600, { '/': { usage: 89, available: 23 * GIB } });
    expect(two.lines).toHaveLength(1);
    expect(mounts(two, 150, { '/': { usage: 87.9, available: 23 * GIB } }).lines.slice(1)).toEqual(['900 resolved']);
  });

  it.each([
    ['a large disk at 73 %', { usage: 73, available: 513 * GIB }],
    ['a storage at 91 %', { usage: 91, available: 158 * GIB }],
    ['a storage at 99 % of 8 TB', { usage: 99, available: 75 * GIB }],
    ['a small card at 75 %', { usage: 75, available: 7 * GIB }],
    ['a boot partition at 72 %', { usage: 72, available: 0.1 * GIB }],
  ])('space does not warn for %s', (_, values) => {
    expect(mounts(machineWith('disk-space'), 3600, { '/data': values }).lines).toEqual([]);
  });

  it('space warns at 70 with a forecast of less than 30 days, and is quiet again above 40', () => {
    let days: number | null = null;
    const asked: string[] = [];
    const machine = new SimulatedMachine(defaultRule('disk-space'));
    machine.timeToFull = (series, value) => (asked.push(`${series} ${value}`), days === null ? null : days * 24);
    const at = (usage: number, seconds: number): SimulatedMachine => mounts(machine, seconds, { '/data': { usage, available: 500 * GIB } });
    expect([at(69.9, 3600).lines, asked]).toEqual([[], []]);
    expect(at(70, 3600).lines).toEqual([]);
    expect(asked.at(-1)).toBe('disk.usage@/data 70');
    days = 30.1;
    expect(at(70, 3600).lines).toEqual([]);
    days = 30;
    expect(at(70, 150).lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['fired warning']);
    days = 39;
    expect(at(71, 3600).lines).toHaveLength(1);
    days = Infinity;
    expect(at(71, 150).lines.at(-1)).toMatch(/resolved$/);
  });

  it('space is critical at 90 only with less than 5 GiB available', () => {
    expect(mounts(machineWith('disk-space'), 3600, { '/': { usage: 98, available: 5.1 * GIB } }).lines).toEqual(['150 fired warning']);
    expect(mounts(machineWith('disk-space'), 3600, { '/': { usage: 89, available: 2 * GIB } }).lines).toEqual([]);
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

  it.each(['removable', 'readOnly'] as const)('a medium that is %s is left out of every rule, until it is none', (media) => {
    for (const id of ['disk-space', 'disk-inodes', 'disk-forecast']) {
      const machine = machineWith(id);
      const full = { usage: 99, inodeUsage: 99, available: 0 };
      const stick = (isMedium: boolean, hours: number, grows = 0): SimulatedMachine =>
        machine.run(hours * HOUR, 'disk', (at) => reading({}, { '/media/me/STICK': { ...device({ ...full, usage: 70 + (grows * at) / HOUR }), ...(isMedium ? { media } : {}) } }), 30);
      expect(stick(true, 5, 5.5).lines).toEqual([]);
      if (id === 'disk-forecast') continue;
      expect(stick(false, 1, 29).lines.length).toBeGreaterThan(0);
      // What was open ends with it, and is not told as resolved.
      stick(true, 0.1, 290);
      expect(machine.lines.at(-1)).toMatch(/resolved ruleChanged$/);
      expect(machine.evaluator.open()).toEqual([]);
    }
    const own = new SimulatedMachine({ ...defaultRule('disk-space'), id: 'mine', exceptMedia: false });
    expect(own.run(150, 'disk', () => reading({}, { '/media/me/STICK': { ...device({ usage: 99, available: 0 }), media } }), 30).lines).toEqual(['90 fired critical']);
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
