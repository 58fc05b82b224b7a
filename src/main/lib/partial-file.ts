/** Files that appear whole or not at all: written as `….part` beside their path and renamed at the end. */
import { copyFile, open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../../shared/result';
import { renameFileLater } from '../engine/rename-file';

/** The path of a file while it is being written. */
export function partialPath(path: string): string {
  return `${path}.part`;
}

/** Where a file is written before it takes its place. */
export interface PartialFile {
  readonly path: string;
  /** Gives the file its place. Rejects with the system's error. */
  finish(): Promise<void>;
}

/** The steps that a system can refuse; tests replace them. */
export interface PartialSteps {
  /** Creates a file, or empties it. */
  create(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

const SYSTEM_STEPS: PartialSteps = { create: async (path) => (await open(path, 'w', 0o600)).close(), rename: renameFileLater };

/** Runs a step; false where the system does not allow it (EPERM). */
async function isAllowed(step: () => Promise<void>): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EPERM') return false;
    throw error;
  }
}

/**
 * Chooses where to write a file. macOS lets an app write the file that was chosen in a dialog, and refuses any other name
 * beside it (EPERM) in folders that the user has not allowed; the file is written to `spareFolder` then, and copied onto the
 * chosen one at the end. Without `spareFolder` it is beside its path in every case. Rejects with any other error.
 */
export async function choosePartialFile(path: string, spareFolder: string | undefined, { create, rename: move }: PartialSteps = SYSTEM_STEPS): Promise<PartialFile> {
  const beside = partialPath(path);
  if (spareFolder === undefined) return { path: beside, finish: () => move(beside, path) };
  const copyFrom = async (partial: string): Promise<void> => {
    await copyFile(partial, path);
    await rm(partial, { force: true });
  };
  if (await isAllowed(() => create(beside))) {
    return {
      path: beside,
      async finish() {
        if (!(await isAllowed(() => move(beside, path)))) await copyFrom(beside);
      },
    };
  }
  const spare = join(spareFolder, basename(beside));
  return { path: spare, finish: () => copyFrom(spare) };
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

/** Lets `write` fill a partial file, then gives it its place at `path`. On any error the partial file is removed. Rejects with that error. */
export async function writeViaPartialFile(path: string, write: (file: FileHandle) => Promise<void>, spareFolder?: string): Promise<void> {
  const chosen = await choosePartialFile(path, spareFolder);
  const partial = chosen.path;
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await chosen.finish();
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
