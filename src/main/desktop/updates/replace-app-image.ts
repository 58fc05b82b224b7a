/** Puts a new AppImage in the place of the old one, at once or not at all: what runs keeps the old file until it ends. */
import { chmodSync, closeSync, constants, copyFileSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, messageOf } from '../../../shared/result';
import { UpdateError } from '../../updates/update-document';

/** What keeps a file from being replaced, in words of the user. */
function toUpdateError(error: unknown, target: string): UpdateError {
  const code = codeOf(error) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new UpdateError({ code: 'diskFull', what: dirname(target) }, { cause: error });
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ETXTBSY'].includes(code)) return new UpdateError({ code: 'notReplaceable', what: target }, { cause: error });
  return new UpdateError({ code: 'failed', what: messageOf(error) }, { cause: error });
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Copies the file beside its target, which may be on another disk, writes it through, and renames it over the target, whose name stays. Throws an UpdateError; the target is unchanged then. */
export function replaceAppImage(source: string, target: string): void {
  const next = join(dirname(target), `.${basename(target)}.new`);
  try {
    copyFileSync(source, next, constants.COPYFILE_FICLONE);
    chmodSync(next, 0o755);
    sync(next);
    renameSync(next, target);
  } catch (error) {
    rmSync(next, { force: true });
    throw toUpdateError(error, target);
  }
  rmSync(source, { force: true });
}

/** Throws an UpdateError where a folder has no room for so many bytes. It is looked before a download, which takes minutes. */
export function checkRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes) throw new UpdateError({ code: 'diskFull', what: folder });
}

/** Throws an UpdateError where a file is not there or could not be replaced later: a link is followed to what it names. */
export function checkReplaceable(target: string): void {
  try {
    statSync(target);
    const probe = join(dirname(target), `.${basename(target)}.new`);
    closeSync(openSync(probe, 'w', 0o600));
    rmSync(probe);
  } catch (error) {
    throw toUpdateError(error, target);
  }
}
