/** Space and inodes of mounts: what the platforms read, and the shares computed from it. */
import { disk } from '../../../shared/metrics/disk';
import type { DeviceFault, DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import type { DeviceMetricName } from '../../../shared/metrics/index';
import { maxOf, percent, rounded } from './numbers';

/** Space of one mount in bytes, and numbers of inodes; null where the file system has none. */
export interface MountSpace {
  readonly total: Value;
  readonly used: Value;
  /** Available to unprivileged users; less than total − used where space is reserved for root. */
  readonly available: Value;
  readonly inodesTotal: Value;
  readonly inodesUsed: Value;
}

/** Why the space of a mount is unknown, since when (epoch ms), and what it was before. */
export interface MountFault {
  readonly message: string;
  readonly since: number;
  readonly last: { readonly space: MountSpace; readonly readAt: number } | null;
}

/** One mount; its space is null if it could not be read. */
export interface MountRaw extends Omit<MeasuredSpace, 'fault'> {
  /** Null if the space is known. */
  readonly fault: MountFault | null;
}

/** One mount as it was measured now. */
export interface MeasuredSpace {
  /** Id of the device, if it is not the mount point: where a name is not text. */
  readonly id?: string;
  readonly point: string;
  /** File system type and source. */
  readonly detail: string;
  readonly space: MountSpace | null;
  /** Set for a removable or read-only medium; null for others, and where unknown. */
  readonly media: NonNullable<DeviceReading['media']> | null;
  /** Why the space is unknown; null if it is known. */
  readonly fault: string | null;
}

/** The measured mounts. */
export interface DiskRaw {
  readonly mounts: readonly MountRaw[];
}

type Space = Record<DeviceMetricName<'disk'>, Value>;

const UNKNOWN: Space = { usage: null, used: null, available: null, total: null, inodeUsage: null, inodesUsed: null, inodesTotal: null };

/** usage = used ÷ (used + available), like df(1): the whole is what unprivileged users can fill. */
function sharesOf(space: MountSpace): Space {
  const { used, available } = space;
  return {
    ...space,
    usage: percent(used, used === null || available === null ? null : used + available),
    inodeUsage: percent(space.inodesUsed, space.inodesTotal),
  };
}

function deviceFault({ message, since, last }: MountFault): DeviceFault {
  return { message, since, last: last === null ? null : { values: rounded(disk.device.metrics, sharesOf(last.space)), readAt: last.readAt } };
}

/** Control characters, and those that change the text direction. Any user may mount something under such a name. */
const UNPRINTABLE = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The text in one line, that looks like no other. */
const printable = (text: string): string => text.replaceAll(UNPRINTABLE, '\uFFFD');

/** Mounts as devices; the machine's values are the maxima over the mounts. */
export function diskReading(raw: DiskRaw): ReadingOf<'disk'> {
  const devices: Record<string, DeviceReading<DeviceMetricName<'disk'>>> = {};
  const spaces: Space[] = [];
  const faults: string[] = [];
  for (const { id, point, detail, space, media, fault } of raw.mounts) {
    const shares = space === null ? UNKNOWN : sharesOf(space);
    devices[id ?? point] = { label: printable(point), detail: printable(detail), values: rounded(disk.device.metrics, shares), ...(media === null ? {} : { media }), ...(fault === null ? {} : { fault: deviceFault(fault) }) };
    spaces.push(shares);
    if (fault !== null) faults.push(`${printable(point)}: ${fault.message}`);
  }
  const values = { usage: maxOf(spaces.map((one) => one.usage)), inodeUsage: maxOf(spaces.map((one) => one.inodeUsage)) };
  return { values: rounded(disk.metrics, values), devices, ...(faults.length === 0 ? {} : { note: faults.join('; ') }) };
}
