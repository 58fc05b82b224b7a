/** JSON requests to the LAN server. Every failure, network errors included, becomes a Result. */
import type { ErrorCode, Result } from '../../shared/result';

/** The part of the browser's `fetch` in use. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Outcome of renewing the session. unreachable: no valid response, the session may still be good. */
export type RenewalOutcome = 'renewed' | 'signedOut' | 'unreachable';

/** Requests to the server. The browser adds the session's cookies; scripts cannot read them. */
export interface Http {
  get(path: string): Promise<Result<unknown>>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Result<unknown>>;
}

const CODES: Readonly<Record<number, ErrorCode>> = { 400: 'BadInput', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 429: 'TooMany', 503: 'Unavailable' };

function isResult(value: unknown): value is Result<unknown> {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true ? 'value' in value : 'code' in value && 'message' in value;
}

async function read(response: Response): Promise<Result<unknown>> {
  const body: unknown = await response.json();
  if (isResult(body)) return body;
  return { ok: false, code: CODES[response.status] ?? 'Internal', message: `HTTP status ${response.status}` };
}

/** Creates it over a `fetch`. */
export function createHttp(fetch: Fetch): Http {
  const request = async (path: string, init: RequestInit): Promise<Result<unknown>> => {
    try {
      return await read(await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' }));
    } catch {
      // No network, no server, or a body that is not JSON: the same for every caller.
      return { ok: false, code: 'Unavailable', message: 'Can’t reach Traywatch' };
    }
  };
  return {
    get: (path) => request(path, { method: 'GET' }),
    post: (path, body, headers = {}) => request(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
  };
}
