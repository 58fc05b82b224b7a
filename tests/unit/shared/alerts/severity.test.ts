import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { levelOf } from '../../../../src/shared/alerts/level';
import { byUrgency, deviceHealth, familyHealth, healthOf, isJudged, deviceOf, machineHealth, thresholdsOf, warningOf } from '../../../../src/shared/alerts/severity';
import type { OpenIncident } from '../../../../src/shared/alerts/severity';
import type { Reading, Snapshot } from '../../../../src/shared/metrics/reading';
import { incidentOf, NOON, ruleOf } from '../../../support/alert-samples';

const open = (series: string, severity: OpenIncident['severity'], acknowledgedAt: number | null = null): OpenIncident => ({ series, severity, acknowledgedAt });
const disk: Reading = { values: { usage: 95 }, devices: { '/': { label: '/', values: { usage: 95 } }, '/x': { label: 'x', values: { usage: null } } } };
const running = (readings: Snapshot['readings']) => ({ readings, paused: false });

describe('health', () => {
  it('is the worst open incident; its mark that of those not acknowledged', () => {
    expect(healthOf([], true)).toEqual({ severity: 'healthy', mark: 'healthy' });
    expect(healthOf([], false)).toEqual({ severity: 'unknown', mark: 'unknown' });
    expect(healthOf([open('a', 'warning')], false)).toEqual({ severity: 'warning', mark: 'warning' });
    expect(healthOf([open('a', 'critical', 1), open('b', 'warning')], true)).toEqual({ severity: 'critical', mark: 'warning' });
    expect(healthOf([open('a', 'critical', 1)], true)).toEqual({ severity: 'critical', mark: 'healthy' });
  });

  it('is the same object for the same health, so that nothing is drawn again', () => {
    expect(healthOf([open('a', 'critical', 1)], true)).toBe(healthOf([open('b', 'critical', 2)], false));
  });

  it('of a device and a family is that of their own series', () => {
    const incidents = [open('disk.usage@/', 'warning'), open('cpu.usage', 'critical')];
    expect(deviceHealth('disk', '/', disk.devices['/'], incidents).severity).toBe('warning');
    expect(deviceHealth('disk', '/x', disk.devices['/x'], incidents).severity).toBe('unknown');
    expect(deviceHealth('disk', '/gone', undefined, incidents).severity).toBe('unknown');
    expect(familyHealth('disk', running({ disk }), incidents).severity).toBe('warning');
    expect(familyHealth('memory', running({ disk }), incidents).severity).toBe('unknown');
    // It cannot be read now, and its alert is open.
    expect(familyHealth('cpu', running({}), incidents).severity).toBe('critical');
  });

  it('of the machine counts incidents of series that this version does not know, and is unknown while paused', () => {
    expect(machineHealth(running({}), []).severity).toBe('unknown');
    expect(machineHealth(running({ disk }), [open('gone.value', 'warning')]).severity).toBe('warning');
    expect(machineHealth({ readings: { disk }, paused: true }, [open('cpu.usage', 'critical')]).severity).toBe('unknown');
    expect(familyHealth('cpu', { readings: {}, paused: true }, [open('cpu.usage', 'critical')]).severity).toBe('unknown');
  });

  it('lists the worst first, then those not acknowledged, then the latest', () => {
    const list = [
      incidentOf({ id: 'w', severity: 'warning', firedAt: NOON + 9 }),
      incidentOf({ id: 'ca', acknowledgedAt: NOON }),
      incidentOf({ id: 'old', firedAt: NOON }),
      incidentOf({ id: 'new', firedAt: NOON + 1 }),
    ];
    expect(list.toSorted(byUrgency).map(({ id }) => id)).toEqual(['new', 'old', 'ca', 'w']);
  });
});

describe('thresholds of a series', () => {
  const every = ruleOf({ id: 'every', family: 'temperature', metric: 'value', device: '*', useDeviceLimits: true, warning: { threshold: 70, forSeconds: 0 }, critical: { threshold: null, forSeconds: 0 } });
  const series = 'temperature.value@a';

  it('are device limits where the rule uses them and the device reports them', () => {
    expect(thresholdsOf([every], series, { limits: { warning: 60, critical: 90 } }).map(({ at }) => at)).toEqual([60, 90]);
    expect(thresholdsOf([every], series, undefined).map(({ at }) => at)).toEqual([70]);
    const device = { label: 'a', values: {}, limits: { warning: 1, critical: 2 } };
    expect(deviceOf({ temperature: { values: {}, devices: { a: device } } }, series)).toBe(device);
    expect([deviceOf({}, 'cpu.usage'), deviceOf({}, series)]).toEqual([undefined, undefined]);
  });

  it('are those of all rules on it, those that are passed first', () => {
    const own = ruleOf({ id: 'own', family: 'temperature', metric: 'value', device: 'a', warning: { threshold: 40, forSeconds: 0 }, critical: null });
    expect(thresholdsOf([every, own], series, { limits: { warning: 60, critical: 90 } })).toEqual([
      { severity: 'warning', at: 40, direction: 'above' },
      { severity: 'critical', at: 90, direction: 'above' },
    ]);
    expect(thresholdsOf([every, { ...own, enabled: false }], series, { limits: { warning: 60, critical: 90 } }).map(({ at }) => at)).toEqual([60, 90]);
    expect(thresholdsOf([every, own], 'temperature.value@b', undefined).map(({ at }) => at)).toEqual([70]);
  });

  it('are none on a removable or read-only medium where the rule leaves these out', () => {
    const disks = ruleOf({ id: 'disks', family: 'disk', metric: 'usage', device: '*', exceptMedia: true, warning: { threshold: 70, forSeconds: 0 }, critical: null });
    const stick = ruleOf({ ...disks, id: 'stick', device: '/media/stick', exceptMedia: false });
    expect(thresholdsOf([disks], 'disk.usage@/media/stick', { media: 'removable' })).toEqual([]);
    expect(thresholdsOf([disks], 'disk.usage@/', {}).map(({ at }) => at)).toEqual([70]);
    expect(thresholdsOf([disks, stick], 'disk.usage@/media/stick', { media: 'removable' }).map(({ at }) => at)).toEqual([70]);
  });

  it('of several rules are those passed first, in both directions; none of a forecast or of an unknown series', () => {
    const level = (threshold: number) => ({ threshold, forSeconds: 0 });
    const rules = [
      ruleOf({ id: 'a', warning: level(80), critical: level(90) }),
      ruleOf({ id: 'b', warning: level(60), critical: null }),
      ruleOf({ id: 'c', direction: 'below', warning: level(5), critical: null }),
      ruleOf({ id: 'd', direction: 'below', warning: level(8), critical: null }),
    ];
    const found = thresholdsOf(rules, 'cpu.usage', undefined);
    expect(found).toEqual([
      { severity: 'warning', at: 60, direction: 'above' },
      { severity: 'critical', at: 90, direction: 'above' },
      { severity: 'warning', at: 8, direction: 'below' },
    ]);
    expect(warningOf(found)).toEqual({ severity: 'warning', at: 60, direction: 'above' });
    expect(warningOf(found.slice(2))).toEqual({ severity: 'warning', at: 8, direction: 'below' });
    expect(warningOf([])).toBeNull();
    expect(thresholdsOf(DEFAULT_RULES, 'no.such', undefined)).toEqual([]);
    expect(thresholdsOf(rules, 'cpu.usage@cpu0', undefined)).toEqual([]);
  });

  it('a family is judged only by a rule that can say something about it here', () => {
    expect(isJudged('cpu', undefined, DEFAULT_RULES)).toBe(true);
    expect(isJudged('uptime', undefined, DEFAULT_RULES)).toBe(false);
    expect(isJudged('cpu', undefined, DEFAULT_RULES.map((rule) => ({ ...rule, enabled: false })))).toBe(false);
    const limitsOnly = [{ ...every, warning: null }];
    expect(isJudged('temperature', { values: {}, devices: { a: { label: 'a', values: {} } } }, limitsOnly)).toBe(false);
    expect(isJudged('temperature', { values: {}, devices: { a: { label: 'a', values: {}, limits: { warning: 80, critical: 100 } } } }, limitsOnly)).toBe(true);
  });
});

describe('levelOf', () => {
  it.each([
    ['cpu.usage', [69.9, 70, 89.9, 90]],
    ['memory.usage', [69.9, 70, 84.9, 85]],
    ['disk.usage', [69.9, 70, 89.9, 90]],
    ['disk.usage@/', [69.9, 70, 89.9, 90]],
  ])('of %s is by the fixed table', (series, values) => {
    expect(values.map((value) => levelOf(series, value))).toEqual(['healthy', 'warning', 'warning', 'critical']);
    expect(levelOf(series, null)).toBeNull();
  });

  it('is null for everything else', () => {
    expect(['cpu.usage@cpu0', 'cpu.user', 'disk.inodeUsage', 'no.such', ''].map((series) => levelOf(series, 99))).toEqual([null, null, null, null, null]);
  });
});
