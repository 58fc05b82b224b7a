import { describe, expect, it } from 'vitest';
import { openAlertTitle, peakSoFar } from '../../../../src/shared/alerts/alert-value';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { incidentOf, ruleOf } from '../../../support/alert-samples';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');
const incident = incidentOf({ series: 'disk.usage@/home', device: '/home', deviceLabel: '/home', value: 97 });
const disk = (usage: number | null, fault: object = {}): Reading => ({ values: { usage }, devices: { '/home': { label: '/home', values: { usage }, ...fault } } });
const NOTHING = { readings: {}, lastKnown: {} };
const title = (known: Parameters<typeof openAlertTitle>[2], change: Partial<typeof incident> = {}, rule = ruleOf()): string => plain(openAlertTitle({ ...incident, ...change }, rule, known));

describe('the title of an open alert', () => {
  it('has the current value, whatever the alert said last', () => {
    expect(title({ readings: { disk: disk(91) }, lastKnown: {} })).toBe('Disk space /home 91 %');
  });

  it('has the value of the alert before the family was read, as after a start', () => {
    expect(title(NOTHING)).toBe('Disk space /home 97 %');
  });

  it.each([
    ['the family failed', { readings: {}, lastKnown: { disk: { reading: disk(96), readAt: 1 } } }, 'last 96 %'],
    ['the device does not respond', { readings: { disk: disk(null, { fault: { message: 'does not respond', since: 1, last: { values: { usage: 95 }, readAt: 0 } } }) }, lastKnown: {} }, 'last 95 %'],
    ['the device is gone', { readings: { disk: { values: { usage: null }, devices: {} } }, lastKnown: {} }, 'last 97 %'],
    ['the value is missing', { readings: { disk: disk(null) }, lastKnown: {} }, 'last 97 %'],
  ])('says that there is no value now, and the last known one: %s', (_, known, last) => {
    expect(title(known)).toBe(`Disk space /home: no value now, ${last}`);
  });

  it('says it without a last one too, and never with a dash', () => {
    expect(title({ readings: { disk: disk(null) }, lastKnown: {} }, { value: null })).toBe('Disk space /home: no value now');
    expect(title(NOTHING, { value: null })).toBe('Disk space /home: no value now');
    expect(title(NOTHING, { value: null }, { ...ruleOf(), source: 'timeToFull' })).toBe('Disk space /home: not filling up now');
  });
});

describe('the peak of an open alert', () => {
  const at = (usage: number | null, change: object = {}): number => peakSoFar({ ...incident, peak: 97 }, { ...ruleOf(), ...change }, { readings: { disk: disk(usage) }, lastKnown: {} });

  it('is never less than the value beside it', () => {
    expect([at(91), at(98), at(null)]).toEqual([97, 98, 97]);
    expect([at(91, { direction: 'below' }), at(98, { direction: 'below' })]).toEqual([91, 97]);
    expect(at(98, { source: 'timeToFull' })).toBe(97);
  });
});
