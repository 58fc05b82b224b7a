import { describe, expect, it } from 'vitest';
import type { Culprit } from '../../../../src/shared/alerts/incident';
import { formatSpan, toGroupResolvedText, formatCulprits, toSummaryText, toGroupText, toSubject, toTitle, toAlertText } from '../../../../src/shared/alerts/alert-text';
import { resolved, eventOf, incidentOf, NOON, ruleOf } from '../../../support/alert-samples';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');
const said = (words: { title: string; body: string }): string[] => [plain(words.title), plain(words.body)];
const process = (name: string, value: number, unit: Culprit['unit'] = 'percent'): Culprit => ({ name, pid: 1, value, unit });
const MINUTE = 60_000;
const space = ruleOf({ id: 'disk-space', label: 'Disk space', family: 'disk', metric: 'usage', device: '*' });
const home = { ruleId: 'disk-space', series: 'disk.usage@/home', device: '/home', deviceLabel: '/home' };

describe('texts of alerts', () => {
  it('contain metric, value, threshold, duration and culprits', () => {
    const culprits = [process('chrome', 200), process('node', 84.4), process('chrome', 110.2), process('Xorg', 12), process('idle', 0)];
    expect(said(toAlertText(eventOf('fired', incidentOf({ culprits }))))).toEqual(['CPU 97 %', 'Above 90 % for 5 min · chrome 310 %, node 84 %, Xorg 12 %']);
  });

  it('say how an incident continues and ends', () => {
    const incident = incidentOf({ value: 92.44 });
    const at = NOON + 127 * MINUTE;
    expect(said(toAlertText(eventOf('escalated', incident)))).toEqual(['CPU 92.4 %', 'Now critical: above 90 % for 5 min']);
    expect(said(toAlertText(eventOf('deescalated', { ...incident, severity: 'warning' })))).toEqual(['CPU 92.4 %', 'No longer critical · peak 99 %']);
    expect(said(toAlertText(eventOf('reminder', incident, ruleOf(), at)))).toEqual(['CPU 92.4 %', 'Still open after 2 h 12 min · peak 99 %']);
    expect(said(toAlertText(eventOf('resolved', resolved(incident, NOON + 7 * MINUTE))))).toEqual(['CPU: resolved, now 12 %', 'After 12 min · peak 99 %']);
    expect(said(toAlertText(eventOf('resolved', resolved(incident, NOON, 'ruleChanged'))))[0]).toBe('CPU: rule no longer active');
    expect(said(toAlertText(eventOf('resolved', { ...resolved(incidentOf(home), NOON, 'deviceGone'), value: null }, space)))[0]).toBe('Disk space /home: device removed');
    expect(said(toAlertText({ ...eventOf('resolved', resolved(incidentOf(home), NOON, 'deviceGone'), space), cause: 'ignored' }))[0]).toBe('Disk space /home: device ignored');
  });

  it('come from the metric descriptors', () => {
    expect(toSubject(incidentOf(home))).toBe('Disk space /home');
    expect(toSubject(incidentOf({ ...home, series: 'disk.inodeUsage@/home' }))).toBe('Disk space /home inode usage');
    expect(toSubject(incidentOf({ series: 'memory.swapUsage' }))).toBe('Memory swap usage');
    expect(toSubject(incidentOf({ series: 'temperature.value@k10', deviceLabel: 'Package' }))).toBe('Temperature Package');
    expect(toSubject(incidentOf({ series: 'gone.metric' }))).toBe('CPU busy');
    // A family that is named as its devices are.
    expect(toTitle(incidentOf({ series: 'service.up@shop', deviceLabel: 'Shop' }), null, 0)).toBe('Service Shop: down');
    expect(toSubject(incidentOf({ series: 'service.networkLost' }))).toBe('Services');
    expect(plain(toTitle(incidentOf({ series: 'temperature.value@k10', deviceLabel: 'Package' }), null, 91.5))).toBe('Temperature Package 91.5 °C');
  });

  it('give a time as a person would', () => {
    const fan = ruleOf({ id: 'fan-stalled', family: 'fans', metric: 'stalled', device: '*', warning: { threshold: 60, forSeconds: 0 }, critical: null });
    const incident = incidentOf({ ruleId: fan.id, series: 'fans.stalled@it87/fan1', device: 'it87/fan1', deviceLabel: 'CPU fan', severity: 'warning', threshold: 60, valueAtFire: 62, culprits: [] });
    expect(said(toAlertText(eventOf('fired', incident, fan)))).toEqual(['Fan CPU fan stalled for 62 s', 'Above 1 min']);
  });

  it('say below, and the lowest value, for a rule on low values', () => {
    const rule = ruleOf({ family: 'disk', metric: 'available', device: '*', direction: 'below', warning: null, critical: { threshold: 5 * 2 ** 30, forSeconds: 0 } });
    const incident = incidentOf({ ...home, series: 'disk.available@/home', threshold: 5 * 2 ** 30, valueAtFire: 4.5 * 2 ** 30, peak: 1.25 * 2 ** 30 });
    expect(said(toAlertText(eventOf('fired', incident, rule)))).toEqual(['Disk space /home available 4.50 GiB', 'Below 5 GiB']);
    expect(plain(toAlertText(eventOf('resolved', { ...resolved(incident, NOON), value: null }, rule)).body)).toContain('lowest 1.25 GiB');
  });

  it('say when a disk will be full', () => {
    const rule = ruleOf({ family: 'disk', metric: 'usage', device: '*', source: 'timeToFull', direction: 'below', warning: { threshold: 24, forSeconds: 60 }, critical: { threshold: 4, forSeconds: 300 } });
    const incident = incidentOf({ ...home, threshold: 24, valueAtFire: 3.4, value: 3.4, peak: 2 });
    expect(said(toAlertText(eventOf('fired', incident, rule)))).toEqual(['Disk space /home full in 3 h 24 min', 'Full within 1 d at the current rate']);
    expect(said(toAlertText(eventOf('resolved', resolved(incident, NOON), rule)))).toEqual(['Disk space /home: resolved', 'After 5 min · lowest 2 h']);
  });

  it('show a dash for a missing value', () => {
    expect(plain(toTitle(incidentOf({ value: null }), null))).toBe('CPU: no value now');
  });

  it('format culprits in their unit', () => {
    expect(plain(formatCulprits([process('postgres', 3 * 2 ** 30, 'bytes'), process('rsync', 2048, 'bytes')]))).toBe('postgres 3.00 GiB, rsync 2.00 KiB');
    expect(formatCulprits([])).toBe('');
    // One in a container is not one outside.
    expect(plain(formatCulprits([{ ...process('postgres', 60), container: 'shop-db' }, process('postgres', 84), { ...process('postgres', 30), container: 'shop-db' }]))).toBe('postgres in shop-db 90 %, postgres 84 %');
  });

  it.each([
    [0, '0 s'], [29.6, '30 s'], [60, '1 min'], [90, '90 s'], [119, '119 s'], [120, '2 min'], [150, '3 min'], [3599, '1 h'], [5400, '1 h 30 min'], [86_400, '1 d'], [90_000, '1 d 1 h'], [86_460, '1 d'],
  ])('format %d seconds as %s', (seconds, text) => expect(plain(formatSpan(seconds))).toBe(text));

  it('list many alerts, critical ones first, and count the rest', () => {
    const listed = (index: number) => ({ title: `Disk ${index}`, severity: index < 3 ? ('warning' as const) : ('critical' as const), clearedAt: null });
    const storm = toGroupText(Array.from({ length: 40 }, (_, index) => listed(index)));
    expect(storm.title).toBe('40 new alerts, 37 critical');
    expect(storm.body.split('\n')).toEqual(['Disk 3', 'Disk 4', 'Disk 5', 'Disk 6', 'Disk 7', 'and 35 more']);
    expect(toGroupText([3, 4, 5, 6, 7, 8].map(listed)).body.split('\n')).toHaveLength(6);
    expect(toGroupText([listed(0), listed(1)]).title).toBe('2 new alerts');
    expect(toGroupResolvedText(['a', 'b'])).toEqual({ title: '2 alerts resolved', body: 'a\nb' });
  });

  it('list missed alerts after quiet hours, open ones first', () => {
    const digest = toSummaryText([{ title: 'CPU', severity: 'critical', clearedAt: NOON }, { title: 'Disk', severity: 'warning', clearedAt: null }]);
    expect(digest).toEqual({ title: 'Missed: 2 alerts, 1 still open', body: 'Disk\nCPU (resolved)' });
    expect(toSummaryText([{ title: 'CPU', severity: 'critical', clearedAt: NOON }]).title).toBe('Missed: 1 alert, resolved');
  });
});
