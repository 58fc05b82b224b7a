/** The machine's memory of a file. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Makes the machine forget a database's pages, with no rights needed and no other file touched: dd with nocache and
 * count=0 advises the kernel to drop the whole file (coreutils manual, "dd invocation"). False where that fails.
 */
export function forgetPages(database: string): boolean {
  const files = [database, `${database}-wal`].filter((file) => existsSync(file));
  return files.every((file) => spawnSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], { stdio: 'ignore' }).status === 0);
}
