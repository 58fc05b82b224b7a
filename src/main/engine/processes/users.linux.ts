/** Names of users from /etc/passwd, kept until the file changes. */
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

/** Names of users. */
export interface UserNames {
  /** Reads the file anew if it has changed. */
  refresh(): void;
  /** The name of a user, or its number where no name is known: such users come from a directory server, or have none. */
  nameOf(uid: number): string;
}

/** What differs when the file was changed or replaced; null when it is not there. */
function stampOf(path: string): string | null {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** `account` names this user also where only a directory server knows him. */
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
      const own = account();
      if (own !== null && !names.has(own.uid)) names.set(own.uid, own.name);
    },
    nameOf: (uid) => sanitizeName(names.get(uid) ?? String(uid)),
  };
}
