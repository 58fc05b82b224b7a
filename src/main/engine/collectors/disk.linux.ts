/** Space of mounts from /proc/self/mountinfo and statfs(2). */
import type { FileSystemSpace, SystemDeps } from './deps';
import { diskReading } from './disk';
import type { DiskRaw, MountRaw, MountSpace } from './disk';
import { DiskPools } from './disk-pools';
import { SpaceReader } from './disk-reader.linux';
import { MountTable } from './disk-table.linux';
import type { RealMount } from './mounts.linux';
import type { Collector } from './collector';

/** Dependencies of the disk collector. */
export type DiskDeps = Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs'> & { networkMounts(): boolean };

/** Bytes and inodes from a statfs result. File systems that create inodes on demand report 0 of 0: null. */
export function spaceOf(stat: FileSystemSpace): MountSpace {
  const unit = stat.frsize !== undefined && stat.frsize > 0 ? stat.frsize : stat.bsize;
  const counted = stat.files > 0 && stat.ffree <= stat.files;
  return {
    total: stat.blocks * unit,
    used: Math.max(0, stat.blocks - stat.bfree) * unit,
    available: Math.max(0, stat.bavail) * unit,
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
function byName(a: MountRaw, b: MountRaw): number {
  const [first, second] = a.point === b.point ? [a.id ?? '', b.id ?? ''] : [a.point, b.point];
  return first < second ? -1 : Number(first > second);
}

/** Lists the mounts and reads the space of each real one. */
export function linuxDisk(deps: DiskDeps): Collector<'disk', DiskRaw> {
  const reader = new SpaceReader(deps);
  const table = new MountTable(deps, reader);
  const pools = new DiskPools();
  return {
    family: 'disk',
    read: async () => {
      const mounts = await table.current(deps.networkMounts());
      const results = await reader.readAll(mounts.flatMap((mount) => [mount, ...mount.datasets]));
      const measured = (mount: RealMount): MountRaw & { readonly id: string } => {
        const { stat, fault } = results.get(mount.deviceId) ?? { stat: null, fault: 'was not read' };
        return { id: mount.deviceId, point: mount.point, detail: detailOf(mount), space: stat === null ? null : spaceOf(stat), media: mount.media, fault };
      };
      const bestFirst = mounts.toSorted((a, b) => a.order - b.order);
      const disks = pools.join(bestFirst.map((mount) => ({ ...measured(mount), alike: mount.alike, sharing: mount.datasets.map(measured) })));
      return { mounts: disks.sort(byName) };
    },
    toReading: diskReading,
    close: () => table.close(),
  };
}
