/** Space of mounts from /proc/self/mountinfo and statfs(2). A mount that hangs delays nobody. */
import { join } from 'node:path';
import type { FileSystemSpace, SystemDeps } from './deps';
import { diskReading } from './disk';
import type { DiskRaw, MountRaw, MountSpace } from './disk';
import { errorCodeOf } from './faults';
import { HeldFile, readTextAsync } from './files';
import { parseMountinfo, realMounts } from './mounts.linux';
import type { Mount, RealMount } from './mounts.linux';
import type { Collector } from './collector';

/** Deadlines of one call. Remote mounts are asked one after another: 2 · 1 s and 1.5 s stay under the family's 5 s. */
const LOCAL_MS = 1500;
const REMOTE_MS = 1000;

/** Each hanging call holds one of the four threads that all file access of the process shares. */
const MOST_HANGING = 2;

/** What disk reading needs. */
export type DiskDeps = Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs'> & { networkMounts(): boolean };

/** Bytes and inodes from blocks. File systems that make inodes as they go say 0 of 0: no notion of them. */
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

/** The answer of one mount: its space, or why there is none. */
type Answer = Pick<MountRaw, 'space' | 'fault'>;

const none = (fault: string): Answer => ({ space: null, fault });

/** Asks mounts, one call in flight for each; a mount that has not answered yet is not asked again. */
class SpaceReader {
  /** Calls under way by mount point; true for remote mounts. */
  readonly #underway = new Map<string, boolean>();
  readonly #deps: DiskDeps;

  constructor(deps: DiskDeps) {
    this.#deps = deps;
  }

  /** The mount's space within its deadline. Never rejects. */
  async ask(mount: RealMount): Promise<Answer> {
    if (this.#underway.has(mount.point)) return none('does not answer');
    const hanging = [...this.#underway.values()].filter(Boolean).length;
    if (mount.remote && hanging >= MOST_HANGING) return none('not asked: other network mounts do not answer');
    return this.#within(mount.remote ? REMOTE_MS : LOCAL_MS, this.#call(mount));
  }

  async #call(mount: RealMount): Promise<Answer> {
    this.#underway.set(mount.point, mount.remote);
    try {
      return { space: spaceOf(await this.#deps.statfs(mount.point)), fault: null };
    } catch (error) {
      return none(errorCodeOf(error) ?? 'cannot be asked');
    } finally {
      this.#underway.delete(mount.point);
    }
  }

  /** The call's answer, or none when it takes longer; the call goes on and is remembered as under way. */
  async #within(ms: number, call: Promise<Answer>): Promise<Answer> {
    let cancel = (): void => undefined;
    const late = new Promise<Answer>((resolve) => {
      cancel = this.#deps.timers.after(ms, () => resolve(none('does not answer')));
    });
    try {
      return await Promise.race([call, late]);
    } finally {
      cancel();
    }
  }
}

/** Local mounts at the same time, remote ones one after another beside them. */
async function askAll(reader: SpaceReader, mounts: readonly RealMount[]): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const ask = async (mount: RealMount): Promise<void> => {
    answers.set(mount.point, await reader.ask(mount));
  };
  await Promise.all(mounts.filter((mount) => !mount.remote).map(ask));
  for (const mount of mounts) if (mount.remote) await ask(mount);
  return answers;
}

/** What no list of names shows, such as a mount that was made read-only, is seen after this time. */
const RELIST_MS = 10 * 60_000;

/**
 * The mounts, listed anew only when there are others. The kernel writes the options of each into mountinfo,
 * which takes it 13 ms where a few hundred containers run; /proc/self/mountstats has device, place and type alone
 * and takes a fiftieth.
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

  /** The lines of mountstats; those that begin with a tab count the calls of network mounts. Empty where there is none. */
  #namesNow(): string {
    return (this.#names.optionalText() ?? '').replaceAll(/^\t.*\n/gm, '');
  }
}

/** Looks whether there are other mounts, and asks each that counts for its space. */
export function linuxDisk(deps: DiskDeps): Collector<'disk', DiskRaw> {
  const reader = new SpaceReader(deps);
  const table = new MountTable(deps);
  return {
    family: 'disk',
    read: async () => {
      const mounts = realMounts(await table.current(), deps.networkMounts());
      const answers = await askAll(reader, mounts);
      return {
        mounts: mounts.map(({ point, type, source }) => {
          const { space, fault } = answers.get(point) ?? none('was not asked');
          return { point, detail: `${type} · ${source}`, space, fault };
        }),
      };
    },
    toReading: diskReading,
    close: () => table.close(),
  };
}
