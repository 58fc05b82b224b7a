/** Services over a real core: how they are set up, what is kept, and what is loaded. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

  it('that sends a service elsewhere does not take its secrets along', async () => {
    const { call, world, folder } = createWorld();
    await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } });
    for (const change of [{ url: 'http://other.example/health' }, { certificate: 'unverified' }]) {
      await call('saveService', { service: WEB, secrets: { 'header:Authorization': 'Bearer s3cret' } });
      world.file = join(folder, 'theirs.json');
      writeFileSync(world.file, JSON.stringify({ kind: 'traywatch-services', version: 1, services: [{ ...WEB, ...change }] }));
      expect((await call('importServices', {})).configs[0]?.storedSecrets).toEqual([]);
      expect((await call('saveService', { service: WEB }))[0]?.storedSecrets).toEqual([]);
    }
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
