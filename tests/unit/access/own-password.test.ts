/** Changing the password of the signed-in account: real requests over a socket. */
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../support/log';
import { createAuthPlugin as routesOf } from '../../../src/main/lan/auth/auth-plugin';
import { batchOf, openLan } from '../../support/lan-server';
import { eventsOf } from '../../support/http-transport';
import { Browser, openAccessServer, pairOverHttp } from '../../support/access-server';
import type { ParsedResponse, AccessServer } from '../../support/access-server';
import { openAccess, eventTypesOf } from '../../support/access';

const OLD = 'correct horse battery';
const NEW = 'a quite different phrase';

/** A browser signed in as anna. */
async function signedIn(harness: Pick<AccessServer, 'browser'>, headers: Record<string, string> = {}): Promise<Browser> {
  const browser = harness.browser();
  const response = await browser.send('/api/auth/login', { body: { name: 'anna', password: OLD, device: 'Firefox' }, headers });
  if (response.status !== 200) throw new Error(response.text);
  return browser;
}

async function openAnna(given: Parameters<typeof openAccessServer>[0] = {}): Promise<AccessServer> {
  const harness = await openAccessServer(given);
  await harness.access.accounts.set('anna', 'admin', OLD);
  return harness;
}

const change = (browser: Browser, current: unknown, password: unknown, headers: Record<string, string> = {}): Promise<ParsedResponse> => browser.send('/api/auth/password', { body: { current, password }, headers });
const isIn = async (browser: Browser): Promise<boolean> => ((await browser.send('/api/auth/me')).body.value ?? {})['identity'] !== null;

describe('password change', () => {
  it('keeps this session, ends the other sessions of the account, and is recorded in the timeline', async () => {
    const harness = await openAnna();
    const [own, other, thief] = [await signedIn(harness), await signedIn(harness), harness.browser()];
    for (const [name, cookie] of own.jar) thief.jar.set(name, cookie);
    const paired = harness.browser();
    await pairOverHttp(harness, paired);
    expect((await own.send('/api/auth/me')).body.value).toMatchObject({ identity: { account: 'anna' } });
    const done = await change(own, OLD, NEW);
    expect(done).toMatchObject({ status: 200, body: { ok: true, value: { identity: { role: 'admin', account: 'anna' } } } });
    expect([await isIn(own), await isIn(other), await isIn(paired)]).toEqual([true, false, true]);
    expect((await other.send('/api/auth/refresh', { body: {} })).status).toBe(401);
    // A copy of this browser's cookies is invalid as well, and its old refresh token ends nothing.
    expect(await isIn(thief)).toBe(false);
    expect((await thief.send('/api/auth/refresh', { body: {} })).status).toBe(401);
    expect((await own.send('/api/auth/refresh', { body: {} })).status).toBe(200);
    expect(harness.revoked).toHaveLength(2);
    expect(eventTypesOf(harness).slice(-2)).toEqual(['lan_password_changed', 'lan_device_revoked']);
    expect(harness.events.at(-2)).toMatchObject({ user: 'anna', details: { address: '127.0.0.1', signedOut: 1 } });
    expect(JSON.stringify([harness.events, harness.lines, done.text])).not.toMatch(/horse|phrase/);
    const login = (password: string): Promise<ParsedResponse> => harness.browser().send('/api/auth/login', { body: { name: 'anna', password, device: '' } });
    expect([(await login(OLD)).status, (await login(NEW)).status]).toEqual([401, 200]);
    expect(harness.internal).toEqual([]);
  });

  it('needs the current password, with the same rate limit as signing in', async () => {
    const harness = await openAnna();
    const browser = await signedIn(harness);
    harness.hashed.length = 0;
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) statuses.push((await change(browser, `guess number ${n}`, NEW)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
    expect(harness.hashed).toHaveLength(5);
    const held = await change(browser, OLD, NEW);
    expect(held.status).toBe(429);
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0);
    // Signing in counts the same attempts.
    expect((await harness.browser().send('/api/auth/login', { body: { name: 'anna', password: OLD, device: '' } })).status).toBe(429);
    expect(await isIn(browser)).toBe(true);
    await harness.time.pass(60_000);
    expect((await change(browser, OLD, NEW)).status).toBe(200);
    harness.access.close();
    expect(harness.events.filter(({ type }) => type === 'lan_login_failed')).toMatchObject([{ details: { addresses: ['127.0.0.1'] } }]);
  });

  it.each([
    ['short', 'Tr0ub4d&3', /^password: must have at least 10/],
    ['long', 'xyz'.repeat(100), /^password: must have at most 200/],
    ['a pattern', 'abababababab', /^password: .*different/],
    ['the current one', OLD, /^password: must differ from/],
    ['endless', 'x'.repeat(500), /^invalid: password$/],
    ['nothing', '', /^invalid: password$/],
    ['no text', { $ne: 1 }, /^invalid: password$/],
  ])('refuses a new password that is %s, naming the field, before anything is hashed', async (_what, password, message) => {
    const harness = await openAnna();
    const browser = await signedIn(harness);
    harness.hashed.length = 0;
    const response = await change(browser, OLD, password);
    expect(response).toMatchObject({ status: 400, body: { code: 'BadInput', message: expect.stringMatching(message) } });
    expect(harness.hashed).toEqual([]);
    expect(await isIn(browser)).toBe(true);
  });

  it('is refused without a session, for paired browsers and for API tokens', async () => {
    const harness = await openAnna();
    const paired = harness.browser();
    await pairOverHttp(harness, paired, 'admin');
    harness.hashed.length = 0;
    expect((await change(harness.browser(), OLD, NEW)).status).toBe(401);
    expect((await change(paired, OLD, NEW)).status).toBe(403);
    const { token } = harness.access.tokens.create('script', ['read', 'write'], 1);
    expect((await change(harness.browser(), OLD, NEW, { authorization: `Bearer ${token}` })).status).toBe(403);
    // A token beside the cookies of a session is still a token.
    expect((await change(await signedIn(harness), OLD, NEW, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect(harness.hashed).toEqual([OLD]);
    expect((await harness.browser().send('/api/auth/password')).status).toBe(404);
  });

  it('keeps a role changed while the hash is computed, and fails for a browser revoked meanwhile', async () => {
    const THIRD = 'yet another long phrase';
    const held: (() => void)[] = [];
    // The hash of a new password waits; checking an old one does not.
    const wait = (password: string): Promise<void> => (password === NEW || password === THIRD ? new Promise((resolve) => held.push(resolve)) : Promise.resolve());
    let slow = true;
    const harness = await openAnna({ parts: { derive: async (password, { salt }) => (slow ? wait(password) : Promise.resolve()).then(() => `${salt}${password}`) } });
    const [own, second] = [await signedIn(harness), await signedIn(harness)];
    const first = change(own, OLD, NEW);
    await expect.poll(() => held).toHaveLength(1);
    await harness.access.accounts.set('anna', 'viewer', undefined);
    held.pop()?.();
    expect((await first).status).toBe(200);
    expect(harness.access.summary().accounts).toMatchObject([{ name: 'anna', role: 'viewer' }]);
    expect(await isIn(second)).toBe(false);
    const late = change(own, NEW, THIRD);
    await expect.poll(() => held).toHaveLength(1);
    held.pop()?.();
    await expect.poll(() => held).toHaveLength(1);
    harness.access.revoke(() => true, 'taken away');
    held.pop()?.();
    expect((await late).status).toBe(401);
    slow = false;
    expect((await harness.browser().send('/api/auth/login', { body: { name: 'anna', password: NEW, device: '' } })).status).toBe(200);
  });

  it('changes nothing when it cannot be saved', async () => {
    const harness = await openAnna();
    const [own, other] = [await signedIn(harness), await signedIn(harness)];
    rmSync(harness.path);
    mkdirSync(harness.path);
    expect((await change(own, OLD, NEW)).status).toBe(503);
    rmSync(harness.path, { recursive: true });
    expect(await isIn(other)).toBe(true);
    expect((await own.send('/api/auth/refresh', { body: {} })).status).toBe(200);
    expect(await isIn(own)).toBe(true);
    expect((await change(own, OLD, NEW)).status).toBe(200);
  });
});

describe('password change behind the security hooks', () => {
  async function openGuarded() {
    const harness = openAccess({ parts: { isSecure: () => false } });
    await harness.access.accounts.set('anna', 'admin', OLD);
    const lan = await openLan({ authenticator: harness.access, extend: routesOf(harness.access, createCallbackLog(() => undefined)).extend });
    onTestFinished(async () => {
      await lan.close();
      harness.access.close();
    });
    return { harness, lan, browser: () => new Browser(lan.origin) };
  }

  it('refuses stolen cookies from a foreign origin, in a form, or without an origin', async () => {
    const world = await openGuarded();
    const owner = await signedIn(world, { origin: world.lan.origin });
    const thief = owner.copy();
    world.harness.hashed.length = 0;
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: world.lan.origin, 'sec-fetch-site': 'cross-site' }, {}]) {
      expect(await change(thief, OLD, NEW, headers as Record<string, string>)).toMatchObject({ status: 403, body: { ok: false } });
    }
    expect((await change(thief, OLD, NEW, { origin: world.lan.origin, 'content-type': 'text/plain' })).status).toBe(415);
    expect(world.harness.hashed).toEqual([]);
    expect((await change(owner, OLD, NEW, { origin: world.lan.origin })).status).toBe(200);
  });

  it('ends a stream opened with stolen cookies', async () => {
    const world = await openGuarded();
    const owner = await signedIn(world, { origin: world.lan.origin });
    const cookie = [...owner.jar].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const stolen = await fetch(`${world.lan.origin}/api/stream?interval=1`, { headers: { cookie } });
    world.lan.hub.publish(batchOf(1));
    const events = eventsOf(stolen.body);
    expect((await events.next()).value).toMatchObject({ event: 'batch' });
    expect((await change(owner, OLD, NEW, { origin: world.lan.origin })).status).toBe(200);
    // However it ends: cut, or closed in order.
    await expect(events.next().then(({ done }) => done === true, () => true)).resolves.toBe(true);
    expect((await fetch(`${world.lan.origin}/api/stream`, { headers: { cookie } })).status).toBe(401);
  });

  it('refuses an API token before the route', async () => {
    const world = await openGuarded();
    const { token } = world.harness.access.tokens.create('script', ['read', 'write'], 1);
    expect((await change(world.browser(), OLD, NEW, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await change(world.browser(), OLD, NEW)).status).toBe(401);
  });
});
