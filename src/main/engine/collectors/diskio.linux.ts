/** Block device counters from /proc/diskstats. */
import { join } from 'node:path';
import { Cursor } from './byte-cursor';
import { diskIoReading } from './diskio';
import type { DiskCounters, DiskIoRaw } from './diskio';
import { parseFault } from './faults';
import { HeldFile, optionalText } from './files';
import type { Collector } from './collector';

const DISKSTATS = '/proc/diskstats';

/** Bytes of a sector in /proc/diskstats, whatever the disk's sector size (kernel doc block/stat.rst). */
const SECTOR = 512;

/** Names of whole disks: SCSI and SATA, IDE, virtio, Xen, NVMe, SD cards, mainframe DASD. */
const WHOLE_DISK = /^(?:sd[a-z]+|hd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+|dasd[a-z]+)$/;

/** Names of devices on top of others: software RAID, LVM, encryption. */
const STACKED = /^(?:md\d+|dm-\d+)$/;

/** Label, detail and role of a device; null for partitions, loop devices, RAM disks and the like, which are left out. */
export type DiskIdentity = Pick<DiskCounters, 'label' | 'detail' | 'summed'> | null;

/** Looks up a device in /sys, once per device. */
function identify(root: string, name: string): DiskIdentity {
  const folder = join(root, '/sys/block', name);
  if (WHOLE_DISK.test(name)) {
    const model = optionalText(join(folder, 'device/model'));
    return { label: name, detail: model === '' ? null : model, summed: true };
  }
  if (!STACKED.test(name)) return null;
  const mapped = optionalText(join(folder, 'dm/name'));
  return { label: mapped === null || mapped === '' ? name : mapped, detail: null, summed: false };
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
    if (identity !== null) devices.set(name, parseCounters(cursor, name, identity));
  }
  return devices;
}

/** Cells after the name: reads merged sectors ms, writes merged sectors ms, in flight, busy ms. */
function parseCounters(cursor: Cursor, name: string, identity: NonNullable<DiskIdentity>): DiskCounters {
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
