/** Results of calls: errors are returned as values, the same over IPC and HTTP. */

/** Error codes of calls. */
export type ErrorCode = 'BadInput' | 'NotFound' | 'Unauthorized' | 'Forbidden' | 'TooMany' | 'Conflict' | 'Unavailable' | 'Internal';

/** Result of a call. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** Thrown by a handler to fail with a specific code; any other error becomes Internal. */
export class CallError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'CallError';
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of an error of the system (ENOENT …), of SQLite (SQLITE_FULL …) or of a call; null where it has none that is text. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
