/** What an error of SQLite or the file system means for the store. */

/** SQLite's code of an error (SQLITE_FULL …), or Node's (ENOSPC …), or null. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** True for errors that say the file itself is damaged. */
export function isCorruption(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}

/** True for errors that the same connection gets over by itself: a full disk, another's lock. */
export function isTransient(error: unknown): boolean {
  return /^SQLITE_(FULL|BUSY|LOCKED)/.test(codeOf(error) ?? '');
}
