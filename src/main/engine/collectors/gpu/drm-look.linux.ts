/**
 * Looks through /proc for the programs that have a graphics card open. Without privileges those of this user alone can be
 * seen. A look costs a call for each open file of each process, so what was found is remembered: of processes without a card
 * only one in `ROUNDS` is looked through again each time.
 *
 * What the kernel says of an open card may wake it (xe takes a runtime PM reference for it) or keep it awake, and may wait for
 * the hardware. So it is asked only of cards that are powered up and not let go, and off the main thread.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { forEachInSlices } from '../../time-slicing';
import type { TimeSlicing } from '../../time-slicing';
import { accessFault } from '../faults';
import { isAbsent, optionalTextAsync } from '../files';
import { realFolder } from './cards.linux';
import { clientKey, parseClient } from './drm-clients';
import type { DrmClient, DrmLook } from './drm-clients';
import type { GpuGates } from './gates';
import { isPoweredUp } from './sleep-state';

/** After so many looks every process was looked through again. */
const ROUNDS = 6;

/** The card, or the part of it that only draws. */
const NODE = /^\/dev\/dri\/((?:card|renderD)\d+)$/;

/** A file that a process has open, and the name of the card's node, such as renderD128. */
interface OpenNode {
  readonly pid: number;
  readonly fd: string;
  readonly node: string;
}

/** The card of a node. */
interface NodeCard {
  readonly address: string;
  readonly mayRead: boolean;
}

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
  readonly #root: string;
  readonly #proc: string;
  readonly #gates: Pick<GpuGates, 'isClosed'>;
  readonly #slicing: TimeSlicing;
  /** Processes that were looked through, and whether they had a card open. */
  #known = new Map<number, boolean>();
  #looks = 0;

  /** `gates` says which cards are let go. */
  constructor(root: string, slicing: TimeSlicing, gates: Pick<GpuGates, 'isClosed'> = { isClosed: () => false }) {
    this.#root = root;
    this.#proc = join(root, '/proc');
    this.#slicing = slicing;
    this.#gates = gates;
  }

  /** The first look goes through every process. Rejects with a CollectorError if processes cannot be listed. */
  async look(): Promise<DrmLook> {
    const pids = await this.#list();
    const at = this.#slicing.mono();
    const opened: OpenNode[] = [];
    const known = new Map<number, boolean>();
    this.#looks += 1;
    await forEachInSlices(
      pids,
      (pid) => {
        const before = this.#known.get(pid);
        const isDue = before !== false || (pid + this.#looks) % ROUNDS === 0;
        const found = isDue ? this.#nodesOf(pid) : [];
        known.set(pid, found.length > 0);
        opened.push(...found);
      },
      this.#slicing,
    );
    this.#known = known;
    return { at, ...(await this.#clientsOf(opened)) };
  }

  async #list(): Promise<number[]> {
    try {
      return (await readdir(this.#proc)).map(Number).filter((pid) => Number.isSafeInteger(pid) && pid > 0);
    } catch (error) {
      throw accessFault(error, this.#proc);
    }
  }

  #nodesOf(pid: number): OpenNode[] {
    const folder = `${this.#proc}/${pid}/fd`;
    return orElse(() => readdirSync(folder), [], folder).flatMap((fd) => {
      const link = `${folder}/${fd}`;
      const node = NODE.exec(orElse(() => readlinkSync(link), '', link))?.[1];
      return node === undefined ? [] : [{ pid, fd, node }];
    });
  }

  /** One after the other, so that a card that lets its readers wait holds up one of them alone. */
  async #clientsOf(opened: readonly OpenNode[]): Promise<Omit<DrmLook, 'at'>> {
    const cards = new Map<string, NodeCard | null>();
    const clients = new Map<string, DrmClient>();
    const leftOut = new Set<string>();
    for (const { pid, fd, node } of opened) {
      const card = cards.get(node) ?? (await this.#cardOf(node));
      cards.set(node, card);
      if (card === null) continue;
      if (!card.mayRead) {
        leftOut.add(card.address);
        continue;
      }
      const client = parseClient((await optionalTextAsync(`${this.#proc}/${pid}/fdinfo/${fd}`)) ?? '', pid);
      if (client !== null) clients.set(clientKey(client), client);
    }
    return { clients, leftOut };
  }

  /** Null for a node that is not there any more. The kernel may give its name to another card, so that it is asked in each look. */
  async #cardOf(node: string): Promise<NodeCard | null> {
    const folder = await realFolder(join(this.#root, '/sys/class/drm', node, 'device'));
    if (folder === null) return null;
    const address = basename(folder);
    return { address, mayRead: !this.#gates.isClosed(address) && isPoweredUp(await optionalTextAsync(join(folder, 'power/runtime_status'))) };
  }
}
