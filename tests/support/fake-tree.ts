/** A folder tree in a temporary folder, such as a `/sys` of a machine that is not at hand. */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Hundreds of trees are created quickly in memory, and in many seconds on a busy disk. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An empty folder. */
export const FOLDER = Symbol('folder');

/** Content of a file by path, without its newline; `link` is the target of a symbolic link. */
export type TreeEntries = Readonly<Record<string, string | number | { readonly link: string } | typeof FOLDER>>;

/** A file that cannot be read: a link to itself gives ELOOP, which stands for EBUSY, ETIMEDOUT and other errors of a driver. */
export const UNREADABLE = { link: 'itself' } as const;

/** The tree, with methods to change it. */
export interface FakeTree {
  readonly root: string;
  put(entries: TreeEntries): void;
  /** Changes files that may be open, in place. */
  write(contents: Readonly<Record<string, string | number>>): void;
  remove(...paths: readonly string[]): void;
}

/** Creates a tree; it is removed after the test. */
export function createFakeTree(entries: TreeEntries = {}): FakeTree {
  const root = mkdtempSync(join(PARENT, 'traywatch-tree-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  // rmSync leaves links that lead nowhere.
  const removeOne = (path: string): void => (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? unlinkSync(path) : rmSync(path, { recursive: true, force: true }));
  const remove = (...paths: readonly string[]): void => paths.forEach((path) => removeOne(join(root, path)));
  const put = (added: TreeEntries): void => {
    for (const [path, content] of Object.entries(added)) {
      const full = join(root, path);
      remove(path);
      mkdirSync(content === FOLDER ? full : dirname(full), { recursive: true });
      if (content === FOLDER) continue;
      if (typeof content !== 'object') writeFileSync(full, `${content}\n`);
      else symlinkSync(content === UNREADABLE ? full : content.link, full);
    }
  };
  const write = (contents: Readonly<Record<string, string | number>>): void => {
    for (const [path, content] of Object.entries(contents)) writeFileSync(join(root, path), `${content}\n`);
  };
  put(entries);
  return { root, put, write, remove };
}
