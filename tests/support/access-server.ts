/** The sign-in routes on a real Fastify server on loopback, and a browser as far as cookies go. */
import cookie from '@fastify/cookie';
import fastify from 'fastify';
import { onTestFinished } from 'vitest';
import { authRoutes } from '../../src/main/lan/auth/auth-routes';
import { openAccess } from './access';
import type { AccessHarness } from './access';

/** A response with its body. */
export interface ParsedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: { readonly ok: boolean; readonly value?: Record<string, unknown>; readonly code?: string; readonly message?: string };
}

/** Stores cookies by name and sends them where their path matches. */
export class Browser {
  readonly jar = new Map<string, { value: string; path: string }>();
  /** Every Set-Cookie header received. */
  readonly given: string[] = [];

  constructor(private readonly base: string) {}

  async send(path: string, { body, method = body === undefined ? 'GET' : 'POST', headers = {} }: { body?: unknown; method?: string; headers?: Record<string, string> } = {}): Promise<ParsedResponse> {
    const cookies = [...this.jar].filter(([, one]) => path.startsWith(one.path)).map(([name, { value }]) => `${name}=${value}`);
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#store(line);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as ParsedResponse['body'] };
  }

  /** A browser with a copy of the cookies, as a thief has. */
  copy(): Browser {
    const other = new Browser(this.base);
    for (const [name, one] of this.jar) other.jar.set(name, one);
    return other;
  }

  #store(line: string): void {
    this.given.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const path = /;\s*Path=([^;]*)/i.exec(line)?.[1] ?? '/';
    if (value === '' || /Expires=Thu, 01 Jan 1970/i.test(line)) this.jar.delete(name);
    else this.jar.set(name, { value, path });
  }
}

/** A running server. */
export interface AccessServer extends AccessHarness {
  browser(): Browser;
  readonly internal: unknown[];
}

/** Starts the server; it ends with the test. */
export async function openAccessServer(given: Parameters<typeof openAccess>[0] = {}): Promise<AccessServer> {
  const harness = openAccess(given);
  const internal: unknown[] = [];
  const server = fastify({ bodyLimit: 16_384 });
  await server.register(cookie);
  await server.register(authRoutes({ access: harness.access, host: () => 'workshop', onInternal: (error) => internal.push(error) }));
  const base = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    harness.access.close();
    await server.close();
  });
  return { ...harness, internal, browser: () => new Browser(base) };
}

/** Pairs a browser over HTTP; the request is approved on the machine. */
export async function pairOverHttp(harness: AccessServer, browser: Browser, role: 'viewer' | 'admin' = 'viewer'): Promise<void> {
  const requested = await browser.send('/api/auth/pair', { body: { code: harness.access.pairing.createCode().code, name: 'Phone' } });
  const id = String(requested.body.value?.['id']);
  harness.access.pairing.decide(id, role);
  const polled = await browser.send(`/api/auth/pair/${id}`);
  if (polled.body.value?.['state'] !== 'approved') throw new Error(polled.text);
}
