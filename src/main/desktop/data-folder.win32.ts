/**
 * The user-data folder on Windows: in the local part of the profile. Electron's own choice is the roaming part, which is
 * copied to a server at each log-off or lies on one; SQLite's write-ahead log does not work there.
 * Reasons: docs/decisions/0019-windows-and-macos.md.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, messageOf } from '../../shared/result';
import { LOCK_FILE, lockFolder } from '../engine/store/folder-lock';
import type { FolderLock } from '../engine/store/folder-lock';
import { renameFile } from '../engine/rename-file';
import { pathsIn } from '../lib/paths';

const NAME = 'Traywatch';
/** Beside the new folder while it is filled: one that is found at a start was left by a crash, and the old folder is whole. */
const MOVING = `${NAME}.moving`;

/** Where the data is kept; null where Windows does not say, and Electron's own choice stands. */
export function userDataFor(env: Readonly<Record<string, string | undefined>>): string | null {
  const local = env['LOCALAPPDATA'] ?? '';
  return local === '' ? null : join(local, NAME);
}

/** The folder to use now, and a sentence for the user where the data could not be moved; null where there is nothing to say. */
export interface ChosenFolder {
  readonly folder: string;
  readonly problem: string | null;
}

/** The steps that can fail; tests replace them. */
export interface MoveSteps {
  lock(folder: string): FolderLock;
  rename(from: string, to: string): void;
  copy(from: string, to: string): void;
  remove(folder: string): void;
}

const SYSTEM_STEPS: MoveSteps = {
  // A process that has the folder has it for long: waiting for it would only delay the start.
  lock: (folder) => lockFolder(folder, 0),
  rename: renameFile,
  copy: (from, to) => cpSync(from, to, { recursive: true, preserveTimestamps: true, errorOnExist: true, force: false, filter: (name) => basename(name) !== LOCK_FILE }),
  remove: (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
};

/** True for a folder with data of ours: what Chromium writes alone is nothing that would have to be kept. */
function hasData(folder: string): boolean {
  const { database, settings, access, alerts, secrets } = pathsIn(folder);
  return [database, settings, access, alerts, secrets].some((file) => existsSync(file));
}

/** Every file below a folder, as relative paths, sorted; without that of the lock, which cannot be read while it is held. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => basename(name) !== LOCK_FILE && statSync(join(folder, name)).isFile())
    .toSorted();
}

/** Why a copy is not the same as its original; null where it is. */
function differenceOf(from: string, to: string): string | null {
  const names = filesIn(from);
  if (names.join('\n') !== filesIn(to).join('\n')) return 'the copy does not have the same files';
  const changed = names.find((name) => statSync(join(from, name)).size !== statSync(join(to, name)).size || !readFileSync(join(from, name)).equals(readFileSync(join(to, name))));
  return changed === undefined ? null : `${changed} was not copied whole`;
}

/** Another drive: the data is there whole before it is removed here. Throws where it is not; then nothing has changed. */
function copyAcross(from: string, to: string, steps: MoveSteps): void {
  const moving = join(dirname(to), MOVING);
  try {
    steps.remove(moving);
    steps.copy(from, moving);
    const difference = differenceOf(from, moving);
    if (difference !== null) throw new Error(difference);
    steps.rename(moving, to);
  } catch (error) {
    steps.remove(moving);
    throw error;
  }
}

const stayedText = (from: string, reason: string): string => `The history is still in ${from}: it could not be moved (${reason}). That folder may be on a server, where the history can be damaged. Traywatch tries again at its next start.`;

/** Moves within a drive, in one step; false where the two are on different ones. Throws where it stays. */
function moveWithin(from: string, to: string, steps: MoveSteps): boolean {
  // An empty folder in the place is none.
  if (existsSync(to) && readdirSync(to).length === 0) steps.remove(to);
  if (existsSync(to)) throw new Error(`${to} exists`);
  try {
    steps.rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EXDEV') return false;
    throw error;
  }
}

/** Removes what was copied; a sentence for the user where that is not possible. */
function removeFormer(from: string, to: string, steps: MoveSteps): string | null {
  try {
    steps.remove(from);
    return null;
  } catch (error) {
    return `The history was copied to ${to}. It is still in ${from}, too, which could not be removed (${messageOf(error)}). Remove that folder once you do not need it.`;
  }
}

/** Moves to another drive. Nobody else may write meanwhile, so the old folder is locked until all of it is copied. Throws where it stays. */
function moveAcross(from: string, to: string, steps: MoveSteps): string | null {
  const lock = steps.lock(from);
  if (lock.state === 'taken') throw new Error(lock.reason);
  try {
    copyAcross(from, to, steps);
  } finally {
    if (lock.state === 'held') lock.release();
  }
  return removeFormer(from, to, steps);
}

/**
 * Chooses the folder, and moves an existing one from where Electron would have it. The old one stays in use where another
 * Traywatch has it and where it cannot be moved: nothing is lost, and the next start tries again.
 */
export function chooseDataFolder(former: string, wanted: string, steps: MoveSteps = SYSTEM_STEPS): ChosenFolder {
  if (former === wanted || !hasData(former)) return { folder: wanted, problem: null };
  if (hasData(wanted)) return { folder: wanted, problem: `An earlier history is still in ${former}. It is not used any more; remove that folder once you do not need it.` };
  const lock = steps.lock(former);
  if (lock.state === 'taken') return { folder: former, problem: null };
  // Windows moves no folder with an open file in it; it is another process that has one then.
  if (lock.state === 'held') lock.release();
  try {
    return { folder: wanted, problem: moveWithin(former, wanted, steps) ? null : moveAcross(former, wanted, steps) };
  } catch (error) {
    // Started twice at a time: the other one has moved it.
    if (!hasData(former) && hasData(wanted)) return { folder: wanted, problem: null };
    return { folder: former, problem: stayedText(former, messageOf(error)) };
  }
}
