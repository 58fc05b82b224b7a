/** Space of mounts from /proc/self/mountinfo and statfs(2). A mount that hangs delays nothing else. */
import { join } from 'node:path';
import type { FileSystemSpace, SystemDeps } from './deps';
import { diskReading } from './disk';
import type { DiskRaw, MountRaw, MountSpace } from './disk';
import { errorCodeOf } from './faults';
import { HeldFile, readTextAsync } from './files';
import { parseMountinfo, realMounts } from './mounts.linux';
import type { Mount, RealMount } from './mounts.linux';
import type { Collector } from './collector';

/** Deadlines of one call, ms. Remote mounts are read one after another: 2 · 1 s and 1.5 s stay below the family's 5 s. */
const LOCAL_MS = 1500;
const REMOTE_MS = 1000;

/** Each hanging call occupies one of the four threads that all file access of the process shares. */
const MAX_HANGING = 2;

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

/** Result of one mount: its space, or why it is unknown. */
type SpaceResult = Pick<MountRaw, 'space' | 'fault'>;

const noSpace = (fault: string): SpaceResult => ({ space: null, fault });

/** Reads the space of mounts with at most one call in flight for each. */
class SpaceReader {
  /** Calls in flight by mount point; true for remote mounts. */
  readonly #inFlight = new Map<string, boolean>();
  readonly #deps: DiskDeps;

  constructor(deps: DiskDeps) {
    this.#deps = deps;
  }

  /** The mount's space within its deadline. Never rejects. */
  async read(mount: RealMount): Promise<SpaceResult> {
    if (this.#inFlight.has(mount.point)) return noSpace('does not respond');
    const hanging = [...this.#inFlight.values()].filter(Boolean).length;
    if (mount.remote && hanging >= MAX_HANGING) return noSpace('not read: other network mounts do not respond');
    return this.#within(mount.remote ? REMOTE_MS : LOCAL_MS, this.#call(mount));
  }

  async #call(mount: RealMount): Promise<SpaceResult> {
    this.#inFlight.set(mount.point, mount.remote);
    try {
      return { space: spaceOf(await this.#deps.statfs(mount.point)), fault: null };
    } catch (error) {
      return noSpace(errorCodeOf(error) ?? 'cannot be read');
    } finally {
      this.#inFlight.delete(mount.point);
    }
  }

  /** The result of the call, or none if it takes longer; the call then stays in flight. */
  async #within(ms: number, call: Promise<SpaceResult>): Promise<SpaceResult> {
    let cancel = (): void => undefined;
    const late = new Promise<SpaceResult>((resolve) => {
      cancel = this.#deps.timers.after(ms, () => resolve(noSpace('does not respond')));
    });
    try {
      return await Promise.race([call, late]);
    } finally {
      cancel();
    }
  }
}

/** Reads local mounts in parallel, then remote ones one after another. */
async function readAll(reader: SpaceReader, mounts: readonly RealMount[]): Promise<Map<string, SpaceResult>> {
  const results = new Map<string, SpaceResult>();
  const read = async (mount: RealMount): Promise<void> => {
    results.set(mount.point, await reader.read(mount));
  };
  await Promise.all(mounts.filter((mount) => !mount.remote).map(read));
  for (const mount of mounts) if (mount.remote) await read(mount);
  return results;
}

/** The list is renewed after this time at the latest: changed options, such as read-only, do not change the names. */
const RELIST_MS = 10 * 60_000;

/**
 * The list of mounts, read again only when mounts come or go. mountinfo includes all mount options, which takes the
 * kernel 13 ms where a few hundred containers run; /proc/self/mountstats has only device, mount point and type and takes
 * a fiftieth of that.
 */
class MountTable {
  readonly #root: string;
  readonly #clock: SystemDeps['clock'];
  readonly #names: HeldFile;
  #mounts: readonly Mount[] = [];
  #listed = '';
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor({ root, clock }: Pick<DiskDeps, 'root' | 'clock'>) {
    this.#root = root;
    this.#clock = clock;
    this.#names = new HeldFile(join(root, '/proc/self/mountstats'), 16_384);
  }

  /** Throws a CollectorError. */
  async current(): Promise<readonly Mount[]> {
    const now = this.#clock.mono();
    const names = this.#namesNow();
    if (names === '' || names !== this.#listed || now - this.#listedAt >= RELIST_MS) {
      this.#mounts = parseMountinfo(await readTextAsync(join(this.#root, '/proc/self/mountinfo')));
      this.#listed = names;
      this.#listedAt = now;
    }
    return this.#mounts;
  }

  close(): void {
    this.#names.close();
  }

  /** The lines of mountstats without those that begin with a tab, which count calls of network mounts. Empty without the file. */
  #namesNow(): string {
    return (this.#names.optionalText() ?? '').replaceAll(/^\t.*\n/gm, '');
  }
}

/** Lists the mounts and reads the space of each real one. */
export function linuxDisk(deps: DiskDeps): Collector<'disk', DiskRaw> {
  const reader = new SpaceReader(deps);
  const table = new MountTable(deps);
  return {
    family: 'disk',
    read: async () => {
      const mounts = realMounts(await table.current(), deps.networkMounts());
      const results = await readAll(reader, mounts);
      return {
        mounts: mounts.map(({ point, type, source }) => {
          const { space, fault } = results.get(point) ?? noSpace('was not read');
          return { point, detail: `${type} · ${source}`, space, fault };
        }),
      };
    },
    toReading: diskReading,
    close: () => table.close(),
  };
}
