/** Errors as a viewer gets them: a code, a sentence, the number of the request; never where in the program it was. */
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

/** The body of every answer that is an error. */
export interface ErrorBody {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  /** Finds the request in the log. */
  readonly requestId: string;
}

/** What went wrong inside is for the log alone. */
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

/** The status and words for an error of the HTTP library: what it says of a bad request may quote the request, so ours stand instead. */
export function fromHttpError(status: number): { readonly status: number; readonly code: ErrorCode; readonly message: string } {
  if (status < 400 || status >= 500) return { status: 500, code: 'Internal', message: '' };
  return { status, code: CODES[status] ?? 'BadInput', message: MESSAGES[status] ?? 'the request was refused' };
}
