import { describe, expect, it } from 'vitest';
import { toBlob } from '../../../../src/renderer/data/browser-download';
import { formatAge, formatCountdown } from '../../../../src/renderer/lib/age';
import { formatInterval, formatSince, toGroups, connectionOrigin } from '../../../../src/renderer/features/sharing/sharing-text';
import { pairingLink, pairingSecret, toCode } from '../../../../src/renderer/lib/pairing-link';
import { rowsOf, withChoice } from '../../../../src/renderer/features/sharing/interface-rows';
import { createPowerController } from '../../../../src/renderer/app/power-controller';
import { createSharingController } from '../../../../src/renderer/app/sharing-controller';
import { strategyFor } from '../../../../src/renderer/worker/cache-strategy';
import type { Client, EventListener } from '../../../../src/shared/api/client';
import type { AccessSummary } from '../../../../src/shared/sharing/access-schemas';
import type { LanInterface } from '../../../../src/shared/sharing/interface-schemas';
import type { Result } from '../../../../src/shared/result';

const NOBODY: AccessSummary = { pairingCode: null, requests: [], devices: [], accounts: [], tokens: [], problem: null };

/** A client that answers from a table, and events a test sends. */
function createWorld(answers: Record<string, Result<unknown>>) {
  const listeners = new Set<EventListener>();
  const calls: [string, unknown][] = [];
  const client = {
    call: (name: string, input: unknown) => {
      calls.push([name, input]);
      return Promise.resolve(answers[name] ?? { ok: false, code: 'Forbidden', message: `${name} refused` });
    },
    subscribe: (listener: EventListener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as Client;
  return { client, calls, listeners, send: (event: Parameters<EventListener>[0]) => listeners.forEach((listener) => listener(event)) };
}

describe('the pairing link', () => {
  it('carries its secret behind the #, and nothing else is taken for one', () => {
    const secret = 'aB3-_'.repeat(9).slice(0, 43);
    expect(pairingLink('https://10.0.0.5:8543/', secret)).toBe(`https://10.0.0.5:8543/#/pair/${secret}`);
    expect(pairingSecret(new URL(pairingLink('https://10.0.0.5:8543', secret)).hash)).toBe(secret);
    for (const hash of ['', '#/', '#/pair/', `#/pair/${secret}x`, `#/pair/${secret}/..`, `#/pair/${secret.slice(1)}`]) expect(pairingSecret(hash)).toBeNull();
  });

  it.each([
    ['482913', '482913'],
    [' 482 913 ', '482913'],
    ['482-913', '482913'],
    ['48291', null],
    ['4829130', null],
    ['48291a', null],
    ['', null],
  ])('%j is the code %j', (typed, code) => {
    expect(toCode(typed)).toBe(code);
  });

  it('groups are read out as they are typed', () => {
    expect(toCode(toGroups('004213'))).toBe('004213');
  });
});

describe('words', () => {
  it.each([
    [-5, '0 s'],
    [12_900, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [172_800_000, '2 d'],
  ])('%d ms ago is %s', (ms, words) => {
    expect(formatAge(ms)).toBe(words);
  });

  it.each([
    [300_000, '5:00'],
    [299_001, '5:00'],
    [61_000, '1:01'],
    [1, '0:01'],
    [0, '0:00'],
    [-9, '0:00'],
  ])('%d ms left is %s', (ms, words) => {
    expect(formatCountdown(ms)).toBe(words);
  });

  it('somebody who watches has a time, a pace and a way in', () => {
    const noon = new Date(2026, 5, 4, 12, 0).getTime();
    expect(formatSince(noon, noon + 754_000)).toBe('For 12 min, since 12:00');
    expect(formatSince(noon - 86_400_000, noon)).toBe('For 24 h, since 2026-06-03 12:00');
    expect(formatInterval({ intervals: [5] })).toBe('Updated every 5 s');
    expect(formatInterval({ intervals: [1] })).toBe('Updated every second');
    expect(formatInterval({ intervals: [1, 5, 60] })).toBe('Updated every 1 to 60 s');
    expect(connectionOrigin({ kind: 'device', account: null, streams: 1 })).toBe('Paired');
    expect(connectionOrigin({ kind: 'device', account: 'anna', streams: 3 })).toBe('Account anna, 3 tabs');
    expect(connectionOrigin({ kind: 'token', account: null, streams: 2 })).toBe('Token, 2 streams');
  });
});

describe('where to listen', () => {
  const eth: LanInterface = { name: 'eth0', kind: 'ethernet', addresses: [{ address: '192.168.1.5', family: 4, url: 'https://192.168.1.5:8543/' }] };
  const lo: LanInterface = { name: 'lo', kind: 'loopback', addresses: [{ address: '127.0.0.1', family: 4, url: 'https://127.0.0.1:8543/' }] };

  it('is everything that is there, ticked, when all are meant', () => {
    const { outside, loopback, typed } = rowsOf('all', [eth, lo], ['interface:wlan0', '10.8.0.2']);
    expect(outside).toEqual([{ choice: 'interface:eth0', name: 'eth0', kind: 'ethernet', checked: true, addresses: eth.addresses }]);
    expect(loopback.map(({ name, checked }) => [name, checked])).toEqual([['lo', true]]);
    expect(typed).toEqual({ outside: [], loopback: [] });
  });

  it('keeps what was chosen and is not there', () => {
    const { outside, loopback, typed } = rowsOf(['interface:wlan0', 'interface:lo', '192.168.1.5', '10.8.0.2'], [eth, lo], []);
    expect(outside.map(({ name, kind, checked }) => [name, kind, checked])).toEqual([
      ['eth0', 'ethernet', false],
      ['wlan0', null, true],
    ]);
    expect(loopback.map(({ checked }) => checked)).toEqual([true]);
    expect(typed).toEqual({
      outside: [
        { choice: '192.168.1.5', checked: true, on: 'eth0' },
        { choice: '10.8.0.2', checked: true, on: null },
      ],
      loopback: [],
    });
    expect(rowsOf(['127.0.0.1', '127.0.0.9', '::1'], [eth, lo], []).typed.loopback.map(({ on }) => on)).toEqual(['lo', null, null]);
  });

  it('lets what was unticked a moment ago be ticked again', () => {
    const { outside, typed } = rowsOf(['interface:eth0'], [eth], ['interface:wlan0', '10.8.0.2', 'interface:eth0']);
    expect(outside.map(({ name, checked }) => [name, checked])).toEqual([
      ['eth0', true],
      ['wlan0', false],
    ]);
    expect(typed.outside).toEqual([{ choice: '10.8.0.2', checked: false, on: null }]);
    expect(withChoice(['a', 'b'], 'b', true)).toEqual(['a', 'b']);
    expect(withChoice(['a', 'b'], 'a', false)).toEqual(['b']);
  });
});

describe('what the service worker keeps', () => {
  const ORIGIN = 'https://10.0.0.5:8543';
  const plan = (path: string, { method = 'GET', isNavigation = false } = {}) => strategyFor({ method, url: new URL(path, ORIGIN).href, isNavigation }, ORIGIN);

  it('is the page and its files', () => {
    expect(plan('/', { isNavigation: true })).toBe('page');
    expect(plan('/?x=1', { isNavigation: true })).toBe('page');
    for (const path of ['/assets/index-AbC_1234.js', '/icons/icon-192.png', '/manifest.webmanifest']) expect(plan(path)).toBe('file');
  });

  it.each(['/api/stream', '/api/call/snapshot', '/api/auth/me', '/metrics', '/sw.js', '/assets/../api/auth/me', '/icons/x.svg', 'https://elsewhere.test/assets/a.js', 'https://10.0.0.5:9000/'])('is never %s', (path) => {
    expect(plan(path)).toBe('network');
    expect(plan(path, { isNavigation: true })).toBe('network');
  });

  it('is nothing that is sent', () => {
    expect(plan('/', { method: 'POST', isNavigation: true })).toBe('network');
    expect(plan('/assets/a.js', { method: 'HEAD' })).toBe('network');
  });
});

describe('the keepers', () => {
  it('sharing is loaded, follows events, and tells why a command failed', async () => {
    const { client, send, listeners } = createWorld({ lanState: { ok: true, value: { state: 'off' } }, lanAccess: { ok: true, value: NOBODY }, lanPairingStart: { ok: true, value: { ...NOBODY, problem: 'x' } } });
    const lan = createSharingController(client);
    await lan.load();
    expect(lan.store.getState()).toEqual({ server: { state: 'off' }, access: NOBODY, connections: null });
    expect(await lan.run('lanPairingStart', {})).toBeNull();
    expect(lan.store.getState().access?.problem).toBe('x');
    expect(await lan.run('lanRevoke', { id: 'd1' })).toBe('lanRevoke refused');
    expect(await lan.createToken({ label: 'x', scopes: ['read'], days: 1 })).toMatchObject({ ok: false });
    send({ name: 'lanState', payload: { state: 'starting' } });
    send({ name: 'lanAccess', payload: NOBODY });
    expect(lan.store.getState()).toEqual({ server: { state: 'starting' }, access: NOBODY, connections: null });
    lan.stop();
    expect(listeners.size).toBe(0);
  });

  it('who watches is asked for while a page shows it, one question at a time, and not otherwise', async () => {
    const { client, calls, send } = createWorld({ lanConnections: { ok: true, value: [] } });
    const lan = createSharingController(client);
    const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    send({ name: 'lanState', payload: { state: 'starting' } });
    const stop = lan.followConnections();
    for (let n = 0; n < 9; n += 1) send({ name: 'lanState', payload: { state: 'starting' } });
    await settle();
    expect(calls).toHaveLength(2);
    expect(lan.store.getState().connections).toEqual([]);
    send({ name: 'lanAccess', payload: NOBODY });
    send({ name: 'navigate', payload: { path: '/' } });
    await settle();
    expect(calls).toHaveLength(3);
    send({ name: 'lanState', payload: { state: 'off' } });
    stop();
    await settle();
    send({ name: 'lanState', payload: { state: 'starting' } });
    await settle();
    expect(calls).toHaveLength(4);
    expect(lan.store.getState().connections).toBeNull();
  });

  it('a countdown ends by this page’s own clock, whatever the machine’s says', () => {
    const { client, send } = createWorld({});
    const powerControl = createPowerController(client, () => 1_000_000);
    send({ name: 'powerState', payload: { state: 'countdown', id: 'c1', action: 'reboot', by: 'anna', until: 77, left: 30_000 } });
    expect(powerControl.store.getState().endsAt).toBe(1_030_000);
    send({ name: 'powerState', payload: { state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: 'Called off.' } } });
    expect(powerControl.store.getState()).toEqual({ powerControl: { state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: 'Called off.' } }, endsAt: null });
    powerControl.dismiss();
    expect(powerControl.store.getState().powerControl).toEqual({ state: 'idle', outcome: null });
  });

  it('a password is sent only where one was given', async () => {
    const { client, calls } = createWorld({});
    const powerControl = createPowerController(client, () => 0);
    expect(await powerControl.confirm('c1')).toBe('powerConfirm refused');
    await powerControl.confirm('c1', 'secret');
    expect(calls).toEqual([['powerConfirm', { id: 'c1' }], ['powerConfirm', { id: 'c1', password: 'secret' }]]);
  });
});

describe('a file saved by the browser', () => {
  it('has the bytes it should', async () => {
    expect(await toBlob({ encoding: 'utf8', data: 'Zeit;°C' }).text()).toBe('Zeit;°C');
    expect(new Uint8Array(await toBlob({ encoding: 'base64', data: 'iVBORw0KGgo=' }).arrayBuffer())).toEqual(new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]));
  });
});
