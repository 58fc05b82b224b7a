/** Sign-in of a browser, over the real routes of the server. */
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

/** A `fetch` with the cookies of a test's browser; fails while `cut` is set. */
function fetchOf(browser: Browser, line: { cut: boolean }): Fetch {
  return async (path, { method = 'GET', body, headers }) => {
    if (line.cut) throw new TypeError('Failed to fetch');
    const response = await browser.send(path, { method, ...(typeof body === 'string' ? { body } : {}), headers: { ...(headers as Record<string, string>) } });
    return new Response(response.text, { status: response.status });
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

/** Waits for a state: responses arrive over a real socket. */
async function until(signIn: SignIn, kind: string): Promise<ReturnType<SignIn['store']['getState']>> {
  await expect.poll(() => signIn.store.getState().kind).toBe(kind);
  return signIn.store.getState();
}

describe('signing in', () => {
  it('with a code: a wrong one is refused, the right one waits for approval and is signed in', async () => {
    const { harness, signIn } = await openPage();
    signIn.start();
    expect(await until(signIn, 'signedOut')).toEqual({ kind: 'signedOut', passwords: false, message: null, busy: false });
    const { code } = harness.access.pairing.createCode();
    await signIn.pair({ code: code === '000000' ? '000001' : '000000' });
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedOut', message: expect.stringContaining('Wrong or expired code') });
    void signIn.pair({ code });
    expect(await until(signIn, 'waiting')).toMatchObject({ host: 'workshop' });
    const [request] = harness.access.summary().requests;
    expect(request).toMatchObject({ name: 'Firefox on Android', via: 'code' });
    harness.access.pairing.decide(request?.id ?? '', 'admin');
    const state = await until(signIn, 'signedIn');
    expect(state).toMatchObject({ identity: { role: 'admin', name: 'Firefox on Android' } });
    expect(state.kind === 'signedIn' && state.identity.capabilities).toContain('powerRequest');
  });

  it('shows why a request was denied or expired, and begins again, also after it was cancelled', async () => {
    const { harness, signIn } = await openPage();
    const requestAccess = async (): Promise<string> => {
      void signIn.pair({ secret: harness.access.pairing.createCode().secret });
      await until(signIn, 'waiting');
      return harness.access.summary().requests.at(-1)?.id ?? '';
    };
    harness.access.pairing.decide(await requestAccess(), 'denied');
    expect(await until(signIn, 'signedOut')).toMatchObject({ message: expect.stringContaining('Access denied') });
    await requestAccess();
    await expect.poll(async () => {
      await harness.time.pass(180_000);
      return signIn.store.getState();
    }).toMatchObject({ kind: 'signedOut', message: expect.stringContaining('Request expired') });
    await requestAccess();
    signIn.cancelRequest();
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedOut', message: null });
  });

  it('keeps waiting for approval while the network is down', async () => {
    const { harness, signIn, line, timers } = await openPage();
    void signIn.pair({ secret: harness.access.pairing.createCode().secret });
    await until(signIn, 'waiting');
    // The open request fails with the network.
    line.cut = true;
    await harness.time.pass(25_000);
    await settle();
    expect(signIn.store.getState().kind).toBe('waiting');
    line.cut = false;
    harness.access.pairing.decide(harness.access.summary().requests[0]?.id ?? '', 'viewer');
    await expect.poll(() => {
      timers.advance(1000);
      return signIn.store.getState().kind;
    }).toBe('signedIn');
  });

  it('with a password, and shows the refusal of too many attempts', async () => {
    const { harness, signIn } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    signIn.start();
    expect(await until(signIn, 'signedOut')).toMatchObject({ passwords: true });
    await signIn.login('anna', 'not the password');
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedOut', message: 'Name or password is wrong.', passwords: true });
    for (let n = 0; n < 5; n += 1) await signIn.login('anna', 'not the password');
    expect(signIn.store.getState()).toMatchObject({ message: expect.stringContaining('too many attempts') });
    await harness.time.pass(60_000);
    await signIn.login('anna', PASSWORD);
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedIn', identity: { role: 'viewer' } });
  });

  it('a browser that returns is signed in without a prompt', async () => {
    const { harness, signIn, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    await harness.time.pass(ACCESS_TOKEN_LIFETIME);
    const later = await openPage({ harness, browser });
    later.signIn.start();
    expect(await until(later.signIn, 'signedIn')).toMatchObject({ identity: { role: 'viewer' } });
  });

  it('concurrent renewals share one request', async () => {
    const { harness, signIn, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    const before = browser.given.length;
    expect(await Promise.all([signIn.renew(), signIn.renew(), signIn.renew()])).toEqual(['renewed', 'renewed', 'renewed']);
    // Two new cookies, and the removal of that of the pairing ticket.
    expect(browser.given.length - before).toBe(3);
  });

  it('shows that the session was revoked; an unreachable server does not end a session', async () => {
    const { harness, signIn, line, timers, browser } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    line.cut = true;
    expect(await signIn.renew()).toBe('unreachable');
    await signIn.check();
    expect(signIn.store.getState().kind).toBe('signedIn');
    const fresh = await openPage({ harness, browser });
    fresh.line.cut = true;
    fresh.signIn.start();
    await until(fresh.signIn, 'unreachable');
    fresh.line.cut = false;
    fresh.timers.advance(1000);
    await until(fresh.signIn, 'signedIn');
    line.cut = false;
    harness.access.revoke(() => true, 'taken away');
    await signIn.check();
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedOut', message: 'This browser has been signed out.' });
    timers.advance(60_000);
  });

  it('changing the password: an error names its field, and an expired session is renewed on the way', async () => {
    const { harness, signIn, line } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    expect(signIn.store.getState()).toMatchObject({ identity: { account: 'anna' } });
    expect(await signIn.changePassword(PASSWORD, 'short')).toEqual({ field: 'password', message: 'It must have at least 10 characters.' });
    for (let n = 0; n < 5; n += 1) expect(await signIn.changePassword('not the password', 'a quite different phrase')).toEqual({ field: 'current', message: 'Incorrect password.' });
    expect(await signIn.changePassword(PASSWORD, 'a quite different phrase')).toMatchObject({ field: 'current', message: expect.stringContaining('Too many attempts') });
    line.cut = true;
    expect(await signIn.changePassword(PASSWORD, 'a quite different phrase')).toMatchObject({ field: null, message: expect.stringContaining('Can’t reach Traywatch') });
    line.cut = false;
    await harness.time.pass(ACCESS_TOKEN_LIFETIME);
    expect(await signIn.changePassword(PASSWORD, 'a quite different phrase')).toBeNull();
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedIn', identity: { account: 'anna' } });
    harness.access.revoke(() => true, 'taken away');
    expect(await signIn.changePassword('a quite different phrase', PASSWORD)).toEqual({ field: null, message: 'This browser has been signed out.' });
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedOut' });
  });

  it('a changed role is a new identity; an unchanged one is not', async () => {
    const { harness, signIn } = await openPage();
    await harness.access.accounts.set('anna', 'viewer', PASSWORD);
    await signIn.login('anna', PASSWORD);
    let changes = 0;
    signIn.store.subscribe(() => {
      changes += 1;
    });
    await signIn.check();
    expect(changes).toBe(0);
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
    expect(signIn.store.getState()).toMatchObject({ kind: 'signedOut', message: null });
    expect([browser.jar.size, harness.access.summary().devices]).toEqual([0, []]);
  });
});

describe('responses', () => {
  it.each([
    ['a page of another program', new Response('<html>', { status: 200 }), 'Unavailable'],
    ['JSON of another program', new Response('{"hello":1}', { status: 200 }), 'Internal'],
    ['JSON of another program with an error status', new Response('{"error":"x"}', { status: 403 }), 'Forbidden'],
    ['an empty body', new Response(null, { status: 502 }), 'Unavailable'],
  ])('%s becomes an error result', async (_what, response, code) => {
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
