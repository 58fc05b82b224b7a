/**
 * A small file that Traywatch alone writes while it runs. A change by another program, such as an editor, a
 * backup or a dotfile manager, is noticed before the next write. The content is compared, so that a copy with the same
 * content, or another inode, does not matter.
 */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { messageOf } from '../../shared/result';
import { quarantinePath } from '../engine/quarantine';
import { renameFile } from '../engine/rename-file';
import { createSynced, removeStaleTemporary, writeFileAtomically } from './atomic-file';
import { causeOf, readRegularFile, RefusedFileError, toText } from './regular-file';

/** Largest file, bytes: far above what any of these files can grow to. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Thrown instead of overwriting what another program has written. */
export class ForeignChangeError extends Error {
  override readonly name = 'ForeignChangeError';
}

/** What was found at the path. */
type FileContent =
  | { readonly kind: 'absent' }
  /** Without a byte order mark. */
  | { readonly kind: 'text'; readonly text: string }
  /** It was read, and is no text. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** It could not be read: whether it is valid is not known. `reason` names the file, `cause` does not. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly cause: string };

/** A file with one writer. */
export interface OwnedFile {
  /** Reads the file; what it contains may be written over from then on. Removes a temporary file that a crash left. */
  read(): FileContent;
  /**
   * Writes atomically. Throws a ForeignChangeError where the file is not as it was last read or written, a RefusedFileError
   * where it is not a file, or the system's error.
   */
  write(text: string): void;
  /** Copies what another program wrote to a name of its own, so that it may be written over. Returns that path. `now` in epoch ms. */
  keepForeign(now: number): string;
  /** Renames an invalid file and returns its new path. Throws for a link: what it leads to is not Traywatch's to move. */
  quarantine(now: number): string;
}

const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('base64');

/** Reads nothing yet. `readFile` is the system's, except in tests of errors that root does not get. */
export function ownFile(path: string, readFile = readRegularFile): OwnedFile {
  /** Of the content that may be written over; null where there was no file, or it could not be read. */
  let known: string | null = null;
  const readBytes = (): Buffer | null => readFile(path, MAX_BYTES);
  return {
    read() {
      removeStaleTemporary(path);
      known = null;
      let bytes: Buffer | null;
      try {
        bytes = readBytes();
      } catch (error) {
        return { kind: 'unreadable', reason: `${path} cannot be read: ${messageOf(error)}`, cause: causeOf(error) };
      }
      if (bytes === null) return { kind: 'absent' };
      known = digest(bytes);
      try {
        return { kind: 'text', text: toText(bytes) };
      } catch (error) {
        return { kind: 'invalid', reason: messageOf(error) };
      }
    },
    write(text) {
      const bytes = readBytes();
      if (bytes !== null && digest(bytes) !== known) throw new ForeignChangeError(`${path} was changed by another program`);
      writeFileAtomically(path, text);
      known = digest(text);
    },
    keepForeign(now) {
      const copy = quarantinePath(path, now, 'replaced');
      const bytes = readBytes();
      if (bytes !== null) createSynced(copy, bytes);
      known = bytes === null ? null : digest(bytes);
      return copy;
    },
    quarantine(now) {
      // Where it stays, it must not be written over.
      known = null;
      if (lstatSync(path).isSymbolicLink()) throw new RefusedFileError(`${path} is a link`);
      const target = quarantinePath(path, now);
      renameFile(path, target);
      return target;
    },
  };
}
