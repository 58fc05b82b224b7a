/** Engines of several versions on a real socket: what is read of them, what is asked of them, and what goes wrong. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemTimers } from '../../../../src/main/engine/clock';
import type { Timers } from '../../../../src/main/engine/clock';
import { lookFiles } from '../../../../src/main/engine/containers/discovery';
import { until } from '../../../support/desktop';
import { RECORDINGS, startRecordedEngine } from '../../../support/recorded-engine';
import type { RecordedEngine } from '../../../support/recorded-engine';
import { hastyTimers, watchEngines } from '../../../support/watched-engines';
import type { WatchedEngines } from '../../../support/watched-engines';

const engines: RecordedEngine[] = [];
const watchers: WatchedEngines[] = [];
afterEach(async () => {
  for (const { containers } of watchers.splice(0)) containers.close();
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
});

/** A Podman service that stays: what the machine's processes say. */
const lasting = { ...lookFiles, names: (folder: string) => Promise.resolve(folder === '/proc' ? ['7'] : []), text: () => Promise.resolve('/usr/bin/podman\0system\0service\0--time=0\0') };

async function start(version: string, answer?: Parameters<typeof startRecordedEngine>[1]): Promise<RecordedEngine> {
  const engine = await startRecordedEngine(RECORDINGS[version]?.() ?? expect.fail(version), answer);
  engines.push(engine);
  return engine;
}
function watch(sockets: readonly string[], changes: Parameters<typeof watchEngines>[1] = {}): WatchedEngines {
  const watched = watchEngines(sockets.map((socket) => `unix://${socket}`), { files: lasting, ...changes });
  watchers.push(watched);
  return watched;
}

describe.each(Object.keys(RECORDINGS).filter((version) => version.startsWith('Docker')))('%s', (version) => {
  it('tells its containers, their health and what becomes of them', async () => {
    const engine = await start(version);
    const [created, ...later] = engine.recorded.events;
    const { containers, told, connected } = watch([engine.socket]);
    await connected();
    const { containers: list, engines: [status] } = await containers.list();
    expect(status).toMatchObject({ kind: 'docker', state: 'answering', version: engine.recorded.version['Version'] });
    expect(list.map(({ name, state, health, exitCode, project }) => [name, state, health, exitCode, project])).toEqual([
      ['stopped', 'exited', 'none', 137, null],
      ['fails', 'exited', 'none', 3, null],
      ['shop-db-1', 'running', 'unhealthy', null, 'shop'],
    ]);
    const read = await containers.read();
    expect(Object.fromEntries((read?.containers ?? []).map(({ device, reason, isMissed, recentDeaths }) => [device, [reason, isMissed, recentDeaths]]))).toEqual({
      stopped: ['exit code 137', false, 0],
      fails: ['exit code 3', true, 0],
      'shop/db': [expect.stringMatching(/^its health check failed \d+ times$/), false, 0],
    });
    // The same events would tell nothing new: the list was read after them.
    engine.send(created ?? '', ...later.filter((line) => line.includes('"die"')));
    // The same container again, an hour later.
    engine.send(...later.map((line) => line.replaceAll(/"(time|timeNano)":(\d{3})/g, '"$1":9$2')).filter((line) => line.includes('fails') || line.includes('"stopped"')));
    await until('its events', () => Promise.resolve(told().length >= 6 ? true : undefined));
    expect(told().filter((line) => line.endsWith(' fails'))).toEqual(['container_started fails', 'container_died fails', 'container_restarted fails', 'container_died fails']);
    expect(told().filter((line) => line.endsWith(' stopped'))).toEqual(['container_started stopped', 'container_stopped stopped']);
  });

  it('is asked for little, without a version in the path, and as its own client', async () => {
    const engine = await start(version);
    const { containers, connected } = watch([engine.socket]);
    await connected();
    for (let reads = 0; reads < 5; reads += 1) await containers.read();
    expect(engine.asked.filter((path) => !path.includes('/stats?'))).toEqual(['/version', '/info', '/containers/json?all=1', ...engine.recorded.list.map(({ Id }) => `/containers/${String(Id)}/json`)]);
    expect([...engine.userAgents]).toEqual(['Docker-Client/1.0 (Traywatch)']);
    expect(JSON.parse(engine.streams[0]?.get('filters') ?? '{}')).toMatchObject({ type: ['container'], event: expect.arrayContaining(['die', 'oom', 'health_status']) as unknown });
  });
});

describe.each(['Podman 4.3', 'Podman 5.4'])('%s', (version) => {
  it('tells health one by one, and its events in its own words', async () => {
    const engine = await start(version);
    const { containers, connected } = watch([engine.socket]);
    await connected();
    const { containers: list, engines: [status] } = await containers.list();
    expect(status).toMatchObject({ kind: 'podman', label: 'Podman', state: 'answering' });
    expect(list.map(({ name, state, health, exitCode }) => [name, state, health, exitCode])).toEqual([['web', 'running', 'healthy', null], ['fails', 'exited', 'none', 3]]);
    engine.send(...engine.recorded.events.map((line) => line.replaceAll(/"(time|timeNano)":(\d{3})/g, '"$1":9$2')));
    await until('its death', async () => ((await containers.read())?.containers.some(({ label }) => label === 'fails') === true ? true : undefined));
    expect((await containers.read())?.containers.find(({ label }) => label === 'web')).toMatchObject({ health: 'healthy', reason: null });
  });
});

describe('an engine', () => {
  it('tells details without the environment', async () => {
    const engine = await start('Docker 1.41');
    const { containers, connected } = watch([engine.socket]);
    await connected();
    const id = (await containers.list()).containers.find(({ name }) => name === 'shop-db-1')?.id ?? '';
    const details = await containers.details(id);
    expect(details).toMatchObject({ command: '/bin/busybox sleep 600', restartPolicy: 'always', hiddenVariables: 1, mounts: [{ type: 'bind', source: '/srv/data', target: '/data', isWritable: false }], networks: [{ name: 'none', address: null }] });
    expect(details.healthLog[0]).toMatchObject({ exitCode: 1 });
    expect(JSON.stringify(details)).not.toContain('secret');
  });

  it('has told what happened in the last moment when it is not watched any more, also where the list after it was not asked for', async () => {
    const engine = await start('Docker 1.41');
    let isHeld = false;
    let isConnected = false;
    // What follows an event within a second never comes.
    const after: Timers['after'] = (ms, task) => {
      if (!isConnected || ms > 1000) return systemTimers.after(ms, task);
      isHeld = true;
      return () => undefined;
    };
    const { containers, connected, told } = watch([engine.socket], { timers: { after } });
    await connected();
    isConnected = true;
    const now = Date.now() + 5000;
    const event = (action: string, offset: number): string => JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'a'.repeat(64), Attributes: { name: 'job', image: 'job', exitCode: '3' } }, time: Math.floor((now + offset) / 1000), timeNano: (now + offset) * 1e6 });
    engine.send(event('start', 0), event('die', 100));
    await until('the events', () => Promise.resolve(isHeld ? true : undefined));
    expect(told()).toEqual([]);
    containers.close();
    expect(told()).toEqual(['container_started job', 'container_died job']);
    containers.close();
    expect(told()).toHaveLength(2);
  });

  it('is asked again for what may have been missed, and tells nothing twice', async () => {
    const engine = await start('Docker 1.41');
    const { connected, told } = watch([engine.socket], { timers: hastyTimers });
    await connected();
    const now = Date.now() + 5000;
    const event = (action: string, offset: number): string => JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'a'.repeat(64), Attributes: { name: 'job', image: 'job' } }, time: Math.floor((now + offset) / 1000), timeNano: (now + offset) * 1e6 });
    engine.send(event('start', 0), event('die', 100));
    await until('two events', () => Promise.resolve(told().length === 2 ? true : undefined));
    engine.breakStreams();
    await until('another stream', () => Promise.resolve(engine.streams.length === 2 ? true : undefined));
    const since = Number(engine.streams[1]?.get('since'));
    expect(since).toBeLessThanOrEqual(now / 1000);
    expect(since).toBeGreaterThan(now / 1000 - 7);
    engine.send(event('start', 0), event('die', 100), event('start', 200));
    await until('the third event', () => Promise.resolve(told().length === 3 ? true : undefined));
    expect(told()).toEqual(['container_started job', 'container_died job', 'container_started job']);
  });

  it('that is reached in two ways counts once', async () => {
    const engine = await start('Docker 1.41');
    const other = await start('Docker 1.41');
    const { containers, connected } = watch([engine.socket, other.socket]);
    await connected();
    expect((await containers.list()).engines).toHaveLength(1);
    expect((await containers.list()).containers).toHaveLength(3);
  });

  it('beside another is told apart', async () => {
    const [docker, podman] = [await start('Docker 1.53'), await start('Podman 5.4')];
    const { containers } = watch([docker.socket, podman.socket]);
    const list = await until('both', async () => {
      const found = await containers.list();
      return found.engines.length === 2 && found.containers.length === 5 ? found : undefined;
    });
    expect(list.engines.map(({ kind }) => kind)).toEqual(['docker', 'podman']);
    // Two are called "fails": each has a series of its own.
    expect(new Set(list.containers.map(({ device }) => device)).size).toBe(5);
  });

  it('behind a filter may refuse to say who it is', async () => {
    const engine = await start('Docker 1.47', (path, response) => path === '/info' && response.writeHead(403).end('Forbidden') !== undefined);
    const { containers, connected } = watch([engine.socket]);
    await connected();
    expect((await containers.list()).engines).toMatchObject([{ state: 'answering' }]);
  });

  it.each([
    ['is something else', (path: string) => (path === '/version' ? '{"name":"web server"}' : null), /gave no usable answer: something else than a container engine listens there\./],
    ['answers with no JSON', (path: string) => (path === '/version' ? '<html>' : null), /gave no usable answer/],
    ['has a list of another form', (path: string) => (path === '/containers/json' ? '{"containers":[]}' : null), /its list of containers has another form than expected\./],
    ['answers without an end', (path: string) => (path === '/containers/json' ? '['.repeat(33_000_000) : null), /the answer is longer than 32000000 bytes/],
  ])('that %s is said to be of no use', async (_what, text, reason) => {
    const engine = await start('Docker 1.41', (path, response) => {
      const instead = text(path);
      return instead !== null && response.end(instead) !== undefined;
    });
    const { containers, connected } = watch([engine.socket]);
    await connected();
    expect((await containers.list()).engines).toMatchObject([{ state: 'notAnswering', reason: expect.stringMatching(reason) as string }]);
    expect((await containers.read())?.containers).toEqual([]);
  });

  it('that refuses a version says so in its own words', async () => {
    const engine = await start('Docker 1.41', (path, response) => path === '/version' && response.writeHead(400).end('{"message":"client version 1.12 is too old"}') !== undefined);
    const { containers, connected } = watch([engine.socket]);
    await connected();
    expect((await containers.list()).engines[0]?.reason).toContain('client version 1.12 is too old');
  });

  it('that somebody named is missed where it is not there', async () => {
    const { containers, connected } = watch(['/nowhere/docker.sock']);
    await connected();
    expect((await containers.list()).engines).toMatchObject([{ state: 'notInstalled', reason: 'Docker: nothing listens at /nowhere/docker.sock, which the settings name. Start it, or remove it from the settings.' }]);
  });
});
