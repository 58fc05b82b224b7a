/** Signing in behind a reverse proxy: cookies fit the browser's own connection and path, limits and records the browser's address. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthPlugin } from '../../../src/main/lan/auth/auth-plugin';
import type { LanSettings } from '../../../src/shared/sharing/lan-settings';
import { openAccess } from '../../support/access';
import { createCallbackLog } from '../../support/log';
import { openLan } from '../../support/lan-server';
import { requestText, send, statusOf } from '../../support/raw-http';

/** A server with real access control behind a proxy at 127.0.0.1. `tls` is that of the server itself, as the settings say. */
async function openBehindProxy(publicUrls: LanSettings['publicUrls'], isSecure: boolean) {
  const harness = openAccess({ parts: { isSecure: () => isSecure } });
  const lan = await openLan({ ...createAuthPlugin(harness.access, createCallbackLog(() => undefined)), settings: { trustedProxies: ['127.0.0.1'], publicUrls } });
  onTestFinished(async () => {
    harness.access.close();
    await lan.close();
  });
  const url = new URL(publicUrls[0] ?? '');
  const headers = { host: url.host, origin: url.origin, 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': url.protocol.slice(0, -1) };
  const post = (path: string, body: unknown, more: Readonly<Record<string, string>> = {}): Promise<string> => send(lan.port, requestText('POST', path, { ...headers, ...more }, JSON.stringify(body)));
  const get = (path: string, cookie: string, more: Readonly<Record<string, string>> = {}): Promise<string> => send(lan.port, requestText('GET', path, { ...headers, cookie, ...more }));
  return { ...harness, post, get };
}

const cookiesOf = (response: string): readonly string[] => [...response.matchAll(/^set-cookie: (.*)\r$/gim)].map(([, line = '']) => line);
const named = (cookies: readonly string[], name: string): string => cookies.find((line) => line.startsWith(`${name}=`) && !line.startsWith(`${name}=;`)) ?? '';
const pairOf = (cookie: string): string => cookie.split(';')[0] ?? '';

/** Pairs through the proxy; the cookies of the approved browser. */
async function pair({ access, post, get }: Awaited<ReturnType<typeof openBehindProxy>>, ticketName: string): Promise<readonly string[]> {
  const requested = await post('/api/auth/pair', { code: access.pairing.createCode().code, name: 'Phone' });
  const id = /"id":"(\w+)"/.exec(requested)?.[1] ?? '';
  access.pairing.decide(id, 'viewer');
  return cookiesOf(await get(`/api/auth/pair/${id}`, pairOf(named(cookiesOf(requested), ticketName))));
}

describe('a browser that signs in through a reverse proxy', () => {
  it('gets secure cookies over https, though the proxy’s own connection is not encrypted', async () => {
    const server = await openBehindProxy(['https://monitor.example'], false);
    const cookies = await pair(server, '__Secure-traywatch-pair');
    expect(named(cookies, '__Host-traywatch')).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Strict/);
    expect(named(cookies, '__Secure-traywatch-refresh')).toMatch(/Path=\/api\/auth; HttpOnly; Secure/);
    expect(statusOf(await server.post('/api/call/snapshot', {}, { cookie: pairOf(named(cookies, '__Host-traywatch')) }))).toBe(200);
    expect(server.access.summary().devices).toMatchObject([{ lastAddress: '203.0.113.9' }]);
  });

  it('gets cookies that a browser stores over http, though the proxy’s own connection is encrypted', async () => {
    const server = await openBehindProxy(['http://monitor.example:8080'], true);
    const cookies = await pair(server, 'traywatch-pair');
    expect(cookies.join('\n')).not.toMatch(/Secure/);
    expect(statusOf(await server.post('/api/call/snapshot', {}, { cookie: pairOf(named(cookies, 'traywatch')) }))).toBe(200);
  });

  it('gets cookies with the path of the public URL, and has them removed there', async () => {
    const server = await openBehindProxy(['https://home.example/traywatch/'], true);
    const cookies = await pair(server, '__Secure-traywatch-pair');
    expect(named(cookies, '__Host-traywatch')).toContain('Path=/;');
    expect(named(cookies, '__Secure-traywatch-refresh')).toContain('Path=/traywatch/api/auth;');
    const ended = cookiesOf(await server.post('/api/auth/logout', {}, { cookie: pairOf(named(cookies, '__Secure-traywatch-refresh')) }));
    expect(ended.find((line) => line.startsWith('__Secure-traywatch-refresh='))).toContain('Path=/traywatch/api/auth;');
  });

  it('is limited by itself when guessing codes', async () => {
    const { access, post } = await openBehindProxy(['https://monitor.example'], false);
    const { code } = access.pairing.createCode();
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    const guess = async (address: string): Promise<number> => statusOf(await post('/api/auth/pair', { code: wrong, name: 'x' }, { 'x-forwarded-for': `9.9.9.9, ${address}` }));
    expect([await guess('203.0.113.1'), await guess('203.0.113.1'), await guess('203.0.113.1'), await guess('203.0.113.1')]).toEqual([403, 403, 403, 429]);
    expect(await guess('203.0.113.2')).toBe(403);
  });
});
