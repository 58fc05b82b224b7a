/** Where a device is renamed or ignored, and where that is undone. */
import { describe, expect, it } from 'vitest';
import { DeviceTable } from '../../../../src/renderer/features/metrics/device-table';
import { SettingsPage } from '../../../../src/renderer/features/settings/settings-page';
import type { DeviceSetting } from '../../../../src/shared/settings/device-settings';
import { renderedHtml, renderedText } from '../../../support/rendered';

const live = { time: 1_795_000_000_000, known: true, connection: 'live', readings: { temperature: { values: { hottest: 50 }, devices: { 'k10temp/Tctl': { label: 'Tctl', values: { value: 50 } } } } } } as const;
const TCTL: DeviceSetting = { family: 'temperature', device: 'k10temp/Tctl', label: 'Tctl', name: 'Processor', ignored: false };
const EDGE: DeviceSetting = { family: 'temperature', device: 'amdgpu/edge', label: 'edge', name: null, ignored: true };

describe('the table of devices', () => {
  it('has a menu beside each name, which tells what it is for', () => {
    const html = renderedHtml(<DeviceTable family="temperature" />, { live });
    expect(html).toMatch(/<select class="device-menu" aria-label="Change Tctl">.*Rename….*Ignore/);
    expect(html).not.toContain('Ignored');
  });

  it('shows a name that was just chosen before the next reading has it', () => {
    expect(renderedText(<DeviceTable family="temperature" />, { live, settings: { devices: [TCTL] } })).toContain('Processor');
  });

  it('says which devices are ignored, each with a way back, also where none is left', () => {
    const settings = { devices: [EDGE, { ...EDGE, family: 'disk' as const, label: '/nas' }] };
    for (const readings of [live.readings, { temperature: { values: { hottest: null }, devices: {} } }]) {
      const text = renderedText(<DeviceTable family="temperature" />, { live: { ...live, readings }, settings });
      expect(text).toMatch(/Ignored sensors: edge Show edge again/);
      expect(text).not.toContain('/nas');
    }
  });
});

describe('a row', () => {
  it('has the word for a state, and why a device is in it', () => {
    const md = { label: 'md0', values: { degraded: 2, failing: 0, progress: null }, state: { code: 'degraded', reason: '1 of 2 members missing' } } as const;
    const html = renderedHtml(<DeviceTable family="health" />, { live: { ...live, readings: { health: { values: { problems: 1 }, devices: { md0: md } } } } });
    expect(html).toContain('<span class="device-detail device-state">Degraded: 1 of 2 members missing</span>');
    expect(html).toMatch(/<td>degraded<\/td>/);
  });
});

describe('the settings', () => {
  it('list what is set, each device with what the system calls it and a button', () => {
    const text = renderedText(<SettingsPage />, { settings: { devices: [TCTL, EDGE] } });
    expect(text).toMatch(/Renamed and ignored devices .* totals of the machine still include them/);
    expect(text).toMatch(/Processor Temperature: Tctl Reset Processor/);
    expect(text).toMatch(/edge Temperature, ignored Reset edge/);
  });

  it('say where it is done while nothing is set', () => {
    expect(renderedText(<SettingsPage />)).toContain('None. Use the ⋯ beside a device’s name on its page.');
  });
});
