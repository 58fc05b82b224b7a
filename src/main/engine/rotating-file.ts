/** A file of lines that is rotated by size: opened at the first line, without torn lines; counts the lines it loses. */
import { closeSync, constants, existsSync, fstatSync, ftruncateSync, lstatSync, mkdirSync, openSync, readSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '../../shared/result';
import { renameFile } from './rename-file';

/** The system calls that a full disk or another program can stop; tests replace them. */
export interface LineOutput {
  /** Writes bytes from an offset on; returns how many were written, which may be fewer. */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  truncate(fd: number, length: number): void;
  rename(from: string, to: string): void;
}

const SYSTEM_OUTPUT: LineOutput = { write: (fd, bytes, offset) => writeSync(fd, bytes, offset, bytes.length - offset), truncate: ftruncateSync, rename: (from, to) => renameFile(from, to) };

/** Appends, and does not wait for the other end of a named pipe. Readable, to see how the last line ends. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | ((constants.O_NONBLOCK as number | undefined) ?? 0);

const NEWLINE = 10;

/** The file behind a log. */
export class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  readonly #output: LineOutput;
  #fd: number | null = null;
  /** The file itself: a link stays where it is, and what it leads to rotates. */
  #target: string;
  #size = 0;
  /** Size from which on it rotates: larger than usual after a rotation that failed. */
  #limit: number;
  /** An earlier run, or a disk that filled up, left a part of a line at the end. */
  #isTorn = false;
  /** Lines that could not be written. */
  lost = 0;
  /** Why the last line could not be written; null where it was. */
  problem: string | null = null;

  constructor(path: string, maxBytes: number, keep: number, output: LineOutput = SYSTEM_OUTPUT) {
    this.#path = path;
    this.#target = path;
    this.#maxBytes = maxBytes;
    this.#limit = maxBytes;
    this.#keep = keep;
    this.#output = output;
  }

  /** Writes the line as a whole or not at all. Never throws. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line);
      // Removed meanwhile: lines written to it could not be read.
      if (this.#fd !== null && fstatSync(this.#fd).nlink === 0) this.close();
      if (this.#fd !== null && this.#size + bytes.length > this.#limit) this.#rotate();
      const fd = (this.#fd ??= this.#open());
      this.#append(fd, this.#isTorn ? Buffer.concat([Uint8Array.of(NEWLINE), bytes]) : bytes);
      this.problem = null;
    } catch (error) {
      // There is no better place to report this than `lost` and `problem`.
      this.lost += 1;
      this.problem = messageOf(error);
      this.close();
    }
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd === null) return;
    try {
      closeSync(fd);
    } catch {
      this.lost += 1;
    }
  }

  /** The system may take a part only, and refuse the rest: then that part is taken back. */
  #append(fd: number, bytes: Uint8Array): void {
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = this.#output.write(fd, bytes, written);
        if (count <= 0) throw new Error('the system wrote nothing');
        written += count;
      }
    } catch (error) {
      if (written > 0) this.#takeBack(fd, written);
      throw error;
    }
    this.#size += written;
    this.#isTorn = false;
  }

  #takeBack(fd: number, written: number): void {
    try {
      // The size the file has now, not the stored one: the user may have emptied it to free space.
      this.#output.truncate(fd, Math.max(0, fstatSync(fd).size - written));
    } catch {
      // The part stays; the next line begins on a line of its own (#open).
    }
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    // Before it is opened: to open some devices is to use them.
    if (statSync(this.#path, { throwIfNoEntry: false })?.isFile() === false) throw new Error(`${this.#path} is not a file`);
    const fd = openSync(this.#path, APPEND, 0o600);
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) throw new Error(`${this.#path} is not a file`);
      this.#size = stats.size;
      this.#isTorn = stats.size > 0 && !endsWithNewline(fd, stats.size);
      this.#target = lstatSync(this.#path).isSymbolicLink() ? realpathSync.native(this.#path) : this.#path;
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Where it does not work, as while another program holds one of the files on Windows, lines are appended to the same file, and it is tried again later. */
  #rotate(): void {
    this.close();
    try {
      this.#moveAll();
      this.#limit = this.#maxBytes;
    } catch {
      this.#limit = this.#size + this.#maxBytes;
    }
  }

  /** Moves the files up to the first free name: a rotation that failed after some of them has left one, and removes no more of them when it is tried again. */
  #moveAll(): void {
    const names = [this.#target, ...Array.from({ length: this.#keep - 1 }, (_, n) => `${this.#target}.${n + 1}`)];
    const free = names.findIndex((name, age) => age > 0 && !existsSync(name));
    const last = free === -1 ? names.length - 1 : free;
    rmSync(names[last] ?? '', { force: true });
    for (let age = last; age > 0; age -= 1) this.#renameIfPresent(names[age - 1] ?? '', names[age] ?? '');
  }

  #renameIfPresent(from: string, to: string): void {
    try {
      this.#output.rename(from, to);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

function endsWithNewline(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE;
}
