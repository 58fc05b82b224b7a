/** A file that is there whole or not at all: written beside its place, moved there at the end. */
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** The name of a file while it is written. */
export function draftName(path: string): string {
  return `${path}.part`;
}

/** Lets `write` fill a draft, then moves it to `path`; whatever goes wrong, no draft stays. Rejects with the reason. */
export async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const draft = draftName(path);
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
