/** Each default rule: when it fires, when it does not, and when it resolves. */
import { describe, expect, it } from 'vitest';
import { toAlertText } from '../../../../src/shared/alerts/alert-text';
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

describe('disk health', () => {
  const drives = (machine: SimulatedMachine, seconds: number, devices: Record<string, Record<string, number | null>>): SimulatedMachine =>
    machine.run(seconds, 'health', () => reading({ problems: 0, wear: null }, Object.fromEntries(Object.entries(devices).map(([id, values]) => [id, device(values, undefined, id)]))), 60);

  it('a drive that fails is critical within a minute or two, one with errors a warning, and others nothing', () => {
    const failing = drives(machineWith('disk-failing'), 120, { sda: { failing: 2 }, sdb: { failing: 0 }, md0: { failing: null } });
    expect(failing.events.map(({ kind, incident }) => [kind, incident.severity, incident.device])).toEqual([['fired', 'critical', 'sda']]);
    expect(notifying(failing)).toEqual(['critical']);
    const errors = drives(machineWith('disk-failing'), 120, { sda: { failing: 1 } });
    expect([errors.events.map(({ incident }) => incident.severity), notifying(errors)]).toEqual([['warning'], []]);
  });

  it('an array that is being assembled is none that fails: one sample says nothing', () => {
    for (const failing of [1, 2]) {
      const assembled = drives(machineWith('disk-failing'), 60, { md0: { failing } });
      expect(drives(assembled, 300, { md0: { failing: 0 } }).lines).toEqual([]);
    }
  });

  it('an array that is degraded is critical, one that is repaired a warning, and a complete one resolves', () => {
    const array = drives(machineWith('array-degraded'), 300, { md0: { degraded: 2 } });
    drives(array, 300, { md0: { degraded: 1 } });
    drives(array, 300, { md0: { degraded: 0 } });
    expect(array.events.map(({ kind }) => kind)).toEqual(['fired', 'escalated', 'deescalated', 'resolved']);
    expect(notifying(array)).toEqual(['critical']);
    expect(drives(machineWith('array-degraded'), 600, { md0: { degraded: 0 }, md1: { degraded: null } }).lines).toEqual([]);
  });

  it('a drive that is worn is a warning alone', () => {
    const worn = drives(machineWith('disk-wear'), 120, { sda: { wear: 90 }, sdb: { wear: 89 }, sdc: { wear: null } });
    expect(worn.events.map(({ incident }) => [incident.severity, incident.device])).toEqual([['warning', 'sda']]);
    expect(notifying(worn)).toEqual([]);
  });

  it('is told in words', () => {
    const [event] = drives(machineWith('disk-failing'), 120, { sda: { failing: 2 } }).events;
    if (event === undefined) throw new Error('nothing fired');
    const { rule } = event;
    if (rule === null) throw new Error('no rule');
    expect(toAlertText({ ...event, rule })).toEqual({ title: 'Disk health sda: failing', body: 'For 1\u202fmin' });
    const resolved = { ...event, rule, kind: 'resolved' as const, incident: { ...event.incident, value: 0, clearedAt: event.at, endedBy: 'recovered' as const } };
    expect(toAlertText(resolved).title).toBe('Disk health sda: resolved, now not failing');
    expect(toAlertText(resolved).body).toContain('at worst failing');
    const atOnce = { ...event, rule: { ...rule, critical: { ...rule.critical, forSeconds: 0 } } as Rule };
    expect([toAlertText(atOnce).body, toAlertText({ ...atOnce, kind: 'escalated' }).body]).toEqual(['', 'Now critical']);
  });
});

describe('memory pressure', () => {
  it('warns at 20 % for two minutes, and never notifies', () => {
    const pressed = (seconds: number, pressure: number | null) => machineWith('memory-pressure').run(seconds, 'memory', () => reading({ pressure }));
    expect(pressed(600, 34).events.map(({ kind, incident }) => [kind, incident.severity])).toEqual([['fired', 'warning']]);
    expect(notifying(pressed(600, 99))).toEqual([]);
    expect(pressed(110, 99).lines).toEqual([]);
    expect(pressed(600, 19.9).lines).toEqual([]);
    expect(pressed(600, null).lines).toEqual([]);
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
