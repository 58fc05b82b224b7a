/** Files that appear whole or not at all: written as `….part` beside their path and renamed at the end. */
import { open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { renameFileLater } from '../engine/rename-file';

/** The path of a file while it is being written. */
export function partialPath(path: string): string {
  return `${path}.part`;
}

/** Partial files under the names that are proposed for exports and backups. */
const PARTIAL_NAME = /^traywatch-(?:history|backup)-\d{8}-\d{6}\.(?:csv|json|sqlite)\.part(?:-journal)?$/;

/**
 * Removes partial files left by an earlier run that was killed. Call while nothing is being written. A folder that cannot
 * be listed and a file that cannot be removed are left as they are: that is no reason to fail.
 */
export async function removeStalePartials(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => PARTIAL_NAME.test(name)).map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

/** Lets `write` fill a partial file, then renames it to `path`. On any error the partial file is removed. Rejects with that error. */
export async function writeViaPartialFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const partial = partialPath(path);
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameFileLater(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
