/** One attempt to deliver to a webhook. */
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { startDeadline } from '../lib/request-deadline';
import { parseRetryAfter } from './webhook-retry';

/** The result of an attempt. */
export interface DeliveryResult {
  /** delivered; retry: may succeed later; rejected: will not, however often it is tried. */
  readonly outcome: 'delivered' | 'retry' | 'rejected';
  /** HTTP status; null when there was no response. */
  readonly status: number | null;
  readonly ms: number;
  /** Empty when delivered. Never contains the URL. */
  readonly error: string;
  /** Milliseconds until the server accepts the next attempt (Retry-After); null when it does not say. */
  readonly retryAfter: number | null;
}

/** What an attempt needs. */
export interface PostParts {
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  /** Longest duration of an attempt, ms. */
  readonly timeout: number;
}

/** Length of the excerpt of a response in an error, characters. */
const EXCERPT_LENGTH = 200;
/** Request Timeout, Too Early and Too Many Requests: the rest of 4xx is about the request itself. */
const RETRYABLE_STATUS = new Set([408, 425, 429]);

function outcomeOf(status: number): DeliveryResult['outcome'] {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 500 || RETRYABLE_STATUS.has(status) ? 'retry' : 'rejected';
}

/** The start of a response's body, on one line; the rest is not read. */
async function excerptOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < EXCERPT_LENGTH) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.replace(/\p{Cc}+/gu, ' ').trim().slice(0, EXCERPT_LENGTH);
}

/** Text for the usual error codes of Node and undici. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection reset',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'host name could not be resolved',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'no network',
};

/** Why there was no response. The error that fetch throws says little; its cause has the code. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return REASONS[code] ?? (code === '' ? messageOf(cause) : `${code}: ${messageOf(cause)}`);
}

/** The error text of a response; empty where it was delivered. */
async function errorOf(response: Response): Promise<string> {
  const excerpt = await excerptOf(response);
  if (outcomeOf(response.status) === 'delivered') return '';
  const hint = response.status >= 300 && response.status < 400 ? ' (redirects are not followed)' : '';
  return `HTTP ${response.status} ${response.statusText}`.trim() + hint + (excerpt === '' ? '' : `: ${excerpt}`);
}

/** The text without the URL and its path, which is the secret and which some servers repeat in their response. */
function withoutUrl(text: string, url: string): string {
  const { pathname, search } = new URL(url);
  return [url, pathname + search, pathname, search].filter((part) => part.length > 1).reduce((left, part) => left.replaceAll(part, '(webhook URL)'), text);
}

/** Posts a body once, with an idempotency key by which the server can recognize a repetition. Never rejects. */
export async function post({ fetch, clock, timers, timeout }: PostParts, url: string, body: string, key: string, signal: AbortSignal): Promise<DeliveryResult> {
  const begin = clock.mono();
  const deadline = startDeadline(timers, timeout, signal);
  const elapsed = (): number => Math.round(clock.mono() - begin);
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': key, 'user-agent': 'Traywatch' };
    const response = await deadline.race(fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal: deadline.signal }));
    const { status } = response;
    // With a success status it is delivered, even where the body never ends.
    const error = await deadline.race(errorOf(response)).catch(() => (outcomeOf(status) === 'delivered' ? '' : `HTTP ${status}`));
    return { outcome: outcomeOf(status), status, ms: elapsed(), error: withoutUrl(error, url), retryAfter: parseRetryAfter(response.headers.get('retry-after'), clock.now()) };
  } catch (error) {
    const reason = deadline.isTimedOut() ? `no response within ${timeout / 1000} s` : withoutUrl(reasonOf(error), url);
    return { outcome: 'retry', status: null, ms: elapsed(), error: reason, retryAfter: null };
  } finally {
    deadline.end();
  }
}
