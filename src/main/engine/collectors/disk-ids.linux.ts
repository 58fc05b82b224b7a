/**
 * Ids of disks on Linux. The kernel's names (sda, sdb) are given in the order in which disks answer, which changes from boot to
 * boot; what the hardware says of itself does not.
 */
import { join } from 'node:path';
import { optionalText } from './files';
import { shortHash } from './hardware-place';

/**
 * Files below /sys/block/NAME with a text that no other disk has: the identifiers of NVMe namespaces (Linux 4.6) and of SCSI
 * and SATA disks (designator of the inquiry page 83, kept by the kernel since it found the disk, so that a read wakes none),
 * of volumes of the device mapper, SD cards, mainframe disks and virtio disks.
 */
const IDENTIFIERS = ['wwid', 'device/wwid', 'dm/uuid', 'device/cid', 'device/uid', 'serial', 'device/serial'] as const;

/** Letters of a model in an id. */
const LONGEST = 40;

/** What the disk in this folder says of itself; null if it says nothing. */
export function readIdentifier(folder: string): string | null {
  for (const file of IDENTIFIERS) {
    const text = optionalText(join(folder, file));
    if (text !== null && text !== '') return text;
  }
  return null;
}

/**
 * The id of a disk with this identifier. A serial number is nobody else's business, and ids are shown, exported and shared: so
 * it is a number made from it, behind the model, by which a person knows the disk.
 */
export function diskIdOf(model: string | null, identifier: string): string {
  const name = (model ?? '').replaceAll(/\s+/g, ' ').slice(0, LONGEST).trim();
  return `${name === '' ? 'disk' : name} ${shortHash(identifier)}`;
}
