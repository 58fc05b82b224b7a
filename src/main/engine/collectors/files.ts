/** Reads small files of /proc and /sys; files that are read often stay open. */
import { closeSync, openSync, read, readFileSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { accessFault, errorCodeOf } from './faults';

/**
 * A file that stays open and is read from its start again and again, into one buffer that grows as needed. Opening costs
 * more than reading, and /proc generates the content again at each read from position 0.
 */
export class HeldFile {
  readonly path: string;
  #fd: number | null = null;
  #buffer: Buffer;

  /** Does not open the file yet. `size` is the initial size of the buffer, bytes. */
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

  /** The content of a file that some machines lack, as text; null if it is absent (see isAbsent). Throws a CollectorError. */
  optionalText(): string | null {
    try {
      return this.#read().toString('latin1');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw accessFault(error, this.path);
    }
  }

  /** The content as text, read off the main thread, for files whose read may wait for hardware. At most `size` bytes. */
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

  /** Closes the file; the next read opens it again. */
  close(): void {
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    closeSync(fd);
  }

  /** Reads the file; reopens it once if reading the open one fails. */
  #read(): Buffer {
    const wasOpen = this.#fd !== null;
    try {
      return this.#fill();
    } catch (error) {
      this.close();
      if (!wasOpen) throw error;
    }
    try {
      return this.#fill();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Files of /proc return at most a page per read, so only an empty read is the end. */
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

/** Error codes of files that do not exist or have no content now; ESRCH: the process has ended. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'ENODATA', 'EACCES', 'EPERM', 'EIO', 'EAGAIN', 'EINVAL', 'EOPNOTSUPP', 'EISDIR', 'ESRCH']);

/** True if a failed access only means that the file has no content for this program. */
export function isAbsent(error: unknown): boolean {
  return ABSENT.has(errorCodeOf(error) ?? '');
}

/** Trimmed text of a small optional file; null if it is absent. Throws a CollectorError. */
export function optionalText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** The same, asynchronously. */
export async function optionalTextAsync(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, path);
  }
}

/** The bytes of a file that must exist. Rejects with a CollectorError. */
export async function readBytesAsync(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw accessFault(error, path);
  }
}
