/** A file that is there whole or not at all: written beside its place, moved there at the end. */
import { open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of a file while it is written. */
export function partialPath(path: string): string {
  return `${path}.part`;
}

/** Names we propose for exports and backups, while they are written. */
const PARTIAL_NAME = /^traywatch-(?:history|backup)-\d{8}-\d{6}\.(?:csv|json|sqlite)\.part(?:-journal)?$/;

/**
 * Removes drafts that an earlier run of the app could not: one that was killed. Call while nothing is being written. A
 * folder that cannot be listed, and a file that cannot be removed, are left as they are: that is no reason to fail.
 */
export async function removeStalePartials(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => PARTIAL_NAME.test(name)).map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

/** Lets `write` fill a draft, then moves it to `path`; whatever goes wrong, no draft stays. Rejects with the reason. */
export async function writeViaPartialFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const draft = partialPath(path);
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
