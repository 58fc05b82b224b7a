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

const EMPTY_SUMMARY: AccessSummary = { pairingCode: null, requests: [], devices: [], accounts: [], tokens: [], problem: null };

/** A client with fixed results by call, and a function that sends events. */
function createWorld(results: Record<string, Result<unknown>>) {
  const listeners = new Set<EventListener>();
  const calls: [string, unknown][] = [];
  const client = {
    call: (name: string, input: unknown) => {
      calls.push([name, input]);
      return Promise.resolve(results[name] ?? { ok: false, code: 'Forbidden', message: `${name} refused` });
    },
    subscribe: (listener: EventListener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onInterruption: () => () => undefined,
  } as Client;
  return { client, calls, listeners, send: (event: Parameters<EventListener>[0]) => listeners.forEach((listener) => listener(event)) };
}

describe('pairing links and codes', () => {
  it('a link has its secret in the fragment, and no other fragment counts as one', () => {
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
  ])('%j is read as the code %j', (typed, code) => {
    expect(toCode(typed)).toBe(code);
  });

  it('a code in groups is read as the same code', () => {
    expect(toCode(toGroups('004213'))).toBe('004213');
  });
});

describe('text', () => {
  it.each([
    [-5, '0 s'],
    [12_900, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [172_800_000, '2 d'],
  ])('%d ms ago is %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  it.each([
    [300_000, '5:00'],
    [299_001, '5:00'],
    [61_000, '1:01'],
    [1, '0:01'],
    [0, '0:00'],
    [-9, '0:00'],
  ])('%d ms left is %s', (ms, text) => {
    expect(formatCountdown(ms)).toBe(text);
  });

  it('a connection has a duration, an interval and an origin', () => {
    const noon = new Date(2026, 5, 4, 12, 0).getTime();
    expect(formatSince(noon, noon + 754_000)).toBe('12 min (since 12:00)');
    expect(formatSince(noon - 86_400_000, noon)).toBe('24 h (since 2026-06-03 12:00)');
    expect(formatInterval({ intervals: [5] })).toBe('every 5 s');
    expect(formatInterval({ intervals: [1] })).toBe('every second');
    expect(formatInterval({ intervals: [1, 5, 60] })).toBe('every 1–60 s');
    expect(connectionOrigin({ kind: 'device', account: null, streams: 1 })).toBe('paired');
    expect(connectionOrigin({ kind: 'device', account: 'anna', streams: 3 })).toBe('account anna, 3 tabs');
    expect(connectionOrigin({ kind: 'token', account: null, streams: 2 })).toBe('token, 2 streams');
  });
});

describe('rows of network interfaces', () => {
  const eth: LanInterface = { name: 'eth0', kind: 'ethernet', addresses: [{ address: '192.168.1.5', family: 4, url: 'https://192.168.1.5:8543/' }] };
  const lo: LanInterface = { name: 'lo', kind: 'loopback', addresses: [{ address: '127.0.0.1', family: 4, url: 'https://127.0.0.1:8543/' }] };

  it('all interfaces present are selected when all are chosen', () => {
    const { outside, loopback, typed } = rowsOf('all', [eth, lo], ['interface:wlan0', '10.8.0.2']);
    expect(outside).toEqual([{ choice: 'interface:eth0', name: 'eth0', kind: 'ethernet', checked: true, addresses: eth.addresses }]);
    expect(loopback.map(({ name, checked }) => [name, checked])).toEqual([['lo', true]]);
    expect(typed).toEqual({ outside: [], loopback: [] });
  });

  it('chosen interfaces and addresses that are not connected are listed', () => {
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

  it('a choice deselected since the page was opened stays listed', () => {
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

describe('caching of the service worker', () => {
  const ORIGIN = 'https://10.0.0.5:8543';
  const strategy = (path: string, { method = 'GET', isNavigation = false } = {}) => strategyFor({ method, url: new URL(path, ORIGIN).href, isNavigation }, ORIGIN);

  it('covers the page and its files', () => {
    expect(strategy('/', { isNavigation: true })).toBe('network-first');
    expect(strategy('/?x=1', { isNavigation: true })).toBe('network-first');
    for (const path of ['/assets/index-AbC_1234.js', '/icons/icon-192.png', '/manifest.webmanifest']) expect(strategy(path)).toBe('cache-first');
  });

  it.each(['/api/stream', '/api/call/snapshot', '/api/auth/me', '/metrics', '/sw.js', '/assets/../api/auth/me', '/icons/x.svg', 'https://elsewhere.test/assets/a.js', 'https://10.0.0.5:9000/'])('excludes %s', (path) => {
    expect(strategy(path)).toBe('network-only');
    expect(strategy(path, { isNavigation: true })).toBe('network-only');
  });

  it('covers the page and its files below the path of a reverse proxy, and nothing beside it', () => {
    const below = (path: string, isNavigation = false): string => strategyFor({ method: 'GET', url: `https://home.example${path}`, isNavigation }, 'https://home.example/traywatch/');
    expect(below('/traywatch/', true)).toBe('network-first');
    expect(below('/traywatch/assets/index-AbC_1234.js')).toBe('cache-first');
    for (const path of ['/', '/traywatch', '/assets/index-AbC_1234.js', '/traywatch/api/stream', '/other/assets/a.js']) expect(below(path, true)).toBe('network-only');
  });

  it('excludes other methods than GET', () => {
    expect(strategy('/', { method: 'POST', isNavigation: true })).toBe('network-only');
    expect(strategy('/assets/a.js', { method: 'HEAD' })).toBe('network-only');
  });
});

describe('controllers', () => {
  it('sharing is loaded, follows events, and returns why a command failed', async () => {
    const { client, send, listeners } = createWorld({ lanState: { ok: true, value: { state: 'off' } }, lanAccess: { ok: true, value: EMPTY_SUMMARY }, lanPairingStart: { ok: true, value: { ...EMPTY_SUMMARY, problem: 'x' } } });
    const lan = createSharingController(client);
    await lan.load();
    expect(lan.store.getState()).toEqual({ server: { state: 'off' }, access: EMPTY_SUMMARY, connections: null });
    expect(await lan.run('lanPairingStart', {})).toBeNull();
    expect(lan.store.getState().access?.problem).toBe('x');
    expect(await lan.run('lanRevoke', { id: 'd1' })).toBe('lanRevoke refused.');
    expect(await lan.createToken({ label: 'x', scopes: ['read'], days: 1 })).toMatchObject({ ok: false });
    send({ name: 'lanState', payload: { state: 'starting' } });
    send({ name: 'lanAccess', payload: EMPTY_SUMMARY });
    expect(lan.store.getState()).toEqual({ server: { state: 'starting' }, access: EMPTY_SUMMARY, connections: null });
    lan.stop();
    expect(listeners.size).toBe(0);
  });

  it('connections are queried only while a page shows them, one query at a time', async () => {
    const { client, calls, send } = createWorld({ lanConnections: { ok: true, value: [] } });
    const lan = createSharingController(client);
    const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    send({ name: 'lanState', payload: { state: 'starting' } });
    const stop = lan.followConnections();
    for (let n = 0; n < 9; n += 1) send({ name: 'lanState', payload: { state: 'starting' } });
    await settle();
    expect(calls).toHaveLength(2);
    expect(lan.store.getState().connections).toEqual([]);
    send({ name: 'lanAccess', payload: EMPTY_SUMMARY });
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

  it('a countdown ends by the clock of this page, whatever that of the machine is', () => {
    const { client, send } = createWorld({});
    const powerControl = createPowerController(client, () => 1_000_000);
    send({ name: 'powerState', payload: { state: 'countdown', id: 'c1', action: 'reboot', by: 'anna', until: 77, left: 30_000 } });
    expect(powerControl.store.getState().endsAt).toBe(1_030_000);
    const outcome = { action: 'shutdown', result: 'cancelled', reason: 'Called off.' } as const;
    send({ name: 'powerState', payload: { state: 'idle', outcome } });
    expect(powerControl.store.getState()).toEqual({ powerControl: { state: 'idle', outcome }, endsAt: null });
    powerControl.dismiss();
    expect(powerControl.store.getState().powerControl).toEqual({ state: 'idle', outcome: null });
  });

  it('a password is sent only if one was given', async () => {
    const { client, calls } = createWorld({});
    const powerControl = createPowerController(client, () => 0);
    expect(await powerControl.confirm('c1')).toBe('powerConfirm refused');
    await powerControl.confirm('c1', 'secret');
    expect(calls).toEqual([['powerConfirm', { id: 'c1' }], ['powerConfirm', { id: 'c1', password: 'secret' }]]);
  });
});

describe('a download of the browser', () => {
  it('has the bytes of the file', async () => {
    expect(await toBlob({ encoding: 'utf8', data: 'Zeit;°C' }).text()).toBe('Zeit;°C');
    expect(new Uint8Array(await toBlob({ encoding: 'base64', data: 'iVBORw0KGgo=' }).arrayBuffer())).toEqual(new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]));
  });
});
