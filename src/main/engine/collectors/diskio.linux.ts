/** Block device counters from /proc/diskstats. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cursor } from './byte-cursor';
import { diskIoReading } from './diskio';
import type { DiskCounters, DiskIoRaw } from './diskio';
import { accessFault, parseFault } from './faults';
import { HeldFile, isAbsent, optionalText } from './files';
import type { Collector } from './collector';

const DISKSTATS = '/proc/diskstats';

/** Bytes of a sector in /proc/diskstats, whatever the disk's sector size (kernel doc block/stat.rst). */
const SECTOR = 512;

/** Names of whole disks: SCSI and SATA, IDE, virtio, Xen, NVMe, SD cards, mainframe DASD. Needed where /sys is missing. */
const WHOLE_DISK = /^(?:sd[a-z]+|hd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+|dasd[a-z]+)$/;

/**
 * Names of devices on top of others, whose traffic those count as well: software RAID, LVM and encryption, caches, mirrors
 * over the network, volumes of ZFS, multipath and volume managers of other makers, images of containers, user-space drivers.
 */
const STACKED = /^(?:md\d+|dm-\d+|bcache\d+|drbd\d+|zd\d+|emcpower[a-z]+|VxVM\d+|ploop\d+|ublkb\d+|pktcdvd\d+)$/;

/** The same with names that are free, so that their partitions look alike: only those with a folder are meant. */
const NAMED_STACKED = /^(?:md_|drbd_|vxio|ubiblock)/;

/** The driver makes sixteen of these before any is used. */
const PREPARED = /^nbd\d+$/;

/** Memory, images, optical drives and floppies; the boot and key areas of SD cards; single paths of a multipath NVMe disk. */
const NO_DISK = /^(?:z?ram\d+|c?loop\d+|nullb\d+|s(?:r|cd)\d+|cdrom.*|fd\d+|mmcblk\d+(?:boot\d+|rpmb)|nvme\d+c\d+n\d+)$/;

/** Label, detail and role of a device; null for partitions, loop devices, RAM disks and the like, which are left out. */
export type DiskIdentity = (Pick<DiskCounters, 'label' | 'detail' | 'summed'> & { readonly onlyIfUsed?: boolean }) | null;

/**
 * Looks up a device in /sys, once per device. Whole disks have a folder of their own in /sys/block, whatever their name;
 * partitions have theirs in the folder of their disk. Slashes in names are exclamation marks there.
 */
function identify(root: string, name: string): DiskIdentity {
  if (NO_DISK.test(name)) return null;
  const folder = join(root, '/sys/block', name.replaceAll('/', '!'));
  const isStacked = STACKED.test(name);
  if (!isStacked && !WHOLE_DISK.test(name) && !existsSync(folder)) return null;
  if (optionalText(join(folder, 'hidden')) === '1') return null;
  if (isStacked || NAMED_STACKED.test(name) || hasEntries(join(folder, 'slaves'))) {
    const mapped = optionalText(join(folder, 'dm/name'));
    return { label: mapped === null || mapped === '' ? name : mapped, detail: null, summed: false };
  }
  const model = optionalText(join(folder, 'device/model'));
  return { label: name, detail: model === '' ? null : model, summed: true, onlyIfUsed: PREPARED.test(name) };
}

/** True for a folder that is not empty; those of devices on top of others link to these. */
function hasEntries(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw accessFault(error, folder);
  }
}

/**
 * Parses /proc/diskstats: 14 columns up to kernel 4.17, 18 with discards, 20 with flushes from 5.5 (iostats.rst); the
 * first 13 mean the same in all. Throws a ParseError.
 */
export function parseDiskstats(bytes: Buffer, identityOf: (name: string) => DiskIdentity): DiskIoRaw {
  const devices = new Map<string, DiskCounters>();
  for (const cursor = new Cursor(bytes); !cursor.atEnd; cursor.nextLine()) {
    cursor.skip(2);
    const name = cursor.word();
    if (name === '') throw parseFault(DISKSTATS, 'has a line without a device name');
    const identity = identityOf(name);
    if (identity === null) continue;
    const counters = parseCounters(cursor, name, identity);
    if (identity.onlyIfUsed !== true || counters.reads + counters.writes > 0) devices.set(name, counters);
  }
  return devices;
}

/** Cells after the name: reads merged sectors ms, writes merged sectors ms, in flight, busy ms. */
function parseCounters(cursor: Cursor, name: string, identity: NonNullable<DiskIdentity>): DiskCounters & { reads: number; writes: number } {
  const reads = cursor.number();
  cursor.skip(1);
  const sectorsRead = cursor.number();
  cursor.skip(1);
  const writes = cursor.number();
  cursor.skip(1);
  const sectorsWritten = cursor.number();
  cursor.skip(2);
  const busyMs = cursor.number();
  if (reads < 0 || sectorsRead < 0 || writes < 0 || sectorsWritten < 0 || busyMs < 0) {
    throw parseFault(DISKSTATS, `line of ${name} is truncated or not numeric`);
  }
  const { label, detail, summed } = identity;
  return { label, detail, summed, reads, writes, readBytes: sectorsRead * SECTOR, writeBytes: sectorsWritten * SECTOR, busyMs };
}

/** Reads the file synchronously; it stays open between reads. Names and models are looked up once. */
export function linuxDiskIo(root: string): Collector<'diskio', DiskIoRaw> {
  const diskstats = new HeldFile(join(root, DISKSTATS));
  let known = new Map<string, DiskIdentity>();
  const identityOf = (name: string): DiskIdentity => {
    let identity = known.get(name);
    if (identity === undefined) {
      identity = identify(root, name);
      known.set(name, identity);
    }
    return identity;
  };
  let count = 0;
  return {
    family: 'diskio',
    read: () => {
      const raw = parseDiskstats(diskstats.bytes(), identityOf);
      // After a disk was removed, another one may get its name.
      if (raw.size < count) known = new Map();
      count = raw.size;
      return raw;
    },
    toReading: diskIoReading,
    close: () => diskstats.close(),
  };
}
