/**
 * Processes from /proc, without starting a program. Files are read synchronously in time slices: the kernel generates them
 * in microseconds, and reading each on another thread would cost ten times the CPU time.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock';
import { accessFault } from '../collectors/faults';
import { isAbsent } from '../collectors/files';
import { sanitizeName, nameOf, wantsCommand } from './sanitize';
import { parseCommand, parseIo, parseStat, parseUid, parseUnits } from './parse.linux';
import type { KernelUnits, Stat } from './parse.linux';
import { forEachInSlices } from '../time-slicing';
import type { ReadDetail, RawProcessSnapshot, ProcessSource, RawProcess } from './process-source';
import { createUserNames } from './users.linux';
import type { OsUser, UserNames } from './users.linux';

/** Dependencies of the source. */
export interface LinuxParts {
  /** `/`, or a folder that holds recorded `proc/` and `etc/` trees. */
  readonly root: string;
  readonly clock: Clock;
  account(): OsUser | null;
  yieldToEventLoop(): Promise<void>;
}

/** Cached facts of a process: they hardly ever change, and each costs reading a file. */
interface Facts {
  readonly born: number;
  /** The kernel's name when these were read; if it changes, the process runs another program. */
  readonly title: string;
  readonly name: string;
  /** Undefined if not read yet. */
  readonly command: string | null | undefined;
  readonly user: string | null | undefined;
  /** Both epoch milliseconds. */
  readonly startedAt: number | null;
  readonly readAt: number;
  /** False once reading its I/O was denied: it would be denied again. */
  readonly hasIo: boolean;
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
  readonly #proc: string;
  readonly #users: UserNames;
  /** One page: the kernel returns no more of these files at once, and longer command lines are cut anyway. */
  readonly #buffer = Buffer.allocUnsafe(4096);
  #units: KernelUnits | null = null;
  #facts = new Map<number, Facts>();
  #snapshots = 0;

  constructor(parts: LinuxParts) {
    this.#parts = parts;
    this.#proc = join(parts.root, '/proc');
    this.#users = createUserNames(parts.root, () => parts.account());
  }

  async snapshot(detail: ReadDetail): Promise<RawProcessSnapshot> {
    const { clock, yieldToEventLoop } = this.#parts;
    const names = await this.#list();
    const time = clock.now();
    const mono = clock.mono();
    const bootedAt = time - clock.boot();
    if (detail === 'full') {
      this.#users.refresh();
      this.#snapshots += 1;
    }
    const processes: RawProcess[] = [];
    const read = (pid: number): void => {
      const found = this.#read(pid, detail, bootedAt, time);
      if (found !== null) processes.push(found);
    };
    await forEachInSlices(names, read, { mono: () => clock.mono(), yieldToEventLoop });
    this.#dropEnded(names);
    return { time, mono, processes };
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

  /** Reads a process; null if it has ended or is hidden from this user. */
  #read(pid: number, detail: ReadDetail, bootedAt: number, time: number): RawProcess | null {
    const folder = `${this.#proc}/${pid}`;
    const text = readSmallFile(`${folder}/stat`);
    const stat = text === null ? null : parseStat(text);
    if (stat === null) return null;
    const facts = this.#factsOf(pid, folder, stat, detail, bootedAt, time);
    const io = detail === 'plain' || !facts.hasIo ? null : this.#ioOf(pid, folder, facts);
    const { pageBytes, ticksPerSecond } = this.#unitsOf();
    return {
      pid,
      key: `${pid}-${stat.born}`,
      name: facts.name,
      born: stat.born,
      busySeconds: stat.ticks / ticksPerSecond,
      cpu: null,
      memory: stat.pages * pageBytes,
      readBytes: io?.readBytes ?? null,
      writtenBytes: io?.writtenBytes ?? null,
      user: facts.user ?? null,
      command: facts.command ?? null,
      startedAt: facts.startedAt,
    };
  }

  #factsOf(pid: number, folder: string, stat: Stat, detail: ReadDetail, bootedAt: number, time: number): Facts {
    const known = this.#facts.get(pid);
    const isSame = known !== undefined && known.born === stat.born && known.title === stat.name;
    const isFull = detail === 'full';
    if (isSame && !(isFull && (known.user === undefined || this.#isOld(pid, known)))) return known;
    const isNameVague = wantsCommand(stat.name);
    const needsCommand = !stat.isKernel && (isFull || isNameVague);
    const { command, first } = needsCommand ? parseCommand(this.#file(`${folder}/cmdline`)?.toString('utf8') ?? '') : { command: null, first: '' };
    const startedAt = bootedAt + (stat.born * 1000) / this.#unitsOf().ticksPerSecond;
    const facts: Facts = {
      born: stat.born,
      title: stat.name,
      name: isNameVague ? nameOf(stat.name, first) : sanitizeName(stat.name),
      command: needsCommand || stat.isKernel ? command : undefined,
      user: isFull ? this.#userOf(folder) : undefined,
      // The first result is kept: the boot time it is computed from jitters.
      startedAt: isSame ? known.startedAt : startedAt > time + START_SLACK ? null : Math.round(startedAt),
      readAt: time,
      hasIo: true,
    };
    // Facts that cost no extra file are not cached.
    if (isFull || needsCommand) this.#facts.set(pid, facts);
    return facts;
  }

  /** True if the facts of a process must be read again. */
  #isOld(pid: number, { startedAt, readAt }: Facts): boolean {
    return (pid + this.#snapshots) % REFRESH_FRACTION === 0 || (startedAt !== null && readAt - startedAt < YOUNG);
  }

  #userOf(folder: string): string | null {
    const uid = parseUid(this.#file(`${folder}/status`)?.toString('latin1') ?? '');
    return uid === null ? null : this.#users.nameOf(uid);
  }

  #ioOf(pid: number, folder: string, facts: Facts): ReturnType<typeof parseIo> {
    const io = parseIo(this.#file(`${folder}/io`)?.toString('latin1') ?? '');
    if (io === null) this.#facts.set(pid, { ...facts, hasIo: false });
    return io;
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

  /** The first page of a file, valid until the next read; null if it is absent. */
  #file(path: string): Buffer | null {
    let fd: number;
    try {
      fd = openSync(path, 'r');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw accessFault(error, path);
    }
    try {
      return this.#buffer.subarray(0, readSync(fd, this.#buffer, 0, this.#buffer.length, 0));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw accessFault(error, path);
    } finally {
      closeSync(fd);
    }
  }

  /** Drops the facts of processes that have ended. */
  #dropEnded(names: readonly number[]): void {
    if (this.#facts.size === 0) return;
    const alive = new Set(names);
    for (const pid of this.#facts.keys()) if (!alive.has(pid)) this.#facts.delete(pid);
  }
}

/** A small file as text, in one call of Node; null if it is absent. */
function readSmallFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** Creates the source; nothing is read before the first snapshot. */
export function linuxProcesses(parts: LinuxParts): ProcessSource {
  return new LinuxProcesses(parts);
}
