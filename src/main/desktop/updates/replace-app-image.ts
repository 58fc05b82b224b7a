/** Puts a new AppImage in the place of the old one, at once or not at all: what runs keeps the old file until it ends. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, open, rename, rm, stat, statfs } from 'node:fs/promises';
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

/** A name beside the target that nobody can have made before: in a folder of others it could be a link to elsewhere. */
const nameBeside = (target: string): string => join(dirname(target), `.${basename(target)}.${randomBytes(8).toString('hex')}.new`);

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Copies the file beside its target, which may be on another disk, writes it through, and renames it over the target, whose name stays. Rejects with an UpdateError; the target is unchanged then. */
export async function replaceAppImage(source: string, target: string): Promise<void> {
  const next = nameBeside(target);
  try {
    const { mode } = await stat(target);
    await copyFile(source, next, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await chmod(next, (mode & 0o777) | 0o100);
    await sync(next);
    await rename(next, target);
  } catch (error) {
    await rm(next, { force: true });
    throw toUpdateError(error, target);
  }
  await rm(source, { force: true });
}

/** Rejects with an UpdateError where a folder has no room for so many bytes. It is looked before a download, which takes minutes. */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes) throw new UpdateError({ code: 'diskFull', what: folder });
}

/** The same for a download to one folder and its copy beside the target, which need room twice where that is one disk. */
export async function checkRoomForBoth(folder: string, target: string, bytes: number): Promise<void> {
  const beside = dirname(target);
  const isOne = (await stat(folder)).dev === (await stat(beside)).dev;
  await checkRoom(beside, isOne ? 2 * bytes : bytes);
  await checkRoom(folder, bytes);
}

/** Rejects with an UpdateError where a file is not there or could not be replaced later. */
export async function checkReplaceable(target: string): Promise<void> {
  try {
    await stat(target);
    const probe = nameBeside(target);
    await (await open(probe, 'wx', 0o600)).close();
    await rm(probe);
  } catch (error) {
    throw toUpdateError(error, target);
  }
}
