/** The list of mounts to measure, renewed only when mounts come or go. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CollectorError } from './collector';
import type { SystemDeps } from './deps';
import type { SpaceReader } from './disk-reader.linux';
import { errorCodeOf } from './faults';
import { HeldFile, optionalTextAsync, readBytesAsync } from './files';
import { markRemovable } from './removable.linux';
import { parseMountinfo, realMounts, uncertainMounts } from './mounts.linux';
import type { RealMount } from './mounts.linux';
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
  #copies: ReadonlySet<string> = new Set();
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
      this.#copies = await this.#findCopies();
      this.#selection = null;
      this.#listed = names;
      this.#listedAt = now;
    }
    if (this.#selection !== null && this.#selection.withRemote === withRemote) return this.#selection.mounts;
    const { files, isComplete } = await this.#findFiles(withRemote);
    const mounts = await markRemovable(this.#root, realMounts(this.#mounts, withRemote, { files, copies: this.#copies }));
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

  /** Mounts of snapshots of LVM and of verified, read-only images, as the device mapper says. */
  async #findCopies(): Promise<Set<string>> {
    const mapped = this.#mounts.filter(({ source }) => /^\/dev\/(?:mapper\/|dm-|[^/]+\/[^/]+$)/.test(source));
    const devices = [...new Set(mapped.map(({ device }) => device))];
    const copies = new Set<string>();
    for (const device of devices) if (await isCopy(join(this.#root, '/sys/dev/block', device))) copies.add(device);
    return new Set(mapped.filter(({ device }) => copies.has(device)).map(({ raw }) => raw));
  }
}

/** A snapshot of LVM is made of its origin and a volume named `…-cow`; a verified image has a uuid that says so. */
async function isCopy(folder: string): Promise<boolean> {
  try {
    if ((await optionalTextAsync(join(folder, 'dm/uuid')))?.startsWith('CRYPT-VERITY-') === true) return true;
    for (const part of await readdir(join(folder, 'slaves'))) {
      if ((await optionalTextAsync(join(folder, 'slaves', part, 'dm/name')))?.endsWith('-cow') === true) return true;
    }
    return false;
  } catch (error) {
    // Whatever /sys does not tell is taken for a disk.
    if (error instanceof CollectorError || errorCodeOf(error) !== null) return false;
    throw error;
  }
}
