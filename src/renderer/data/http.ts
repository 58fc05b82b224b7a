/** Questions to the LAN server as values: whatever goes wrong on the way becomes a Result. */
import type { ErrorCode, Result } from '../../shared/result';

/** The part of the browser's fetch that is used. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** What came of bringing the session up to date. */
export type RenewalOutcome = 'in' | 'out' | 'away';

/** Asks the server. The cookies go along by themselves; scripts never see them. */
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
  const found: unknown = await response.json();
  if (isResult(found)) return found;
  return { ok: false, code: CODES[response.status] ?? 'Internal', message: `the server answered ${response.status}` };
}

/** Makes it over a fetch. */
export function createHttp(fetch: Fetch): Http {
  const ask = async (path: string, init: RequestInit): Promise<Result<unknown>> => {
    try {
      return await read(await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' }));
    } catch {
      // No network, no server, or an answer that is none: all the same to who waits for it.
      return { ok: false, code: 'Unavailable', message: 'no connection to Traywatch' };
    }
  };
  return {
    get: (path) => ask(path, { method: 'GET' }),
    post: (path, body, headers = {}) => ask(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
  };
}
