/**
 * The cache of ZFS (ARC). Its pages are not page cache, so the kernel's MemAvailable leaves them out, although ZFS gives
 * them back when memory is needed, down to a minimum.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HeldFile, optionalText } from './files';

const ARCSTATS = '/proc/spl/kstat/zfs/arcstats';

/** Bytes in the cache now, and the bytes it keeps in any case. */
export interface ArcSize {
  readonly size: number;
  readonly min: number;
}

/** One line of a kstat file: name, type, data. Null without the line or without a number in it. */
function cellOf(text: string, name: string): number | null {
  const cell = new RegExp(String.raw`^${name}\s+\d+\s+(\d+)\s*$`, 'm').exec(text)?.[1];
  return cell === undefined ? null : Number(cell);
}

/** Parses arcstats; null if it lacks one of the sizes. */
function parseArcstats(text: string): ArcSize | null {
  const size = cellOf(text, 'size');
  const min = cellOf(text, 'c_min');
  return size === null || min === null ? null : { size, min };
}

/** True if something is mounted over /proc/meminfo: lxcfs shows a container its own memory there, arcstats stays the host's. */
export function hasOwnMeminfo(root: string): boolean {
  return /^(?:\S+ ){4}\/proc\/meminfo /m.test(optionalText(join(root, '/proc/self/mountinfo')) ?? '');
}

/** How often to look whether ZFS was loaded. */
const LOOK_MS = 5 * 60_000;

/** Reads arcstats where it exists. Where it does not, no file is read; the module may be loaded later. */
export class ArcFile {
  readonly #root: string;
  readonly #mono: () => number;
  #file: HeldFile | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(root: string, mono: () => number) {
    this.#root = root;
    this.#mono = mono;
  }

  /** The size now; null without ZFS, and where meminfo is not about the memory the cache is in. Throws a CollectorError. */
  current(): ArcSize | null {
    const now = this.#mono();
    if (this.#file === null && now - this.#lookedAt >= LOOK_MS) {
      this.#lookedAt = now;
      const path = join(this.#root, ARCSTATS);
      if (existsSync(path) && !hasOwnMeminfo(this.#root)) this.#file = new HeldFile(path, 16_384);
    }
    return this.#file === null ? null : this.#read(this.#file);
  }

  close(): void {
    this.#file?.close();
  }

  #read(file: HeldFile): ArcSize | null {
    const text = file.optionalText();
    if (text !== null) return parseArcstats(text);
    file.close();
    this.#file = null;
    return null;
  }
}
