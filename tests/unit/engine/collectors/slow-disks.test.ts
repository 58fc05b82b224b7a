/** Disks whose program may hang, and those that an automounter takes away when nobody uses them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystemSpace } from '../../../../src/main/engine/collectors/deps';
import { DiskMachine, FULL, ROOT, SPACE } from '../../../support/disk-machine';

let disks: DiskMachine;
beforeEach(() => {
  disks = new DiskMachine();
});
afterEach(() => disks.remove());

describe('FUSE', () => {
  const DATA = '90 25 8:33 / /media/p/Data rw,relatime - fuseblk /dev/sdc1 rw,user_id=0,group_id=0,blksize=4096';

  it('is a local disk where it stands on a block device', async () => {
    disks.mount(ROOT, DATA);
    expect(await disks.names()).toEqual(['/', '/media/p/Data']);
  });

  it('is never a disk where it is an AppImage', async () => {
    disks.mount(ROOT, '91 25 0:70 / /tmp/.mount_ToolAbC ro,relatime - fuse.Tool.AppImage Tool.AppImage ro').networkMounts = true;
    expect(await disks.names()).toEqual(['/']);
  });

  it('has the deadline of network mounts, and is asked before them', async () => {
    const deadlines: number[] = [];
    disks.after = (ms) => (deadlines.push(ms), () => undefined);
    await disks.mount(ROOT, '92 25 0:50 / /mnt/nas rw - nfs4 nas:/ rw', DATA).read();
    disks.networkMounts = true;
    await disks.read();
    expect(deadlines).toEqual([1500, 1000, 1500, 1000, 1000]);
    expect(disks.asked).toEqual(['/', '/media/p/Data', '/', '/media/p/Data', '/mnt/nas']);
  });

  it('that hangs leaves the others their values', async () => {
    disks.after = (_ms, fn) => (setImmediate(fn), () => undefined);
    disks.mount(ROOT, DATA, '92 25 8:49 / /media/p/More rw - fuseblk /dev/sdd1 rw', '93 25 8:50 / /media/p/Third rw - fuseblk /dev/sde1 rw');
    disks.spaceOf = (path) => (path === '/' ? SPACE : new Promise<FileSystemSpace>(() => undefined));
    expect(await disks.usages()).toEqual({ '/': 44.4, '/media/p/Data': null, '/media/p/More': null, '/media/p/Third': null });
    expect(disks.asked).toHaveLength(3);
  });
});

describe('an automounted disk', () => {
  const AUTOFS = '40 25 0:36 / /mnt/backup rw,relatime - autofs systemd-1 rw,fd=60,timeout=60';
  const DISK = '95 40 8:49 / /mnt/backup rw,relatime - ext4 /dev/sdd1 rw';
  const asked = (): number => disks.asked.filter((path) => path === '/mnt/backup').length;
  const readEach30s = async (reads: number): Promise<(number | null | undefined)[]> => {
    const usages = [];
    for (let read = 0; read < reads; read += 1, disks.mono += 30_000) usages.push((await disks.read()).devices['/mnt/backup']?.values.usage);
    return usages;
  };

  it('is asked once, and keeps its value', async () => {
    disks.mount(ROOT, AUTOFS, DISK);
    expect(await readEach30s(100)).toEqual(Array.from({ length: 100 }, () => 44.4));
    expect(asked()).toBe(1);
    expect((await disks.read()).devices['/mnt/backup']?.detail).toBe('ext4 · /dev/sdd1 · automounted, read at most hourly');
  });

  it('is asked again after an hour, if something else kept it mounted', async () => {
    disks.mount(ROOT, AUTOFS, DISK);
    await readEach30s(1);
    disks.spaceOf = () => FULL;
    disks.mono = 3_599_999;
    expect(await readEach30s(2)).toEqual([44.4, 100]);
    expect(asked()).toBe(2);
  });

  it('is not touched while it is not mounted, and asked once when it comes back', async () => {
    disks.mount(ROOT, AUTOFS);
    expect(await readEach30s(3)).toEqual([undefined, undefined, undefined]);
    for (const count of [1, 2]) {
      disks.mount(ROOT, AUTOFS, DISK);
      expect(await readEach30s(3)).toEqual([44.4, 44.4, 44.4]);
      expect(asked()).toBe(count);
      disks.mount(ROOT, AUTOFS);
      await readEach30s(1);
    }
  });

  it('that cannot be read is left alone after three tries', async () => {
    disks.mount(ROOT, AUTOFS, DISK).spaceOf = (path) => (path === '/' ? SPACE : Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })));
    await readEach30s(20);
    expect(asked()).toBe(3);
  });

  it('is asked each time if its automounter never unmounts it', async () => {
    disks.mount(ROOT, AUTOFS.replace('timeout=60', 'timeout=0'), DISK);
    await readEach30s(5);
    expect(asked()).toBe(5);
  });

  it('on the network is treated the same', async () => {
    disks.mount(ROOT, '40 25 0:36 / /net rw - autofs -hosts rw,timeout=300,indirect', '95 40 0:49 / /net/nas rw - nfs4 nas:/ rw').networkMounts = true;
    for (let read = 0; read < 5; read += 1, disks.mono += 30_000) expect(await disks.names()).toEqual(['/', '/net/nas']);
    expect(disks.asked.filter((path) => path === '/net/nas')).toHaveLength(1);
  });
});
