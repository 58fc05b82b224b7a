/** Reading small files of /proc and /sys: with held descriptors where it is done often. */
import { closeSync, openSync, read, readFileSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { accessFault, errorCodeOf } from './faults';

/**
 * A file that is opened once and read from its start again and again, into one buffer that grows as needed.
 * Opening costs more than reading does, and /proc makes its content anew at each read from position 0.
 */
export class HeldFile {
  readonly path: string;
  #fd: number | null = null;
  #buffer: Buffer;

  /** Does not open the file yet. `size` is what the buffer starts with, in bytes. */
  constructor(path: string, size = 4096) {
    this.path = path;
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** The content, valid until the next read. Throws a CollectorError. */
  bytes(): Buffer {
    try {
      return this.#read();
    } catch (error) {
      throw accessFault(error, this.path);
    }
  }

  /** The content as text, one character per byte. */
  text(): string {
    return this.bytes().toString('latin1');
  }

  /** The same of a file that some machines lack: null when it has nothing to give. Throws a CollectorError otherwise. */
  optionalText(): string | null {
    try {
      return this.#read().toString('latin1');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw accessFault(error, this.path);
    }
  }

  /** The content as text, read off the main thread; for files whose read may wait for hardware. At most one buffer full. */
  async readTextAsync(): Promise<string> {
    this.#fd ??= openSync(this.path, 'r');
    const fd = this.#fd;
    return new Promise((resolve, reject) => {
      read(fd, this.#buffer, 0, this.#buffer.length, 0, (error, count) => {
        if (error === null) {
          resolve(this.#buffer.toString('latin1', 0, count));
          return;
        }
        this.close();
        reject(accessFault(error, this.path));
      });
    });
  }

  /** Gives the descriptor back; the next read opens the file again. */
  close(): void {
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    closeSync(fd);
  }

  /** Reopens the file once if the descriptor has gone bad. */
  #read(): Buffer {
    const held = this.#fd !== null;
    try {
      return this.#fill();
    } catch (error) {
      this.close();
      if (!held) throw error;
    }
    try {
      return this.#fill();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Files of /proc give at most a page per read, so only a read of nothing tells the end. */
  #fill(): Buffer {
    this.#fd ??= openSync(this.path, 'r');
    let length = 0;
    for (;;) {
      if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], length * 2);
      const count = readSync(this.#fd, this.#buffer, length, this.#buffer.length - length, length);
      if (count === 0) return this.#buffer.subarray(0, length);
      length += count;
    }
  }
}

/** Codes of files that are not there, or have nothing to say just now; ESRCH is a process that ended meanwhile. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ENODATA', 'EACCES', 'EPERM', 'EIO', 'EAGAIN', 'EINVAL', 'EOPNOTSUPP', 'EISDIR', 'ESRCH']);

/** True when a failed access only means that the file has nothing to give. */
export function isAbsent(error: unknown): boolean {
  return ABSENT.has(errorCodeOf(error) ?? '');
}

/** Trimmed text of a small optional file; null when it has nothing to give. */
export function optionalText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** The same without blocking. */
export async function optionalTextAsync(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** Text of a file that must be there; throws a CollectorError. */
export async function readTextAsync(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw accessFault(error, path);
  }
}
