/** The page's way in, over real routes: what a person at a browser goes through. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { toDeviceName } from '../../../../src/renderer/features/sign-in/device-name';
import { createHttp } from '../../../../src/renderer/data/http';
import type { Fetch } from '../../../../src/renderer/data/http';
import { createSignIn } from '../../../../src/renderer/features/sign-in/sign-in-controller';
import type { SignIn } from '../../../../src/renderer/features/sign-in/sign-in-controller';
import { ACCESS_TOKEN_LIFETIME } from '../../../../src/main/access/sessions';
import { createManualTimers, settle } from '../../../support/timers';
import { openAccessServer } from '../../../support/access-server';
import type { Browser, AccessServer } from '../../../support/access-server';

const PASSWORD = 'correct horse battery';

/** The browser's fetch over the cookies of a test's browser; off while `cut` is set. */
function fetchOf(browser: Browser, line: { cut: boolean }): Fetch {
  return async (path, { method = 'GET', body, headers }) => {
    if (line.cut) throw new TypeError('Failed to fetch');
    const answer = await browser.send(path, { method, ...(typeof body === 'string' ? { body } : {}), headers: { ...(headers as Record<string, string>) } });
    return new Response(answer.text, { status: answer.status });
  };
}

async function openPage(given: { harness?: AccessServer; browser?: Browser } = {}) {
  const harness = given.harness ?? (await openAccessServer());
  const browser = given.browser ?? harness.browser();
  const line = { cut: false };
  const timers = createManualTimers();
  const signIn = createSignIn({ http: createHttp(fetchOf(browser, line)), timers, device: 'Firefox on Android' });
  onTestFinished(() => signIn.stop());
  return { harness, browser, line, timers, signIn };
}

/** Waits for a state, which comes over a real socket. */
async function until(signIn: SignIn, kind: string): Promise<ReturnType<SignIn['store']['getState']>> {
  await expect.poll(() => signIn.store.getState().kind).toBe(kind);
  return signIn.store.getState();
}

describe('signing in', () => {
  it('with a code: wrong, then right, then waiting, then in', async () => {
    const { harness, signIn } = await openPage();
    signIn.start();
    expect(await until(signIn, 'out')).toEqual({ kind: 'out', passwords: false, told: null, busy: false });
    const { code } = harness.access.pairing.createCode();
    await signIn.pair({ code: code === '000000' ? '000001' : '000000' });
    expect(signIn.store.getState()).toMatchObject({ kind: 'out', told: expect.stringContaining('wrong, or no longer valid') });
    void signIn.pair({ code });
    expect(await until(signIn, 'waiting')).toMatchObject({ host: 'workshop' });
    const [request] = harness.access.summary().requests;
    expect(request).toMatchObject({ name: 'Firefox on Android', via: 'code' });
    harness.access.pairing.decide(request?.id ?? '', 'admin');
    const state = await until(signIn, 'in');
    expect(state).toMatchObject({ identity: { role: 'admin', name: 'Firefox on Android' } });
    expect(state.kind === 'in' && state.identity.capabilities).toContain('powerRequest');
  });

  it('denied, lapsed or given up, it says so and begins again', async () => {
    const { harness, signIn } = await openPage();
    const ask = async (): Promise<string> => {
      void signIn.pair({ secret: harness.access.pairing.createCode().secret });
      await until(signIn, 'waiting');
      return harness.access.summary().requests.at(-1)?.id ?? '';
    };
    harness.access.pairing.decide(await ask(), 'denied');
    expect(await until(signIn, 'out')).toMatchObject({ told: expect.stringContaining('did not let') });
    await ask();
    await expect.poll(async () => {
      await harness.time.pass(180_000);
      return signIn.store.getState();
    }).toMatchObject({ kind: 'out', told: expect.stringContaining('Nobody answered') });
    await ask();
    signIn.giveUp();
    expect(signIn.store.getState()).toMatchObject({ kind: 'out', told: null });
  });

  it('a network that goes away while waiting costs nothing', async () => {
    const { harness, signIn, line, timers } = await openPage();
    void signIn.pair({ secret: harness.access.pairing.createCode().secret });
    await until(signIn, 'waiting');
    // The question that is open ends with the network.
    line.cut = true;
    await harness.time.pass(25_000);
    await settle();
    expect(signIn.store.getState().kind).toBe('waiting');
    line.cut = false;
    harness.access.pairing.decide(harness.access.summary().requests[0]?.id ?? '', 'viewer');
    await expect.poll(() => {
      timers.advance(1000);
      return signIn.store.getState().kind;
    }).toBe('in');
  });

  it('with a password, and what the server says of too many tries', async () => {
    const { harness, signIn } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    signIn.start();
    expect(await until(signIn, 'out')).toMatchObject({ passwords: true });
    await signIn.login('anna', 'not the password');
    expect(signIn.store.getState()).toMatchObject({ kind: 'out', told: 'Name or password is wrong.', passwords: true });
    for (let n = 0; n < 5; n += 1) await signIn.login('anna', 'not the password');
    expect(signIn.store.getState()).toMatchObject({ told: expect.stringContaining('too many attempts') });
    await harness.time.pass(60_000);
    await signIn.login('anna', PASSWORD);
    expect(signIn.store.getState()).toMatchObject({ kind: 'in', identity: { role: 'viewer' } });
  });

  it('a browser that comes back is in again without being asked', async () => {
    const { harness, signIn, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    await harness.time.pass(ACCESS_TOKEN_LIFETIME);
    const later = await openPage({ harness, browser });
    later.signIn.start();
    expect(await until(later.signIn, 'in')).toMatchObject({ identity: { role: 'viewer' } });
  });

  it('many that need a new token at once ask for one', async () => {
    const { harness, signIn, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    const before = browser.given.length;
    expect(await Promise.all([signIn.renew(), signIn.renew(), signIn.renew()])).toEqual(['in', 'in', 'in']);
    // Two cookies, and the ticket's taken away.
    expect(browser.given.length - before).toBe(3);
  });

  it('put out at the desktop, it says so; a server that is away puts nobody out', async () => {
    const { harness, signIn, line, timers, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    line.cut = true;
    expect(await signIn.renew()).toBe('away');
    await signIn.check();
    expect(signIn.store.getState().kind).toBe('in');
    const fresh = await openPage({ harness, browser });
    fresh.line.cut = true;
    fresh.signIn.start();
    await until(fresh.signIn, 'away');
    fresh.line.cut = false;
    fresh.timers.advance(1000);
    await until(fresh.signIn, 'in');
    line.cut = false;
    harness.access.revoke(() => true, 'taken away');
    await signIn.check();
    expect(signIn.store.getState()).toMatchObject({ kind: 'out', told: 'This browser has been signed out.' });
    timers.advance(60_000);
  });

  it('another password: what is wrong stands beside its field, and a session that ran out is renewed on the way', async () => {
    const { harness, signIn, line } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    expect(signIn.store.getState()).toMatchObject({ identity: { account: 'anna' } });
    expect(await signIn.changePassword(PASSWORD, 'short')).toEqual({ field: 'password', message: 'It must have at least 10 characters.' });
    for (let n = 0; n < 5; n += 1) expect(await signIn.changePassword('not the password', 'a quite different phrase')).toEqual({ field: 'current', message: 'This is not your password.' });
    expect(await signIn.changePassword(PASSWORD, 'a quite different phrase')).toMatchObject({ field: 'current', message: expect.stringContaining('Too many tries') });
    line.cut = true;
    expect(await signIn.changePassword(PASSWORD, 'a quite different phrase')).toMatchObject({ field: null, message: expect.stringContaining('no connection') });
    line.cut = false;
    await harness.time.pass(ACCESS_TOKEN_LIFETIME);
    expect(await signIn.changePassword(PASSWORD, 'a quite different phrase')).toBeNull();
    expect(signIn.store.getState()).toMatchObject({ kind: 'in', identity: { account: 'anna' } });
    harness.access.revoke(() => true, 'taken away');
    expect(await signIn.changePassword('a quite different phrase', PASSWORD)).toEqual({ field: null, message: 'This browser has been signed out.' });
    expect(signIn.store.getState()).toMatchObject({ kind: 'out' });
  });

  it('a role that changed is another identity; the same one is not', async () => {
    const { harness, signIn } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    let told = 0;
    signIn.store.subscribe(() => {
      told += 1;
    });
    await signIn.check();
    expect(told).toBe(0);
    const [device] = harness.access.summary().devices;
    harness.access.devices.setRole([device?.id ?? ''], 'admin');
    await signIn.check();
    expect(signIn.store.getState()).toMatchObject({ identity: { role: 'admin' } });
  });

  it('signs out', async () => {
    const { harness, signIn, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    await signIn.logout();
    expect(signIn.store.getState()).toMatchObject({ kind: 'out', told: null });
    expect([browser.jar.size, harness.access.summary().devices]).toEqual([0, []]);
  });
});

describe('what comes back', () => {
  it.each([
    ['a page of something else', new Response('<html>', { status: 200 }), 'Unavailable'],
    ['JSON of something else', new Response('{"hello":1}', { status: 200 }), 'Internal'],
    ['JSON of something else that failed', new Response('{"error":"x"}', { status: 403 }), 'Forbidden'],
    ['nothing', new Response(null, { status: 502 }), 'Unavailable'],
  ])('%s is an error, as a value', async (_what, response, code) => {
    const http = createHttp(() => Promise.resolve(response));
    expect(await http.get('/api/auth/me')).toMatchObject({ ok: false, code });
  });

  it.each([
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox on Android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari on iPhone'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome on Linux'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge on Windows'],
    ['curl/8.0', 'Browser'],
    ['', 'Browser'],
  ])('%s is %s', (userAgent, name) => {
    expect(toDeviceName(userAgent)).toBe(name);
  });
});
