/** What disks and volumes answer to DeviceIoControl (winioctl.h, ntddstor.h), alike on x64 and arm64. Pure. */
import { Fields, layoutFault } from './fields';

/** A question to a device: its number, what is sent along, and the most bytes of an answer. All are allowed without any right to the device. */
export interface DeviceQuestion {
  readonly code: number;
  readonly input: Buffer;
  readonly bytes: number;
}

const NOTHING = Buffer.alloc(0);

/** The questions asked. StorageDeviceProperty and PropertyStandardQuery are both 0, so that the query is all zeros. */
export const QUESTION = {
  /** IOCTL_DISK_PERFORMANCE → DISK_PERFORMANCE. The first one switches the counting on. */
  performance: { code: 0x00070020, input: NOTHING, bytes: 88 },
  /** IOCTL_STORAGE_QUERY_PROPERTY → STORAGE_DEVICE_DESCRIPTOR. */
  descriptor: { code: 0x002d1400, input: Buffer.alloc(12), bytes: 1024 },
  /** IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS → VOLUME_DISK_EXTENTS; 32 parts at most. */
  extents: { code: 0x00560000, input: NOTHING, bytes: 8 + 32 * 24 },
} as const satisfies Record<string, DeviceQuestion>;

/** Times are in units of 100 ns. */
const PER_MS = 1e4;

/** Counters of a disk since it began to count. */
export interface DiskPerformance {
  readonly readBytes: number;
  readonly writeBytes: number;
  /** Of 32 bits: they begin at 0 again. */
  readonly reads: number;
  readonly writes: number;
  /** Both in ms: without a request, and the clock that this was measured with. */
  readonly idle: number;
  readonly time: number;
}

/** From DISK_PERFORMANCE of the disk with this number, which stands in it as well. Throws a ParseError. */
export function parseDiskPerformance(bytes: Buffer, disk: number): DiskPerformance {
  const fields = new Fields('DISK_PERFORMANCE', bytes);
  if (fields.u32(64) !== disk) throw layoutFault(fields.structure, `it is of disk ${fields.u32(64)}, and disk ${disk} was asked`);
  return {
    readBytes: fields.u64(0),
    writeBytes: fields.u64(8),
    reads: fields.u32(40),
    writes: fields.u32(44),
    idle: fields.u64(32) / PER_MS,
    time: fields.u64(56) / PER_MS,
  };
}

/** Numbers of STORAGE_BUS_TYPE. */
const BUS = { usb: 7, virtual: 14, file: 15 } as const;

/** What a disk is. */
export interface DiskDescriptor {
  /** Null if it does not say. */
  readonly model: string | null;
  /** True for a medium that can be taken out of its drive, and for what is plugged in. */
  readonly isRemovable: boolean;
  /** True for an attached image (VHD), whose traffic its file's disk counts as well. */
  readonly isImage: boolean;
}

/** A text of one byte each; the header counts no offset as 0. What lies outside was cut off, and is none. */
function text(fields: Fields, at: number): string {
  const offset = fields.u32(at);
  if (offset === 0 || offset >= fields.size) return '';
  const end = fields.bytes.indexOf(0, offset);
  return fields.bytes.toString('latin1', offset, end < 0 ? fields.size : end).replaceAll(/[^ -~]/g, '').replaceAll(/ +/g, ' ').trim();
}

/** From STORAGE_DEVICE_DESCRIPTOR. Throws a ParseError. */
export function parseDiskDescriptor(bytes: Buffer): DiskDescriptor {
  const fields = new Fields('STORAGE_DEVICE_DESCRIPTOR', bytes);
  const bus = fields.u32(28);
  const model = [text(fields, 12), text(fields, 16)].filter((part) => part !== '').join(' ');
  return {
    model: model === '' ? null : model,
    isRemovable: fields.u8(10) !== 0 || bus === BUS.usb,
    isImage: bus === BUS.virtual || bus === BUS.file,
  };
}

/** Numbers of the disks that a volume lies on, from VOLUME_DISK_EXTENTS. Throws a ParseError. */
export function parseExtents(bytes: Buffer): number[] {
  const fields = new Fields('VOLUME_DISK_EXTENTS', bytes);
  const count = fields.u32(0);
  if (8 + count * 24 > fields.size) throw layoutFault(fields.structure, `${count} parts in ${fields.size} bytes`);
  return [...new Set(Array.from({ length: count }, (_, index) => fields.u32(8 + 24 * index)))];
}
