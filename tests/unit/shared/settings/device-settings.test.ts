/** What may be set for single devices, and how the list changes. */
import { describe, expect, it } from 'vitest';
import { renamedDeviceSettings } from '../../../../src/main/settings/renamed-devices';
import { MAX_DEVICES, MAX_LABEL, MAX_NAME, withDevice } from '../../../../src/shared/settings/device-settings';
import type { DeviceSetting } from '../../../../src/shared/settings/device-settings';
import { deviceSettingsSchema } from '../../../../src/shared/settings/device-settings-schema';

const TCTL: DeviceSetting = { family: 'temperature', device: 'k10temp pci/Tctl', label: 'Tctl', name: 'Processor', ignored: false };
const isValid = (...settings: readonly object[]): boolean => deviceSettingsSchema.safeParse(settings).success;

describe('settings of devices', () => {
  it('are valid with a name or where the device is ignored, each device once', () => {
    expect(isValid(TCTL, { ...TCTL, family: 'frequency' }, { ...TCTL, device: 'other', name: null, ignored: true })).toBe(true);
    expect(isValid({ ...TCTL, name: null })).toBe(false);
    expect(isValid(TCTL, { ...TCTL, name: 'CPU' })).toBe(false);
    expect(isValid({ ...TCTL, family: 'nonsense' })).toBe(false);
    expect(isValid({ ...TCTL, colour: 'red' })).toBe(false);
  });

  it('are bounded in number and length, and of visible text in one line', () => {
    const many = Array.from({ length: MAX_DEVICES + 1 }, (_, at) => ({ ...TCTL, device: `d${at}` }));
    expect(isValid(...many.slice(1))).toBe(true);
    expect(isValid(...many)).toBe(false);
    expect(isValid({ ...TCTL, name: 'n'.repeat(MAX_NAME) })).toBe(true);
    for (const name of ['', '  ', 'n'.repeat(MAX_NAME + 1), 'two\nlines', 'to the \u202Eleft']) expect([name, isValid({ ...TCTL, name })]).toEqual([name, false]);
    expect(isValid({ ...TCTL, device: 'd'.repeat(301) })).toBe(false);
  });

  it('of a device keep what the system calls it, and leave the list when nothing is set', () => {
    const renamed = withDevice([TCTL], { ...TCTL, label: 'Processor', name: 'CPU' });
    expect(renamed).toEqual([{ ...TCTL, name: 'CPU' }]);
    const ignored = withDevice(renamed, { ...TCTL, ignored: true });
    expect(ignored).toEqual([{ ...TCTL, ignored: true }]);
    expect(withDevice(ignored, { ...TCTL, name: null, ignored: false })).toEqual([]);
    expect(withDevice([], { ...TCTL, name: null })).toEqual([]);
    expect(isValid(...withDevice([], { ...TCTL, label: 'l'.repeat(5000) }))).toBe(true);
    expect(withDevice([], { ...TCTL, label: 'l'.repeat(5000) })[0]?.label).toHaveLength(MAX_LABEL);
  });

  it('go with a device that gets another id, and never onto what is set for that one', () => {
    const disk: DeviceSetting = { family: 'diskio', device: 'sda', label: 'sda', name: 'Backup', ignored: false };
    const renamed = new Map([['diskio.busy@sda', 'diskio.busy@Disk 1a2b3c4d'], ['diskio.read@sda', 'diskio.read@Disk 1a2b3c4d']]);
    expect(renamedDeviceSettings([TCTL, disk], renamed)).toEqual([TCTL, { ...disk, device: 'Disk 1a2b3c4d' }]);
    const own = { ...disk, device: 'Disk 1a2b3c4d', name: 'System' };
    expect(renamedDeviceSettings([disk, own], renamed)).toEqual([own]);
    const others = [TCTL, { ...disk, device: 'sdb' }, { ...disk, family: 'disk' as const }];
    expect(renamedDeviceSettings(others, renamed)).toBe(others);
  });
});
