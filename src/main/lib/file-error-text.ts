/** Why writing a file failed, as text for the user. */
import { codeOf, messageOf } from '../../shared/result';
import { HeldFileError } from '../engine/rename-file';

/** Plain text for the usual causes (disk full, no permission, open in another program); otherwise the error's own message. */
export function fileErrorText(error: unknown): string {
  if (error instanceof HeldFileError) return 'Another program has this file open. Close it there and try again, or choose another name.';
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'SQLITE_FULL' || code === 'EDQUOT') return 'Disk full. The partial file was removed.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'This location is not writable.';
  return messageOf(error);
}
