/** Copies of the history beside it: quarantined, set aside, backed up, or left by a run that ended early. */
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { codeOf } from '../../shared/result';
import { makePrivate } from '../engine/store/private-files';

/** Name we propose for a backup, whole or unfinished. */
const BACKUP = /^traywatch-backup-\d{8}-\d{6}\.sqlite/;

/** Names in a folder; none where it does not exist yet or cannot be listed. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return [];
  }
}

/** Closes the copies beside the database at `path` to others; earlier versions made them readable by all. */
export function makeCopiesPrivate(path: string): void {
  const stem = `${basename(path, extname(path))}.`;
  const isCopy = (name: string): boolean => BACKUP.test(name) || (name.startsWith(stem) && name.includes(extname(path)));
  for (const name of namesIn(dirname(path))) if (isCopy(name)) makePrivate(join(dirname(path), name));
}
