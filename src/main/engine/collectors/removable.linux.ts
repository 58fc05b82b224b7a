/**
 * Which mounts are removable media: what the kernel calls removable (USB sticks, cards in USB readers), and what a desktop
 * mounted below /media or /run/media on a bus that things are plugged into (USB disks, SD cards), which the kernel calls fixed.
 * There is nothing to be done about a stick that is full. A disk that the system runs from is none, whatever it is made of:
 * that of most small boards is an SD card.
 */
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { accessFault } from './faults';
import { isAbsent, optionalTextAsync } from './files';
import { isSystemPlace } from './mounts-kinds.linux';
import type { RealMount } from './mounts.linux';

/** Where desktops mount what a person plugs in (udisks(8)). */
const MEDIA_PLACES = /^\/(?:run\/)?media\//;
/** Device mapper on device mapper: encryption on LVM on RAID. */
const MAX_LAYERS = 6;

/** The path without links; null if there is none. */
async function realPath(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw accessFault(error, folder);
  }
}

/** The folder in /sys of the block device of a mount. Volumes of btrfs and FUSE have no number of one; their source is its name. */
async function deviceFolder(root: string, { device, source }: Pick<RealMount, 'device' | 'source'>): Promise<string | null> {
  if (!device.startsWith('0:')) return realPath(join(root, '/sys/dev/block', device));
  if (!source.startsWith('/dev/')) return null;
  const node = (await realPath(join(root, source))) ?? source;
  return realPath(join(root, '/sys/class/block', basename(node)));
}

/** The folders of the whole disks that a block device is on: those of what it is made of, or of the disk it is a part of. */
async function wholeDisks(folder: string, layers = MAX_LAYERS): Promise<string[]> {
  const slaves = layers === 0 ? [] : await entriesOf(join(folder, 'slaves'));
  if (slaves.length === 0) return [(await optionalTextAsync(join(folder, 'partition'))) === null ? folder : dirname(folder)];
  const below = await Promise.all(slaves.map(async (name) => realPath(join(folder, 'slaves', name))));
  return (await Promise.all(below.filter((path) => path !== null).map(async (path) => wholeDisks(path, layers - 1)))).flat();
}

/** True for a disk on a bus that things are plugged into. */
async function isPluggedIn(disk: string): Promise<boolean> {
  if (/\/usb\d+\//.test(disk)) return true;
  return disk.includes('/mmc_host/') && (await optionalTextAsync(join(disk, 'device/type'))) === 'SD';
}

async function isRemovableDisk(disk: string, raw: string): Promise<boolean> {
  if ((await optionalTextAsync(join(disk, 'removable'))) === '1') return true;
  return MEDIA_PLACES.test(raw) && isPluggedIn(disk);
}

/** True for `/` and places such as /boot and /var/lib. */
const isOfSystem = ({ raw }: Pick<RealMount, 'raw'>): boolean => raw === '/' || (isSystemPlace(raw) && !MEDIA_PLACES.test(raw));

/** The same mounts; those on removable media say so. Reads a few small files for each. */
export async function markRemovable(root: string, mounts: readonly RealMount[]): Promise<RealMount[]> {
  const disks = await Promise.all(
    mounts.map(async (mount) => {
      const folder = mount.kind === 'remote' ? null : await deviceFolder(root, mount);
      return folder === null ? [] : wholeDisks(folder);
    }),
  );
  const ofSystem = new Set(mounts.flatMap((mount, at) => (isOfSystem(mount) ? (disks[at] ?? []) : [])));
  return Promise.all(
    mounts.map(async (mount, at): Promise<RealMount> => {
      const own = disks[at] ?? [];
      if (own.length === 0 || own.some((disk) => ofSystem.has(disk))) return mount;
      const removable = await Promise.all(own.map(async (disk) => isRemovableDisk(disk, mount.raw)));
      return removable.every(Boolean) ? { ...mount, media: 'removable' } : mount;
    }),
  );
}
