/** Errors cross a boundary as values, the same over IPC and HTTP. */

/** Codes a call may fail with. */
export type ErrorCode = 'BadInput' | 'NotFound' | 'Unauthorized' | 'Forbidden' | 'TooMany' | 'Unavailable' | 'Internal';

/** The outcome of a call. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** A handler throws this to answer with a code of its own; anything else becomes Internal. */
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
