/**
 * Processes from /proc, without starting a program. Files that cannot block are read synchronously in time slices: the
 * kernel generates them in microseconds, and reading each on another thread would cost several times the CPU time. Those
 * that can are read off this thread afterwards (guarded-files.linux.ts), where the kernel's name does not suffice.
 */
import { constants, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemTimers } from '../clock';
import type { Clock } from '../clock';
import { CLOCK_FLOOR } from '../clock-trust';
import { accessFault } from '../collectors/faults';
import { isAbsent } from '../collectors/files';
import { containerName, readContainerId, readContainers } from './containers.linux';
import type { ContainerNameOf } from './containers.linux';
import { GuardedFiles } from './guarded-files.linux';
import type { GuardedRead } from './guarded-files.linux';
import { readGroupMemory } from './group-memory.linux';
import { sanitizeName, nameOf, wantsCommand } from './sanitize';
import { parseActivity, parseCommand, parseIo, parseStat, parseUid, parseUnits } from './parse.linux';
import type { Activity, KernelUnits, Stat } from './parse.linux';
import { forEachInSlices } from '../time-slicing';
import type { TimeSlicing } from '../time-slicing';
import type { ReadDetail, RawProcessSnapshot, ProcessMemory, ProcessSource, RawProcess } from './process-source';
import { createUserNames } from './users.linux';
import type { OsUser, UserNames } from './users.linux';

/** Dependencies of the source. */
export interface LinuxParts {
  /** `/`, or a folder that holds recorded `proc/` and `etc/` trees. */
  readonly root: string;
  readonly clock: Clock;
  account(): OsUser | null;
  readonly containerNameOf: ContainerNameOf;
  yieldToEventLoop(): Promise<void>;
}

/** Cached facts of a process: they hardly ever change, and each costs reading a file. */
interface Facts {
  readonly born: number;
  /** The kernel's name when these were read; if it changes, the process runs another program. */
  readonly title: string;
  name: string;
  command: string | null;
  /** False while the command line is still to be read, or to be read again. */
  hasCommand: boolean;
  /** Undefined if not read yet. */
  readonly user: string | null | undefined;
  /** Id of its container; null outside of one, and if not read yet. */
  readonly containerId: string | null;
  /** Both epoch milliseconds. */
  readonly startedAt: number | null;
  readonly readAt: number;
  /** False once reading its I/O was denied: it would be denied again. */
  hasIo: boolean;
  /** Its CPU time in clock ticks when it was found waiting for a device; null if it never was. */
  waitedAt: number | null;
}

/** A process that is being read. */
type Draft = { -readonly [Field in keyof RawProcess]: RawProcess[Field] };

/** One snapshot that is being taken. */
interface Round {
  readonly detail: ReadDetail;
  /** Both epoch milliseconds. */
  readonly time: number;
  readonly bootedAt: number;
  /** What can block, and what is likely to: the latter is read last. */
  readonly reads: GuardedRead[];
  readonly riskyReads: GuardedRead[];
}

/** Programs may change their command line and user: each snapshot reads them again for one process in 16. */
const REFRESH_FRACTION = 16;
/** Processes younger than this, ms, may still change their name and command line: they are read again each time. */
const YOUNG = 5000;
/** A start time further in the future than this, ms, comes from a wrong boot time (in a container) and is dropped. */
const START_SLACK = 2000;

class LinuxProcesses implements ProcessSource {
  readonly startsProcess = false;
  readonly #parts: LinuxParts;
  readonly #files: GuardedFiles;
  readonly #slicing: TimeSlicing;
  readonly #proc: string;
  readonly #users: UserNames;
  #units: KernelUnits | null = null;
  #facts = new Map<number, Facts>();
  #snapshots = 0;

  constructor(parts: LinuxParts, files: GuardedFiles) {
    this.#parts = parts;
    this.#files = files;
    this.#slicing = { mono: () => parts.clock.mono(), yieldToEventLoop: () => parts.yieldToEventLoop() };
    this.#proc = join(parts.root, '/proc');
    this.#users = createUserNames(parts.root, () => parts.account());
  }

  async snapshot(detail: ReadDetail): Promise<RawProcessSnapshot> {
    const { clock } = this.#parts;
    const names = await this.#list();
    const time = clock.now();
    const mono = clock.mono();
    const round: Round = { detail, time, bootedAt: time - clock.boot(), reads: [], riskyReads: [] };
    if (detail === 'full') {
      this.#users.refresh();
      this.#snapshots += 1;
    }
    const processes: RawProcess[] = [];
    const read = (pid: number): void => {
      const found = this.#read(pid, round);
      if (found !== null) processes.push(found);
    };
    await forEachInSlices(names, read, this.#slicing);
    await this.#files.readAll([...round.reads, ...round.riskyReads]);
    this.#dropEnded(names);
    return { time, mono, processes };
  }

  groupMemory(groups: readonly (readonly ProcessMemory[])[]): Promise<readonly number[]> {
    return readGroupMemory(groups, { proc: this.#proc, pageBytes: this.#unitsOf().pageBytes, slicing: this.#slicing });
  }

  containersOf(pids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    return readContainers(pids, { proc: this.#proc, nameOf: this.#parts.containerNameOf, slicing: this.#slicing });
  }

  forget(): void {
    this.#facts = new Map();
  }

  /** Lists process ids asynchronously, because the kernel takes milliseconds for thousands. */
  async #list(): Promise<number[]> {
    try {
      return (await readdir(this.#proc)).map(Number).filter(Number.isSafeInteger);
    } catch (error) {
      throw accessFault(error, this.#proc);
    }
  }

  /** Reads a process; null if it has ended or is hidden from this user. What can block is added to the reads of the round. */
  #read(pid: number, round: Round): RawProcess | null {
    const folder = `${this.#proc}/${pid}`;
    const text = readSmallFile(`${folder}/stat`);
    const stat = text === null ? null : parseStat(text);
    if (text === null || stat === null) return null;
    const facts = this.#factsOf(pid, folder, stat, round);
    const { pageBytes, ticksPerSecond } = this.#unitsOf();
    const draft: Draft = {
      pid,
      key: `${pid}-${stat.born}`,
      name: facts.name,
      born: stat.born,
      busySeconds: stat.ticks / ticksPerSecond,
      cpu: null,
      memory: stat.pages * pageBytes,
      readBytes: null,
      writtenBytes: null,
      user: facts.user ?? null,
      command: facts.command,
      startedAt: facts.startedAt,
      container: containerName(facts.containerId, this.#parts.containerNameOf),
    };
    const needsCommand = !facts.hasCommand && (round.detail === 'full' || wantsCommand(stat.name));
    const needsIo = round.detail !== 'plain' && facts.hasIo;
    if (needsCommand || needsIo) {
      const activity = parseActivity(text);
      const { isWaiting, isForked } = activity;
      if (needsCommand && mayReadCommand(activity, facts, stat)) (isWaiting ? round.riskyReads : round.reads).push(commandRead(`${folder}/cmdline`, draft, facts));
      if (needsIo && (isWaiting || (isForked && !stat.isKernel))) round.riskyReads.push({ path: `${folder}/io`, take: (content) => this.#takeIo(draft, facts, content?.toString('latin1') ?? '') });
      else if (needsIo) this.#takeIo(draft, facts, readSmallFile(`${folder}/io`) ?? '');
    }
    return draft;
  }

  /** The cached facts, or new ones: then the command line is still to be read. */
  #factsOf(pid: number, folder: string, stat: Stat, { detail, time, bootedAt }: Round): Facts {
    const cached = this.#facts.get(pid);
    const known = cached !== undefined && cached.born === stat.born && cached.title === stat.name ? cached : undefined;
    const isFull = detail === 'full';
    if (known !== undefined && !(isFull && (known.user === undefined || this.#isOld(pid, known)))) return known;
    const isNameVague = wantsCommand(stat.name);
    const startedAt = bootedAt + (stat.born * 1000) / this.#unitsOf().ticksPerSecond;
    // A clock that is still to be set dates everything to 1970.
    const isDated = time >= CLOCK_FLOOR && startedAt <= time + START_SLACK;
    const facts: Facts = {
      born: stat.born,
      title: stat.name,
      name: known?.name ?? (isNameVague ? nameOf(stat.name, '') : sanitizeName(stat.name)),
      command: known?.command ?? null,
      hasCommand: stat.isKernel,
      user: isFull ? this.#userOf(folder) : undefined,
      containerId: isFull && !stat.isKernel ? readContainerId(folder) : null,
      // The first result is kept: the boot time it is computed from jitters.
      startedAt: known?.startedAt ?? (isDated ? Math.round(startedAt) : null),
      readAt: time,
      hasIo: true,
      waitedAt: known?.waitedAt ?? null,
    };
    // Facts that cost no extra file are not cached.
    if (isFull || isNameVague) this.#facts.set(pid, facts);
    return facts;
  }

  /** True if the facts of a process must be read again. */
  #isOld(pid: number, { startedAt, readAt }: Facts): boolean {
    return (pid + this.#snapshots) % REFRESH_FRACTION === 0 || (startedAt !== null && readAt - startedAt < YOUNG);
  }

  #userOf(folder: string): string | null {
    const uid = parseUid(readSmallFile(`${folder}/status`) ?? '');
    return uid === null ? null : this.#users.nameOf(uid);
  }

  #takeIo(draft: Draft, facts: Facts, text: string): void {
    const io = parseIo(text);
    draft.readBytes = io?.readBytes ?? null;
    draft.writtenBytes = io?.writtenBytes ?? null;
    if (io !== null) return;
    facts.hasIo = false;
    this.#facts.set(draft.pid, facts);
  }

  #unitsOf(): KernelUnits {
    if (this.#units === null) {
      try {
        this.#units = parseUnits(readFileSync(`${this.#proc}/self/auxv`));
      } catch (error) {
        if (!isAbsent(error)) throw accessFault(error, this.#proc);
        this.#units = parseUnits(Buffer.alloc(0));
      }
    }
    return this.#units;
  }

  /** Drops the facts of processes that have ended. */
  #dropEnded(names: readonly number[]): void {
    if (this.#facts.size === 0) return;
    const alive = new Set(names);
    for (const pid of this.#facts.keys()) if (!alive.has(pid)) this.#facts.delete(pid);
  }
}

/**
 * Whether the command line of a process may be read. One that has ended has none. One that waits is passed over until it
 * has run since: only then is it known to wait for a device that responds.
 */
function mayReadCommand({ isWaiting, hasEnded }: Activity, facts: Facts, { ticks }: Stat): boolean {
  if (!isWaiting) return !hasEnded;
  const { waitedAt } = facts;
  facts.waitedAt = ticks;
  return waitedAt !== null && ticks > waitedAt;
}

function commandRead(path: string, draft: Draft, facts: Facts): GuardedRead {
  return {
    path,
    take: (content) => {
      const line = content?.toString('utf8') ?? '';
      const { command, first } = parseCommand(line);
      if (wantsCommand(facts.title)) facts.name = nameOf(facts.title, first, line);
      facts.command = command;
      facts.hasCommand = true;
      Object.assign(draft, { name: facts.name, command });
    },
  };
}

/** A pipe in place of a file must not block the call that opens it. */
const READ_ONLY = { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK } as const;

/** A small file as text, in one call of Node; null if it is absent. */
function readSmallFile(path: string): string | null {
  try {
    return readFileSync(path, READ_ONLY);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/**
 * Creates the source; nothing is read before the first snapshot. `files` reads what can block; a test may replace its
 * timers and the read itself.
 */
export function linuxProcesses(parts: LinuxParts, files = new GuardedFiles(systemTimers)): ProcessSource {
  return new LinuxProcesses(parts, files);
}
