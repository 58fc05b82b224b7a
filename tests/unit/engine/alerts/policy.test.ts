import { describe, expect, it } from 'vitest';
import { decide, suppressedBy, webhookSuppressedBy } from '../../../../src/main/engine/alerts/policy';
import type { NotificationContext } from '../../../../src/main/engine/alerts/policy';
import { WEEKDAYS } from '../../../../src/shared/alerts/weekdays';
import type { IncidentEventKind } from '../../../../src/shared/alerts/incident-event';
import { resolved, eventOf, incidentOf, NOON, ruleOf } from '../../../support/alert-samples';

const open: NotificationContext = {
  settings: { quietHours: [], criticalBypassesQuietHours: true },
  now: NOON,
  offsetAt: () => 0,
  doNotDisturb: false,
  paused: false,
  snoozes: [],
  acknowledged: false,
  wasDelivered: false,
};
const noonIsQuiet = [{ days: [...WEEKDAYS], from: '11:00', to: '13:00' }];
const snoozed = { snoozes: [{ target: { kind: 'all' as const }, label: 'Everything', since: NOON, until: NOON + 1 }] };
const warning = incidentOf({ severity: 'warning', worst: 'warning' });
const reasonOf = (kind: IncidentEventKind, given: Partial<NotificationContext> = {}, incident = warning, rule = ruleOf()): string | null =>
  decide(eventOf(kind, kind === 'resolved' ? resolved(incident, NOON) : incident, rule), { ...open, ...given }).reason;

describe('desktop notifications', () => {
  it('have the incident’s key, at its end too', () => {
    const incident = incidentOf();
    const begin = decide(eventOf('fired', incident), open).notification;
    const end = decide(eventOf('resolved', resolved(incident, NOON + 60_000)), { ...open, wasDelivered: true }).notification;
    expect(begin).toMatchObject({ kind: 'alert', severity: 'critical', title: 'CPU 97\u202f%' });
    expect(end).toMatchObject({ key: begin.key, kind: 'recovery', severity: 'info' });
  });

  it.each([
    ['channel-off', 'fired', {}, ruleOf({ channels: undefined })],
    ['paused', 'fired', { paused: true }, ruleOf()],
    ['snoozed', 'fired', snoozed, ruleOf()],
    ['snoozed', 'escalated', snoozed, ruleOf()],
    ['acknowledged', 'reminder', { acknowledged: true }, ruleOf()],
    ['acknowledged', 'resolved', { acknowledged: true, wasDelivered: true }, ruleOf()],
    ['quiet-hours', 'fired', { settings: { quietHours: noonIsQuiet, criticalBypassesQuietHours: true } }, ruleOf()],
    ['do-not-disturb', 'fired', { doNotDisturb: true }, ruleOf()],
    ['not-announced', 'resolved', {}, ruleOf()],
  ] as const)('are suppressed: %s, %s', (reason, kind, given, rule) => {
    expect(reasonOf(kind, given, warning, rule)).toBe(reason);
  });

  it('are suppressed within the cooldown', () => {
    expect(decide({ ...eventOf('fired'), suppressed: 'cooldown' }, open).reason).toBe('cooldown');
  });

  it('are shown for an escalation although the warning was acknowledged', () => {
    expect(reasonOf('escalated', { acknowledged: true }, incidentOf())).toBeNull();
    expect(reasonOf('deescalated', { acknowledged: true })).toBe('acknowledged');
  });

  it('are shown for critical alerts in quiet hours and under Do Not Disturb, unless that is turned off', () => {
    for (const given of [{ settings: { quietHours: noonIsQuiet, criticalBypassesQuietHours: true } }, { doNotDisturb: true }]) {
      expect(reasonOf('fired', given, incidentOf())).toBeNull();
      expect(reasonOf('resolved', { ...given, wasDelivered: true }, incidentOf())).toBeNull();
    }
    const strict = { quietHours: noonIsQuiet, criticalBypassesQuietHours: false };
    expect(reasonOf('fired', { settings: strict }, incidentOf())).toBe('quiet-hours');
    expect(suppressedBy('critical', { ...open, settings: { ...strict, quietHours: [] }, doNotDisturb: true })).toBe('do-not-disturb');
  });

  it('are not shown for the end of an incident whose rule or device was removed', () => {
    const ended = (endedBy: 'ruleChanged' | 'deviceGone') => decide(eventOf('resolved', resolved(incidentOf(), NOON, endedBy)), { ...open, wasDelivered: true }).reason;
    expect([ended('ruleChanged'), ended('deviceGone')]).toEqual(['rule-changed', 'device-gone']);
    const ignored = { ...eventOf('resolved', resolved(incidentOf(), NOON, 'deviceGone')), cause: 'ignored' as const };
    expect(decide(ignored, { ...open, wasDelivered: true }).reason).toBe('device-gone');
  });

  it('follow the channels of the current severity', () => {
    const rule = ruleOf({ channels: { warning: { notify: false, webhook: false }, critical: { notify: true, webhook: true } } });
    expect([reasonOf('fired', {}, warning, rule), reasonOf('escalated', {}, incidentOf(), rule), reasonOf('deescalated', { wasDelivered: true }, warning, rule)]).toEqual(['channel-off', null, 'channel-off']);
    // Its end is shown all the same: it was notified as critical.
    expect(reasonOf('resolved', { wasDelivered: true }, { ...warning, worst: 'critical' }, rule)).toBeNull();
  });
});

describe('webhook messages', () => {
  it('are sent in quiet hours, but not while snoozed', () => {
    expect(webhookSuppressedBy(eventOf('fired', warning), { ...open, doNotDisturb: true, settings: { quietHours: noonIsQuiet, criticalBypassesQuietHours: false } }, false)).toBeNull();
    expect(webhookSuppressedBy(eventOf('fired', warning), { ...open, ...snoozed }, false)).toBe('snoozed');
  });

  it('are sent for the end if the start was sent', () => {
    const end = eventOf('resolved', resolved(warning, NOON));
    expect([webhookSuppressedBy(end, open, true), webhookSuppressedBy(end, open, false)]).toEqual([null, 'not-announced']);
    expect(webhookSuppressedBy(eventOf('fired', warning, ruleOf({ channels: undefined })), open, false)).toBe('channel-off');
  });
});
