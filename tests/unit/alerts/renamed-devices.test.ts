/** Sensors that get another id, as an update of Traywatch gives them one: history, incidents, rules and snoozes continue. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renamedRules } from '../../../src/main/alerts/renamed-rules';
import type { Core } from '../../../src/main/core/core';
import { diskIoReading } from '../../../src/main/engine/collectors/diskio';
import type { Incident } from '../../../src/shared/alerts/incident';
import type { Rule } from '../../../src/shared/alerts/rule';
import type { Reading, RenamedDevices, SampleBatch } from '../../../src/shared/metrics/reading';
import { openCore } from '../../support/core';
import { device, reading, ruleOf, SimulatedMachine } from '../../support/evaluator';

const FORMER = ['nvme/Composite', 'nvme/Composite 2'] as const;
const PRESENT = ['nvme A/Composite', 'nvme B/Composite'] as const;
const key = (id: string): string => `temperature.value@${id}`;
const KEYS = new Map(FORMER.map((id, i) => [key(id), key(PRESENT[i] ?? '')]));
const RENAMED: RenamedDevices = { renamed: { [FORMER[0]]: PRESENT[0], [FORMER[1]]: PRESENT[1] }, unless: 'nvme/Composite 3' };
const hot = (fields: Partial<Rule> = {}): Rule =>
  ruleOf({ id: 'hot', family: 'temperature', metric: 'value', device: '*', warning: null, critical: { threshold: 80, recoverAt: 75, forSeconds: 0 }, cooldownSeconds: 60, ...fields });

const temperatures = (values: Readonly<Record<string, number | null>>, renamed?: readonly RenamedDevices[]): Reading => ({
  ...reading({ hottest: Math.max(...Object.values(values).map((value) => value ?? 0)) }, Object.fromEntries(Object.entries(values).map(([id, value]) => [id, device({ value })]))),
  ...(renamed === undefined ? {} : { renamed }),
});

describe('an open incident', () => {
  const machine = (rule: Rule): SimulatedMachine => new SimulatedMachine(rule).pass(5).batch({ temperature: temperatures({ [FORMER[0]]: 40, [FORMER[1]]: 90 }) });
  const renamed = (one: SimulatedMachine, rules: readonly Rule[] | null = null): SimulatedMachine => one.pass(5).batch({ temperature: temperatures({ [PRESENT[0]]: 40, [PRESENT[1]]: 70 }) }).take(one.evaluator.rename(KEYS, rules));

  it('continues on the present device, and is resolved by its value', () => {
    const one = machine(hot());
    const [before] = one.evaluator.open();
    one.pass(5).take(one.evaluator.rename(KEYS, null));
    expect(one.evaluator.open()).toEqual([{ ...before, device: PRESENT[1], series: key(PRESENT[1]) }]);
    one.run(600, 'temperature', () => temperatures({ [PRESENT[0]]: 40, [PRESENT[1]]: 90 }), 5);
    expect(one.lines).toEqual(['5 fired critical']);
    one.pass(5).batch({ temperature: temperatures({ [PRESENT[0]]: 40, [PRESENT[1]]: 50 }) });
    expect(one.lines).toEqual(['5 fired critical', '615 resolved']);
    expect(one.events[1]?.incident).toMatchObject({ id: before?.id, series: key(PRESENT[1]) });
  });

  it('continues under a rule for that device alone, which names the present one', () => {
    const one = renamed(machine(hot({ device: FORMER[1] })), [hot({ device: PRESENT[1] })]);
    expect(one.lines).toEqual(['5 fired critical']);
    expect(one.evaluator.open().map(({ device: id }) => id)).toEqual([PRESENT[1]]);
  });

  it('ends where no rule covers its device any more', () => {
    expect(renamed(machine(hot()), []).lines).toEqual(['5 fired critical', '10 resolved ruleChanged']);
  });

  it('moves between devices that take each other’s ids', () => {
    const one = machine(hot());
    one.take(one.evaluator.rename(new Map([[key(FORMER[0]), key(FORMER[1])], [key(FORMER[1]), key(FORMER[0])]]), null));
    expect(one.evaluator.open().map(({ device: id }) => id)).toEqual([FORMER[0]]);
  });

  it('keeps the count of the time its value is missing, however often nothing is renamed', () => {
    const one = machine(hot());
    for (let minute = 0; minute < 70; minute += 1) {
      one.run(60, 'temperature', () => temperatures({ [FORMER[0]]: 40, [FORMER[1]]: null }), 5).take(one.evaluator.rename(new Map([[key('x'), key('y')]]), null));
    }
    expect(one.lines.at(-1)).toMatch(/resolved deviceGone$/);
  });
});

describe('rules', () => {
  it('of a renamed device name the present one; the others stay the same objects', () => {
    const rules = [hot(), hot({ id: 'one', device: FORMER[0] }), hot({ id: 'other', device: 'acpitz/temp1' }), ruleOf()];
    const changed = renamedRules(rules, KEYS);
    expect(changed.map((rule) => rule.device)).toEqual(['*', PRESENT[0], 'acpitz/temp1', null]);
    expect([changed[0], changed[2], changed[3]]).toEqual([rules[0], rules[2], rules[3]]);
    expect(renamedRules(changed, KEYS)).toBe(changed);
  });
});

describe('the whole app', () => {
  /** Starts on a folder, and takes batches a second apart. */
  function start(folder: string) {
    const core = openCore(folder);
    let seq = 0;
    const publish = (readings: SampleBatch['readings']): void => {
      seq += 1;
      const batch: SampleBatch = { seq, time: Date.now(), ...(seq === 1 ? { gap: 'start' as const } : {}), readings, faults: {} };
      core.hub.publish(batch);
    };
    return { core, publish };
  }
  const incidentsOf = async (core: Core): Promise<readonly Incident[]> => {
    await core.alerts.alerting.settled();
    return core.store.activity.incidents({ from: 0, to: Number.MAX_SAFE_INTEGER, openOnly: false, limit: 10 });
  };

  it('carries history, incident, rule and snooze over, once, and fires nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-renamed-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const before = start(folder);
    const rules = [hot({ id: 'own', device: FORMER[1] })];
    expect(before.core.settings.update({ alerts: { rules } }).ok).toBe(true);
    before.publish({ temperature: temperatures({ [FORMER[0]]: 40, [FORMER[1]]: 90 }) });
    const [fired] = await incidentsOf(before.core);
    expect(fired).toMatchObject({ ruleId: 'own', series: key(FORMER[1]), clearedAt: null });
    before.core.alerts.incidentManager.snooze({ kind: 'series', ruleId: 'own', series: key(FORMER[1]) }, '1h');
    before.core.close();

    const after = start(folder);
    after.publish({ temperature: temperatures({ [PRESENT[0]]: 41, [PRESENT[1]]: 91 }, [RENAMED]) });
    after.core.store.commit();
    after.publish({ temperature: temperatures({ [PRESENT[0]]: 42, [PRESENT[1]]: 92 }) });
    const found = await incidentsOf(after.core);
    expect(found.map(({ id, series, device: on, clearedAt }) => [id, series, on, clearedAt])).toEqual([[fired?.id, key(PRESENT[1]), PRESENT[1], null]]);
    expect(after.core.alerts.openAlerts()).toMatchObject({ incidents: [{ id: fired?.id, device: PRESENT[1], value: 92 }], snoozes: [{ target: { series: key(PRESENT[1]) } }] });
    expect(after.core.alerts.incidentManager.open()[0]?.isSnoozed).toBe(true);
    expect(after.core.settings.get().alerts.rules.map((rule) => rule.device)).toEqual([PRESENT[1]]);
    const [stats] = after.core.store.stats({ series: [key(PRESENT[1])], from: 0, to: Date.now() + 10_000 });
    expect(stats).toMatchObject({ count: 3, min: 90, max: 92 });
    after.core.close();
  });

  it('lets rules, history and the chosen name of a disk follow it from the name that the kernel gave it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'traywatch-renamed-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const counters = { label: 'sda', detail: 'Disk', summed: true, reads: 1, writes: 1, readBytes: 1, writeBytes: 1, busyMs: 1 };
    const later = { ...counters, busyMs: 501 };
    const before = start(folder);
    const rule = ruleOf({ id: 'own', family: 'diskio', metric: 'busy', device: 'sda', warning: null, critical: { threshold: 90, recoverAt: null, forSeconds: 0 } });
    const name = { family: 'diskio', device: 'sda', label: 'sda', name: 'Backup', ignored: false } as const;
    expect(before.core.settings.update({ alerts: { rules: [rule] }, devices: [name] }).ok).toBe(true);
    before.publish({ diskio: diskIoReading(new Map([['sda', later]]), { raw: new Map([['sda', counters]]), seconds: 1 }) });
    before.core.close();

    const after = start(folder);
    const [first, second] = [counters, later].map((disk) => new Map([['Disk 1a2b3c4d', { ...disk, formerId: 'sda' }]]));
    if (first === undefined || second === undefined) throw new Error('two reads were made');
    after.publish({ diskio: diskIoReading(first, null) });
    after.core.store.commit();
    after.publish({ diskio: diskIoReading(second, { raw: first, seconds: 1 }) });
    expect(after.core.settings.get().alerts.rules.map(({ device: on }) => on)).toEqual(['Disk 1a2b3c4d']);
    expect(after.core.settings.get().devices).toEqual([{ ...name, device: 'Disk 1a2b3c4d' }]);
    const [stats] = after.core.store.stats({ series: ['diskio.busy@Disk 1a2b3c4d'], from: 0, to: Date.now() + 10_000 });
    expect(stats).toMatchObject({ count: 2, min: 50, max: 50 });
    after.core.close();
  });
});
