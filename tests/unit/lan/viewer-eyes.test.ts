/**
 * Everything a viewer can ask for or is pushed, over a real core that is full of secrets: paths below a folder with spaces,
 * names of devices and accounts, addresses. None of them may be in any answer, error or pushed event.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, property, stringMatching } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import { serviceReading } from '../../../src/main/engine/collectors/service';
import { serviceSchema } from '../../../src/shared/services/service-schemas';
import { forwardAppEvents } from '../../../src/main/core/app-events';
import { createRemoteView } from '../../../src/main/lan/remote-view';
import { createTextRedaction } from '../../../src/main/lan/remote-text';
import { REMOTE_CALLS } from '../../../src/main/lan/routes/call-route';
import { RESOURCES } from '../../../src/main/lan/routes/resource-table';
import { CALLS, EVENTS } from '../../../src/shared/api/contract';
import type { CallName, EventName } from '../../../src/shared/api/contract';
import type { AppState } from '../../../src/shared/api/contract';
import { REMOTE_EVENTS } from '../../../src/shared/api/event-names';
import { CallError } from '../../../src/shared/result';
import { DEFAULT_SETTINGS } from '../../../src/shared/settings/settings-schema';
import type { LanSettings } from '../../../src/shared/sharing/lan-settings';
import { OWN_EVENT_TYPES } from '../../../src/shared/timeline/event-types';
import { eventVisibility } from '../../../src/shared/timeline/event-visibility';
import { VALID_INPUTS } from '../../support/call-inputs';
import { openCore } from '../../support/core';
import { eventsOf } from '../../support/http-transport';
import { makePages, openLan } from '../../support/lan-server';
import type { OpenLan } from '../../support/lan-server';

/** Parts of secrets: each seeded text has one. */
const SECRETS = /Zelda|Quux|Vault Folder|203\.0\.113\.|2001:db8|eth-secret/i;
const DEVICE = 'Zelda’s Phone';
const ACCOUNT = 'quux.account';
const ADDRESS = '203.0.113.77';

let root = '';
let folder = '';
let pages = '';
let core: Core;
let lan: OpenLan;
const pushed: string[] = [];

function seedEvents(path: string): void {
  for (const type of OWN_EVENT_TYPES) {
    const visibility = eventVisibility(type);
    if (visibility === 'shown') continue;
    core.record({ type, message: `${DEVICE} (${ADDRESS}) and ${ACCOUNT}: EACCES: permission denied, open '${path}'`.replace(visibility === 'local' || type.startsWith('power_') ? '' : /^.*?: /, ''), user: DEVICE, details: type.startsWith('power_') ? { action: 'reboot', by: DEVICE } : visibility === 'local' ? { address: ADDRESS } : { path, reason: `${path}: disk I/O error` } });
  }
  core.record({ type: 'settings_changed', message: `Settings changed: Certificate: ${path}, Addresses: eth-secret`, details: { changes: [{ key: 'theme', from: 'dark', to: 'light' }, { key: 'lan.certFile', from: null, to: path }, { key: 'lan.addresses' }] } });
}

async function seed(): Promise<void> {
  const path = join(folder, 'settings.json');
  for (const id of ['settings-refused', 'history-failing', 'webhook-of-zelda', 'service-secrets-of-zelda', 'some-new-notice']) {
    core.notices.put({ id, severity: 'error', title: `Can’t save ${path}`, body: `${path} cannot be read: EISDIR, open '${join(folder, 'settings.json.tmp')}'. Moved to ${path}.`, dismissible: false });
  }
  expect(core.settings.update({ lan: { certFile: path, keyFile: path, addresses: ['interface:eth-secret', ADDRESS], trustedProxies: ['203.0.113.9'], publicUrls: ['https://quux.example'] } }).ok).toBe(true);
  seedEvents(path);
  const { access } = core.remoteAccess;
  const { code } = access.pairing.createCode();
  const redeemed = access.pairing.redeem({ code }, DEVICE, ADDRESS);
  if (redeemed.kind === 'pending') access.pairing.decide(redeemed.ticket.id, 'admin');
  access.pairing.redeem({ code: '000000' }, DEVICE, '2001:db8::7');
  await core.handlers.lanCreateToken({ label: 'Zelda’s script', scopes: ['events:write'], days: 3 }, { id: 'window', role: 'local' });
  core.hub.publish({ seq: 1, time: Date.now(), readings: { memory: { values: { usage: 40, total: 1e9 }, devices: {} } }, faults: { disk: { kind: 'PermissionDenied', message: `EACCES: permission denied, statfs '${folder}'`, since: 1, nextAt: null } } });
}

/** A page that lacks what is looked for, asked with a secret, and a job: what is probed, and what came back, are secrets of the machine. */
async function seedServices(): Promise<void> {
  const local = { id: 'window', role: 'local' } as const;
  const server = createServer((request, response) => response.end(`You sent ${request.headers.authorization}`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/quux?key=Zelda`;
  const common = { enabled: true, intervalSeconds: 3600, timeoutSeconds: 10, maintenance: [] };
  await core.handlers.saveService({ service: serviceSchema.parse({ ...common, kind: 'http', id: 'shop-1', name: 'Shop', url, headers: ['Authorization'], keyword: 'Quux is here' }), secrets: { 'header:Authorization': 'Bearer Zelda' } }, local);
  await core.handlers.saveService({ service: serviceSchema.parse({ ...common, kind: 'heartbeat', id: 'backup-1', name: 'Backup' }), secrets: {} }, local);
  const { services } = core.workloads;
  const shop = () => services.source.read().services.find(({ device }) => device === 'shop-1');
  while (shop()?.result === null || shop() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  server.close();
  expect(shop()).toMatchObject({ result: { ok: false, fault: 'keyword', text: expect.stringContaining('Quux') } });
  core.hub.publish({ seq: 2, time: Date.now(), readings: { service: serviceReading(services.source.read()) }, faults: {} });
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'traywatch-eyes-'));
  folder = join(root, 'Zelda', 'Vault Folder');
  mkdirSync(folder, { recursive: true });
  pages = makePages();
  core = openCore(folder);
  const failing = (path: string) => () => Promise.reject(new CallError('Unavailable', `${path} cannot be read: EISDIR: illegal operation on a directory, read '${path}'`));
  lan = await openLan({
    folder,
    pages,
    handlers: { ...core.handlers, gaps: failing(join(folder, 'history.sqlite')) },
    viewedFamilies: core.viewedFamilies,
    snapshot: () => core.hub.snapshot(),
    subscribe: core.hub.subscribe,
    since: (time, limit) => core.store.since(time, limit),
  });
  forwardAppEvents(core, (name, payload) => lan.lan.push(name, payload));
  const stream = await fetch(`${lan.origin}/api/stream?interval=1`, { headers: { authorization: 'Bearer viewer' } });
  void (async () => {
    for await (const { event, data } of eventsOf(stream.body)) pushed.push(`${event} ${data}`);
  })().catch(() => undefined);
  await seed();
  await seedServices();
});
afterAll(async () => {
  await lan.close();
  core.close();
  for (const path of [root, pages]) rmSync(path, { recursive: true });
});

async function ask(method: string, path: string, body?: unknown, token = 'viewer'): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const response = await fetch(`${lan.origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return `${response.status} ${[...response.headers].join()} ${await response.text()}`;
}

/** Process names, users and command lines are the machine's own and no secret of this test. */
const WITH_ALL_EVENTS = { types: [], limit: 500 };
const inputOf = (name: CallName): unknown => (name === 'events' ? WITH_ALL_EVENTS : VALID_INPUTS[name]);

describe('a viewer, and an admin in a browser', () => {
  it.each(REMOTE_CALLS.flatMap((name) => ['viewer', 'viewer.read', 'admin'].map((token): [CallName, string] => [name, token])))('%s as %s tells no secret', async (name, token) => {
    expect(await ask('POST', `/api/call/${name}`, inputOf(name), token)).not.toMatch(SECRETS);
  });

  it('is not told how secrets are kept', async () => {
    for (const token of ['viewer', 'admin']) {
      const told = await ask('POST', '/api/call/appState', {}, token);
      expect(told).toContain('some-new-notice');
      expect(told).not.toMatch(/webhook-of|service-secrets-of/);
    }
  });

  it.each(RESOURCES.map(({ method, path }): [string, string] => [method, path]))('%s %s tells no secret', async (method, path) => {
    for (const family of path.includes(':family') ? ['memory', 'disk', 'system', 'nothing'] : ['']) {
      const body = method === 'GET' ? undefined : path === '/api/settings' ? { theme: 'dark' } : path === '/api/monitoring' ? { paused: false } : { type: 'note', message: 'x' };
      for (const token of ['viewer', 'admin']) expect(await ask(method, path.replace(':family', family) + (path === '/api/events' && method === 'GET' ? '?limit=500' : ''), body, token)).not.toMatch(SECRETS);
    }
  });

  it.each(['/metrics', '/api/openapi.json', '/api/auth/me', '/nothing'])('%s tells no secret', async (path) => {
    expect(await ask('GET', path)).not.toMatch(SECRETS);
  });

  it('types, totals and searches are as if what is hidden did not exist', async () => {
    const parse = (text: string): { total: number; events: { type: string; user: string | null }[]; types: string[] } => JSON.parse(text.slice(text.indexOf('{'))) as never;
    const all = parse(await ask('GET', '/api/events?limit=500'));
    expect(all.types.filter((type) => eventVisibility(type) === 'local')).toEqual([]);
    expect(all.total).toBe(all.events.length);
    expect(all.types).toEqual(expect.arrayContaining(['power_requested', 'settings_changed', 'history_quarantined']));
    for (const type of OWN_EVENT_TYPES.filter((one) => eventVisibility(one) === 'local')) expect(parse(await ask('GET', `/api/events?type=${type}`))).toMatchObject({ total: 0, events: [] });
    for (const word of ['Zelda', 'quux', ADDRESS, 'Vault', 'eth-secret']) expect(parse(await ask('GET', `/api/events?text=${encodeURIComponent(word)}`))).toMatchObject({ total: 0, events: [] });
    expect(all.events.filter(({ user, type }) => user !== null && type !== 'stream_started')).toEqual([]);
    const local = await core.handlers.events({ limit: 500 }, { id: 'window', role: 'local' });
    expect(local.events.some(({ message }) => message.includes(ADDRESS))).toBe(true);
  });

  it('what is pushed tells no secret', async () => {
    await core.handlers.addEvent({ type: 'note', message: 'the last one', severity: 'info', user: null, details: null }, { id: 'window', role: 'local' });
    while (!pushed.some((text) => text.includes('the last one'))) await ask('GET', '/api/metrics');
    expect(pushed.filter((text) => SECRETS.test(text))).toEqual([]);
    expect([...new Set(pushed.map((text) => text.split(' ')[0]))]).toEqual(expect.arrayContaining(['batch', 'appState', 'event']));
    expect(pushed.filter((text) => text.startsWith('event ') && text.includes('"lan_'))).toEqual([]);
  });

  it('a script cannot pass as somebody: whom it names is marked, and viewers do not hear which client it was', async () => {
    const asScript = (body: object): Promise<string> => ask('POST', '/api/events', { type: 'backup_done', message: 'done \u202Egnp.exe\u200B', ...body }, 'viewer7.events:write');
    expect(await asScript({ user: ACCOUNT.replace('quux', 'anna') })).toContain('"user":"anna.account (as reported)"');
    expect(await asScript({})).toContain('"user":null');
    const stored = (await core.handlers.events({ types: ['backup_done'], limit: 2 }, { id: 'window', role: 'local' })).events;
    expect(stored.map(({ user, message }) => [user, message])).toEqual([['viewer7', 'done gnp.exe'], ['anna.account (reported by viewer7)', 'done gnp.exe']]);
    const listed = await ask('GET', '/api/events?type=backup_done');
    expect(listed).toContain('anna.account (as reported)');
    expect(listed).not.toContain('viewer7');
    for (const type of ['app_started', 'lan_login', 'power_requested', 'control_requested', 'monitoring_ended']) expect(await ask('POST', '/api/events', { type, message: 'x' }, 'viewer7.events:write')).toMatch(/^400/);
  });
});

describe('services', () => {
  it('are told by name and state, and nothing else of them', async () => {
    const answer = await ask('POST', '/api/call/services', {});
    const { services } = JSON.parse(answer.slice(answer.indexOf('{'))).value as { services: unknown[] };
    expect(services).toMatchObject([{ name: 'Shop', target: null, result: { fault: 'keyword', text: 'text not as expected', details: [] } }, { name: 'Backup', target: null }]);
    expect(await ask('GET', '/api/events?type=service_added')).toContain('Service “Shop” added');
  });

  it.each(['serviceConfigs', 'saveService', 'removeService', 'testService', 'newHeartbeat', 'exportServices', 'importServices'] as const)('%s exists for nobody on the network', async (name) => {
    for (const token of ['viewer', 'admin']) expect(await ask('POST', `/api/call/${name}`, VALID_INPUTS[name], token)).toMatch(/^404/);
  });

  it('cannot be set up as a setting', async () => {
    for (const token of ['viewer', 'admin']) expect(await ask('POST', '/api/call/updateSettings', { services: [] }, token)).toMatch(/^403/);
    expect(core.settings.get().services).toHaveLength(2);
  });
});

describe('the tables of the view', () => {
  it('name every call and every event that exists over the network, and no other', () => {
    const view = createRemoteView([]);
    expect(Object.keys(view.calls).toSorted()).toEqual([...REMOTE_CALLS].toSorted());
    expect(Object.keys(view.events).toSorted()).toEqual([...REMOTE_EVENTS].toSorted());
    expect((Object.keys(EVENTS) as EventName[]).filter((name) => EVENTS[name].access === 'local' && name in view.events)).toEqual([]);
    expect((Object.keys(CALLS) as CallName[]).filter((name) => CALLS[name].access === 'local' && name in view.calls)).toEqual([]);
  });

  it('settings keep their shape, and webhooks are for admins', () => {
    const view = createRemoteView([]);
    const state: AppState = { paused: false, settings: core.settings.get(), rules: core.appState().rules, notices: [] };
    for (const role of ['viewer', 'admin'] as const) expect(CALLS.appState.output.safeParse(view.calls.appState?.(state, role)).error).toBeUndefined();
  });

  it('of the server’s settings only those are told that every client knows or needs', () => {
    const lan: LanSettings = { enabled: true, port: 9000, addresses: ['203.0.113.5'], tls: 'custom', certFile: '/x', keyFile: '/y', mdns: true, allowLoopbackMetrics: true, trustedProxies: ['203.0.113.9'], publicUrls: ['https://quux.example'], intervalSeconds: 7 };
    for (const role of ['viewer', 'admin'] as const) {
      const shown = createRemoteView([]).calls.appState?.({ paused: false, settings: { ...core.settings.get(), lan }, rules: [], notices: [] }, role);
      expect(shown?.settings.lan).toEqual({ ...DEFAULT_SETTINGS.lan, enabled: true, port: 9000, tls: 'custom', intervalSeconds: 7 });
    }
  });

  it('hints for who sits at the machine are not told', () => {
    for (const role of ['viewer', 'admin'] as const) {
      const shown = createRemoteView([]).calls.appState?.({ paused: false, settings: { ...core.settings.get(), gettingStarted: ['icon'] }, rules: [], notices: [] }, role);
      expect(shown?.settings.gettingStarted).toEqual([]);
    }
  });

  it('power tells what happens, not who wants it', () => {
    const view = createRemoteView([]);
    expect(view.calls.powerState?.({ state: 'pending', id: 'c1', action: 'reboot', by: DEVICE, until: 5, left: 5 }, 'viewer')).toMatchObject({ by: 'an admin in a browser' });
    expect(view.calls.powerState?.({ state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: `Cancelled by ${DEVICE}.` } }, 'admin')).toMatchObject({ outcome: { reason: 'Cancelled.' } });
    expect(view.calls.powerState?.({ state: 'idle', outcome: { action: 'reboot', result: 'cancelled', reason: 'Cancelled by Traywatch on this machine.' } }, 'viewer')).toMatchObject({ outcome: { reason: 'Cancelled by Traywatch on this machine.' } });
    expect(view.event({ id: 1, time: 1, type: 'power_requested', severity: 'warning', message: `Restart requested by ${DEVICE}`, user: DEVICE, details: { action: 'reboot' } })).toMatchObject({ message: 'Restart requested', user: null });
  });
});

describe('paths in texts', () => {
  const redact = createTextRedaction(['/srv/Anna Smith/Traywatch data', 'C:\\Users\\Anna Smith\\AppData\\Roaming\\Traywatch']);

  it.each([
    ['/home/anna/.config/traywatch/settings.json cannot be read: EISDIR', 'settings.json cannot be read: EISDIR'],
    ["EROFS: read-only file system, open '/home/anna b/x/settings.json.tmp'", "EROFS: read-only file system, open 'settings.json.tmp'"],
    ['/srv/Anna Smith/Traywatch data/history.sqlite: disk I/O error', 'history.sqlite: disk I/O error'],
    ['Moved to C:\\Users\\Anna Smith\\AppData\\Roaming\\Traywatch\\access.corrupt-1.json.', 'Moved to access.corrupt-1.json.'],
    ['open D:\\data\\anna\\x.log failed', 'open x.log failed'],
    ['\\\\server\\anna\\share\\x.log failed', 'x.log failed'],
    ['see file:///home/anna/x/y.html', 'see y.html'],
    ['~/secret/x.pem and ~anna/x/y.pem', 'x.pem and y.pem'],
    ['and/or 5 MB/s of 1/2 at https://example.org/a/b/c', 'and/or 5 MB/s of 1/2 at https://example.org/a/b/c'],
    ['statfs /home/anna, /srv/Anna Smith and /srv/Anna Smith/Traywatch data/.', 'statfs a folder, a folder and a folder.'],
    ["stat '/home/anna b/', scandir 'C:\\Users\\anna'", "stat 'a folder', scandir 'a folder'"],
    ['Moved to /a/b/c.json, /d/e/f.json; (/g/h/i)', 'Moved to c.json, f.json; (i)'],
  ])('%s', (text, shown) => expect(redact(text)).toBe(shown));

  it('no folder survives, whatever is around the path', () => {
    const part = stringMatching(/^[A-Za-z0-9._-]{1,12}$/).filter((text) => !/^\.+$/.test(text));
    assert(
      property(array(part, { maxLength: 5 }), part, constantFrom('', 'open ', '(', '“', "'", ', ', 'Moved to '), constantFrom('', ': EIO', ')', '”', "'", '.', ', then'), constantFrom('/', '\\'), (parts, file, before, after, separator) => {
        const path = [separator === '/' ? '' : 'C:', 'marker-folder', ...parts, file].join(separator);
        expect(redact(`${before}${path}${after}`)).not.toContain('marker-folder');
      }),
    );
  });
});
