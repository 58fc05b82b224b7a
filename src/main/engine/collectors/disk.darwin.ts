/** Space of the disks of macOS: mount(8) for the list, statfs(2) for the space. */
import type { FileSystemSpace, SystemDeps } from './deps';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import { diskReading } from './disk';
import type { DiskRaw, MeasuredSpace, MountSpace } from './disk';
import { DiskPools } from './disk-pools';
import { SpaceReader } from './disk-reader';
import type { AskedMount } from './disk-reader';
import { MountFaults } from './mount-faults';
import { containerOf, groupsOf, isMeasured, isRemote, mediaOf, parseMounts } from './mounts.darwin';
import type { Mount } from './mounts.darwin';
import { ProgramValue } from './program-value';

const MOUNT = '/sbin/mount';

/** After this a program that hangs is ended, ms; it and the slowest mounts stay below the family's deadline. */
const DEADLINE = 1500;

/** How long the list of mounts is kept, ms. It is renewed at once where one of it is gone. */
const LIST_INTERVAL = 60_000;

/**
 * Bytes from a statfs result. Every volume of an APFS container says the size of the whole and what is free in it, and of what
 * is used its own part alone: so used is what is not available. Inodes are made on demand: there is no limit to come near to.
 */
export function spaceOf(stat: FileSystemSpace, isApfs: boolean): MountSpace {
  const unit = stat.frsize !== undefined && stat.frsize > 0 ? stat.frsize : stat.bsize;
  const available = Math.max(0, stat.bavail) * unit;
  const total = stat.blocks * unit;
  const used = isApfs ? total - available : (stat.blocks - stat.bfree) * unit;
  return { total, used: Math.max(0, used), available, inodesTotal: null, inodesUsed: null };
}

/** How a mount is asked: what a person plugged in may be asleep, another machine may be gone. */
function asked(mount: Mount): AskedMount {
  const { point, source } = mount;
  const kind = isRemote(mount) ? 'remote' : mediaOf(mount) === null ? 'disk' : 'slow';
  return { deviceId: point, kind, path: point, idleLimit: null, id: 0, device: source, raw: point };
}

/** File system and source; of a container the whole, because its volumes are one disk. */
function detailOf(mount: Mount): string {
  return `${mount.type} · ${containerOf(mount) ?? mount.source}${mediaOf(mount) === null ? '' : ' · removable'}`;
}

const byPoint = (a: MeasuredSpace, b: MeasuredSpace): number => (a.point < b.point ? -1 : Number(a.point > b.point));

/** Answers by mount point. */
type Answers = Awaited<ReturnType<SpaceReader['readAll']>>;

function measured(mount: Mount, answers: Answers): MeasuredSpace & { readonly id: string } {
  const { stat, fault } = answers.get(mount.point) ?? { stat: null, fault: 'was not read' };
  const space = stat === null ? null : spaceOf(stat, mount.type === 'apfs');
  return { id: mount.point, point: mount.point, detail: detailOf(mount), space, media: mediaOf(mount), fault };
}

/** True where a mount of the list is no longer there, or is something else. */
const isOutdated = (answers: Answers): boolean => [...answers.values()].some(({ fault }) => fault === 'ENOENT' || fault === 'ENODEV');

/** Lists the mounts and reads the space of each disk. */
export function darwinDisk(deps: Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs' | 'programs'> & { networkMounts(): boolean }): Collector<'disk', DiskRaw> {
  const reader = new SpaceReader(deps);
  const pools = new DiskPools();
  const faults = new MountFaults();
  const list = new ProgramValue(deps.clock, async () => parseMounts(await deps.programs.read(MOUNT, [], DEADLINE)));
  let interval = LIST_INTERVAL;
  return {
    family: 'disk',
    read: async () => {
      const mounts = (await list.current(interval)).filter((mount) => isMeasured(mount, deps.networkMounts()));
      if (mounts.length === 0) throw new CollectorError('SystemUnavailable', 'mount lists no disk');
      const answers = await reader.readAll(mounts.map(asked));
      interval = isOutdated(answers) ? 0 : LIST_INTERVAL;
      // Whatever has no blocks at all stores nothing: df leaves it out, too.
      const stores = ({ point }: Mount): boolean => point === '/' || answers.get(point)?.stat?.blocks !== 0;
      const disks = pools.join(groupsOf(mounts.filter(stores)).map(([first, ...others]) => ({ ...measured(first, answers), alike: null, sharing: others.map((one) => measured(one, answers)) })));
      return { mounts: faults.describe(disks.sort(byPoint), deps.clock.now()) };
    },
    toReading: diskReading,
  };
}
