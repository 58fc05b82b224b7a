/**
 * Processes from /proc, without starting a program. Files are read synchronously in slices: they are made by the
 * kernel in microseconds, and handing each to a thread would cost ten times the processor time of reading it.
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

/** What the source is given. */
export interface LinuxParts {
  /** `/`, or a folder that holds recorded `proc/` and `etc/` trees. */
  readonly root: string;
  readonly clock: Clock;
  account(): OsUser | null;
  yieldToEventLoop(): Promise<void>;
}

/** What is remembered of a process, because it hardly ever changes and costs a file each. */
interface Facts {
  readonly born: number;
  /** The kernel's name these were read under: another one means that another program runs in the process. */
  readonly title: string;
  readonly name: string;
  /** Undefined while it was not needed. */
  readonly command: string | null | undefined;
  readonly user: string | null | undefined;
  /** Both epoch milliseconds. */
  readonly startedAt: number | null;
  readonly readAt: number;
  /** False once its I/O was refused: asking again would be refused again. */
  readonly tellsIo: boolean;
}

/** Command lines and users of a sixteenth of all processes are read anew with each look, since programs may change them. */
const TURNS = 16;
/** Younger than this, ms, a process may be about to become, or to name itself, what it will be. */
const YOUNG = 5000;
/** A start this far ahead of the clock, ms, comes from a boot time that is not of this machine (a container's). */
const START_SLACK = 2000;

class LinuxProcesses implements ProcessSource {
  readonly spawns = false;
  readonly #parts: LinuxParts;
  readonly #proc: string;
  readonly #users: UserNames;
  /** A page: the kernel gives no more of these files at once, and of a longer command line the rest is not shown. */
  readonly #buffer = Buffer.allocUnsafe(4096);
  #units: KernelUnits | null = null;
  #facts = new Map<number, Facts>();
  #turn = 0;

  constructor(parts: LinuxParts) {
    this.#parts = parts;
    this.#proc = join(parts.root, '/proc');
    this.#users = createUserNames(parts.root, () => parts.account());
  }

  async snapshot(depth: ReadDetail): Promise<RawProcessSnapshot> {
    const { clock, yieldToEventLoop } = this.#parts;
    const names = await this.#list();
    const time = clock.now();
    const mono = clock.mono();
    const bootedAt = time - clock.boot();
    if (depth === 'full') {
      this.#users.refresh();
      this.#turn += 1;
    }
    const processes: RawProcess[] = [];
    const read = (pid: number): void => {
      const found = this.#read(pid, depth, bootedAt, time);
      if (found !== null) processes.push(found);
    };
    await forEachInSlices(names, read, { mono: () => clock.mono(), yieldToEventLoop });
    this.#drop(names);
    return { time, mono, processes };
  }

  forget(): void {
    this.#facts = new Map();
  }

  /** Off this thread, since the kernel takes milliseconds to list thousands. */
  async #list(): Promise<number[]> {
    try {
      return (await readdir(this.#proc)).map(Number).filter(Number.isSafeInteger);
    } catch (error) {
      throw accessFault(error, this.#proc);
    }
  }

  /** Null for a process that has ended meanwhile, or that hides from this user. */
  #read(pid: number, depth: ReadDetail, bootedAt: number, time: number): RawProcess | null {
    const folder = `${this.#proc}/${pid}`;
    const text = statText(`${folder}/stat`);
    const stat = text === null ? null : parseStat(text);
    if (stat === null) return null;
    const facts = this.#factsOf(pid, folder, stat, depth, bootedAt, time);
    const io = depth === 'plain' || !facts.tellsIo ? null : this.#ioOf(pid, folder, facts);
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

  #factsOf(pid: number, folder: string, stat: Stat, depth: ReadDetail, bootedAt: number, time: number): Facts {
    const known = this.#facts.get(pid);
    const isSame = known !== undefined && known.born === stat.born && known.title === stat.name;
    const isFull = depth === 'full';
    if (isSame && !(isFull && (known.user === undefined || this.#isOld(pid, known)))) return known;
    const isVague = wantsCommand(stat.name);
    const asks = !stat.isKernel && (isFull || isVague);
    const { command, first } = asks ? parseCommand(this.#file(`${folder}/cmdline`)?.toString('utf8') ?? '') : { command: null, first: '' };
    const startedAt = bootedAt + (stat.born * 1000) / this.#unitsOf().ticksPerSecond;
    const facts: Facts = {
      born: stat.born,
      title: stat.name,
      name: isVague ? nameOf(stat.name, first) : sanitizeName(stat.name),
      command: asks || stat.isKernel ? command : undefined,
      user: isFull ? this.#userOf(folder) : undefined,
      // The first one stays: the clock it is reckoned from trembles, and a start does not.
      startedAt: isSame ? known.startedAt : startedAt > time + START_SLACK ? null : Math.round(startedAt),
      readAt: time,
      tellsIo: true,
    };
    // What is called by the kernel's own name costs nothing to call so again.
    if (isFull || asks) this.#facts.set(pid, facts);
    return facts;
  }

  /** True when it is time to read again what is known of a process. */
  #isOld(pid: number, { startedAt, readAt }: Facts): boolean {
    return (pid + this.#turn) % TURNS === 0 || (startedAt !== null && readAt - startedAt < YOUNG);
  }

  #userOf(folder: string): string | null {
    const uid = parseUid(this.#file(`${folder}/status`)?.toString('latin1') ?? '');
    return uid === null ? null : this.#users.nameOf(uid);
  }

  #ioOf(pid: number, folder: string, facts: Facts): ReturnType<typeof parseIo> {
    const io = parseIo(this.#file(`${folder}/io`)?.toString('latin1') ?? '');
    if (io === null) this.#facts.set(pid, { ...facts, tellsIo: false });
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

  /** The first page of a file, valid until the next read; null when it has nothing to give. */
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

  /** Forgets the processes that are no more. */
  #drop(names: readonly number[]): void {
    if (this.#facts.size === 0) return;
    const alive = new Set(names);
    for (const pid of this.#facts.keys()) if (!alive.has(pid)) this.#facts.delete(pid);
  }
}

/** A file of a few hundred bytes, in the one call that Node has for this; null when it has nothing to give. */
function statText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** Makes the source; nothing is read before the first look. */
export function linuxProcesses(parts: LinuxParts): ProcessSource {
  return new LinuxProcesses(parts);
}
