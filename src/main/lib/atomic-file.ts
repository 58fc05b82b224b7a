/**
 * The room lib: small helpers for every room of main, such as atomic writes, state files, partial files, paths, file
 * dialogs and the content security policy.
 *
 * It may import src/shared, Node, and of the engine the log, the quarantine names, the renaming of files and types. It may not import any other
 * part of main. Every part of main but the engine may import it.
 *
 * This file writes small files so that a reader finds the old one or the new one, never a part.
 */
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renameFile } from '../engine/rename-file';
import { isAbsence, resolveLink, resolveTarget } from './regular-file';

/** The steps that a full disk can stop; tests replace them. */
export interface WriteSteps {
  write(fd: number, content: string | Uint8Array): void;
  sync(fd: number): void;
  rename(from: string, to: string): void;
}

const SYSTEM_STEPS: WriteSteps = { write: writeFileSync, sync: fsyncSync, rename: (from, to) => renameFile(from, to) };

const temporaryPath = (target: string): string => `${target}.tmp`;

/** Creates the file, readable by its owner only, and waits until the disk has it. Throws where the path exists; where it cannot be written, nothing is left. */
export function createSynced(path: string, content: string | Uint8Array, { write, sync }: WriteSteps = SYSTEM_STEPS): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    try {
      write(fd, content);
      sync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
}

/** Removes a file, or a link whatever it leads to. Throws for a folder. */
function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    removeIfThere(path);
  } catch {
    // The next write or the next start removes it, and the error that matters is the one before.
  }
}

/**
 * Writes a temporary file beside the target, then renames it. The file is readable by its owner only. A link stays a link:
 * the file it leads to is replaced. Throws a RefusedFileError where something other than a file is in place, or the
 * system's error; no temporary file is left then.
 */
export function writeFileAtomically(path: string, text: string, steps: WriteSteps = SYSTEM_STEPS): void {
  const target = resolveTarget(path);
  const temporary = temporaryPath(target);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  // One that was left by a crash would keep its own permissions.
  removeIfThere(temporary);
  createSynced(temporary, text, steps);
  try {
    steps.rename(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/** Removes the temporary file of a write that a crash cut short. Call while nothing is being written. Never throws. */
export function removeStaleTemporary(path: string): void {
  try {
    const temporary = temporaryPath(resolveLink(path));
    if (lstatSync(temporary, { throwIfNoEntry: false })?.isFile() === true) removeQuietly(temporary);
  } catch {
    // Where the path cannot be resolved there is none; who reads the file reports why.
  }
}
