/**
 * Reads small files at paths where anything may be found. A named pipe would block the program for good, a device may never
 * end, a link may lead nowhere: only regular files of a bounded size are read, through links, and the error names what it
 * is instead.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { codeOf } from '../../shared/result';

/** Thrown for a path at which there is something that must be neither read nor replaced. */
export class RefusedFileError extends Error {
  override readonly name = 'RefusedFileError';
}

/** Bytes read at once. */
const BLOCK = 65_536;

/** Opening does not wait for the other end of a pipe. Windows has no such flag, and no pipes among its files. */
const READ = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** Why a file cannot be used, without its path, which the messages of errors hold: for clients over the network. */
export function causeOf(error: unknown): string {
  if (error instanceof RefusedFileError) return 'not a usable file';
  return codeOf(error) ?? 'unknown error';
}

/** True for an error that says that there is no file, nor a folder that could hold it. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

function nameOfKind(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function refuseOtherKinds(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new RefusedFileError(`${path} is ${nameOfKind(stats)}, not a file`);
}

/**
 * The path of the file itself: where `path` is a link, the one it leads to. A link to nothing is refused rather than taken
 * for a missing file: what it should lead to is kept somewhere else, on a disk that is not mounted for example.
 */
export function resolveLink(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') throw new RefusedFileError(`${path} is a link that leads back to itself`, { cause: error });
    if (codeOf(error) === 'ENOENT') throw new RefusedFileError(`${path} is a link to ${readlinkSync(path)}, which does not exist`, { cause: error });
    throw error;
  }
}

/** The path to write to: the file behind a link, or a name that is free. Throws a RefusedFileError for anything else. */
export function resolveTarget(path: string): string {
  const target = resolveLink(path);
  const stats = statSync(target, { throwIfNoEntry: false });
  if (stats !== undefined) refuseOtherKinds(path, stats);
  return target;
}

/** Reads to the end, whatever size the system reports: some files have none, others grow meanwhile. */
function readAll(path: string, fd: number, maxBytes: number): Buffer {
  const blocks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const block = Buffer.allocUnsafe(BLOCK);
    const count = readSync(fd, block, 0, BLOCK, null);
    if (count === 0) return Buffer.concat(blocks, length);
    length += count;
    if (length > maxBytes) throw new RefusedFileError(`${path} is too large: more than ${maxBytes} bytes`);
    blocks.push(block.subarray(0, count));
  }
}

/** The bytes of a file; null where there is none. Throws a RefusedFileError, or the system's error. */
export function readRegularFile(path: string, maxBytes: number): Buffer | null {
  let fd: number;
  try {
    // What it is is checked before it is opened: to open some devices is to use them.
    fd = openSync(resolveTarget(path), READ);
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
  try {
    refuseOtherKinds(path, fstatSync(fd));
    return readAll(path, fd, maxBytes);
  } finally {
    closeSync(fd);
  }
}

/** The bytes as text, without the byte order mark that editors on Windows write. Throws for bytes that are not UTF-8. */
export function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('not UTF-8 text', { cause: error });
  }
}
