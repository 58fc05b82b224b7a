/** Space and inodes of mounts: what the platforms read, and the shares computed from it. */
import { disk } from '../../../shared/metrics/disk';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
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

/** One mount; its space is null if it could not be read. */
export interface MountRaw {
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

/** Mounts as devices; the machine's values are the maxima over the mounts. */
export function diskReading(raw: DiskRaw): ReadingOf<'disk'> {
  const devices: Record<string, DeviceReading<DeviceMetricName<'disk'>>> = {};
  const spaces: Space[] = [];
  const faults: string[] = [];
  for (const { id, point, detail, space, media, fault } of raw.mounts) {
    const shares = space === null ? UNKNOWN : sharesOf(space);
    devices[id ?? point] = { label: point, detail, values: rounded(disk.device.metrics, shares), ...(media === null ? {} : { media }) };
    spaces.push(shares);
    if (fault !== null) faults.push(`${point}: ${fault}`);
  }
  const values = { usage: maxOf(spaces.map((one) => one.usage)), inodeUsage: maxOf(spaces.map((one) => one.inodeUsage)) };
  return { values: rounded(disk.metrics, values), devices, ...(faults.length === 0 ? {} : { note: faults.join('; ') }) };
}
