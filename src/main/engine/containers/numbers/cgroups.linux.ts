/**
 * Counters of containers from their cgroups: everybody may read them, they cost the engine nothing, and they answer when it hangs. The
 * kernel makes each of these files in microseconds, so they are read on this thread, in slices. They do not stay open: seven files of
 * each of some hundred containers would be more than a process may have.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock';
import { accessFault } from '../../collectors/faults';
import { isAbsent, optionalText } from '../../collectors/files';
import { forEachInSlices } from '../../time-slicing';
import type { ContainerCounters } from '../types';
import { cgroupFilesIn, parseCgroup, usualCgroups } from './cgroup-files.linux';
import type { CgroupFiles, IsStacked } from './cgroup-files.linux';
import { NO_TRAFFIC, networkOf, readTraffic } from './traffic.linux';

/** A container that runs. */
export interface ContainerToRead {
  readonly id: string;
  /** Its first process; null where it is not known. */
  readonly pid: number | null;
  readonly engine: 'docker' | 'podman';
}

/** Dependencies. */
export interface CgroupParts {
  /** `/`, or a folder that holds recorded `proc/` and `sys/` trees. */
  readonly root: string;
  readonly clock: Pick<Clock, 'mono'>;
  /** The user this program runs as. */
  account(): { readonly uid: number } | null;
  /** Bytes of memory of this machine. */
  totalMemory(): number;
  yieldToEventLoop(): Promise<void>;
}

/** Where a container was found; `files` is null where it has no cgroup of its own on this machine. */
interface Place {
  readonly pid: number | null;
  readonly files: CgroupFiles | null;
  readonly foundAt: number;
}

/** What is the same for all containers of a read. */
interface Machine {
  /** Its network namespace; null where that is hidden. */
  readonly network: number | null;
  /** Bytes. */
  readonly memory: number;
}

/** After this time, ms, a container without a cgroup is looked for again. */
const LOOK_AGAIN = 5 * 60_000;

/** The files that are there: a controller may not be enabled for containers, and to look for its files at each read would cost more than to read the others. */
function present(files: CgroupFiles): CgroupFiles {
  const there = (path: string | null): string | null => (path !== null && existsSync(path) ? path : null);
  const { cpuStat, cpuUsage, memoryUsage, memoryStat, memoryMax, io, pids, procs } = files;
  return {
    cpuStat: there(cpuStat),
    cpuUsage: there(cpuUsage),
    memoryUsage: there(memoryUsage),
    memoryStat: there(memoryStat),
    memoryMax: there(memoryMax),
    // Its name before Linux 5.
    io: there(io) ?? there(io?.replace(/_recursive$/, '') ?? null),
    pids: there(pids),
    procs: there(procs),
  };
}

class CgroupReader {
  readonly #parts: CgroupParts;
  readonly #proc: string;
  readonly #base: string;
  #places = new Map<string, Place>();
  /** By numbers of the device. */
  #stacked = new Map<string, boolean>();

  constructor(parts: CgroupParts) {
    this.#parts = parts;
    this.#proc = join(parts.root, '/proc');
    this.#base = join(parts.root, '/sys/fs/cgroup');
  }

  async read(running: readonly ContainerToRead[]): Promise<Map<string, ContainerCounters>> {
    const { clock, yieldToEventLoop } = this.#parts;
    const counters = new Map<string, ContainerCounters>();
    const places = new Map<string, Place>();
    // The first process is in the network of the machine; where it is hidden, this one is most likely.
    const machine = { network: networkOf(this.#proc, 1) ?? networkOf(this.#proc, 'self'), memory: this.#parts.totalMemory() };
    const readOne = (one: ContainerToRead): void => {
      const place = this.#placeOf(one);
      const found = place.files === null ? null : this.#countersOf(one, place.files, machine);
      if (found !== null) counters.set(one.id, found);
      // A cgroup that has vanished is looked for anew.
      if (found !== null || place.files === null) places.set(one.id, place);
    };
    await forEachInSlices(running, readOne, { mono: () => clock.mono(), yieldToEventLoop });
    this.#places = places;
    return counters;
  }

  /** Looked for once per container and start. */
  #placeOf(one: ContainerToRead): Place {
    const known = this.#places.get(one.id);
    const now = this.#parts.clock.mono();
    if (known !== undefined && known.pid === one.pid && (known.files !== null || now - known.foundAt < LOOK_AGAIN)) return known;
    return { pid: one.pid, files: this.#find(one), foundAt: now };
  }

  #find({ id, pid, engine }: ContainerToRead): CgroupFiles | null {
    // Disks may have changed since the last container started.
    this.#stacked = new Map();
    const told = pid === null ? null : cgroupFilesIn(optionalText(`${this.#proc}/${pid}/cgroup`) ?? '', id, this.#base);
    const files = told ?? this.#findUsual(id, engine);
    return files === null ? null : present(files);
  }

  #findUsual(id: string, engine: ContainerToRead['engine']): CgroupFiles | null {
    const isFirst = existsSync(join(this.#base, 'cpuacct'));
    const found = usualCgroups(id, engine, this.#parts.account()?.uid ?? null, isFirst).find(({ path }) => existsSync(join(this.#base, isFirst ? 'cpuacct' : '', path)));
    return found === undefined ? null : cgroupFilesIn(found.text, id, this.#base);
  }

  readonly #isStacked: IsStacked = (device) => {
    const known = this.#stacked.get(device);
    if (known !== undefined) return known;
    const found = hasEntries(join(this.#parts.root, `/sys/dev/block/${device}/slaves`));
    this.#stacked.set(device, found);
    return found;
  };

  /** What the files of a container say; null where it has ended. */
  #countersOf({ pid }: ContainerToRead, files: CgroupFiles, machine: Machine): ContainerCounters | null {
    const mono = this.#parts.clock.mono();
    const textOf = (path: string | null): string | null => (path === null ? null : optionalText(path));
    const { cpuStat, cpuUsage, memoryUsage, memoryStat, memoryMax, io, pids } = files;
    const texts = { cpuStat: textOf(cpuStat), cpuUsage: textOf(cpuUsage), memoryUsage: textOf(memoryUsage), memoryStat: textOf(memoryStat), memoryMax: textOf(memoryMax), io: textOf(io), pids: textOf(pids) };
    const counted = parseCgroup(texts, machine.memory, this.#isStacked);
    if (counted.cpuSeconds === null && counted.memory === null) return null;
    const first = pid ?? firstOf(textOf(files.procs));
    const network = first === null ? null : networkOf(this.#proc, first);
    const traffic = first === null || network === null || network === machine.network ? NO_TRAFFIC : readTraffic(this.#proc, first);
    return { mono, ...counted, ...traffic };
  }
}

function hasEntries(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw accessFault(error, folder);
  }
}

/** The first process of `cgroup.procs`; null without one. */
function firstOf(procs: string | null): number | null {
  const pid = Number.parseInt(procs ?? '', 10);
  return pid > 0 ? pid : null;
}

/** Creates the reader. It reads those containers whose cgroups are on this machine, and leaves out the others. Rejects with a CollectorError where no file can be opened any more. */
export function createCgroupReader(parts: CgroupParts): Pick<CgroupReader, 'read'> {
  return new CgroupReader(parts);
}
