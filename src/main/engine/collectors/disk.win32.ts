/** Space of drives of Windows: local ones by letter or folder, those of the network where they are wanted. */
import { multiText } from '../windows/fields';
import { describeDisk, disksOfDrive } from '../windows/disk-list';
import { deviceOf, DRIVE_TYPE, driveKind, lettersOf, mediumOf, shareOf } from '../windows/drives';
import type { DriveKind } from '../windows/drives';
import type { WindowsLibrary } from '../windows/library';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import type { FileSystemSpace, SystemDeps } from './deps';
import { diskReading } from './disk';
import type { DiskRaw, MeasuredSpace, MountSpace } from './disk';
import { SpaceReader } from './disk-reader';
import type { AskedMount } from './disk-reader';
import { MountFaults } from './mount-faults';

/** How often what the drives are is looked up, ms; sooner when letters come or go. */
const LIST_MS = 60_000;

/** Dependencies; `systemDrive` such as `C:`, which is no removable medium, whatever it is made of. */
export type DiskDeps = Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs' | 'windows'> & { networkMounts(): boolean; readonly systemDrive: string };

const UNKNOWN = 'unknown file system';
const NETWORK_DRIVE = 'network drive';

/** Length of a name such as `C:`; other names are folders. */
const LETTER_LENGTH = 2;

/** A drive to measure, or one that did not say what it is. */
type Drive = Omit<MeasuredSpace, 'space'> & { readonly id: string; readonly asked: AskedMount };

function askedMount(id: string, kind: AskedMount['kind']): AskedMount {
  return { deviceId: id, kind, path: `${id}\\`, idleLimit: null, id: 0, device: '', raw: id };
}

const DETAIL_OF_MEDIA = { removable: 'removable', readOnly: 'read-only' } as const;

/** A local volume; null for one that has no space of its own to fill. It is named by its letter or folder. Rejects with a Timeout. */
async function localDrive(library: WindowsLibrary, id: string, kind: 'disk' | 'slow', isRemovable: () => Promise<boolean>): Promise<Drive | null> {
  const facts = await library.volume(`${id}\\`, kind);
  if (facts.type === DRIVE_TYPE.remote) return { id, point: id, asked: askedMount(id, 'remote'), detail: NETWORK_DRIVE, media: null, fault: null };
  const medium = mediumOf(facts);
  if (medium === 'none') return null;
  const media = medium ?? ((await isRemovable()) ? 'removable' : null);
  const { fileSystem = UNKNOWN, label = '' } = facts.information ?? {};
  const parts = [fileSystem, label, media === null ? '' : DETAIL_OF_MEDIA[media]];
  return { id, point: id, asked: askedMount(id, kind), detail: parts.filter((part) => part !== '').join(' · '), media, fault: null };
}

/** True for a drive on disks that are all plugged in, such as those on USB. Rejects with a Timeout. */
async function isOnRemovable(library: WindowsLibrary, letter: string): Promise<boolean> {
  const disks = await disksOfDrive(library, letter);
  for (const number of disks) if (!(await describeDisk(library, number)).isRemovable) return false;
  return disks.length > 0;
}

/** Folders that local volumes without a letter are mounted in, the first of each volume. Rejects with a Timeout. */
async function mountFolders(library: WindowsLibrary): Promise<string[]> {
  const volumes = (await library.volumePaths()).map(multiText);
  return volumes
    .filter((paths) => !paths.some((path) => /^[A-Z]:\\?$/i.test(path)))
    .flatMap(([first]) => (first === undefined ? [] : [first.replace(/\\$/, '')]));
}

/** What a letter stands for. */
interface Letter {
  readonly letter: string;
  readonly kind: DriveKind;
  readonly device: string;
}

/** What the letters stand for; nothing is touched. */
function lettersNow(library: WindowsLibrary): Letter[] {
  return lettersOf(library.letters()).map((letter) => {
    const device = deviceOf(library.device(letter));
    return { letter, kind: driveKind(device), device: device ?? '' };
  });
}

function remoteDrive({ letter, device }: Letter): Drive {
  const share = shareOf(device);
  return { id: letter, point: letter, asked: askedMount(letter, 'remote'), detail: share === null ? NETWORK_DRIVE : `${NETWORK_DRIVE} · ${share}`, media: null, fault: null };
}

/** Lists the drives once. One that does not respond is as it was in the list before; a new one has its fault. */
class Listing {
  readonly #library: WindowsLibrary;
  readonly #before: readonly Drive[];
  readonly #systemDrive: string;

  constructor(library: WindowsLibrary, before: readonly Drive[], systemDrive: string) {
    this.#library = library;
    this.#before = before;
    this.#systemDrive = systemDrive;
  }

  /** Those of programs last: they may take their time. */
  async all(letters: readonly Letter[]): Promise<Drive[]> {
    const of = (wanted: DriveKind): readonly Letter[] => letters.filter(({ kind }) => kind === wanted);
    const drives: (Drive | null)[] = of('remote').map(remoteDrive);
    for (const { letter } of of('disk')) drives.push(await this.#drive(letter, 'disk'));
    for (const folder of await this.#folders()) drives.push(await this.#drive(folder, 'disk'));
    for (const { letter } of of('slow')) drives.push(await this.#drive(letter, 'slow'));
    return drives.filter((drive) => drive !== null).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #drive(id: string, kind: 'disk' | 'slow'): Promise<Drive | null> {
    const mayBeRemovable = kind === 'disk' && id !== this.#systemDrive && id.length === LETTER_LENGTH;
    const known = this.#before.find((drive) => drive.id === id) ?? { id, point: id, asked: askedMount(id, kind), detail: UNKNOWN, media: null, fault: 'does not respond' };
    return unlessLate(() => localDrive(this.#library, id, kind, async () => mayBeRemovable && isOnRemovable(this.#library, id)), known);
  }

  async #folders(): Promise<readonly string[]> {
    return unlessLate(() => mountFolders(this.#library), this.#before.map(({ id }) => id).filter((id) => id.length > LETTER_LENGTH));
  }
}

/** What the call gives, or what is known without it where it does not respond. */
async function unlessLate<T>(call: () => Promise<T>, known: T): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CollectorError && error.kind === 'Timeout') return known;
    throw error;
  }
}

/** The drives, listed each minute and when letters come or go. */
class DriveList {
  readonly #deps: DiskDeps;
  #drives: readonly Drive[] = [];
  #key = '';
  #due = Number.NEGATIVE_INFINITY;

  constructor(deps: DiskDeps) {
    this.#deps = deps;
  }

  async current(library: WindowsLibrary): Promise<readonly Drive[]> {
    const now = this.#deps.clock.mono();
    const letters = lettersNow(library);
    const key = letters.map(({ letter, device }) => `${letter} ${device}`).join('\n');
    if (key === this.#key && now < this.#due) return this.#drives;
    this.#drives = await new Listing(library, this.#drives, this.#deps.systemDrive).all(letters);
    this.#key = key;
    this.#due = now + LIST_MS;
    return this.#drives;
  }
}

/** Node fills in blocks of the size of a cluster; the file systems of Windows have no inodes. */
function spaceOf({ bsize, blocks, bfree, bavail }: FileSystemSpace): MountSpace {
  return { total: blocks * bsize, used: Math.max(0, blocks - bfree) * bsize, available: bavail * bsize, inodesTotal: null, inodesUsed: null };
}

/** What is read-only and has nothing left was made full. */
const isFullByNature = ({ media, space }: MeasuredSpace): boolean => media === 'readOnly' && space?.available === 0;

/** Lists the drives and reads the space of each. */
export function win32Disk(deps: DiskDeps): Collector<'disk', DiskRaw> {
  const reader = new SpaceReader(deps);
  const list = new DriveList(deps);
  const faults = new MountFaults();
  return {
    family: 'disk',
    read: async () => {
      const all = await list.current(await deps.windows());
      const wanted = all.filter(({ asked }) => asked.kind !== 'remote' || deps.networkMounts());
      if (wanted.length === 0) throw new CollectorError('SystemUnavailable', 'the system lists no drive');
      const results = await reader.readAll(wanted.filter(({ fault }) => fault === null).map(({ asked }) => asked));
      const measured = wanted.map(({ id, point, detail, media, fault }): MeasuredSpace => {
        const answer = results.get(id) ?? { stat: null, fault };
        return { id, point, detail, media, space: answer.stat === null ? null : spaceOf(answer.stat), fault: answer.fault };
      });
      return { mounts: faults.describe(measured.filter((one) => !isFullByNature(one)), deps.clock.now()) };
    },
    toReading: diskReading,
  };
}
