/** One attempt to deliver to a webhook. */
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { parseRetryAfter } from './webhook-retry';

/** What came of an attempt. */
export interface DeliveryResult {
  /** delivered; again: may work later; refused: will not, however often it is tried. */
  readonly outcome: 'delivered' | 'again' | 'refused';
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly ms: number;
  /** Empty when delivered. Never holds the address. */
  readonly error: string;
  /** Milliseconds the server asks to be left alone; null when it does not. */
  readonly retryAfter: number | null;
}

/** What an attempt needs. */
export interface PostParts {
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  /** Milliseconds an attempt may take. */
  readonly timeout: number;
}

/** Characters of an answer that are told. */
const DELIVERED = 200;
/** Too early and too many, and a server that gave up waiting: the rest of 4xx is about the request itself. */
const RETRYABLE_STATUS = new Set([408, 425, 429]);

function outcomeOf(status: number): DeliveryResult['outcome'] {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 500 || RETRYABLE_STATUS.has(status) ? 'again' : 'refused';
}

/** The start of an answer's body, on one line; what comes after it is left unread. */
async function startOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < DELIVERED) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.replace(/\p{Cc}+/gu, ' ').trim().slice(0, DELIVERED);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken',
  UND_ERR_SOCKET: 'the connection was broken',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host could not be looked up',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'there is no network',
};

/** Why there was no answer. What fetch throws says little by itself; its cause has the code. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return REASONS[code] ?? (code === '' ? messageOf(cause) : `${code}: ${messageOf(cause)}`);
}

async function errorOf(response: Response): Promise<string> {
  const start = await startOf(response);
  if (outcomeOf(response.status) === 'delivered') return '';
  const hint = response.status >= 300 && response.status < 400 ? ' (redirects are not followed)' : '';
  return `answered ${response.status} ${response.statusText}`.trim() + hint + (start === '' ? '' : `: ${start}`);
}

/** Text without the address, nor its path, which holds the secret and which servers like to repeat. */
function withoutAddress(text: string, url: string): string {
  const { pathname, search } = new URL(url);
  return [url, pathname + search, pathname, search].filter((part) => part.length > 1).reduce((left, part) => left.replaceAll(part, '(its address)'), text);
}

/** Sends a body once, with a key by which the server can tell that it has it already. Never rejects. */
export async function post({ fetch, clock, timers, timeout }: PostParts, url: string, body: string, key: string, signal: AbortSignal): Promise<DeliveryResult> {
  const begin = clock.mono();
  const late = new AbortController();
  const cancel = timers.after(timeout, () => late.abort());
  const passed = (): number => Math.round(clock.mono() - begin);
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': key, 'user-agent': 'Traywatch' };
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal: AbortSignal.any([late.signal, signal]) });
    const { status } = response;
    // A server that says yes and then never ends has said yes.
    const error = await errorOf(response).catch(() => (outcomeOf(status) === 'delivered' ? '' : `answered ${status}`));
    return { outcome: outcomeOf(status), status, ms: passed(), error: withoutAddress(error, url), retryAfter: parseRetryAfter(response.headers.get('retry-after'), clock.now()) };
  } catch (error) {
    const reason = late.signal.aborted ? `no answer within ${timeout / 1000} s` : withoutAddress(reasonOf(error), url);
    return { outcome: 'again', status: null, ms: passed(), error: reason, retryAfter: null };
  } finally {
    cancel();
  }
}
