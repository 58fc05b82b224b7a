/** Error responses: a code, a message and the request's id; nothing about the inside of the program. */
import type { ErrorCode, Result } from '../../shared/result';

/** HTTP status of each code. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  BadInput: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  Conflict: 409,
  TooMany: 429,
  Internal: 500,
  Unavailable: 503,
};

/** Body of every error response. */
export interface ErrorBody {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  /** Finds the request in the log. */
  readonly requestId: string;
}

/** The body for a failed result. Internal errors are described in the log alone. */
export function errorBody(result: Extract<Result<unknown>, { ok: false }>, requestId: string): ErrorBody {
  const { code, message } = result;
  return { ok: false, code, message: code === 'Internal' ? 'internal error (see the log)' : message, requestId };
}

const CODES: Readonly<Record<number, ErrorCode>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 429: 'TooMany', 503: 'Unavailable' };

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'malformed request',
  404: 'not found',
  413: 'body too large',
  414: 'URL too long',
  415: 'content-type must be application/json',
  429: 'rate limit exceeded',
};

/** Status, code and message for an error of the HTTP library, whose own messages may quote the request. */
export function fromHttpError(status: number): { readonly status: number; readonly code: ErrorCode; readonly message: string } {
  if (status < 400 || status >= 500) return { status: 500, code: 'Internal', message: '' };
  return { status, code: CODES[status] ?? 'BadInput', message: MESSAGES[status] ?? 'request refused' };
}
