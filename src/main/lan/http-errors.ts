/** Error responses: a code, a message and the request's id; nothing about the inside of the program. */
import type { ErrorCode, Result } from '../../shared/result';

/** HTTP status of each code. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  BadInput: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
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
  return { ok: false, code, message: code === 'Internal' ? 'something went wrong in Traywatch; its log says what' : message, requestId };
}

const CODES: Readonly<Record<number, ErrorCode>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 429: 'TooMany', 503: 'Unavailable' };

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'the request could not be understood',
  404: 'there is nothing here',
  413: 'the body is too large',
  414: 'the address is too long',
  415: 'content-type must be application/json',
  429: 'too many requests: wait a little',
};

/** Status, code and message for an error of the HTTP library, whose own messages may quote the request. */
export function fromHttpError(status: number): { readonly status: number; readonly code: ErrorCode; readonly message: string } {
  if (status < 400 || status >= 500) return { status: 500, code: 'Internal', message: '' };
  return { status, code: CODES[status] ?? 'BadInput', message: MESSAGES[status] ?? 'the request was refused' };
}
