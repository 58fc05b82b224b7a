/**
 * Adds up the space of a folder as `du -x` does: allocated blocks, not lengths; a file with several names once; no other file
 * system, and so no mounted layer of a running container. What vanishes meanwhile does not count, what may not be read is
 * counted as such.
 */
import { lstatSync, opendirSync } from 'node:fs';
import type { Dir, Stats } from 'node:fs';
import { codeOf } from '../../../../shared/result';
import type { Layout, Part } from './layout.linux';

/** stat(2) counts blocks of this size, bytes, whatever the file system's own are. */
const BLOCK = 512;

/** Most files with several names that are remembered: some 40 MB. Further ones count with each name. */
const MAX_LINKS = 500_000;

/** What was found so far. */
export interface WalkProgress {
  readonly files: number;
  /** Allocated bytes. */
  readonly bytes: number;
}

/** What was found. */
export interface WalkResult extends WalkProgress {
  /** Bytes of the parts; null: not told apart, or not there. */
  readonly containers: number | null;
  readonly volumes: number | null;
  /** Folders and files that may not be read, and that could not be for another reason. */
  readonly denied: number;
  readonly failed: number;
  /** Files with several names were so many that some count more than once. */
  readonly isCapped: boolean;
}

/** A folder to go through. Names are one character per byte: they need not be UTF-8. */
interface Pending {
  readonly path: string;
  /** Its path inside the walked folder. */
  readonly inside: string;
  readonly part: Part | undefined;
}

const toBytes = (path: string): Buffer => Buffer.from(path, 'latin1');

const GONE = new Set(['ENOENT', 'ENOTDIR', 'ESTALE']);
const DENIED = new Set(['EACCES', 'EPERM']);

class Walk {
  readonly #device: number;
  readonly #layout: Layout;
  readonly #maxLinks: number;
  readonly #seen = new Set<number>();
  readonly #parts = new Map<Part, number>();
  readonly pending: Pending[] = [];
  readonly progress = { files: 0, bytes: 0 };
  #denied = 0;
  #failed = 0;
  #isCapped = false;

  constructor(root: string, layout: Layout, maxLinks: number) {
    const path = Buffer.from(root, 'utf8').toString('latin1');
    const stat = lstatSync(root);
    this.#device = stat.dev;
    this.#layout = layout;
    this.#maxLinks = maxLinks;
    this.#add(stat, undefined);
    this.pending.push({ path, inside: '', part: undefined });
  }

  /** What `read` returns; null, and counted, where it cannot be read. */
  try<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      const code = codeOf(error);
      if (code === null) throw error;
      if (DENIED.has(code)) this.#denied += 1;
      else if (!GONE.has(code)) this.#failed += 1;
      return null;
    }
  }

  /** Counts one entry of a folder. */
  visit(folder: Pending, name: string): void {
    const path = `${folder.path}/${name}`;
    const stat = this.try(() => lstatSync(toBytes(path)));
    if (stat === null || stat.dev !== this.#device) return;
    const inside = folder.inside === '' ? name : `${folder.inside}/${name}`;
    const part = folder.part ?? this.#layout.parts.get(inside);
    this.#add(stat, part);
    if (stat.isDirectory()) this.pending.push({ path, inside, part });
  }

  #add(stat: Stats, part: Part | undefined): void {
    if (part !== undefined && !this.#parts.has(part)) this.#parts.set(part, 0);
    if (stat.nlink > 1 && !stat.isDirectory() && this.#isSeen(stat.ino)) return;
    const size = stat.blocks * BLOCK;
    this.progress.files += 1;
    this.progress.bytes += size;
    if (part !== undefined) this.#parts.set(part, (this.#parts.get(part) ?? 0) + size);
  }

  #isSeen(inode: number): boolean {
    if (this.#seen.has(inode)) return true;
    if (this.#seen.size < this.#maxLinks) this.#seen.add(inode);
    else this.#isCapped = true;
    return false;
  }

  result(): WalkResult {
    return {
      ...this.progress,
      containers: this.#layout.knowsContainers ? (this.#parts.get('containers') ?? 0) : null,
      volumes: this.#parts.get('volumes') ?? null,
      denied: this.#denied,
      failed: this.#failed,
      isCapped: this.#isCapped,
    };
  }
}

/** The names in a folder, a few at a time, so that a huge one needs no memory. */
function* namesOf(dir: Dir, walk: Walk): Generator<string> {
  try {
    for (let entry = walk.try(() => dir.readSync()); entry !== null; entry = walk.try(() => dir.readSync())) yield entry.name;
  } finally {
    dir.closeSync();
  }
}

/**
 * Walks through a folder; yields after every entry what was found so far. Throws the system's error where the folder itself
 * cannot be read.
 */
export function* walkFolder(root: string, layout: Layout, maxLinks = MAX_LINKS): Generator<WalkProgress, WalkResult> {
  // Reading it here tells "may not be read" apart from an empty folder.
  opendirSync(root).closeSync();
  const walk = new Walk(root, layout, maxLinks);
  for (let folder = walk.pending.pop(); folder !== undefined; folder = walk.pending.pop()) {
    const current = folder;
    const dir = walk.try(() => opendirSync(toBytes(current.path), { encoding: 'latin1' }));
    if (dir === null) continue;
    for (const name of namesOf(dir, walk)) {
      walk.visit(current, name);
      yield walk.progress;
    }
  }
  return walk.result();
}
