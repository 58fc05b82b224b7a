/** Classifies errors of SQLite and the file system for the store. */

import { codeOf } from '../../../shared/result';

/** True for errors that mean the file itself is damaged. */
export function isCorruption(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}

/** True for errors after which the same connection can be used again: a full disk, a lock held by another connection. */
export function isTransient(error: unknown): boolean {
  return /^SQLITE_(FULL|BUSY|LOCKED)/.test(codeOf(error) ?? '');
}

/** True if another connection holds the file's lock. */
export function isBusy(error: unknown): boolean {
  return (codeOf(error) ?? '').startsWith('SQLITE_BUSY');
}

/** Runs what may fail for reasons of the file system: no such file, no rights, no modes there at all. Other errors are thrown. */
export function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (codeOf(error) === null) throw error;
  }
}
