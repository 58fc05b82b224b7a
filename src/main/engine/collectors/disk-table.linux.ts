/** The list of mounts to measure, renewed only when mounts come or go. */
import { join } from 'node:path';
import { CollectorError } from './collector';
import type { SystemDeps } from './deps';
import type { SpaceReader } from './disk-reader';
import { errorCodeOf } from './faults';
import { HeldFile, namesIn, optionalTextAsync, readBytesAsync } from './files';
import { markRemovable } from './removable.linux';
import { parseMountinfo, realMounts, uncertainMounts } from './mounts.linux';
import type { MountFacts, RealMount } from './mounts.linux';
import type { Mount } from './mounts-tree.linux';

/** The list is renewed after this time at the latest: changed options, such as read-only, do not change the names. */
const RELIST_MS = 10 * 60_000;

type Uncertain = ReturnType<typeof uncertainMounts>[number];

/** The mounts to measure, for one setting. */
interface Selection {
  readonly withRemote: boolean;
  readonly mounts: readonly RealMount[];
}

/**
 * mountinfo includes all mount options, which takes the kernel 13 ms where a few hundred containers run;
 * /proc/self/mountstats has only device, mount point and type and takes a fiftieth of that.
 */
export class MountTable {
  readonly #root: string;
  readonly #clock: SystemDeps['clock'];
  readonly #reader: Pick<SpaceReader, 'isFolder'>;
  readonly #names: HeldFile;
  #mounts: readonly Mount[] = [];
  #mapped: Pick<MountFacts, 'copies' | 'sealed'> = { copies: new Set(), sealed: new Set() };
  /** Whether mounts of parts of file systems are folders, by what identifies them. */
  #folders = new Map<string, boolean>();
  #selection: Selection | null = null;
  #listed = '';
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor({ root, clock }: Pick<SystemDeps, 'root' | 'clock'>, reader: Pick<SpaceReader, 'isFolder'>) {
    this.#root = root;
    this.#clock = clock;
    this.#reader = reader;
    this.#names = new HeldFile(join(root, '/proc/self/mountstats'), 16_384);
  }

  /** The mounts to measure. Rejects with a CollectorError. */
  async current(withRemote: boolean): Promise<readonly RealMount[]> {
    const now = this.#clock.mono();
    const names = this.#namesNow();
    if (names === '' || names !== this.#listed || now - this.#listedAt >= RELIST_MS) {
      this.#mounts = parseMountinfo(await readBytesAsync(join(this.#root, '/proc/self/mountinfo')));
      this.#mapped = await this.#findMapped();
      this.#selection = null;
      this.#listed = names;
      this.#listedAt = now;
    }
    if (this.#selection !== null && this.#selection.withRemote === withRemote) return this.#selection.mounts;
    const { files, isComplete } = await this.#findFiles(withRemote);
    const mounts = await markRemovable(this.#root, realMounts(this.#mounts, withRemote, { files, ...this.#mapped }));
    this.#selection = isComplete ? { withRemote, mounts } : null;
    return mounts;
  }

  close(): void {
    this.#names.close();
  }

  /** The lines of mountstats without those that begin with a tab, which count calls of network mounts. Empty without the file. */
  #namesNow(): string {
    return (this.#names.optionalText() ?? '').replaceAll(/^\t.*\n/gm, '');
  }

  /** Mounts that are no folders. Not complete if one does not respond: it then counts as a folder and is looked at again. */
  async #findFiles(withRemote: boolean): Promise<{ files: Set<string>; isComplete: boolean }> {
    const before = this.#folders;
    this.#folders = new Map();
    const files = new Set<string>();
    let isComplete = true;
    const look = async (mount: Uncertain): Promise<void> => {
      const key = `${mount.device} ${mount.root} ${mount.raw}`;
      const isFolder = before.get(key) ?? (await this.#reader.isFolder(mount));
      if (isFolder === null) isComplete = false;
      else this.#folders.set(key, isFolder);
      if (isFolder === false) files.add(mount.raw);
    };
    const mounts = uncertainMounts(this.#mounts, withRemote);
    const slow = async (): Promise<void> => {
      for (const mount of mounts) if (mount.kind !== 'disk') await look(mount);
    };
    await Promise.all([...mounts.filter(({ kind }) => kind === 'disk').map(look), slow()]);
    return { files, isComplete };
  }

  /** Mounts of snapshots of LVM and of images that cannot be written, as the device mapper says. */
  async #findMapped(): Promise<Pick<MountFacts, 'copies' | 'sealed'>> {
    const mapped = this.#mounts.filter(({ source }) => /^\/dev\/(?:mapper\/|dm-|root$|[^/]+\/[^/]+$)/.test(source));
    const roles = new Map<string, DeviceRole>();
    for (const device of new Set(mapped.map((mount) => mount.device))) roles.set(device, await roleOf(join(this.#root, '/sys/dev/block', device)));
    const having = (role: DeviceRole): Set<string> => new Set(mapped.filter(({ device }) => roles.get(device) === role).map(({ raw }) => raw));
    return { copies: having('copy'), sealed: having('sealed') };
  }
}

/** What a device of the device mapper is, besides a volume. */
type DeviceRole = 'copy' | 'sealed' | 'volume';

/** Volumes that a user may have opened without writing to them: encrypted ones and those of LVM. */
const USER_VOLUMES = /^(?:CRYPT|LVM)-/;

/**
 * A snapshot of LVM is made of its origin and a volume named `…-cow`. A verified image has a uuid that says so, or was set up
 * by the kernel or the system itself, without one; in either case the device cannot be written.
 */
async function roleOf(folder: string): Promise<DeviceRole> {
  try {
    const uuid = await optionalTextAsync(join(folder, 'dm/uuid'));
    if (uuid?.startsWith('CRYPT-VERITY-') === true) return 'sealed';
    for (const part of await namesIn(join(folder, 'slaves'))) {
      if ((await optionalTextAsync(join(folder, 'slaves', part, 'dm/name')))?.endsWith('-cow') === true) return 'copy';
    }
    if (uuid === null || USER_VOLUMES.test(uuid)) return 'volume';
    return (await optionalTextAsync(join(folder, 'ro'))) === '1' ? 'sealed' : 'volume';
  } catch (error) {
    // Whatever /sys does not tell is taken for a disk.
    if (error instanceof CollectorError || errorCodeOf(error) !== null) return 'volume';
    throw error;
  }
}
