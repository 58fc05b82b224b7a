/** What a list of alerts says of the worst value of each. */
import { expect, it } from 'vitest';
import { incidentPeak } from '../../../../src/renderer/app/incident-text';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { incidentOf } from '../../../support/alert-samples';

const NOTHING = { readings: {}, lastKnown: {} };
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

it.each([
  ['a high value', { ruleId: 'cpu-usage', series: 'cpu.usage', peak: 99 }, 'peak 99.0 %'],
  ['a low value', { ruleId: 'battery-low', series: 'battery.charge', peak: 8 }, 'lowest 8.0 %'],
  ['a state', { ruleId: 'array-degraded', series: 'health.degraded@md1', device: 'md1', peak: 2 }, 'at worst degraded'],
  ['a time until full', { ruleId: 'disk-forecast', series: 'disk.usage@/home', device: '/home', peak: 3 }, 'lowest 3 h'],
  ['what no rule is known of', { ruleId: 'gone', series: 'cpu.usage', peak: 99 }, 'peak 99.0 %'],
])('the peak of %s', (_, incident, expected) => {
  expect(plain(incidentPeak(incidentOf({ ...incident, clearedAt: 1 }), DEFAULT_RULES, NOTHING))).toBe(expected);
});

it('the peak of an open alert is that of now where it is worse', () => {
  const low = incidentOf({ ruleId: 'battery-low', series: 'battery.charge', peak: 8 });
  const at = (charge: number) => plain(incidentPeak(low, DEFAULT_RULES, { ...NOTHING, readings: { battery: { values: { charge }, devices: {} } } }));
  expect([at(12), at(5)]).toEqual(['lowest 8.0 %', 'lowest 5.0 %']);
});
