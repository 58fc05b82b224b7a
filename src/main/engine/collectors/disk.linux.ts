/** Space of mounts from /proc/self/mountinfo and statfs(2). */
import type { FileSystemSpace, SystemDeps } from './deps';
import { diskReading } from './disk';
import type { DiskRaw, MeasuredSpace, MountSpace } from './disk';
import { DiskPools } from './disk-pools';
import { SpaceReader } from './disk-reader';
import { MountFaults } from './mount-faults';
import { MountTable } from './disk-table.linux';
import type { RealMount } from './mounts.linux';
import type { Collector } from './collector';

/** Dependencies of the disk collector. */
export type DiskDeps = Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs'> & { networkMounts(): boolean };

/** From this number of blocks on a count is a negative one that the kernel shows without its sign. */
const NEGATIVE = 2 ** 63;

/** Blocks available to users: none where root has taken from what is reserved for it, which some file systems report as less than none. */
const availableBlocks = ({ bavail }: FileSystemSpace): number => (bavail >= NEGATIVE ? 0 : Math.max(0, bavail));

/** Bytes and inodes from a statfs result. File systems that create inodes on demand report 0 of 0: null. */
export function spaceOf(stat: FileSystemSpace): MountSpace {
  const unit = stat.frsize !== undefined && stat.frsize > 0 ? stat.frsize : stat.bsize;
  const counted = stat.files > 0 && stat.ffree <= stat.files;
  return {
    total: stat.blocks * unit,
    used: Math.max(0, stat.blocks - stat.bfree) * unit,
    available: availableBlocks(stat) * unit,
    inodesTotal: counted ? stat.files : null,
    inodesUsed: counted ? stat.files - stat.ffree : null,
  };
}

const MEDIA_TEXT = { removable: ' · removable', readOnly: ' · read-only' } as const;

/** File system and source; of a medium what it is, of an automounted one also that its value may be old. */
function detailOf({ type, source, idleLimit, media }: RealMount): string {
  return `${type} · ${source}${media === null ? '' : MEDIA_TEXT[media]}${idleLimit === null ? '' : ' · automounted, read at most hourly'}`;
}

/** By mount point; those that look alike by id. */
function byName(a: MeasuredSpace, b: MeasuredSpace): number {
  const [first, second] = a.point === b.point ? [a.id ?? '', b.id ?? ''] : [a.point, b.point];
  return first < second ? -1 : Number(first > second);
}

/** Lists the mounts and reads the space of each real one. */
export function linuxDisk(deps: DiskDeps): Collector<'disk', DiskRaw> {
  const reader = new SpaceReader(deps);
  const table = new MountTable(deps, reader);
  const pools = new DiskPools();
  const faults = new MountFaults();
  return {
    family: 'disk',
    read: async () => {
      const mounts = await table.current(deps.networkMounts());
      const results = await reader.readAll(mounts.flatMap((mount) => [mount, ...mount.datasets]));
      const measured = (mount: RealMount): MeasuredSpace & { readonly id: string } => {
        const { stat, fault } = results.get(mount.deviceId) ?? { stat: null, fault: 'was not read' };
        return { id: mount.deviceId, point: mount.point, detail: detailOf(mount), space: stat === null ? null : spaceOf(stat), media: mount.media, fault };
      };
      // Whatever has no blocks at all stores nothing: df leaves it out, too.
      const stores = ({ raw, deviceId }: RealMount): boolean => raw === '/' || results.get(deviceId)?.stat?.blocks !== 0;
      const bestFirst = mounts.filter(stores).sort((a, b) => a.order - b.order);
      const disks = pools.join(bestFirst.map((mount) => ({ ...measured(mount), alike: mount.alike, sharing: mount.datasets.filter(stores).map(measured) })));
      return { mounts: faults.describe(disks.sort(byName), deps.clock.now()) };
    },
    toReading: diskReading,
    close: () => table.close(),
  };
}
