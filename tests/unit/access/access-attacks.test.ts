/** Attacks on the sign-in routes: real requests over a socket. */
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GRACE } from '../../../src/main/access/refresh-token-rotation';
import { ACCESS_TOKEN_LIFETIME } from '../../../src/main/access/sessions';
import { CALLS } from '../../../src/shared/api/contract';
import { openAccessServer, pairOverHttp } from '../../support/access-server';
import type { ParsedResponse } from '../../support/access-server';

const PASSWORD = 'correct horse battery';
const REFUSED = { ok: false };

/** What an attacker observes of a response, except times. */
const seen = ({ status, headers, text }: ParsedResponse) => ({ status, text, headers: [...headers].filter(([name]) => !['date', 'retry-after'].includes(name)) });

describe('the sign-in routes', () => {
  it('a browser pairs, is identified, refreshes after fifteen minutes, and signs out', async () => {
    const harness = await openAccessServer();
    const browser = harness.browser();
    expect((await browser.send('/api/auth/me')).body).toEqual({ ok: true, value: { identity: null, passwords: false } });
    const { code } = harness.access.pairing.createCode();
    const requested = await browser.send('/api/auth/pair', { body: { code, name: 'Anna’s phone' } });
    expect(requested).toMatchObject({ status: 202, body: { ok: true, value: { host: 'workshop' } } });
    const id = String(requested.body.value?.['id']);
    expect((await browser.send(`/api/auth/pair/${id}`)).body.value).toEqual({ state: 'pending' });
    const waiting = browser.send(`/api/auth/pair/${id}?wait=25`);
    // The decision comes while the request is open, or the test would wait for a clock that is not moved.
    await expect.poll(() => harness.access.summary().requests).toHaveLength(1);
    harness.access.pairing.decide(id, 'viewer');
    expect((await waiting).body.value).toEqual({ state: 'approved' });
    const me = await browser.send('/api/auth/me');
    expect(me.body.value).toMatchObject({ identity: { name: 'Anna’s phone', role: 'viewer' } });
    const { capabilities } = (me.body.value ?? {})['identity'] as { capabilities: string[] };
    expect(capabilities.toSorted()).toEqual(Object.entries(CALLS).filter(([, { access }]) => access === 'viewer').map(([name]) => name).toSorted());
    await harness.time.pass(ACCESS_TOKEN_LIFETIME);
    expect((await browser.send('/api/auth/me')).body.value).toMatchObject({ identity: null });
    expect((await browser.send('/api/auth/refresh', { body: {} })).status).toBe(200);
    expect((await browser.send('/api/auth/me')).body.value).toMatchObject({ identity: { role: 'viewer' } });
    expect((await browser.send('/api/auth/logout', { body: {} })).status).toBe(200);
    expect(browser.jar.size).toBe(0);
    expect(harness.access.summary().devices).toEqual([]);
    expect(harness.internal).toEqual([]);
  });

  it('cookies are HttpOnly, SameSite, Secure and limited to their path', async () => {
    const harness = await openAccessServer();
    const browser = harness.browser();
    await pairOverHttp(harness, browser);
    const set = browser.given.filter((line) => !/=;/.test(line));
    const by = (name: string) => set.find((line) => line.startsWith(`${name}=`)) ?? '';
    for (const line of set) for (const rule of ['HttpOnly', 'Secure', 'SameSite=Strict']) expect(line).toContain(rule);
    for (const line of set) expect(line).not.toContain('Domain');
    expect(by('__Host-traywatch')).toMatch(/Path=\/;/);
    expect(by('__Host-traywatch')).not.toContain('Max-Age');
    expect(by('__Secure-traywatch-refresh')).toMatch(/Max-Age=2592000; Path=\/api\/auth;/);
    expect(by('__Secure-traywatch-pair')).toMatch(/Max-Age=300; Path=\/api\/auth\/pair;/);
    const plain = await openAccessServer({ parts: { isSecure: () => false } });
    const open = plain.browser();
    await pairOverHttp(plain, open);
    expect(open.given.join('\n')).not.toMatch(/Secure|__Host/);
    expect([...open.jar.keys()].toSorted()).toEqual(['traywatch', 'traywatch-refresh']);
  });

  it('a thousand wrong codes gain no access, and the next code still works', async () => {
    const harness = await openAccessServer();
    const attacker = harness.browser();
    const { code } = harness.access.pairing.createCode();
    const statuses = new Map<number, number>();
    for (let n = 0; n < 1000; n += 1) {
      const guess = String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0');
      const { status, body } = await attacker.send('/api/auth/pair', { body: { code: guess, name: 'x' } });
      expect(body).toMatchObject(REFUSED);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(new Set(statuses.keys())).toEqual(new Set([403, 429]));
    expect(statuses.get(403)).toBeLessThanOrEqual(5);
    // The correct code is refused from this address now.
    expect((await attacker.send('/api/auth/pair', { body: { code, name: 'x' } })).status).toBe(429);
    expect(attacker.jar.size).toBe(0);
    expect(harness.access.summary()).toMatchObject({ requests: [], devices: [] });
    const owner = harness.browser();
    await pairOverHttp(harness, owner);
    expect((await owner.send('/api/auth/me')).body.value).toMatchObject({ identity: { role: 'viewer' } });
    expect(harness.events.filter(({ type }) => type === 'lan_pairing_failed').length).toBeLessThanOrEqual(1);
  });

  it('a request can be polled and claimed only by the browser that made it', async () => {
    const harness = await openAccessServer();
    const browser = harness.browser();
    const requested = await browser.send('/api/auth/pair', { body: { code: harness.access.pairing.createCode().code, name: 'Phone' } });
    const id = String(requested.body.value?.['id']);
    harness.access.pairing.decide(id, 'admin');
    const stranger = harness.browser();
    expect(seen(await stranger.send(`/api/auth/pair/${id}`))).toEqual(seen(await stranger.send('/api/auth/pair/r0123456789abcdef')));
    expect(stranger.jar.size).toBe(0);
    expect((await browser.send(`/api/auth/pair/${id}`)).body.value).toEqual({ state: 'approved' });
  });

  it('a stolen refresh token used after the owner’s ends both sessions and is recorded in the timeline', async () => {
    const harness = await openAccessServer();
    const owner = harness.browser();
    await pairOverHttp(harness, owner, 'admin');
    const thief = owner.copy();
    expect((await owner.send('/api/auth/refresh', { body: {} })).status).toBe(200);
    expect((await owner.send('/api/auth/me')).body.value).toMatchObject({ identity: { role: 'admin' } });
    await harness.time.pass(GRACE + 1);
    expect((await thief.send('/api/auth/refresh', { body: {} })).status).toBe(401);
    expect((await owner.send('/api/auth/me')).body.value).toMatchObject({ identity: null });
    expect((await owner.send('/api/auth/refresh', { body: {} })).status).toBe(401);
    expect(harness.revoked).toHaveLength(1);
    expect(harness.events.at(-1)).toMatchObject({ type: 'lan_refresh_token_reused', severity: 'warning' });
  });

  it('a copied access token is invalid after a revocation and cannot be refreshed', async () => {
    const harness = await openAccessServer();
    const owner = harness.browser();
    await pairOverHttp(harness, owner);
    const thief = owner.copy();
    thief.jar.delete('__Secure-traywatch-refresh');
    expect((await thief.send('/api/auth/me')).body.value).toMatchObject({ identity: { role: 'viewer' } });
    harness.access.revoke(() => true, 'taken away');
    expect((await thief.send('/api/auth/me')).body.value).toMatchObject({ identity: null });
    expect((await thief.send('/api/auth/refresh', { body: {} })).status).toBe(401);
  });

  it('existing and unknown account names get the same responses, byte for byte, for the same work', async () => {
    const harness = await openAccessServer();
    await harness.access.accounts.set('anna', 'admin', PASSWORD);
    harness.hashed.length = 0;
    const known: unknown[] = [];
    const unknown: unknown[] = [];
    for (let n = 0; n < 5; n += 1) known.push(seen(await harness.browser().send('/api/auth/login', { body: { name: 'anna', password: `guess number ${n}` } })));
    await harness.time.pass(3_600_000);
    for (let n = 0; n < 5; n += 1) unknown.push(seen(await harness.browser().send('/api/auth/login', { body: { name: 'nobody', password: `guess number ${n}` } })));
    expect(unknown).toEqual(known);
    expect(known).toMatchObject([{ status: 401 }, { status: 401 }, { status: 401 }, { status: 401 }, { status: 401 }]);
    expect(harness.hashed).toHaveLength(10);
    for (let n = 0; n < 100; n += 1) {
      const { status, headers } = await harness.browser().send('/api/auth/login', { body: { name: 'nobody', password: `guess number ${n}` } });
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(harness.hashed).toHaveLength(10);
  });

  it('an account signs in, and its password is in no response, event or log', async () => {
    const harness = await openAccessServer();
    await harness.access.accounts.set('anna', 'admin', PASSWORD);
    const browser = harness.browser();
    expect((await browser.send('/api/auth/me')).body.value).toEqual({ identity: null, passwords: true });
    const signedIn = await browser.send('/api/auth/login', { body: { name: 'anna', password: PASSWORD, device: 'Firefox' } });
    expect(signedIn).toMatchObject({ status: 200, body: { value: { identity: { name: 'anna, Firefox', role: 'admin' } } } });
    expect(JSON.stringify([signedIn.text, harness.events, harness.lines, harness.access.summary()])).not.toContain(PASSWORD);
  });

  it('a refresh that cannot be saved leaves the browser its cookies', async () => {
    const harness = await openAccessServer();
    const browser = harness.browser();
    await pairOverHttp(harness, browser);
    const before = new Map(browser.jar);
    mkdirSync(`${harness.path}.tmp/in-the-way`, { recursive: true });
    expect((await browser.send('/api/auth/refresh', { body: {} })).status).toBe(503);
    expect(browser.jar).toEqual(before);
    rmSync(`${harness.path}.tmp`, { recursive: true });
    expect((await browser.send('/api/auth/refresh', { body: {} })).status).toBe(200);
  });

  const SECRET = 'hunter2-is-my-password';
  it.each([
    ['no body', 'pair', ''],
    ['not JSON', 'pair', '{'],
    ['a list', 'pair', '[]'],
    ['null', 'login', 'null'],
    ['a short code', 'pair', { code: '123', name: SECRET }],
    ['a code that is a number', 'pair', { code: 123456, name: 'x' }],
    ['code and link at once', 'pair', { code: '123456', secret: 'x'.repeat(43), name: 'x' }],
    ['an unknown key', 'login', { name: 'anna', password: SECRET, [SECRET]: 1 }],
    ['a password that is an object', 'login', { name: 'anna', password: { $ne: SECRET } }],
    ['an endless password', 'login', { name: 'anna', password: SECRET.repeat(100) }],
    ['an endless name', 'login', { name: 'a'.repeat(5000), password: SECRET }],
    ['a prototype', 'login', `{"__proto__":{"name":"anna"},"password":"${SECRET}"}`],
    ['something at a logout', 'logout', { all: SECRET }],
  ])('refuses %s without repeating what was sent', async (_what, route, body) => {
    const harness = await openAccessServer();
    const response = await harness.browser().send(`/api/auth/${route}`, { body });
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ ok: false, code: 'BadInput' });
    expect(response.text).not.toContain(SECRET);
    expect(response.text).not.toMatch(/at .*\.ts|node_modules/);
    expect(harness.hashed).toEqual([]);
    expect(harness.internal).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json-evil', ''])('refuses content types that a form of another site could send: %s', async (type) => {
    const harness = await openAccessServer();
    const { code } = harness.access.pairing.createCode();
    const { status } = await harness.browser().send('/api/auth/pair', { body: JSON.stringify({ code, name: 'x' }), headers: { 'content-type': type } });
    expect(status).toBe(415);
    expect(harness.access.summary().requests).toEqual([]);
    expect((await harness.browser().send('/api/auth/logout', { method: 'POST' })).status).toBe(415);
  });

  it('refuses a large body, a wrong method and manipulated paths', async () => {
    const harness = await openAccessServer();
    const browser = harness.browser();
    expect((await browser.send('/api/auth/login', { body: { name: 'x', password: 'x'.repeat(100_000) } })).status).toBe(413);
    expect((await browser.send('/api/auth/refresh')).status).toBe(404);
    for (const id of ['..%2fme', '%2e%2e%2fme', 'r%00', 'r0123456789abcdef%0d%0aSet-Cookie:x=1', 'x'.repeat(2000)]) {
      const { status, headers } = await browser.send(`/api/auth/pair/${id}`);
      expect([400, 404, 414]).toContain(status);
      expect(headers.getSetCookie()).toEqual([]);
    }
    expect((await browser.send('/api/auth/pair/r0123456789abcdef?wait=1e9')).status).toBe(400);
    expect(harness.internal).toEqual([]);
  });

  it('no response is cached', async () => {
    const harness = await openAccessServer();
    for (const response of [await harness.browser().send('/api/auth/me'), await harness.browser().send('/api/auth/refresh', { body: {} })]) {
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});
