/** Services over a real core: how they are set up, what is kept, and what is loaded. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createServiceControl } from '../../../src/main/core/service-control';
import type { CoreParts } from '../../../src/main/core/core-setup';
import { systemTimers } from '../../../src/main/engine/clock';
import { hashSecret } from '../../../src/main/access/secrets';
import { pathsIn } from '../../../src/main/lib/paths';
import { BACKUP, createWorld, DATABASE, WEB } from '../../support/services';

describe('a machine without services', () => {
  it('loads nothing of them', async () => {
    const { world, core, call, folder } = createWorld();
    let loads = 0;
    const room = () => {
      loads += 1;
      return import('../../../src/main/services/index');
    };
    const { settings, record, tasks, notices } = core();
    const parts = { paths: pathsIn(folder), timers: systemTimers, log: { scoped: () => undefined }, lanState: () => world.lan } as unknown as CoreParts;
    const control = createServiceControl({ parts, settings, record, tasks, notices, isPaused: () => false }, room);
    const caller = { id: 'w', role: 'local' } as const;
    expect([control.source.read(), await control.handlers.services({}, caller), await control.handlers.serviceConfigs({}, caller), await control.heartbeat('x', null)]).toEqual([{ services: [], networkLost: null }, { services: [], networkLost: null }, [], false]);
    settings.update({ theme: 'dark' });
    control.setPaused(true);
    control.close();
    expect(loads).toBe(0);
    expect(await call('services', {})).toEqual({ services: [], networkLost: null });
    expect(['service-secrets.json', 'heartbeats.json'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
  });
});

describe('a service', () => {
  it('is added, changed and removed, and the timeline says so by name', async () => {
    const { call, messages } = createWorld();
    expect(await call('saveService', { service: WEB })).toMatchObject([{ service: { id: 'shop-abcd', name: 'Shop', intervalSeconds: 60 }, storedSecrets: [] }]);
    await call('saveService', { service: { ...WEB, enabled: true, url: 'http://127.0.0.1:1/other?key=hidden-key' } });
    await call('saveService', { service: { ...WEB, enabled: true, intervalSeconds: 600, url: 'http://127.0.0.1:1/other?key=hidden-key' } });
    expect(await call('services', {})).toMatchObject({ services: [{ id: 'shop-abcd', target: 'http://127.0.0.1:1/other?key=hidden-key', isUp: null, notMeasured: 'pending' }] });
    expect(await call('removeService', { id: 'shop-abcd' })).toEqual([]);
    await expect(call('removeService', { id: 'shop-abcd' })).rejects.toThrow('NotFound: there is no such service');
    expect(messages()).toEqual(['service_added: Service “Shop” added', 'service_changed: Service “Shop” switched on', 'service_changed: Service “Shop” changed', 'service_removed: Service “Shop” removed']);
  });

  it('is probed when it is there, and after a restart', async () => {
    const { call, restart } = createWorld();
    const service = { ...WEB, headers: [], enabled: true };
    expect(await call('testService', { service })).toMatchObject({ ok: false, fault: 'refused', latency: null });
    await call('saveService', { service });
    restart();
    expect(await call('services', {})).toMatchObject({ services: [{ name: 'Shop', notMeasured: 'pending', nextAt: expect.any(Number) }] });
  });

  it('cannot be set up by a browser', async () => {
    const { call } = createWorld();
    for (const ask of [() => call('saveService', { service: WEB }, 'admin'), () => call('testService', { service: WEB }, 'admin'), () => call('serviceConfigs', {}, 'admin'), () => call('updateSettings', { services: [] }, 'admin'), () => call('newHeartbeat', { id: 'x' }, 'admin')]) await expect(ask()).rejects.toThrow('Forbidden');
  });
});

/** Puts a folder in the way of the settings file, so that no change can be saved; returns what takes it away. */
function refuseSaving(folder: string): () => void {
  const path = join(folder, 'settings.json');
  renameSync(path, `${path}.aside`);
  mkdirSync(join(path, 'in the way'), { recursive: true });
  return () => {
    rmSync(path, { recursive: true });
    renameSync(`${path}.aside`, path);
  };
}

/** A web server that notes who asked for what, with which header. */
async function listener() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    response.end('all is well');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard: () => heard, stop: () => new Promise((resolve) => server.close(resolve)) };
}

describe('secrets', () => {
  it('are stored encrypted, in a file of the owner’s, and only their names are told', async () => {
    const { call, read, folder, restart } = createWorld();
    await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } });
    const configs = await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    expect(configs.map(({ storedSecrets }) => storedSecrets)).toEqual([['header:Authorization'], ['password']]);
    expect(read('service-secrets.json')).not.toMatch(/s3cret|pa55word/);
    expect(statSync(join(folder, 'service-secrets.json')).mode & 0o777).toBe(0o600);
    restart();
    expect((await call('serviceConfigs', {})).map(({ storedSecrets }) => storedSecrets)).toEqual([['header:Authorization'], ['password']]);
  });

  it('are stored as they are where the system has no key store, and a notice says so', async () => {
    const { call, read, core } = createWorld({ hasKeyring: false });
    await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    expect(read('service-secrets.json')).toContain('pa55word');
    expect(core().notices.list().map(({ title }) => title)).toContain('Secrets of services are stored unencrypted');
  });

  it('that are not named stay, that are empty go, and go with their service or header', async () => {
    const { call, read } = createWorld();
    const stored = async (): Promise<readonly string[]> => (await call('serviceConfigs', {})).flatMap(({ storedSecrets }) => storedSecrets);
    const twoHeaders = { ...WEB, headers: ['Authorization', 'X-Key'] };
    await call('saveService', { service: twoHeaders, secrets: { 'header:Authorization': 'one', 'header:X-Key': 'two' } });
    await call('saveService', { service: { ...twoHeaders, name: 'Another name' } });
    expect(await stored()).toEqual(['header:Authorization', 'header:X-Key']);
    await call('saveService', { service: twoHeaders, secrets: { 'header:X-Key': '' } });
    expect(await stored()).toEqual(['header:Authorization']);
    await call('saveService', { service: { ...WEB, headers: [] } });
    expect([await stored(), JSON.parse(read('service-secrets.json'))]).toEqual([[], { version: 1, secrets: {} }]);
  });

  it('come back with their service within a minute, and not after', async () => {
    const { call, fire, read } = createWorld();
    const stored = async (): Promise<readonly string[]> => (await call('saveService', { service: DATABASE })).flatMap(({ storedSecrets }) => storedSecrets);
    await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    await call('removeService', { id: 'db-abcd' });
    expect(JSON.parse(read('service-secrets.json'))).toEqual({ version: 1, secrets: {} });
    expect(await stored()).toEqual(['password']);
    await call('removeService', { id: 'db-abcd' });
    fire(60_000);
    expect(await stored()).toEqual([]);
  });

  it('stay while the settings are lost that say what they are for', async () => {
    const { call, restart, folder, read } = createWorld();
    await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    writeFileSync(join(folder, 'settings.json'), '{');
    restart();
    expect(await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } })).toHaveLength(1);
    expect(Object.keys((JSON.parse(read('service-secrets.json')) as { secrets: object }).secrets)).toEqual(['db-abcd/password', 'shop-abcd/header:Authorization']);
  });

  it('are not sent to an address for which they were not given, by an edit or a test', async () => {
    const { call, read, fire } = createWorld();
    const { url, heard, stop } = await listener();
    await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } });
    expect(await call('testService', { service: { ...WEB, url } })).toMatchObject({ ok: false, fault: 'secretMissing' });
    const [moved] = await call('saveService', { service: { ...WEB, url, enabled: true } });
    expect(moved).toMatchObject({ service: { url }, storedSecrets: [] });
    expect(await call('testService', { service: { ...WEB, url } })).toMatchObject({ fault: 'secretMissing' });
    expect(heard()).toEqual([]);
    fire(60_000);
    expect(read('service-secrets.json')).not.toContain('Authorization');
    // Given for the new place, it goes there, and to every path of it.
    await call('saveService', { service: { ...WEB, url }, secrets: { 'header:Authorization': 'Bearer other' } });
    expect((await call('saveService', { service: { ...WEB, url: `${url}deeper?x=1`, keyword: 'well' } }))[0]?.storedSecrets).toEqual(['header:Authorization']);
    expect(await call('testService', { service: { ...WEB, url: `${url}deeper` } })).toMatchObject({ ok: true });
    expect(heard()).toEqual(['/deeper Bearer other']);
    await stop();
  });

  it.each([
    ['another host', { host: '127.0.0.2' }],
    ['another port', { port: 2 }],
    ['another database', { database: 'other' }],
    ['no TLS', { tls: 'off' as const }],
  ])('of a database are asked for again with %s', async (_what, change) => {
    const { call } = createWorld();
    await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    expect((await call('saveService', { service: { ...DATABASE, user: 'somebody', intervalSeconds: 90 } }))[0]?.storedSecrets).toEqual(['password']);
    expect((await call('saveService', { service: { ...DATABASE, ...change } }))[0]?.storedSecrets).toEqual([]);
  });

  it('of a service that is refused are not stored, and those that it replaced are still there', async () => {
    const { call, folder, read } = createWorld();
    await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    const before = read('service-secrets.json');
    const accept = refuseSaving(folder);
    await expect(call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } })).rejects.toThrow('Unavailable: ');
    await expect(call('saveService', { service: { ...DATABASE, port: 7 }, secrets: { password: 'other' } })).rejects.toThrow('Unavailable: ');
    await expect(call('saveService', { service: DATABASE, secrets: { password: '' } })).rejects.toThrow('Unavailable: ');
    expect(read('service-secrets.json')).toBe(before);
    accept();
    expect(await call('serviceConfigs', {})).toMatchObject([{ service: { port: 1 }, storedSecrets: ['password'] }]);
  });

  it('of which one cannot be encrypted leave all as it was', async () => {
    const { call, read, keyring } = createWorld();
    const two = { ...WEB, headers: ['Authorization', 'X-Key'] };
    await call('saveService', { service: two, secrets: { 'header:Authorization': 'one', 'header:X-Key': 'two' } });
    const before = read('service-secrets.json');
    keyring.refused = 'changed two';
    await expect(call('saveService', { service: { ...two, name: 'Renamed' }, secrets: { 'header:Authorization': 'changed one', 'header:X-Key': 'changed two' } })).rejects.toThrow('Unavailable: the secret could not be encrypted: the key store is locked');
    expect([read('service-secrets.json'), (await call('serviceConfigs', {}))[0]?.service.name]).toEqual([before, 'Shop']);
  });

  it('that cannot be written leave the service as it was', async () => {
    const { call, folder } = createWorld();
    await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'one' } });
    rmSync(join(folder, 'service-secrets.json'));
    mkdirSync(join(folder, 'service-secrets.json', 'in the way'), { recursive: true });
    await expect(call('saveService', { service: { ...WEB, name: 'Renamed' }, secrets: { 'header:Authorization': 'two' } })).rejects.toThrow('Unavailable: the secrets could not be saved');
    expect(await call('serviceConfigs', {})).toMatchObject([{ service: { name: 'Shop' }, storedSecrets: ['header:Authorization'] }]);
  });

  it('of two services that are saved at once are both there', async () => {
    const { call } = createWorld();
    await Promise.all([call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } }), call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } })]);
    expect((await call('serviceConfigs', {})).map(({ storedSecrets }) => storedSecrets)).toEqual([['password'], ['header:Authorization']]);
  });

  it('for which there is no place, or that no header can hold, are refused without repeating them', async () => {
    const { call } = createWorld();
    await expect(call('saveService', { service: WEB, secrets: { password: 'hidden' } })).rejects.toThrow('BadInput: secrets: "Shop" has none of the name password');
    const split = await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'hidden\r\nX: y' } }).then(() => '', String);
    expect(split).toContain('Authorization has characters');
    expect(split).not.toContain('hidden');
    await expect(call('saveService', { service: BACKUP, secrets: { token: hashSecret('mine') } })).rejects.toThrow('none of the name token');
    expect(await call('serviceConfigs', {})).toEqual([]);
  });
});

describe('a file of services', () => {
  const exported = async (call: ReturnType<typeof createWorld>['call']): Promise<string> => (await call('exportServices', {})).path ?? '';

  it('has no secrets, and replaces what has the same id', async () => {
    const { call, world } = createWorld();
    await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } });
    await call('saveService', { service: DATABASE, secrets: { password: 'pa55word' } });
    const path = await exported(call);
    expect(readFileSync(path, 'utf8')).not.toMatch(/s3cret|pa55word/);
    await call('removeService', { id: 'db-abcd' });
    await call('saveService', { service: { ...WEB, name: 'Renamed' } });
    world.file = path;
    const { added, replaced, configs } = await call('importServices', {});
    expect([added, replaced, configs.map(({ service: { name }, storedSecrets }) => [name, storedSecrets])]).toEqual([1, 1, [['Shop', ['header:Authorization']], ['Orders', ['password']]]]);
  });

  it('that sends a service elsewhere does not take its secrets along, which come back with their place', async () => {
    const { call, world, folder, fire } = createWorld();
    const before = { ...WEB, url: 'https://shop.example/health' };
    for (const change of [{ url: 'https://other.example/health' }, { url: 'http://shop.example/health' }, { url: 'https://shop.example:8443/' }, { certificate: 'unverified' }]) {
      await call('saveService', { service: before, secrets: { 'header:Authorization': 'Bearer s3cret' } });
      world.file = join(folder, 'theirs.json');
      writeFileSync(world.file, JSON.stringify({ kind: 'traywatch-services', version: 1, services: [{ ...before, ...change }] }));
      expect((await call('importServices', {})).configs[0]?.storedSecrets).toEqual([]);
      expect((await call('saveService', { service: before }))[0]?.storedSecrets).toEqual(['header:Authorization']);
      await call('importServices', {});
      fire(60_000);
      expect((await call('saveService', { service: before }))[0]?.storedSecrets).toEqual([]);
    }
  });

  it('that the settings refuse takes nothing away', async () => {
    const { call, world, folder } = createWorld();
    await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } });
    world.file = join(folder, 'theirs.json');
    writeFileSync(world.file, JSON.stringify({ kind: 'traywatch-services', version: 1, services: [{ ...WEB, url: 'http://other.example/' }] }));
    refuseSaving(folder);
    await expect(call('importServices', {})).rejects.toThrow('Unavailable: ');
    expect((await call('serviceConfigs', {}))[0]).toMatchObject({ service: { url: WEB.url }, storedSecrets: ['header:Authorization'] });
  });

  it.each([
    ['nothing of Traywatch', '{}', 'does not contain services'],
    ['no JSON', '{', 'it is not JSON'],
    ['a newer version', JSON.stringify({ kind: 'traywatch-services', version: 2, services: [] }), 'newer version'],
    ['a wrong field', JSON.stringify({ kind: 'traywatch-services', version: 1, services: [WEB, { ...DATABASE, port: 0 }] }), '“Orders”: port: Enter a number'],
    ['no service at all', JSON.stringify({ kind: 'traywatch-services', version: 1, services: [5] }), 'service 1: '],
    ['one id twice', JSON.stringify({ kind: 'traywatch-services', version: 1, services: [WEB, { ...WEB, name: 'Again' }] }), '“Again”: id: there is another service "shop-abcd"'],
    ['a host that is an option', JSON.stringify({ kind: 'traywatch-services', version: 1, services: [{ kind: 'ping', id: 'p', name: 'P', host: '-f' }] }), '“P”: host: '],
  ])('with %s changes nothing and says why', async (_what, text, reason) => {
    const { call, world, folder } = createWorld();
    world.file = join(folder, 'found.json');
    writeFileSync(world.file, text);
    const message = await call('importServices', {}).then(() => '', String);
    expect(message).toContain('found.json was not imported, and nothing has changed');
    expect(message).toContain(reason);
    expect(await call('serviceConfigs', {})).toEqual([]);
  });
});
