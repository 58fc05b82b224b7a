/** Calls to drives, volumes and disks, over functions that stand in for those of Windows; and what a drive is. */
import { describe, expect, it } from 'vitest';
import { CollectorError } from '../../../../src/main/engine/collectors/collector';
import { deviceCalls } from '../../../../src/main/engine/windows/device-calls';
import { QUESTION } from '../../../../src/main/engine/windows/disk-answers';
import { deviceOf, driveKind, mediumOf } from '../../../../src/main/engine/windows/drives';
import { multiText } from '../../../../src/main/engine/windows/fields';
import type { Argument } from '../../../../src/main/engine/windows/native';
import { buffer, fakeNative } from '../../../support/native';
import { multi } from '../../../support/windows';
import { createManualTimers, settle } from '../../../support/timers';
import { failureOf } from '../../../support/recorded-machine';

describe('devices', () => {
  it('are opened without rights, asked, and closed also when asking fails', async () => {
    const opened: (readonly Argument[])[] = [];
    const native = fakeNative({
      CreateFileW: (...values) => (opened.push(values), 77),
      DeviceIoControl: (_device, code, input, length, answer, _size, returned) => {
        if (code === QUESTION.extents.code) throw new Error('broken');
        if (code === QUESTION.performance.code) return 0;
        buffer(answer).write('yes');
        buffer(returned).writeUInt32LE(buffer(input).length === length ? 3 : 0);
        return 1;
      },
      CloseHandle: () => 1,
    });
    const calls = deviceCalls(native, createManualTimers());
    expect(await calls.askDevice('\\\\.\\PhysicalDrive0', [QUESTION.descriptor, QUESTION.performance])).toEqual([Buffer.from('yes'), null]);
    expect(opened[0]).toEqual([Buffer.from('\\\\.\\PhysicalDrive0\0', 'utf16le'), 0, 3, null, 3, 0, 0]);
    expect(await failureOf(() => calls.askDevice('x', [QUESTION.extents]))).toMatchObject({ message: 'broken' });
    expect(native.calls.filter((name) => name === 'CloseHandle')).toHaveLength(2);
    expect(await deviceCalls(fakeNative({ CreateFileW: () => -1 }), createManualTimers()).askDevice('x', [QUESTION.extents])).toBeNull();
  });

  it('are asked one at a time, and none more while one is late', async () => {
    const timers = createManualTimers();
    const waiting: (() => void)[] = [];
    const native = fakeNative({ CreateFileW: () => new Promise((resolve) => waiting.push(() => resolve(-1))) });
    const { askDevice } = deviceCalls(native, timers);
    const first = failureOf(() => askDevice('A', []));
    const second = failureOf(() => askDevice('B', []));
    await settle();
    expect(waiting).toHaveLength(1);
    timers.advance(800);
    expect(await first).toMatchObject({ kind: 'Timeout', message: 'A does not respond' });
    expect(await second).toMatchObject({ kind: 'Timeout', message: 'B: not asked while A does not respond' });
    expect(waiting).toHaveLength(1);
    waiting[0]?.();
    await settle();
    const third = askDevice('C', []);
    await settle();
    waiting[1]?.();
    expect(await third).toBeNull();
  });

  it('of programs are not waited for by the others', async () => {
    const native = fakeNative({
      GetDriveTypeW: (root) => (buffer(root).toString('utf16le').startsWith('G') ? new Promise<number>(() => undefined) : 3),
      GetVolumeInformationW: () => 0,
    });
    const { volume } = deviceCalls(native, createManualTimers());
    void volume('G:\\', 'slow');
    expect(await volume('C:\\', 'disk')).toEqual({ type: 3, information: null });
  });

  it('have names, in as much room as these take', () => {
    const all = multi(...Array.from({ length: 5000 }, (_, index) => `Device number ${index}`));
    const native = fakeNative({
      QueryDosDeviceW: (name, bytes, length) => {
        if (name !== null) return buffer(name).toString('utf16le') === 'C:\0' ? multi('\\Device\\HarddiskVolume3').copy(buffer(bytes)) / 2 : 0;
        return Number(length) * 2 < all.length ? 0 : all.copy(buffer(bytes)) / 2;
      },
    });
    const calls = deviceCalls(native, createManualTimers());
    expect(multiText(calls.deviceNames())).toHaveLength(5000);
    expect(deviceOf(calls.device('C:'))).toBe('\\Device\\HarddiskVolume3');
    expect(calls.device('Q:')).toBeNull();
    expect(() => deviceCalls(fakeNative({ QueryDosDeviceW: () => 0 }), createManualTimers()).deviceNames()).toThrow(CollectorError);
  });

  it('are volumes with a file system, a name and flags', async () => {
    const native = fakeNative({
      GetDriveTypeW: (root) => (buffer(root).toString('utf16le') === 'Z:\\\0' ? 4 : 3),
      GetVolumeInformationW: (_root, label, _size, _serial, _longest, flags, fileSystem) => {
        buffer(label).write('Über Platte', 'utf16le');
        buffer(fileSystem).write('NTFS', 'utf16le');
        buffer(flags).writeUInt32LE(0x03e7_00ff);
        return 1;
      },
    });
    const { volume } = deviceCalls(native, createManualTimers());
    expect(await volume('C:\\', 'disk')).toEqual({ type: 3, information: { label: 'Über Platte', fileSystem: 'NTFS', flags: 0x03e7_00ff } });
    expect(await volume('Z:\\', 'disk')).toEqual({ type: 4, information: null });
    expect(native.calls.filter((name) => name === 'GetVolumeInformationW')).toHaveLength(1);
  });

  it('are volumes with paths, of which some need more room', async () => {
    const volumes = ['\\\\?\\Volume{1}\\', '\\\\?\\Volume{2}\\', '\\\\?\\Volume{3}\\'];
    const long = multi(`C:\\${'x'.repeat(2000)}\\`);
    let at = 0;
    const native = fakeNative({
      FindFirstVolumeW: (bytes) => (buffer(bytes).write(`${volumes[0] ?? ''}\0`, 'utf16le'), 5),
      FindNextVolumeW: (_search, bytes) => ((at += 1) < volumes.length ? buffer(bytes).write(`${volumes[at] ?? ''}\0`, 'utf16le') : 0),
      FindVolumeClose: () => 1,
      GetVolumePathNamesForVolumeNameW: (_name, bytes, length, returned) => {
        if (at === 2) return 0;
        const paths = at === 0 ? multi('C:\\') : long;
        buffer(returned).writeUInt32LE(paths.length / 2);
        return Number(length) * 2 < paths.length ? 0 : paths.copy(buffer(bytes));
      },
    });
    expect((await deviceCalls(native, createManualTimers()).volumePaths()).map(multiText)).toEqual([['C:\\'], multiText(long)]);
    expect(native.calls.at(-1)).toBe('FindVolumeClose');
    expect(await failureOf(() => deviceCalls(fakeNative({ FindFirstVolumeW: () => -1 }), createManualTimers()).volumePaths())).toBeInstanceOf(CollectorError);
  });
});

describe('a drive', () => {
  it.each([
    ['\\Device\\HarddiskVolume3', 'disk'],
    ['\\Device\\Harddisk1\\Partition1', 'disk'],
    ['\\Device\\HarddiskDmVolumes\\Group\\Volume1', 'disk'],
    ['\\Device\\RamdiskX', 'disk'],
    ['\\Device\\CdRom0', 'none'],
    ['\\Device\\Floppy0', 'none'],
    ['\\??\\C:\\Projects', 'none'],
    ['\\??\\UNC\\server\\share', 'none'],
    ['\\Device\\Mup\\server\\share', 'remote'],
    ['\\Device\\LanmanRedirector\\;Z:0000\\server\\share', 'remote'],
    ['\\Device\\WebDavRedirector\\;X:0\\host\\DavWWWRoot', 'remote'],
    ['\\Device\\RdpDr\\;Y:1\\tsclient\\C', 'remote'],
    ['\\Device\\VBoxMiniRdr\\;W:\\vboxsvr\\share', 'remote'],
    ['\\Device\\vmhgfs\\;V:0\\vmware-host\\Shared Folders', 'remote'],
    ['\\Device\\WinFsp.Mup\\;R:0\\sshfs\\host', 'remote'],
    ['\\Device\\Volume{d6cc17c5-1234-4c1e-9a5b-000000000000}', 'slow'],
    ['\\Device\\ImDisk0', 'slow'],
    ['\\Device\\VeraCryptVolumeV', 'slow'],
    [null, 'none'],
  ] as const)('that stands for %s is %s', (device, kind) => {
    expect(driveKind(device)).toBe(kind);
  });

  it('without a medium, or which turns out to be optical, has no space', () => {
    const ntfs = { fileSystem: 'NTFS', label: '', flags: 0 };
    expect([1, 5].map((type) => mediumOf({ type, information: ntfs }))).toEqual(['none', 'none']);
    expect([mediumOf({ type: 2, information: null }), mediumOf({ type: 2, information: ntfs }), mediumOf({ type: 3, information: ntfs }), mediumOf({ type: 3, information: null })]).toEqual(['none', 'removable', null, null]);
  });
});
