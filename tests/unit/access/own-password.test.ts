/** Another password for one's own account, asked for from the browser: each a real request over a socket. */
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCallbackLog } from '../../../src/main/engine/log';
import { createAuthPlugin as routesOf } from '../../../src/main/lan/auth/auth-plugin';
import { batchOf, openLan } from '../../support/lan-server';
import { eventsOf } from '../../support/http-transport';
import { Browser, openServer, pairOverHttp } from '../../support/access-server';
import type { Answer, ServerRig } from '../../support/access-server';
import { openRig, typesOf } from '../../support/access';

const OLD = 'correct horse battery';
const NEW = 'a quite different phrase';

/** A browser signed in as anna. */
async function signedIn(rig: Pick<ServerRig, 'browser'>, headers: Record<string, string> = {}): Promise<Browser> {
  const browser = rig.browser();
  const came = await browser.send('/api/auth/login', { body: { name: 'anna', password: OLD, device: 'Firefox' }, headers });
  if (came.status !== 200) throw new Error(came.text);
  return browser;
}

async function openAnna(given: Parameters<typeof openServer>[0] = {}): Promise<ServerRig> {
  const rig = await openServer(given);
  await rig.access.accounts.set('anna', 'admin', OLD);
  return rig;
}

const change = (browser: Browser, current: unknown, password: unknown, headers: Record<string, string> = {}): Promise<Answer> => browser.send('/api/auth/password', { body: { current, password }, headers });
const isIn = async (browser: Browser): Promise<boolean> => ((await browser.send('/api/auth/me')).body.value ?? {})['identity'] !== null;

describe('one’s own password', () => {
  it('is another one from now on: this session goes on, the account’s others end, and the timeline tells', async () => {
    const rig = await openAnna();
    const [own, other, thief] = [await signedIn(rig), await signedIn(rig), rig.browser()];
    for (const [name, cookie] of own.jar) thief.jar.set(name, cookie);
    const paired = rig.browser();
    await pairOverHttp(rig, paired);
    expect((await own.send('/api/auth/me')).body.value).toMatchObject({ identity: { account: 'anna' } });
    const done = await change(own, OLD, NEW);
    expect(done).toMatchObject({ status: 200, body: { ok: true, value: { identity: { role: 'admin', account: 'anna' } } } });
    expect([await isIn(own), await isIn(other), await isIn(paired)]).toEqual([true, false, true]);
    expect((await other.send('/api/auth/refresh', { body: {} })).status).toBe(401);
    // Whoever copied this browser's cookies is out as well, and their old refresh token ends nothing.
    expect(await isIn(thief)).toBe(false);
    expect((await thief.send('/api/auth/refresh', { body: {} })).status).toBe(401);
    expect((await own.send('/api/auth/refresh', { body: {} })).status).toBe(200);
    expect(rig.revoked).toHaveLength(2);
    expect(typesOf(rig).slice(-2)).toEqual(['lan_password_changed', 'lan_device_revoked']);
    expect(rig.events.at(-2)).toMatchObject({ user: 'anna', details: { address: '127.0.0.1', signedOut: 1 } });
    expect(JSON.stringify([rig.events, rig.lines, done.text])).not.toMatch(/horse|phrase/);
    const login = (password: string): Promise<Answer> => rig.browser().send('/api/auth/login', { body: { name: 'anna', password, device: '' } });
    expect([(await login(OLD)).status, (await login(NEW)).status]).toEqual([401, 200]);
    expect(rig.internal).toEqual([]);
  });

  it('needs the old one, which is guessed no more often here than at the door', async () => {
    const rig = await openAnna();
    const browser = await signedIn(rig);
    rig.derived.length = 0;
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) statuses.push((await change(browser, `guess number ${n}`, NEW)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
    expect(rig.derived).toHaveLength(5);
    const held = await change(browser, OLD, NEW);
    expect(held.status).toBe(429);
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0);
    // The door counts the same tries.
    expect((await rig.browser().send('/api/auth/login', { body: { name: 'anna', password: OLD, device: '' } })).status).toBe(429);
    expect(await isIn(browser)).toBe(true);
    await rig.time.pass(60_000);
    expect((await change(browser, OLD, NEW)).status).toBe(200);
    rig.access.close();
    expect(rig.events.filter(({ type }) => type === 'lan_login_failed')).toMatchObject([{ details: { addresses: ['127.0.0.1'] } }]);
  });

  it.each([
    ['short', 'Tr0ub4d&3', /^password: must have at least 10/],
    ['long', 'xyz'.repeat(100), /^password: must have at most 200/],
    ['a pattern', 'abababababab', /^password: .*different/],
    ['the old one', OLD, /^password: must differ from/],
    ['endless', 'x'.repeat(500), /^invalid: password$/],
    ['nothing', '', /^invalid: password$/],
    ['no text', { $ne: 1 }, /^invalid: password$/],
  ])('a new one that is %s is refused with its field, before anything is hashed', async (_what, password, message) => {
    const rig = await openAnna();
    const browser = await signedIn(rig);
    rig.derived.length = 0;
    const response = await change(browser, OLD, password);
    expect(response).toMatchObject({ status: 400, body: { code: 'BadInput', message: expect.stringMatching(message) } });
    expect(rig.derived).toEqual([]);
    expect(await isIn(browser)).toBe(true);
  });

  it('is for people with an account: not for strangers, paired browsers or tokens', async () => {
    const rig = await openAnna();
    const paired = rig.browser();
    await pairOverHttp(rig, paired, 'admin');
    rig.derived.length = 0;
    expect((await change(rig.browser(), OLD, NEW)).status).toBe(401);
    expect((await change(paired, OLD, NEW)).status).toBe(403);
    const { token } = rig.access.tokens.create('script', ['read', 'write'], 1);
    expect((await change(rig.browser(), OLD, NEW, { authorization: `Bearer ${token}` })).status).toBe(403);
    // A token beside the cookies of a session is still a token.
    expect((await change(await signedIn(rig), OLD, NEW, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect(rig.derived).toEqual([OLD]);
    expect((await rig.browser().send('/api/auth/password')).status).toBe(404);
  });

  it('a role that changes while the hash is made stays changed, and a browser put out meanwhile stays out', async () => {
    const THIRD = 'yet another long phrase';
    const held: (() => void)[] = [];
    // The hash of a new password waits; checking an old one does not.
    const wait = (password: string): Promise<void> => (password === NEW || password === THIRD ? new Promise((resolve) => held.push(resolve)) : Promise.resolve());
    let slow = true;
    const rig = await openAnna({ parts: { derive: async (password, { salt }) => (slow ? wait(password) : Promise.resolve()).then(() => `${salt}${password}`) } });
    const [own, second] = [await signedIn(rig), await signedIn(rig)];
    const first = change(own, OLD, NEW);
    await expect.poll(() => held).toHaveLength(1);
    await rig.access.accounts.set('anna', 'viewer', undefined);
    held.pop()?.();
    expect((await first).status).toBe(200);
    expect(rig.access.summary().accounts).toMatchObject([{ name: 'anna', role: 'viewer' }]);
    expect(await isIn(second)).toBe(false);
    const late = change(own, NEW, THIRD);
    await expect.poll(() => held).toHaveLength(1);
    held.pop()?.();
    await expect.poll(() => held).toHaveLength(1);
    rig.access.revoke(() => true, 'taken away');
    held.pop()?.();
    expect((await late).status).toBe(401);
    slow = false;
    expect((await rig.browser().send('/api/auth/login', { body: { name: 'anna', password: NEW, device: '' } })).status).toBe(200);
  });

  it('a disk that takes nothing leaves everything as it was', async () => {
    const rig = await openAnna();
    const [own, other] = [await signedIn(rig), await signedIn(rig)];
    rmSync(rig.path);
    mkdirSync(rig.path);
    expect((await change(own, OLD, NEW)).status).toBe(503);
    rmSync(rig.path, { recursive: true });
    expect(await isIn(other)).toBe(true);
    expect((await own.send('/api/auth/refresh', { body: {} })).status).toBe(200);
    expect(await isIn(own)).toBe(true);
    expect((await change(own, OLD, NEW)).status).toBe(200);
  });
});

describe('behind the server’s own guard', () => {
  async function openGuarded() {
    const rig = openRig({ parts: { isSecure: () => false } });
    await rig.access.accounts.set('anna', 'admin', OLD);
    const lan = await openLan({ authenticator: rig.access, extend: routesOf(rig.access, createCallbackLog(() => undefined)).extend });
    onTestFinished(async () => {
      await lan.close();
      rig.access.close();
    });
    return { rig, lan, browser: () => new Browser(lan.origin) };
  }

  it('stolen cookies are worth nothing from a foreign origin, in a form, or without an origin', async () => {
    const world = await openGuarded();
    const owner = await signedIn(world, { origin: world.lan.origin });
    const thief = owner.copy();
    world.rig.derived.length = 0;
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: world.lan.origin, 'sec-fetch-site': 'cross-site' }, {}]) {
      expect(await change(thief, OLD, NEW, headers as Record<string, string>)).toMatchObject({ status: 403, body: { ok: false } });
    }
    expect((await change(thief, OLD, NEW, { origin: world.lan.origin, 'content-type': 'text/plain' })).status).toBe(415);
    expect(world.rig.derived).toEqual([]);
    expect((await change(owner, OLD, NEW, { origin: world.lan.origin })).status).toBe(200);
  });

  it('a stream opened with stolen cookies ends with the old password', async () => {
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

  it('a token is stopped before the route', async () => {
    const world = await openGuarded();
    const { token } = world.rig.access.tokens.create('script', ['read', 'write'], 1);
    expect((await change(world.browser(), OLD, NEW, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await change(world.browser(), OLD, NEW)).status).toBe(401);
  });
});
