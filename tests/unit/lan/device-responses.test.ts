/** The response for devices, derived from descriptors. */
import { expect, it } from 'vitest';
import { devicesResponse } from '../../../src/main/lan/routes/device-responses';

it('a device has its own detail, limits and severity', () => {
  const device = { label: 'CPU', detail: 'coretemp', values: { value: null }, limits: { warning: 80, critical: 90 } };
  const open = [{ series: 'temperature.value@b', severity: 'warning', acknowledgedAt: null }] as const;
  const response = devicesResponse({ seq: 1, time: 5, paused: false, faults: {}, lastKnown: {}, readAt: { temperature: 3 }, readings: { temperature: { values: { hottest: 85 }, devices: { a: device, b: { ...device, values: { value: 85 } } } } } }, open);
  expect(response.devices).toMatchObject([
    { detail: 'coretemp', metric: 'value', unit: 'celsius', value: null, severity: 'unknown', limits: { warning: 80, critical: 90 }, time: 3 },
    { value: 85, severity: 'warning', level: null },
  ]);
});
