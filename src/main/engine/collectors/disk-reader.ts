/** Asks mounts for their space and kind, with deadlines: a mount that hangs delays nothing else. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { LATE, within } from '../deadline';
import type { FileSystemSpace, SystemDeps } from './deps';
import { errorCodeOf } from './faults';

/** Deadlines of one call, ms. Mounts that may hang are read one after another: 2 · 1 s and 1.5 s stay below the family's 5 s. */
const LOCAL_MS = 1500;
const SLOW_MS = 1000;

/** Each hanging call occupies one of the four threads that all file access of the process shares. */
const MAX_HANGING = 2;

/**
 * An automounted file system is asked again after this time at the earliest, ms, and after twice its idle limit: every access
 * starts that limit anew, so asking more often would keep it mounted for ever.
 */
const AUTOMOUNT_MS = 60 * 60_000;

/** An automounted file system that gives no answer is asked so often, then left alone until its time. */
const AUTOMOUNT_TRIES = 3;

/** A mount to ask. */
export interface AskedMount {
  readonly deviceId: string;
  /** disk: answers at once; slow and remote ones may hang, and are asked one after another. */
  readonly kind: 'disk' | 'slow' | 'remote';
  /** For system calls: bytes where the name is not UTF-8. */
  readonly path: string | Buffer;
  /** Seconds without use after which it is unmounted again; null if it is not automounted. */
  readonly idleLimit: number | null;
  /** Together they tell an automounted file system from one that is mounted there later. */
  readonly id: number;
  readonly device: string;
  readonly raw: string;
}

/** Answer of one mount, or why there is none. */
interface Answer {
  readonly stat: FileSystemSpace | null;
  readonly fault: string | null;
}

const noAnswer = (fault: string): Answer => ({ stat: null, fault });

/** Runs calls that may hang, at most one for each mount. */
class MountCalls {
  /** Calls in flight by device id; true for mounts that may hang. */
  readonly #inFlight = new Map<string, boolean>();
  readonly #timers: SystemDeps['timers'];

  constructor(timers: SystemDeps['timers']) {
    this.#timers = timers;
  }

  /** The result of the call; a text that says why there is none. The call must not reject. */
  async run<T extends object>({ deviceId, kind }: Pick<AskedMount, 'deviceId' | 'kind'>, call: () => Promise<T>): Promise<T | string> {
    if (this.#inFlight.has(deviceId)) return 'does not respond';
    const mayHang = kind !== 'disk';
    const hanging = [...this.#inFlight.values()].filter(Boolean).length;
    if (mayHang && hanging >= MAX_HANGING) return 'not read: other mounts do not respond';
    this.#inFlight.set(deviceId, mayHang);
    const flight = call().finally(() => this.#inFlight.delete(deviceId));
    const result = await within(this.#timers, mayHang ? SLOW_MS : LOCAL_MS, flight);
    return result === LATE ? 'does not respond' : result;
  }
}

/** What an automounted file system answered. */
interface Remembered {
  readonly answer: Answer;
  readonly askedAt: number;
  readonly tries: number;
}

/** The folder of a mount below the root of the machine. */
function pathBelow(root: string, path: string | Buffer): string | Buffer {
  return typeof path === 'string' ? join(root, path) : Buffer.concat([Buffer.from(root.replace(/\/$/, '')), path]);
}

/** Reads the space of mounts. */
export class SpaceReader {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs'>;
  readonly #calls: MountCalls;
  #automounts = new Map<string, Remembered>();

  constructor(deps: Pick<SystemDeps, 'root' | 'clock' | 'timers' | 'statfs'>) {
    this.#deps = deps;
    this.#calls = new MountCalls(deps.timers);
  }

  /** The space of each mount by device id: local ones in parallel, then those that may hang one after another. */
  async readAll(mounts: readonly AskedMount[]): Promise<Map<string, Answer>> {
    const results = new Map<string, Answer>();
    const read = async (mount: AskedMount): Promise<void> => {
      results.set(mount.deviceId, await this.#read(mount));
    };
    this.#forget(mounts);
    await Promise.all(mounts.filter(({ kind }) => kind === 'disk').map(read));
    for (const kind of ['slow', 'remote']) for (const mount of mounts) if (mount.kind === kind) await read(mount);
    return results;
  }

  /** True if the mount is a folder, or if that cannot be found out; null if it does not respond now. */
  async isFolder(mount: Pick<AskedMount, 'deviceId' | 'kind' | 'path'>): Promise<boolean | null> {
    const look = async (): Promise<{ isFolder: boolean }> => {
      try {
        return { isFolder: (await lstat(pathBelow(this.#deps.root, mount.path))).isDirectory() };
      } catch (error) {
        if (errorCodeOf(error) === null) throw error;
        return { isFolder: true };
      }
    };
    const result = await this.#calls.run(mount, look);
    return typeof result === 'string' ? null : result.isFolder;
  }

  async #read(mount: AskedMount): Promise<Answer> {
    if (mount.idleLimit === null) return this.#ask(mount);
    const key = keyOf(mount);
    const known = this.#automounts.get(key);
    const now = this.#deps.clock.mono();
    const isFresh = known !== undefined && now - known.askedAt < Math.max(AUTOMOUNT_MS, 2000 * mount.idleLimit);
    if (isFresh && (known.answer.stat !== null || known.tries >= AUTOMOUNT_TRIES)) return known.answer;
    const answer = await this.#ask(mount);
    this.#automounts.set(key, { answer, askedAt: now, tries: isFresh ? known.tries + 1 : 1 });
    return answer;
  }

  async #ask(mount: AskedMount): Promise<Answer> {
    const result = await this.#calls.run(mount, async (): Promise<Answer> => {
      try {
        return { stat: await this.#deps.statfs(mount.path), fault: null };
      } catch (error) {
        return noAnswer(errorCodeOf(error) ?? 'cannot be read');
      }
    });
    return typeof result === 'string' ? noAnswer(result) : result;
  }

  /** An automounted file system that went and came back is asked again. */
  #forget(mounts: readonly AskedMount[]): void {
    if (this.#automounts.size === 0) return;
    const keys = new Set(mounts.filter(({ idleLimit }) => idleLimit !== null).map(keyOf));
    for (const key of this.#automounts.keys()) if (!keys.has(key)) this.#automounts.delete(key);
  }
}

/** One mount of one file system at one point. */
function keyOf({ id, device, raw }: AskedMount): string {
  return `${id} ${device} ${raw}`;
}
