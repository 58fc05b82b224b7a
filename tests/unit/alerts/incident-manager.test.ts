import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/shared/alerts/incident';
import { WEEKDAYS } from '../../../src/shared/alerts/weekdays';
import { createIncidentRig } from '../../support/incident-manager';
import { resolved, eventOf, incidentOf, NOON, ruleOf } from '../../support/alert-samples';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const all = { kind: 'all' } as const;
const mild = incidentOf({ severity: 'warning', worst: 'warning' });
const mount = (name: string, change: Partial<Incident> = {}): Incident => incidentOf({ ruleId: 'disk', series: `disk.usage@${name}`, device: name, deviceLabel: name, label: 'Disk space', ...change });
/** Quiet from 11:00 to 14:00: it is noon. */
const quiet = { quietHours: [{ days: [...WEEKDAYS], from: '11:00', to: '14:00' }] };

describe('an incident', () => {
  it('is notified once, updated in place, and its end is notified with its duration', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(3 * SECOND);
    expect([rig.titles(), rig.screen()]).toEqual([['CPU 97 %'], [incidentOf().id]]);
    await rig.time.pass(10 * MINUTE);
    rig.handle(eventOf('reminder'));
    await rig.time.pass(3 * SECOND);
    expect([rig.titles(), rig.screen()]).toEqual([['CPU 97 %'], [incidentOf().id]]);
    rig.clear();
    await rig.time.pass(3 * SECOND);
    expect([rig.titles(), rig.screen()]).toEqual([['CPU: resolved, now 12 %'], [incidentOf().id]]);
    expect(rig.body(incidentOf().id)).toBe('After 15 min · peak 99 %');
    expect(rig.timeline()).toEqual(['alert_fired', 'alert_resolved']);
    expect(rig.incidentManager().open()).toEqual([]);
    expect(rig.problems).toEqual([]);
  });

  it('resolved before its notification is due is not notified', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(SECOND);
    rig.clear();
    await rig.time.pass(10 * SECOND);
    expect([rig.titles(), rig.timeline()]).toEqual([[], ['alert_fired', 'alert_resolved not-announced']]);
  });

  it('of a rule without notifications is only in the timeline', async () => {
    const rig = createIncidentRig();
    rig.fire(mild, ruleOf({ channels: undefined }));
    await rig.time.pass(10 * SECOND);
    expect([rig.titles(), rig.timeline()]).toEqual([[], ['alert_fired channel-off']]);
  });

  it('that is acknowledged is not notified again until it escalates', async () => {
    const rig = createIncidentRig();
    rig.fire(mild);
    await rig.time.pass(3 * SECOND);
    rig.incidentManager().acknowledge(mild.id);
    expect(rig.screen()).toEqual([]);
    expect(rig.incidentManager().open()[0]?.incident.acknowledgedAt).toBe(NOON + 3 * SECOND);
    rig.handle(eventOf('reminder', mild));
    await rig.time.pass(3 * SECOND);
    rig.titles();
    rig.handle(eventOf('escalated', incidentOf()));
    await rig.time.pass(3 * SECOND);
    expect(rig.titles()).toEqual(['CPU 97 %']);
    expect(rig.incidentManager().open()[0]?.incident.acknowledgedAt).toBeNull();
    expect(rig.timeline()).toEqual(['alert_fired', 'alert_acknowledged', 'alert_suppressed acknowledged', 'alert_escalated']);
    expect(() => rig.incidentManager().acknowledge('another')).toThrow('already resolved');
  });
});

describe('a group of notifications', () => {
  const disks = Array.from({ length: 40 }, (_, index) => mount(`/m${index}`));

  it('of 40 alerts is one notification, and their end another', async () => {
    const rig = createIncidentRig();
    for (const disk of disks) rig.fire(disk);
    await rig.time.pass(10 * SECOND);
    expect([rig.titles(), rig.screen()]).toEqual([['40 new alerts, all critical'], ['grouped']]);
    expect(rig.timeline().filter((type) => type !== 'alert_fired')).toEqual(['alert_suppressed grouped']);
    for (const disk of disks) rig.clear(disk);
    await rig.time.pass(10 * SECOND);
    expect([rig.titles(), rig.screen()]).toEqual([['40 alerts resolved'], ['grouped-resolved']]);
    expect(rig.world.asked).toBe(2);
  });

  it('leaves out what was acknowledged before', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(4 * SECOND);
    rig.incidentManager().acknowledge(incidentOf().id);
    for (const disk of disks) rig.fire(disk);
    await rig.time.pass(10 * SECOND);
    expect([rig.titles().at(-1), rig.screen()]).toEqual(['40 new alerts, all critical', ['grouped']]);
  });

  it('that grows includes what was shown by itself, and is updated once', async () => {
    const rig = createIncidentRig();
    for (const disk of disks.slice(0, 2)) rig.fire(disk);
    await rig.time.pass(4 * SECOND);
    expect(rig.screen()).toHaveLength(2);
    for (const disk of disks.slice(2, 10)) {
      rig.fire(disk);
      await rig.time.pass(SECOND);
    }
    await rig.time.pass(MINUTE);
    expect(rig.screen()).toEqual(['grouped']);
    expect(rig.titles().slice(2)).toEqual(['8 new alerts, all critical', '10 new alerts, all critical']);
  });
});

describe('a snooze', () => {
  it('removes the notification, suppresses what follows, and reminds of what is still open at its end', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(3 * SECOND);
    rig.titles();
    rig.incidentManager().snooze({ kind: 'series', ruleId: 'cpu', series: 'cpu.usage' }, '15min');
    expect(rig.screen()).toEqual([]);
    rig.handle(eventOf('reminder'));
    rig.fire(mount('/home'));
    await rig.time.pass(14 * MINUTE);
    expect(rig.titles()).toEqual(['Disk space /home 97 %']);
    await rig.time.pass(2 * MINUTE);
    expect([rig.titles(), rig.incidentManager().snoozes()]).toEqual([['CPU 97 %'], []]);
    expect(rig.body(incidentOf().id)).toMatch(/^Still open after 20 min/);
    expect(rig.timeline()).toEqual(['alert_fired', 'alert_snoozed', 'alert_suppressed snoozed', 'alert_fired', 'alert_unsnoozed']);
  });

  it('until resolved ends with the incident, without a notification', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(3 * SECOND);
    rig.incidentManager().snooze({ kind: 'rule', ruleId: 'cpu' }, 'recovery');
    rig.titles();
    rig.timeline();
    await rig.time.pass(HOUR);
    rig.clear();
    await rig.time.pass(HOUR);
    expect([rig.titles(), rig.incidentManager().snoozes(), rig.timeline()]).toEqual([[], [], ['alert_resolved snoozed', 'alert_unsnoozed']]);
    expect(() => rig.incidentManager().snooze(all, 'recovery')).toThrow('no open alert');
  });

  it('of everything is ended by the user, and replaced by one of the same target', async () => {
    const rig = createIncidentRig();
    rig.incidentManager().snooze(all, '15min');
    rig.incidentManager().snooze(all, 'tomorrow');
    expect(rig.incidentManager().snoozes().map(({ until }) => until)).toEqual([NOON + 20 * HOUR]);
    rig.fire();
    await rig.time.pass(MINUTE);
    expect(rig.titles()).toEqual([]);
    rig.incidentManager().unsnooze(null);
    expect(() => rig.incidentManager().unsnooze(all)).toThrow('not snoozed');
    expect(() => rig.incidentManager().snooze({ kind: 'rule', ruleId: 'no-such' }, '1h')).toThrow('no rule');
  });

  it('ends on time although the machine slept', async () => {
    const rig = createIncidentRig();
    rig.incidentManager().snooze(all, '1h');
    await rig.time.pass(MINUTE);
    rig.time.sleep(2 * HOUR);
    await rig.time.pass(MINUTE);
    expect(rig.incidentManager().snoozes()).toEqual([]);
  });

  it('applies to webhooks, too', () => {
    const rig = createIncidentRig();
    rig.incidentManager().snooze(all, '1h');
    rig.fire();
    expect(rig.sent).toEqual([]);
  });
});

describe('quiet hours', () => {
  it('end with one digest of the missed alerts', async () => {
    const rig = createIncidentRig();
    rig.set({ ...quiet, criticalBypassesQuietHours: false });
    rig.fire();
    rig.fire(mount('/home', { severity: 'warning', worst: 'warning' }), ruleOf({ id: 'disk', family: 'disk', device: '*' }));
    await rig.time.pass(HOUR);
    rig.clear();
    expect(rig.titles()).toEqual([]);
    await rig.time.pass(HOUR + MINUTE);
    expect([rig.titles(), rig.screen()]).toEqual([['Missed: 2 alerts, 1 still open'], ['digest']]);
    expect(rig.body('digest')).toBe('Disk space /home 97 %\nCPU 97 % (resolved)');
    expect(rig.timeline()).toEqual(['alert_fired quiet-hours', 'alert_suppressed quiet-hours', 'alert_fired quiet-hours', 'alert_suppressed quiet-hours', 'alert_resolved not-announced', 'alert_digest']);
    // The end of an alert that the digest listed as open is notified.
    rig.clear(mount('/home'));
    await rig.time.pass(10 * SECOND);
    expect(rig.titles()).toEqual(['Disk space /home: resolved, now 12 %']);
  });

  it('do not apply to critical alerts and webhooks', async () => {
    const rig = createIncidentRig();
    rig.set(quiet);
    rig.fire();
    rig.fire(mount('/home', { severity: 'warning', worst: 'warning' }));
    await rig.time.pass(3 * SECOND);
    expect([rig.titles(), rig.sent.length]).toEqual([['CPU 97 %'], 2]);
  });

  it('end without a notification where the digest is off', async () => {
    const rig = createIncidentRig();
    rig.set({ ...quiet, digest: false });
    rig.fire(mild);
    await rig.time.pass(3 * HOUR);
    expect(rig.titles()).toEqual([]);
  });
});

describe('do not disturb', () => {
  it('suppresses notifications until it is turned off, then there is one digest', async () => {
    const rig = createIncidentRig();
    rig.world.doNotDisturb = true;
    rig.fire(mild);
    await rig.time.pass(30 * MINUTE);
    expect([rig.titles(), rig.timeline()]).toEqual([[], ['alert_fired', 'alert_suppressed do-not-disturb']]);
    rig.world.doNotDisturb = false;
    await rig.time.pass(2 * MINUTE);
    expect(rig.titles()).toEqual(['Missed: 1 alert, still open']);
    await rig.time.pass(HOUR);
    expect(rig.titles()).toEqual([]);
  });
});

describe('a restart', () => {
  const open = [{ incident: incidentOf(), rule: ruleOf() }];

  it('during an incident neither repeats nor loses it', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(MINUTE);
    rig.titles();
    rig.restart(open, 'kill');
    await rig.time.pass(MINUTE);
    expect([rig.titles(), rig.sent.length]).toEqual([[], 1]);
    rig.clear();
    await rig.time.pass(MINUTE);
    expect([rig.titles(), rig.sent.length]).toEqual([['CPU: resolved, now 12 %'], 2]);
  });

  it('before a notification was shown shows it, without a second event or message', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(1500);
    rig.restart(open, 'kill');
    await rig.time.pass(3 * SECOND);
    expect([rig.titles(), rig.timeline(), rig.sent.length]).toEqual([['CPU 97 %'], ['alert_fired'], 1]);
  });

  it('keeps snoozes, acknowledgements and missed alerts', async () => {
    const rig = createIncidentRig();
    rig.set(quiet);
    rig.fire(mild);
    rig.fire(mount('/home'));
    rig.incidentManager().acknowledge(mount('/home').id);
    rig.incidentManager().snooze({ kind: 'rule', ruleId: 'disk' }, 'tomorrow');
    rig.restart([{ incident: mount('/home'), rule: ruleOf({ id: 'disk', family: 'disk', device: '*' }) }]);
    expect(rig.incidentManager().open()[0]?.incident.acknowledgedAt).toBe(NOON);
    expect(rig.incidentManager().snoozes()).toHaveLength(1);
    await rig.time.pass(3 * HOUR);
    expect(rig.titles()).toEqual(['Missed: 1 alert, resolved']);
  });

  it('removes the state of incidents that are resolved', async () => {
    const rig = createIncidentRig();
    rig.fire();
    await rig.time.pass(MINUTE);
    rig.restart([]);
    rig.titles();
    rig.handle(eventOf('resolved', resolved(incidentOf(), rig.time.wall)));
    await rig.time.pass(MINUTE);
    expect(rig.titles()).toEqual([]);
  });
});

it('while monitoring is paused nothing is notified', async () => {
  const rig = createIncidentRig();
  rig.world.paused = true;
  rig.fire();
  await rig.time.pass(MINUTE);
  expect([rig.titles(), rig.sent.length, rig.timeline()]).toEqual([[], 0, ['alert_fired paused', 'alert_suppressed paused']]);
});
