/** The routes behind a real Fastify on loopback, and a browser as far as cookies go. */
import cookie from '@fastify/cookie';
import fastify from 'fastify';
import { onTestFinished } from 'vitest';
import { authRoutes } from '../../src/main/lan/auth/auth-routes';
import { openRig } from './access';
import type { Rig } from './access';

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: { readonly ok: boolean; readonly value?: Record<string, unknown>; readonly code?: string; readonly message?: string };
}

/** Keeps cookies by name, and sends them where their path says. */
export class Browser {
  readonly jar = new Map<string, { value: string; path: string }>();
  /** Every Set-Cookie that came. */
  readonly given: string[] = [];

  constructor(private readonly base: string) {}

  async send(path: string, { body, method = body === undefined ? 'GET' : 'POST', headers = {} }: { body?: unknown; method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
    const cookies = [...this.jar].filter(([, one]) => path.startsWith(one.path)).map(([name, { value }]) => `${name}=${value}`);
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Answer['body'] };
  }

  /** A browser with the same cookies, as a thief has who copied them. */
  copy(): Browser {
    const other = new Browser(this.base);
    for (const [name, one] of this.jar) other.jar.set(name, one);
    return other;
  }

  #keep(line: string): void {
    this.given.push(line);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const path = /;\s*Path=([^;]*)/i.exec(line)?.[1] ?? '/';
    if (value === '' || /Expires=Thu, 01 Jan 1970/i.test(line)) this.jar.delete(name);
    else this.jar.set(name, { value, path });
  }
}

/** A running server. */
export interface ServerRig extends Rig {
  browser(): Browser;
  readonly internal: unknown[];
}

/** Starts it; it ends with the test. */
export async function openServer(given: Parameters<typeof openRig>[0] = {}): Promise<ServerRig> {
  const rig = openRig(given);
  const internal: unknown[] = [];
  const server = fastify({ bodyLimit: 16_384 });
  await server.register(cookie);
  await server.register(authRoutes({ access: rig.access, host: () => 'workshop', onInternal: (error) => internal.push(error) }));
  const base = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    rig.access.close();
    await server.close();
  });
  return { ...rig, internal, browser: () => new Browser(base) };
}

/** Lets a browser in over the wire, approved at the desktop. */
export async function pairOverHttp(rig: ServerRig, browser: Browser, role: 'viewer' | 'admin' = 'viewer'): Promise<void> {
  const asked = await browser.send('/api/auth/pair', { body: { code: rig.access.pairing.createCode().code, name: 'Phone' } });
  const id = String(asked.body.value?.['id']);
  rig.access.pairing.decide(id, role);
  const came = await browser.send(`/api/auth/pair/${id}`);
  if (came.body.value?.['state'] !== 'approved') throw new Error(came.text);
}
