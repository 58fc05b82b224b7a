import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystemSpace } from '../../../../src/main/engine/collectors/deps';
import { linuxDisk, spaceOf } from '../../../../src/main/engine/collectors/disk.linux';
import { parseMountinfo, realMounts, unescapeMount } from '../../../../src/main/engine/collectors/mounts.linux';
import { failureOf, machineDeps } from '../../../support/recorded-machine';

const SPACE: FileSystemSpace = { bsize: 4096, blocks: 1000, bfree: 600, bavail: 500, files: 100, ffree: 25 };
const LOCAL = ['/', '/boot/efi', '/home/ann/music', '/mnt/ntfs', '/mnt/twice', '/mnt/umlautü', '/tank'];

/** Timers whose deadlines pass immediately. */
const impatient = { after: (_ms: number, fn: () => void) => (queueMicrotask(() => queueMicrotask(fn)), () => undefined) };

describe('mounts', () => {
  it('selects local mounts, FUSE on a block device too, each file system once', async () => {
    const asked: string[] = [];
    const collector = linuxDisk(machineDeps('laptop', { statfs: (path: string | Buffer) => (asked.push(String(path)), Promise.resolve(SPACE)) }));
    const { devices } = collector.toReading(await collector.read(), null);
    expect(Object.keys(devices)).toEqual(LOCAL);
    expect(asked.sort()).toEqual(LOCAL);
    expect(devices['/mnt/twice']?.detail).toBe('xfs · /dev/sde1');
    expect(devices['/']?.detail).toBe('btrfs · /dev/mapper/luks-root');
  });

  it('includes network mounts and other FUSE only on request', async () => {
    const collector = linuxDisk(machineDeps('laptop', { networkMounts: () => true }));
    const { devices } = collector.toReading(await collector.read(), null);
    expect(Object.keys(devices).filter((point) => !LOCAL.includes(point))).toEqual(['/home/ann/remote', '/mnt/nas', '/run/user/1000/doc']);
    expect(devices['/mnt/nas']?.detail).toBe('nfs4 · nas:/volume one');
  });

  it('includes the root overlay of a container, not the files mounted into it', async () => {
    const collector = linuxDisk(machineDeps('container-v2'));
    expect(Object.keys(collector.toReading(await collector.read(), null).devices)).toEqual(['/']);
  });

  it('leaves out a read-only overlay: an image is always full', () => {
    expect(realMounts(parseMountinfo('1 0 0:1 / / ro - overlay composefs ro\n'), true)).toEqual([]);
  });

  it('decodes escaped bytes of UTF-8', () => {
    expect(unescapeMount(String.raw`/a\040b\011c\134d\303\274`)).toBe('/a b\tc\\dü');
    expect(unescapeMount('/ü x')).toBe('/ü x');
  });

  it.each(['', 'garbage', '1 2 3:4 / /x', '1 2 3:4 / /x rw -'])('rejects %j', async (text) => {
    expect(await failureOf(() => parseMountinfo(text))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('the table of mounts', () => {
  const line = (id: number, point: string, options = 'rw'): string => `${id} 1 8:${id} / ${point} ${options} - ext4 /dev/sd${id} ${options}\n`;
  let root = '';
  let mono = 0;
  beforeEach(() => {
    mono = 0;
    root = mkdtempSync(join(tmpdir(), 'mounts-'));
    mkdirSync(join(root, 'proc/self'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (file: string, text: string): void => writeFileSync(join(root, 'proc/self', file), text);
  const open = (): { points: () => Promise<string[]>; close: () => void } => {
    const collector = linuxDisk({ ...machineDeps('laptop', { clock: { now: () => 0, mono: () => mono, boot: () => 0 } }), root });
    return { points: async () => (await collector.read()).mounts.map(({ point }) => point), close: () => collector.close?.() };
  };

  it('is read again when mounts change, and every ten minutes', async () => {
    const { points, close } = open();
    write('mountstats', 'device /dev/sd1 mounted on / with fstype ext4\n');
    write('mountinfo', line(1, '/'));
    expect(await points()).toEqual(['/']);
    write('mountinfo', line(1, '/') + line(2, '/data'));
    mono += 599_999;
    expect(await points()).toEqual(['/']);
    write('mountstats', 'device /dev/sd1 mounted on / with fstype ext4\ndevice /dev/sd2 mounted on /data with fstype ext4\n');
    expect(await points()).toEqual(['/', '/data']);
    write('mountinfo', line(1, '/'));
    mono += 600_000;
    expect(await points()).toEqual(['/']);
    close();
  });

  it('is not read again when only the call counters of network mounts change', async () => {
    const { points, close } = open();
    const nfs = (calls: number): string => `device /dev/sd1 mounted on / with fstype ext4\ndevice nas:/ mounted on /nas with fstype nfs4 statvers=1.1\n\topts:\trw\n\tage:\t${calls}\n\t        READ: ${calls}\n`;
    write('mountstats', nfs(1));
    write('mountinfo', line(1, '/'));
    await points();
    write('mountstats', nfs(2));
    write('mountinfo', line(1, '/') + line(2, '/data'));
    expect(await points()).toEqual(['/']);
    close();
  });

  it('is read each time if the kernel has no mountstats', async () => {
    const { points, close } = open();
    write('mountinfo', line(1, '/'));
    expect(await points()).toEqual(['/']);
    write('mountinfo', line(1, '/') + line(2, '/data'));
    expect(await points()).toEqual(['/', '/data']);
    close();
  });
});

describe('space', () => {
  it('is calculated like df', async () => {
    const collector = linuxDisk(machineDeps('vm-6.18'));
    const { values, devices } = collector.toReading(await collector.read(), null);
    // 400 used, 500 available to users, 100 reserved for root.
    expect(devices['/']?.values).toEqual({ usage: 44.4, used: 400 * 4096, available: 500 * 4096, total: 1000 * 4096, inodeUsage: 75, inodesUsed: 75, inodesTotal: 100 });
    expect(values).toEqual({ usage: 44.4, inodeUsage: 75 });
  });

  it('has no inodes where the file system has none, and tolerates inconsistent numbers', () => {
    expect(spaceOf({ ...SPACE, files: 0, ffree: 0 })).toMatchObject({ inodesTotal: null, inodesUsed: null });
    expect(spaceOf({ ...SPACE, files: 5, ffree: 9 })).toMatchObject({ inodesTotal: null, inodesUsed: null });
    expect(spaceOf({ ...SPACE, bavail: -7, bfree: 2000 })).toMatchObject({ available: 0, used: 0 });
    expect(spaceOf({ ...SPACE, frsize: 512 }).total).toBe(512_000);
  });

  it('is that of the fullest mount for the machine', async () => {
    const fullest = { ...SPACE, bfree: 0, bavail: 0 };
    const collector = linuxDisk(machineDeps('laptop', { statfs: (path) => Promise.resolve(path === '/tank' ? fullest : SPACE) }));
    expect(collector.toReading(await collector.read(), null).values.usage).toBe(100);
  });
});

describe('mounts that fail', () => {
  it('do not affect the others, and are named in the note', async () => {
    const statfs = (path: string) => (path === '/tank' ? Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })) : Promise.resolve(SPACE));
    const collector = linuxDisk(machineDeps('laptop', { statfs }));
    const { devices, note } = collector.toReading(await collector.read(), null);
    expect(devices['/tank']?.values.usage).toBeNull();
    expect(devices['/']?.values.usage).toBe(44.4);
    expect(note).toBe('/tank: EACCES');
  });

  it('are not read again until a hanging call returns', async () => {
    const calls: ((space: FileSystemSpace) => void)[] = [];
    const statfs = () => new Promise<FileSystemSpace>((resolve) => calls.push(resolve));
    const collector = linuxDisk(machineDeps('vm-6.18', { statfs, timers: impatient }));
    const read = async () => collector.toReading(await collector.read(), null);
    expect((await read()).note).toBe('/: does not respond');
    expect((await read()).devices['/']?.values.usage).toBeNull();
    expect(calls).toHaveLength(1);
    calls[0]?.(SPACE);
    await Promise.resolve();
    await read();
    expect(calls).toHaveLength(2);
  });

  it('hang in at most two calls to network mounts, and no local mount waits for them', async () => {
    const asked: string[] = [];
    const remote = ['/mnt/nas', '/home/ann/remote', '/run/user/1000/doc'];
    const statfs = (path: string) => {
      asked.push(path);
      return remote.includes(path) ? new Promise<FileSystemSpace>(() => undefined) : Promise.resolve(SPACE);
    };
    const collector = linuxDisk(machineDeps('laptop', { statfs, networkMounts: () => true, timers: { after: (_ms, fn) => (setImmediate(fn), () => undefined) } }));
    const { devices } = collector.toReading(await collector.read(), null);
    for (const point of LOCAL) expect(devices[point]?.values.usage).toBe(44.4);
    for (const point of remote) expect(devices[point]?.values.usage).toBeNull();
    expect(asked.filter((point) => remote.includes(point))).toHaveLength(2);
  });
});
