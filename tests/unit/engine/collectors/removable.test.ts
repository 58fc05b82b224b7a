/** Which disks are removable or read-only media, on generated `/sys` trees. */
import { describe, expect, it } from 'vitest';
import { linuxDisk } from '../../../../src/main/engine/collectors/disk.linux';
import { SPACE } from '../../../support/disk-machine';
import { createFakeTree } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';
import { machineDeps } from '../../../support/recorded-machine';

const USB = 'sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host0/target0:0:0/0:0:0:0/block';
const SATA = 'sys/devices/pci0000:00/0000:00:17.0/ata1/host1/target1:0:0/1:0:0:0/block';
const MMC = 'sys/devices/platform/mmc0/mmc_host/mmc0/mmc0:aaaa/block';

/** A whole disk with one partition, as the kernel shows it. */
function disk(folder: string, name: string, partition: string, numbers: readonly [whole: string, part: string], removable: 0 | 1): TreeEntries {
  const up = '../../../';
  return {
    [`${folder}/${name}/removable`]: removable,
    [`${folder}/${name}/${partition}/partition`]: 1,
    [`sys/dev/block/${numbers[0]}`]: { link: `${up}${folder}/${name}` },
    [`sys/dev/block/${numbers[1]}`]: { link: `${up}${folder}/${name}/${partition}` },
    [`sys/class/block/${partition}`]: { link: `${up}${folder}/${name}/${partition}` },
  };
}

const ROOT = '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';
const SYSTEM_DISK = disk(SATA, 'sda', 'sda1', ['8:0', '8:1'], 0);

/** What the reading of a machine says about the media of its disks. */
async function mediaOf(tree: TreeEntries, ...mounts: readonly string[]): Promise<Record<string, string>> {
  const { root } = createFakeTree({ ...tree, 'proc/self/mountinfo': mounts.join('\n') });
  const collector = linuxDisk({ ...machineDeps('laptop', { statfs: () => Promise.resolve(SPACE), networkMounts: () => false }), root });
  const { devices } = collector.toReading(await collector.read(), null);
  collector.close?.();
  return Object.fromEntries(Object.entries(devices).map(([id, { media, detail }]) => [id, `${media ?? 'none'}: ${detail ?? ''}`]));
}

describe('removable media', () => {
  it('are what the kernel calls removable, wherever it is mounted', async () => {
    const stick = disk(USB, 'sdb', 'sdb1', ['8:16', '8:17'], 1);
    expect(await mediaOf({ ...SYSTEM_DISK, ...stick }, ROOT, '60 25 8:17 / /run/media/me/STICK rw,relatime - vfat /dev/sdb1 rw')).toEqual({
      '/': 'none: ext4 · /dev/sda1',
      '/run/media/me/STICK': 'removable: vfat · /dev/sdb1 · removable',
    });
    expect(await mediaOf({ ...SYSTEM_DISK, ...stick }, ROOT, '60 25 8:16 / /mnt rw,relatime - exfat /dev/sdb rw')).toMatchObject({ '/mnt': 'removable: exfat · /dev/sdb · removable' });
  });

  it('are disks on a bus for plugging things in that the desktop mounted, not those with a place of their own', async () => {
    const external = disk(USB, 'sdc', 'sdc1', ['8:32', '8:33'], 0);
    const machine = { ...SYSTEM_DISK, ...external };
    expect(await mediaOf(machine, ROOT, '60 25 8:33 / /media/me/Backup rw,relatime - ext4 /dev/sdc1 rw')).toMatchObject({ '/media/me/Backup': expect.stringMatching(/^removable/) as string });
    expect(await mediaOf(machine, ROOT, '60 25 8:33 / /srv/backup rw,relatime - ext4 /dev/sdc1 rw')).toMatchObject({ '/srv/backup': expect.stringMatching(/^none/) as string });
    const inside = disk(SATA.replace('ata1', 'ata2'), 'sdd', 'sdd1', ['8:48', '8:49'], 0);
    expect(await mediaOf({ ...SYSTEM_DISK, ...inside }, ROOT, '60 25 8:49 / /media/data rw,relatime - ext4 /dev/sdd1 rw')).toMatchObject({ '/media/data': expect.stringMatching(/^none/) as string });
  });

  it('are SD cards in a reader, not the card or chip that the machine runs from', async () => {
    const card = (type: string): TreeEntries => ({ ...disk(MMC, 'mmcblk0', 'mmcblk0p2', ['179:0', '179:2'], 0), [`${MMC}/mmcblk0/device/type`]: type });
    const mount = '60 25 179:2 / /media/me/CAMERA rw,relatime - vfat /dev/mmcblk0p2 rw';
    expect(await mediaOf({ ...SYSTEM_DISK, ...card('SD') }, ROOT, mount)).toMatchObject({ '/media/me/CAMERA': expect.stringMatching(/^removable/) as string });
    expect(await mediaOf({ ...SYSTEM_DISK, ...card('MMC') }, ROOT, mount)).toMatchObject({ '/media/me/CAMERA': expect.stringMatching(/^none/) as string });
    const board = await mediaOf(card('SD'), '25 1 179:2 / / rw,relatime shared:1 - ext4 /dev/mmcblk0p2 rw');
    expect(board).toEqual({ '/': 'none: ext4 · /dev/mmcblk0p2' });
  });

  it('are none that hold parts of the system, although the kernel calls them removable', async () => {
    const stick = disk(USB, 'sdb', 'sdb1', ['8:16', '8:17'], 1);
    const data = { [`${USB}/sdb/sdb2/partition`]: 2, 'sys/dev/block/8:18': { link: `../../../${USB}/sdb/sdb2` } };
    const media = await mediaOf({ ...stick, ...data }, '25 1 0:2 / / rw - rootfs rootfs rw', '30 25 8:17 / /boot rw,relatime - vfat /dev/sdb1 rw', '31 25 8:18 / /mnt/data rw,relatime - ext4 /dev/sdb2 rw');
    expect(Object.values(media).map((one) => one.split(':')[0])).toEqual(['none', 'none']);
  });

  it('are found below encryption and volumes, and by name where a file system has no number of a device', async () => {
    const stick = disk(USB, 'sdb', 'sdb1', ['8:16', '8:17'], 1);
    const mapped = { 'sys/devices/virtual/block/dm-0/slaves/sdb1': { link: `../../../../../../${USB}/sdb/sdb1` }, 'sys/dev/block/254:0': { link: '../../../sys/devices/virtual/block/dm-0' }, 'sys/class/block/dm-0': { link: '../../../sys/devices/virtual/block/dm-0' } };
    expect(await mediaOf({ ...SYSTEM_DISK, ...stick, ...mapped }, ROOT, '60 25 254:0 / /media/me/SECRET rw,relatime - ext4 /dev/mapper/luks-1 rw')).toMatchObject({ '/media/me/SECRET': expect.stringMatching(/^removable/) as string });
    const named = { 'dev/dm-0': '', 'dev/mapper/luks-1': { link: '../dm-0' } };
    expect(await mediaOf({ ...SYSTEM_DISK, ...stick, ...mapped, ...named }, ROOT, '60 25 0:50 / /media/me/SECRET rw,relatime - btrfs /dev/mapper/luks-1 rw')).toMatchObject({ '/media/me/SECRET': expect.stringMatching(/^removable/) as string });
    expect(await mediaOf({ ...SYSTEM_DISK, ...stick }, ROOT, '60 25 0:50 / /media/me/WIN rw,relatime - fuseblk /dev/sdb1 rw')).toMatchObject({ '/media/me/WIN': expect.stringMatching(/^removable/) as string });
  });

  it('are not known without /sys, and in a circle of devices', async () => {
    const stick = '60 25 8:17 / /media/me/STICK rw,relatime - vfat /dev/sdb1 rw';
    expect(await mediaOf({}, ROOT, stick)).toMatchObject({ '/media/me/STICK': expect.stringMatching(/^none/) as string });
    const circle = { 'sys/devices/virtual/block/dm-0/slaves/dm-0': { link: '../../dm-0' }, 'sys/dev/block/8:17': { link: '../../../sys/devices/virtual/block/dm-0' } };
    expect(await mediaOf(circle, ROOT, stick)).toMatchObject({ '/media/me/STICK': expect.stringMatching(/^none/) as string });
  });
});

describe('read-only media', () => {
  const archive = (options: string, superOptions: string): string => `60 25 8:33 / /mnt/archive ${options},relatime - ext4 /dev/sdc1 ${superOptions}`;

  it('are file systems that are read-only', async () => {
    expect(await mediaOf(SYSTEM_DISK, ROOT, archive('ro', 'ro'))).toMatchObject({ '/mnt/archive': 'readOnly: ext4 · /dev/sdc1 · read-only' });
    expect(await mediaOf(SYSTEM_DISK, ROOT, archive('rw', 'ro,errors=remount-ro'))).toMatchObject({ '/mnt/archive': expect.stringMatching(/^readOnly/) as string });
  });

  it('are not those that only this view of them is: in a container or a hardened service every disk looks like that', async () => {
    expect(await mediaOf(SYSTEM_DISK, ROOT, archive('ro', 'rw'))).toMatchObject({ '/mnt/archive': expect.stringMatching(/^none/) as string });
    expect(await mediaOf(SYSTEM_DISK, ROOT.replace('rw,relatime', 'ro,relatime'))).toMatchObject({ '/': expect.stringMatching(/^none/) as string });
    expect(await mediaOf(SYSTEM_DISK, ROOT, archive('rw', 'rw,errors=remount-ro'))).toMatchObject({ '/mnt/archive': expect.stringMatching(/^none/) as string });
  });

  it('are no images, which are not listed at all', async () => {
    const images = ['60 25 7:1 / /mnt/iso ro,relatime - iso9660 /dev/loop1 ro', '61 25 7:2 / /snap/core/1 ro,nodev - squashfs /dev/loop2 ro', '62 25 7:3 / /mnt/dvd ro - udf /dev/sr0 ro', '63 25 7:4 / /mnt/e ro - erofs /dev/loop4 ro'];
    expect(Object.keys(await mediaOf(SYSTEM_DISK, ROOT, ...images))).toEqual(['/']);
  });
});
