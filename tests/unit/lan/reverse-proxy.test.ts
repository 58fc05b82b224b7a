/** A reverse proxy in front of the server: public URLs, the client's address, cookies, and what a proxy that is not named gets. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, createProxyRules } from '../../../src/main/lan/reverse-proxy';
import { DEFAULT_LIMITS } from '../../../src/main/lan/server-limits';
import { createConnectionCounter } from '../../../src/main/lan/listener';
import { lanPatchSchema, lanSettingsSchema } from '../../../src/shared/sharing/lan-settings';
import { openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';
import { requestText, send, statusOf } from '../../support/raw-http';

const rules = createProxyRules({ trustedProxies: ['127.0.0.1', '10.1.0.0/16', 'fd00::/8'], publicUrls: [] });
const addressFor = (peer: string, forwardedFor?: string): string => clientOf({ peer, forwardedFor, forwardedProto: undefined }, rules).address;

describe('the client of a request', () => {
  it.each([
    ['a direct one', '192.168.1.9', undefined, '192.168.1.9'],
    ['one that claims to be passed on by a stranger', '192.168.1.9', '203.0.113.9', '192.168.1.9'],
    ['one passed on by a named proxy', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['one over an IPv4-mapped address', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['one whose client made up earlier entries', '127.0.0.1', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
    ['one that passed two named proxies', '127.0.0.1', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['one with a port', '127.0.0.1', '203.0.113.9:5123', '203.0.113.9'],
    ['one with an IPv6 address, a port and a zone', '127.0.0.1', '[2001:DB8::1%eth0]:5123', '2001:db8::1'],
    ['one from a named IPv6 network', 'fd00::5', '203.0.113.9', '203.0.113.9'],
    ['one whose entry is no address', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['one whose entry is no address behind a second proxy', '127.0.0.1', '203.0.113.9, _hidden, 10.1.2.3', '10.1.2.3'],
    ['one with an empty header', '127.0.0.1', '', '127.0.0.1'],
    ['one with all entries named', '127.0.0.1', '10.1.2.3', '10.1.2.3'],
  ])('%s', (_title, peer, forwardedFor, address) => {
    expect(addressFor(peer, forwardedFor)).toBe(address);
  });

  it('is never one that stands before an address that is not named, and always an address', () => {
    const entry = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 12 }).map((text) => text.replaceAll(',', '')));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), fc.ipV4().filter((one) => !rules.trusts(one)), (before, last) => {
        expect(addressFor('127.0.0.1', [...before, last].join(', '))).toBe(last);
        expect(addressFor(last, before.join(', '))).toBe(last);
      }),
    );
  });

  it('has the scheme that the nearest proxy states', () => {
    const schemeOf = (peer: string, forwardedProto: string): unknown => clientOf({ peer, forwardedFor: undefined, forwardedProto }, rules).scheme;
    expect([schemeOf('127.0.0.1', 'https'), schemeOf('127.0.0.1', 'http, HTTPS'), schemeOf('127.0.0.1', 'wss'), schemeOf('192.168.1.9', 'https')]).toEqual(['https', 'https', null, null]);
  });
});

describe('the settings of reverse proxies', () => {
  const problem = (patch: unknown): boolean => !lanPatchSchema.safeParse(patch).success;

  it('are empty in a file that does not have them', () => {
    expect(lanSettingsSchema.parse({})).toMatchObject({ trustedProxies: [], publicUrls: [] });
  });

  it.each(['127.0.0.1', '::1', '10.0.0.0/8', '172.16.0.0/12', 'fd00::/8', '192.168.1.5/32', '2001:db8::1/128'])('accept the proxy %s', (proxy) => {
    expect(problem({ trustedProxies: [proxy] })).toBe(false);
  });

  it.each(['', '*', 'proxy.example', '0.0.0.0/0', '::/0', '128.0.0.0/1', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '10.0.0.0/8/8', '127.0.0.1:80', 'fe80::1%eth0'])('refuse the proxy %j', (proxy) => {
    expect(problem({ trustedProxies: [proxy] })).toBe(true);
  });

  it.each(['https://monitor.example', 'https://Monitor.Example/', 'http://box:8080', 'https://home.example/traywatch/', 'https://192.168.1.5:9443', 'https://[fd00::5]', 'https://monitor.example./'])('accept the URL %s', (url) => {
    expect(problem({ publicUrls: [url] })).toBe(false);
  });

  it.each(['', 'monitor.example', '*', 'https://*', 'https://*.example', 'ftp://monitor.example', 'https://user@monitor.example', 'https://monitor.example/?a', 'https://monitor.example/#a', 'https://monitor.example/../x', 'https://monitor.example/a%2fb', 'https://monitor.example:0', 'https://monitor.example:65536', 'https://[::::]', 'https:/\\monitor.example', 'https://a b', 'null'])('refuse the URL %j', (url) => {
    expect(problem({ publicUrls: [url] })).toBe(true);
  });

  it('refuse two URLs that differ in their path alone', () => {
    expect(problem({ publicUrls: ['https://home.example/a', 'https://HOME.example:443/b'] })).toBe(true);
    expect(problem({ publicUrls: ['https://home.example/a', 'http://home.example/b', 'https://home.example:8443'] })).toBe(false);
  });
});

describe('a named proxy', () => {
  it('may hold more connections than a client, up to the limit of all', () => {
    const limits = { ...DEFAULT_LIMITS, connections: 5, connectionsPerAddress: 2 };
    const counter = createConnectionCounter(limits, rules.trusts);
    expect(['127.0.0.1', '127.0.0.1', '127.0.0.1', '192.168.1.9', '192.168.1.9', '192.168.1.9', '127.0.0.1'].map((address) => counter.add(address))).toEqual([true, true, true, true, true, false, false]);
  });
});

const PUBLIC = { host: 'monitor.example', origin: 'https://monitor.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer admin', 'content-type': 'application/json' };

describe('a server behind a reverse proxy', () => {
  let lan: OpenLan;
  beforeAll(async () => {
    lan = await openLan({ settings: { trustedProxies: ['127.0.0.1'], publicUrls: ['https://monitor.example', 'https://home.example:8443/traywatch'], allowLoopbackMetrics: true }, limits: { ...DEFAULT_LIMITS, requestsPerAddress: 30 } });
  });
  afterAll(() => lan.close());
  const post = async (headers: Readonly<Record<string, string>>): Promise<number> => statusOf(await send(lan.port, requestText('POST', '/api/call/snapshot', { ...PUBLIC, ...headers }, '{}')));
  const get = (path: string, headers: Readonly<Record<string, string>>): Promise<string> => send(lan.port, requestText('GET', path, headers));

  it('accepts its public URLs, and lists them', async () => {
    expect(await post({})).toBe(200);
    expect(await post({ host: 'MONITOR.example:443' })).toBe(200);
    expect(await post({ host: 'home.example:8443', origin: 'https://home.example:8443' })).toBe(200);
    expect(lan.state.urls).toEqual([`http://127.0.0.1:${lan.port}/`, 'https://monitor.example', 'https://home.example:8443/traywatch']);
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'http://monitor.example' }, 403],
    [{ origin: 'https://monitor.example:8443' }, 403],
    [{ origin: 'https://home.example:8443' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: 'monitor.example:8443' }, 421],
    [{ host: 'monitor.example.evil.example' }, 421],
    [{ host: 'a.monitor.example' }, 421],
    [{ host: 'home.example' }, 421],
    [{ 'x-forwarded-proto': 'http', origin: 'http://monitor.example' }, 421],
  ])('accepts exactly these: with %j it answers %i', async (headers, status) => {
    expect(await post(headers)).toBe(status);
  });

  it('refuses its own names from a proxy, which would hide foreign ones', async () => {
    for (const host of [`127.0.0.1:${lan.port}`, `localhost:${lan.port}`, `box.local:${lan.port}`]) {
      expect(statusOf(await get('/api/metrics', { host, 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer viewer' }))).toBe(421);
      expect(statusOf(await get('/api/metrics', { host, authorization: 'Bearer viewer' }))).toBe(200);
    }
    expect(await get('/', { host: `localhost:${lan.port}`, 'x-forwarded-for': '203.0.113.9', accept: 'text/html' })).toContain('must pass the Host header on');
  });

  it('passes the client’s address to authentication and to the log', async () => {
    await get('/api/metrics', { ...PUBLIC, 'x-forwarded-for': '198.51.100.7', forwarded: 'for=1.1.1.1', 'x-real-ip': '1.1.1.1' });
    expect(lan.authenticator.addresses.at(-1)).toBe('198.51.100.7');
    expect(lan.log.at(-1)?.fields).toMatchObject({ address: '198.51.100.7' });
  });

  it('limits each client by itself', async () => {
    const from = async (address: string): Promise<number> => statusOf(await get('/api/metrics', { ...PUBLIC, 'x-forwarded-for': address }));
    const statuses: number[] = [];
    for (let count = 0; count < 31; count += 1) statuses.push(await from('198.51.100.8'));
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(await from('198.51.100.9')).toBe(200);
  });

  it('still asks for a token at /metrics', async () => {
    expect(statusOf(await get('/metrics', { host: 'monitor.example' }))).toBe(401);
    expect(statusOf(await get('/metrics', { host: 'monitor.example', 'x-forwarded-for': '127.0.0.1' }))).toBe(401);
    expect(statusOf(await get('/metrics', { host: `127.0.0.1:${lan.port}` }))).toBe(200);
  });
});

describe('a server that names no proxy and no public URL', () => {
  let lan: OpenLan;
  beforeAll(async () => {
    lan = await openLan();
  });
  afterAll(() => lan.close());

  it('refuses the request of a proxy with a page that says what to do', async () => {
    expect(statusOf(await send(lan.port, requestText('POST', '/api/call/snapshot', PUBLIC, '{}')))).toBe(421);
    const page = await send(lan.port, requestText('GET', '/', { host: '<b>.example', accept: 'text/html,*/*' }));
    expect(statusOf(page)).toBe(400);
    const known = await send(lan.port, requestText('GET', '/', { host: 'monitor.example', accept: 'text/html,*/*' }));
    expect(known).toMatch(/^HTTP\/1.1 421[^]*content-type: text\/html[^]*add it to the public URLs/i);
    expect(known).not.toContain('monitor.example');
  });

  it('takes the address of the connection, whatever a request says', async () => {
    await send(lan.port, requestText('GET', '/api/metrics', { host: `127.0.0.1:${lan.port}`, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }));
    expect(lan.authenticator.addresses).toEqual(['127.0.0.1']);
  });
});
