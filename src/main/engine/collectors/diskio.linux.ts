/** Block device counters from /proc/diskstats. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cursor } from './byte-cursor';
import { diskIoReading } from './diskio';
import type { DiskCounters, DiskIoRaw } from './diskio';
import { diskIdOf, readIdentifier } from './disk-ids.linux';
import { accessFault, parseFault } from './faults';
import { HeldFile, isAbsent, optionalText, WHOLE } from './files';
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

/** Memory, images, optical drives and floppies; the boot and key areas of SD cards. */
const NO_DISK = /^(?:z?ram\d+|xpram\d+|c?loop\d+|zloop\d+|nullb\d+|s(?:r|cd)\d+|cdrom.*|fd\d+|mmcblk\d+(?:boot\d+|rpmb))$/;

/** One path to an NVMe disk. Kernels before 6.4 count there alone, and leave the counters of the disk at 0. */
const NVME_PATH = /^(nvme\d+)c\d+(n\d+)$/;

/**
 * Id, label, detail and role of a device; one without an id of its own has the kernel's name, a path the name of its disk. Null
 * for partitions, loop devices, RAM disks and the like, which are left out.
 */
export type DiskIdentity = (Pick<DiskCounters, 'label' | 'detail' | 'summed'> & { readonly id?: string; readonly onlyIfUsed?: boolean }) | { readonly pathOf: string } | null;

/**
 * Looks up a device in /sys, once per device. Whole disks have a folder of their own in /sys/block, whatever their name;
 * partitions have theirs in the folder of their disk. Slashes in names are exclamation marks there.
 */
function identify(root: string, name: string): DiskIdentity {
  if (NO_DISK.test(name)) return null;
  const [, controller, namespace] = NVME_PATH.exec(name) ?? [];
  if (controller !== undefined && namespace !== undefined) return { pathOf: controller + namespace };
  const folder = join(root, '/sys/block', name.replaceAll('/', '!'));
  const isStacked = STACKED.test(name);
  if (!isStacked && !WHOLE_DISK.test(name) && !existsSync(folder)) return null;
  if (optionalText(join(folder, 'hidden')) === '1') return null;
  const identifier = readIdentifier(folder);
  const idWith = (model: string | null): { readonly id?: string } => (identifier === null ? {} : { id: diskIdOf(model, identifier) });
  if (isStacked || NAMED_STACKED.test(name) || hasEntries(join(folder, 'slaves'))) {
    const mapped = optionalText(join(folder, 'dm/name'));
    return { ...idWith('volume'), label: mapped === null || mapped === '' ? name : mapped, detail: null, summed: false };
  }
  const model = optionalText(join(folder, 'device/model'));
  return { ...idWith(model), label: name, detail: model === '' ? null : model, summed: true, onlyIfUsed: PREPARED.test(name) };
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
  const paths = new Map<string, LineCounters>();
  const shared = new Set<string>();
  for (const cursor = new Cursor(bytes); !cursor.atEnd; cursor.nextLine()) {
    cursor.skip(2);
    const name = cursor.word();
    if (name === '') throw parseFault(DISKSTATS, 'has a line without a device name');
    const identity = identityOf(name);
    if (identity === null) continue;
    const counters = parseCounters(cursor, name);
    if ('pathOf' in identity) {
      addPath(paths, identity.pathOf, counters);
      continue;
    }
    const { id, label, detail, summed, onlyIfUsed } = identity;
    if (onlyIfUsed === true && !isUsed(counters)) continue;
    if (id !== undefined && devices.has(id)) shared.add(withoutId(devices, id));
    if (id === undefined || shared.has(id)) devices.set(name, { label, detail, summed, ...counters });
    else devices.set(id, { label, formerId: name, detail, summed, ...counters });
  }
  for (const [name, counters] of paths) {
    const identity = identityOf(name);
    const id = identity !== null && 'id' in identity && !shared.has(identity.id) ? identity.id : name;
    const disk = devices.get(id);
    if (disk !== undefined && disk.reads === 0 && disk.writes === 0) devices.set(id, { ...disk, ...counters });
  }
  return devices;
}

/**
 * Gives the disk with this id the kernel's name again, and returns the id: some enclosures give all their disks the same
 * identifier, and each path to a disk has that of the disk. Which is which is not known then.
 */
function withoutId(devices: Map<string, DiskCounters>, id: string): string {
  const known = devices.get(id);
  devices.delete(id);
  if (known?.formerId !== undefined) {
    const { formerId, ...disk } = known;
    devices.set(formerId, disk);
  }
  return id;
}

/** What one line counts. */
type LineCounters = Record<'reads' | 'writes' | 'readBytes' | 'writeBytes', number> & Pick<DiskCounters, 'busyMs'>;

const isUsed = ({ reads, writes }: LineCounters): boolean => reads + writes > 0;

/** Adds what passed one path to what passed the others. Paths are busy at the same time: of several it is not known for how long. */
function addPath(paths: Map<string, LineCounters>, disk: string, { reads, writes, readBytes, writeBytes, busyMs }: LineCounters): void {
  const other = paths.get(disk);
  const sums = { reads: reads + (other?.reads ?? 0), writes: writes + (other?.writes ?? 0), readBytes: readBytes + (other?.readBytes ?? 0), writeBytes: writeBytes + (other?.writeBytes ?? 0) };
  paths.set(disk, { ...sums, busyMs: other === undefined ? busyMs : null });
}

/** Cells after the name: reads merged sectors ms, writes merged sectors ms, in flight, busy ms. */
function parseCounters(cursor: Cursor, name: string): LineCounters {
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
  return { reads, writes, readBytes: sectorsRead * SECTOR, writeBytes: sectorsWritten * SECTOR, busyMs };
}

/** Names, models and identifiers are looked up again after so many reads, ten minutes of them. */
const RELOOK_READS = 600;

/** Reads the file synchronously; it stays open between reads. Names and models are looked up when a device comes, and seldom again. */
export function linuxDiskIo(root: string): Collector<'diskio', DiskIoRaw> {
  const diskstats = new HeldFile(join(root, DISKSTATS), 4096, WHOLE.lines);
  const known = new Map<string, DiskIdentity>();
  let hasNew = false;
  const identityOf = (name: string): DiskIdentity => {
    let identity = known.get(name);
    if (identity === undefined) {
      identity = identify(root, name);
      known.set(name, identity);
      hasNew = true;
    }
    return identity;
  };
  const forget = (bytes: Buffer): void => {
    const present = new Set<string>();
    parseDiskstats(bytes, (name) => (present.add(name), null));
    for (const name of known.keys()) if (!present.has(name)) known.delete(name);
  };
  let count = 0;
  let reads = 0;
  return {
    family: 'diskio',
    read: () => {
      // A volume may be renamed, and replaced by another between two reads.
      if (reads % RELOOK_READS === 0) known.clear();
      reads += 1;
      hasNew = false;
      const bytes = diskstats.bytes();
      const raw = parseDiskstats(bytes, identityOf);
      // After a disk was removed, another one may get its name, also if a third one came at the same time.
      if (hasNew || raw.size < count) forget(bytes);
      count = raw.size;
      return raw;
    },
    toReading: diskIoReading,
    close: () => diskstats.close(),
  };
}
