/**
 * The room lib: small helpers for every room of main, such as atomic writes, state files, partial files, paths, file
 * dialogs and the content security policy.
 *
 * It may import src/shared, Node, and of the engine the log, the quarantine names and types. It may not import any other
 * part of main. Every part of main but the engine may import it.
 *
 * This file writes small files so that a reader finds the old one or the new one, never a part.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Creates the file and waits until the disk has it. Throws where the path exists. */
function writeSynced(path: string, text: string): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Writes a temporary file beside `path`, then renames it. The file is readable by its owner only. Throws the system's error. */
export function writeFileAtomically(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // One that was left by a crash would keep its own permissions.
  rmSync(temporary, { force: true });
  writeSynced(temporary, text);
  renameSync(temporary, path);
}
