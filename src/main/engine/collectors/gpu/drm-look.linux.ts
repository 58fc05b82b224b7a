/**
 * Looks through /proc for the programs that have a graphics card open. Without privileges those of this user alone can be
 * seen. A look costs a call for each open file of each process, so what was found is remembered: of processes without a card
 * only one in `ROUNDS` is looked through again each time.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { forEachInSlices } from '../../time-slicing';
import type { TimeSlicing } from '../../time-slicing';
import { accessFault } from '../faults';
import { isAbsent } from '../files';
import { clientKey, parseClient } from './drm-clients';
import type { DrmClient, DrmLook } from './drm-clients';

/** After so many looks every process was looked through again. */
const ROUNDS = 6;

const CARD = '/dev/dri/';

/** The result of a call; the other value where the process has ended, or belongs to somebody else. */
function orElse<T>(call: () => T, other: T, path: string): T {
  try {
    return call();
  } catch (error) {
    if (isAbsent(error)) return other;
    throw accessFault(error, path);
  }
}

/** Takes looks. */
export class DrmLooker {
  readonly #proc: string;
  readonly #slicing: TimeSlicing;
  /** Processes that were looked through, and whether they had a card open. */
  #known = new Map<number, boolean>();
  #looks = 0;

  constructor(root: string, slicing: TimeSlicing) {
    this.#proc = join(root, '/proc');
    this.#slicing = slicing;
  }

  /** The first look goes through every process. Rejects with a CollectorError if processes cannot be listed. */
  async look(): Promise<DrmLook> {
    const pids = await this.#list();
    const at = this.#slicing.mono();
    const clients = new Map<string, DrmClient>();
    const known = new Map<number, boolean>();
    this.#looks += 1;
    await forEachInSlices(
      pids,
      (pid) => {
        const before = this.#known.get(pid);
        const isDue = before !== false || (pid + this.#looks) % ROUNDS === 0;
        const found = isDue ? this.#clientsOf(pid) : [];
        known.set(pid, found.length > 0);
        for (const client of found) clients.set(clientKey(client), client);
      },
      this.#slicing,
    );
    this.#known = known;
    return { at, clients };
  }

  async #list(): Promise<number[]> {
    try {
      return (await readdir(this.#proc)).map(Number).filter((pid) => Number.isSafeInteger(pid) && pid > 0);
    } catch (error) {
      throw accessFault(error, this.#proc);
    }
  }

  #clientsOf(pid: number): DrmClient[] {
    const folder = `${this.#proc}/${pid}`;
    const files = orElse(() => readdirSync(`${folder}/fd`), [], folder);
    return files.flatMap((fd) => {
      const link = `${folder}/fd/${fd}`;
      if (!orElse(() => readlinkSync(link), '', link).startsWith(CARD)) return [];
      const path = `${folder}/fdinfo/${fd}`;
      const client = parseClient(orElse(() => readFileSync(path, 'latin1'), '', path), pid);
      return client === null ? [] : [client];
    });
  }
}
