/** Reads small files of /proc and /sys; files that are read often stay open. */
import { closeSync, openSync, read, readFileSync, readSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { accessFault, errorCodeOf } from './faults';

/**
 * How the kernel writes files of /proc (fs/seq_file.c): it collects whole records in a page and returns these, or, where a single
 * one is larger, that one. `record`: the file is one record, so what fits into the buffer is all of it. `lines`: no line has 2 KiB,
 * so where a page is not half full, no further line was left out for want of room.
 */
export const WHOLE = { record: Number.POSITIVE_INFINITY, lines: 2048 } as const;

/**
 * A file that stays open and is read from its start again and again, into one buffer that grows as needed. Opening costs
 * more than reading, and /proc generates the content again at each read from position 0.
 */
export class HeldFile {
  readonly path: string;
  #fd: number | null = null;
  #buffer: Buffer;
  readonly #whole: number;

  /**
   * Does not open the file yet. `size` is the initial size of the buffer, bytes. `whole`: a first read that gives fewer bytes, and
   * does not fill the buffer, was all of the file (see WHOLE); by default only an empty read is the end.
   */
  constructor(path: string, size = 4096, whole = 0) {
    this.path = path;
    this.#buffer = Buffer.allocUnsafe(size);
    this.#whole = whole;
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

  /**
   * The content as text, read off the main thread, for files whose read may wait for hardware. At most `size` bytes. Rejects
   * with the error of the system; the file is then closed if its device is gone.
   */
  async readTextAsync(): Promise<string> {
    this.#fd ??= openSync(this.path, 'r');
    const fd = this.#fd;
    return new Promise((resolve, reject) => {
      read(fd, this.#buffer, 0, this.#buffer.length, 0, (error, count) => {
        if (error === null) {
          resolve(this.#buffer.toString('latin1', 0, count));
          return;
        }
        // Any other error may pass, and the open file is sure to be of the same device.
        if (GONE.has(errorCodeOf(error) ?? '')) this.close();
        reject(error);
      });
    });
  }

  /** True between a read and `close`. */
  get isOpen(): boolean {
    return this.#fd !== null;
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

  /** Files of /proc return at most a page per read, so in general only an empty read is the end. */
  #fill(): Buffer {
    this.#fd ??= openSync(this.path, 'r');
    let length = 0;
    for (;;) {
      if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], length * 2);
      const count = readSync(this.#fd, this.#buffer, length, this.#buffer.length - length, length);
      if (count === 0) return this.#buffer.subarray(0, length);
      length += count;
      if (length === count && count < this.#whole && count < this.#buffer.length) return this.#buffer.subarray(0, length);
    }
  }
}

/**
 * Codes that say nothing about the file: descriptors or memory have run out. Every other error of the system means that the
 * file has no content now, because a driver may answer with any: EBUSY, ETIMEDOUT, EREMOTEIO, EPROTO, ENOMEDIUM, ESTALE …
 */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS']);

/** Codes that only a mistake of this program causes, beside those of Node itself, which begin with ERR_. */
const MISTAKES = new Set(['EBADF', 'EFAULT']);

/** True if a failed access only means that the file has no content for this program now. */
export function isAbsent(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code !== null && !code.startsWith('ERR_') && !EXHAUSTED.has(code) && !MISTAKES.has(code);
}

/** True if files cannot be opened or read at all now, whichever they are. */
export function isExhausted(error: unknown): boolean {
  return EXHAUSTED.has(errorCodeOf(error) ?? '');
}

/** True if a failed access means that there is no such file or folder, rather than that it cannot be read. */
function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '');
}

/** Codes of an open file whose device or process is gone: it stays so, even if another one has its name. */
const GONE = new Set(['ENODEV', 'ENXIO', 'ESTALE', 'ESRCH']);

/**
 * Results of reads made at the same time, once all have ended: a read that is still running must not meet the next one in the
 * same buffer. Rejects with the first error.
 */
export async function allEnded<T>(reads: Iterable<Promise<T>>): Promise<T[]> {
  const results = await Promise.allSettled(reads);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Entries of a folder in the order of the system; none if there is no such folder. Rejects with a CollectorError. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw accessFault(error, folder);
  }
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
