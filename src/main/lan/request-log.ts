/** One line per request: never a query, a header or a body, for those may hold secrets. */
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';

/** What a line tells. */
export interface RequestLine {
  /** Also in the answer's X-Request-Id. */
  readonly id: string;
  readonly method: string;
  /** As sent; the query is cut off here. */
  readonly url: string;
  readonly status: number;
  /** From the head of the request to the end of the answer. */
  readonly ms: number;
  readonly address: string;
  /** Id of the device, account or token; null for nobody. */
  readonly who: string | null;
  /** Files and scrapes: told only to a log that wants everything. */
  readonly quietLog: boolean;
}

/** Lines in a minute; a flood must not push everything else out of the log. */
const MAX_LINES = 120;
const MINUTE = 60_000;
const MAX_PATH = 200;

/** The path of a URL without its query, with anything a terminal might act upon replaced. */
function pathOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '').slice(0, MAX_PATH);
  return path.replaceAll(/[^\x21-\x7e]/g, '?');
}

/** Writes requests to a log. */
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
