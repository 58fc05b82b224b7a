import { describe, expect, it } from 'vitest';
import { consequenceText, deviceText, deviceValue, isEmpty, remainderText, toDeletion } from '../../../../src/renderer/features/settings/deletion-text';

const NOW = new Date(2026, 10, 30, 12).getTime();
const USB = { family: 'disk', device: '/mnt/usb', last: Date.UTC(2026, 10, 2) } as const;
const FORM = { kind: 'before', date: '', device: '' } as const;
const SIZE = { from: new Date(2025, 9, 14, 12).getTime(), to: new Date(2026, 10, 30).getTime(), series: 142, bytes: 31_000_000, events: 900, alerts: 1, snapshots: 3 };
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('what is deleted', () => {
  it('is what the form says', () => {
    expect(toDeletion({ ...FORM, kind: 'all' }, [], NOW).deletion).toEqual({ kind: 'all' });
    expect(toDeletion({ ...FORM, date: '2026-11-01' }, [], NOW).deletion).toEqual({ kind: 'before', time: new Date(2026, 10, 1).getTime() });
    expect(toDeletion({ ...FORM, kind: 'device', device: deviceValue(USB) }, [USB], NOW).deletion).toEqual({ kind: 'device', family: 'disk', device: '/mnt/usb' });
  });

  it.each([
    [FORM, 'Choose a date.'],
    [{ ...FORM, date: '2026-13-40' }, 'Choose a date.'],
    [{ ...FORM, date: '0001-01-01' }, 'Choose a date.'],
    [{ ...FORM, date: '2026-12-01' }, 'Choose a date that is not in the future.'],
    [{ ...FORM, kind: 'device', device: 'disk@/gone' }, 'Choose a device.'],
  ] as const)('is nothing while it is not chosen: %j', (form, problem) => {
    expect(toDeletion(form, [USB], NOW)).toEqual({ deletion: null, problem });
  });

  it('is named beforehand: what, how much, what stays, and that there is no way back', () => {
    const preview = { size: SIZE, devices: [], copies: 2 };
    expect(plain(consequenceText(preview, 'before'))).toBe('Deletes 412 days of history (2025-10-14 to 2026-11-30, 142 series, about 31 MB), 900 events, 1 resolved alert and the process snapshots of that time.');
    expect(remainderText(preview, 'before')).toBe('Open alerts, rules and settings stay. So do backups, and 2 earlier copies of the history in the data folder. This cannot be undone.');
    expect(remainderText({ ...preview, copies: 0 }, 'device')).toBe('Open alerts, and totals of the machine that included it, stay. So do backups. This cannot be undone.');
    expect(isEmpty(preview)).toBe(false);
    expect(isEmpty({ ...preview, size: { from: null, to: null, series: 0, bytes: 0, events: 0, alerts: 0, snapshots: 0 } })).toBe(true);
    expect(deviceText(USB)).toBe('Disk space: /mnt/usb, last seen 2026-11-02');
  });
});
