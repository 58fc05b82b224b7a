/** The page cache of the system. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Drops the pages of a database from the page cache, without special rights and without affecting other files: dd with
 * nocache and count=0 advises the kernel to drop the whole file (coreutils manual, "dd invocation"). False if that fails.
 */
export function forgetPages(database: string): boolean {
  const files = [database, `${database}-wal`].filter((file) => existsSync(file));
  return files.every((file) => spawnSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], { stdio: 'ignore' }).status === 0);
}
