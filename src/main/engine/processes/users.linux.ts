/** User names from /etc/passwd, cached until the file changes. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isAbsent, optionalText } from '../collectors/files';
import { sanitizeName } from './sanitize';
import { parsePasswd } from './parse.linux';

/** The user this program runs as. */
export interface OsUser {
  readonly uid: number;
  readonly name: string;
}

/** User names by user id. */
export interface UserNames {
  /** Reads the file again if it has changed. */
  refresh(): void;
  /** The name of a user, or its id if unknown: the user may be from a directory server, or have no name. */
  nameOf(uid: number): string;
}

/** A value that changes when the file is changed or replaced; null without the file. */
function stampOf(path: string): string | null {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** `account` gives the current user, who may be known to a directory server only. */
export function createUserNames(root: string, account: () => OsUser | null): UserNames {
  const path = join(root, '/etc/passwd');
  let stamp: string | null | undefined;
  let names = new Map<number, string>();
  return {
    refresh() {
      const now = stampOf(path);
      if (now === stamp) return;
      stamp = now;
      names = parsePasswd(optionalText(path) ?? '');
      const current = account();
      if (current !== null && !names.has(current.uid)) names.set(current.uid, current.name);
    },
    nameOf: (uid) => sanitizeName(names.get(uid) ?? String(uid)),
  };
}
