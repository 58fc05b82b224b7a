/** One log line per request: never the query, a header or the body, which may hold secrets. */
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';

/** What is logged of a request. */
export interface RequestLine {
  /** Also sent as X-Request-Id. */
  readonly id: string;
  readonly method: string;
  /** As sent; the query is removed here. */
  readonly url: string;
  readonly status: number;
  /** From the request's head to the end of the response. */
  readonly ms: number;
  readonly address: string;
  /** Id of the device or API token; null without one. */
  readonly identity: string | null;
  /** For files and scrapes: logged at level debug. */
  readonly quietLog: boolean;
}

/** Lines a minute: many requests must not push everything else out of the log. */
const MAX_LINES = 120;
const MINUTE = 60_000;
const MAX_PATH = 200;
/** Secrets in addresses: also of requests that no route takes, such as one with another method or something behind it. */
const SECRET = /(\/heartbeat\/)[^/]+/i;

/** The path of a URL without its query; characters that a terminal might act on are replaced. */
function pathOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '').replace(SECRET, '$1*').slice(0, MAX_PATH);
  return path.replaceAll(/[^\x21-\x7e]/g, '?');
}

/** Returns the function that logs a request. */
export function createRequestLog(log: Log, clock: Pick<Clock, 'mono'>): (line: RequestLine) => void {
  let minute = 0;
  let lines = 0;
  return ({ url, quietLog, status, ...rest }) => {
    const now = Math.floor(clock.mono() / MINUTE);
    if (now !== minute) {
      if (lines > MAX_LINES) log.warn('more requests than the log takes', { left: lines - MAX_LINES });
      minute = now;
      lines = 0;
    }
    const fields = { ...rest, path: pathOf(url), status, ms: Math.round(rest.ms) };
    if (quietLog && status < 400) {
      log.debug('request', fields);
      return;
    }
    lines += 1;
    if (lines > MAX_LINES) return;
    if (status >= 400) log.warn('request', fields);
    else log.info('request', fields);
  };
}
