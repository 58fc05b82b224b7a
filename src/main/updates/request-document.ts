/**
 * One request for the update document: a plain GET without query, cookies, identifiers or version, which follows no redirect
 * and reads no more than a document can have. No ETag is sent back: a server could give each copy its own.
 */
import { codeOf, messageOf } from '../../shared/result';
import type { Timers } from '../engine/clock';
import { startDeadline } from '../lib/request-deadline';
import { MAX_DOCUMENT_BYTES, UpdateError } from './update-document';

/** What a request needs. */
export interface RequestParts {
  readonly fetch: typeof fetch;
  readonly timers: Timers;
  /** Longest duration of the request and its answer, ms. */
  readonly timeout: number;
}

/** The whole body as text. Stops at more bytes than a document can have. */
async function readBody(body: ReadableStream<Uint8Array> | null): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) {
      await reader.cancel();
      throw new UpdateError({ code: 'tooLarge', what: null });
    }
    parts.push(part.value);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new UpdateError({ code: 'malformed', what: 'it is no UTF-8' });
  }
}

/** What a failed fetch means. Chromium says ERR_… in the message, Node a code in the cause. */
function toUpdateError(error: unknown, wasTimedOut: boolean): UpdateError {
  if (error instanceof UpdateError) return error;
  if (wasTimedOut) return new UpdateError({ code: 'timedOut', what: null }, { cause: error });
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const text = messageOf(cause);
  if (/redirect/i.test(text)) return new UpdateError({ code: 'redirected', what: null }, { cause: error });
  const code = codeOf(cause) ?? /\bERR_[A-Z_]+/.exec(text)?.[0] ?? null;
  return new UpdateError({ code: 'unreachable', what: code }, { cause: error });
}

async function get(fetch: RequestParts['fetch'], url: URL, signal: AbortSignal): Promise<string> {
  const response = await fetch(url.href, {
    headers: { accept: 'application/json', 'user-agent': 'Traywatch' },
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal,
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new UpdateError({ code: 'refused', what: `HTTP ${response.status}` });
  }
  return readBody(response.body);
}

/** Gets the text of the document at an address. Throws an UpdateError. `signal` ends it when the app quits. */
export async function requestDocument({ fetch, timers, timeout }: RequestParts, url: URL, signal: AbortSignal): Promise<string> {
  const deadline = startDeadline(timers, timeout, signal);
  try {
    return await deadline.race(get(fetch, url, deadline.signal));
  } catch (error) {
    throw toUpdateError(error, deadline.isTimedOut());
  } finally {
    deadline.end();
  }
}
