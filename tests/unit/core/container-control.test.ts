/** Containers in a real core: found, read, listed, and acted on where that is allowed; nothing of it where there are none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../../../src/main/core/core';
import type { CoreParts } from '../../../src/main/core/core-setup';
import { systemDeps } from '../../../src/main/engine/collectors/platform';
import { until } from '../../support/desktop';
import { openCore } from '../../support/core';
import { RECORDINGS, startRecordedEngine } from '../../support/recorded-engine';
import type { RecordedEngine } from '../../support/recorded-engine';

const LOCAL = { id: 'window', role: 'local' } as const;

function open(env: CoreParts['env'], changes: Partial<CoreParts> = {}): Core {
  const folder = mkdtempSync(join(tmpdir(), 'container-core-'));
  const core = openCore(folder, { env, ...changes });
  onTestFinished(() => {
    core.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return core;
}

async function startEngine(): Promise<RecordedEngine> {
  const engine = await startRecordedEngine(RECORDINGS['Docker 1.53']?.() ?? expect.fail());
  onTestFinished(() => engine.stop());
  return engine;
}

describe('containers in the core', () => {
  it('are read, listed and named, and their events are written', async () => {
    const engine = await startEngine();
    const { workloads: { sources, containers }, handlers, store } = open({ DOCKER_HOST: `unix://${engine.socket}` });
    const raw = await until('a read', async () => (await sources.containers?.read()) ?? undefined);
    const own = raw.containers.find(({ device }) => device === 'shop/db');
    expect(own).toMatchObject({ state: 'running', health: 'unhealthy' });
    expect(containers.nameOf(own?.id ?? '')).toBe('shop/db');
    expect(containers.nameOf('0'.repeat(64))).toBeNull();
    const list = await handlers.containers({}, LOCAL);
    expect(list.containers.map(({ name }) => name)).toEqual(expect.arrayContaining(['shop-db-1', 'fails', 'stopped']));
    const time = Math.floor(Date.now() / 1000) + 5;
    engine.send(JSON.stringify({ Type: 'container', Action: 'die', Actor: { ID: own?.id, Attributes: { name: 'shop-db-1', image: 'localbb', exitCode: '9' } }, time, timeNano: time * 1e9 }));
    const event = await until('its event', () => Promise.resolve(store.activity.events({ types: ['container_died'], limit: 1 }).events[0]));
    expect(event).toMatchObject({ severity: 'warning', message: 'shop/db ended with exit code 9', details: { container: 'shop-db-1', exitCode: 9, engine: 'Docker', series: 'container.running@shop/db' } });
    expect(event.time).toBeLessThanOrEqual(Date.now());
  });

  it('are acted on only where the settings allow it', async () => {
    const engine = await startEngine();
    const { handlers, settings } = open({ DOCKER_HOST: `unix://${engine.socket}` });
    const id = await until('a container', async () => (await handlers.containers({}, LOCAL)).containers[0]?.id);
    await expect(handlers.containerAction({ id, action: 'stop' }, LOCAL)).rejects.toMatchObject({ code: 'Forbidden', message: expect.stringContaining('Turn it on in Settings') as string });
    expect(engine.posted).toEqual([]);
    settings.update({ containers: { actions: true } });
    expect((await handlers.containerAction({ id, action: 'stop' }, LOCAL)).containers).toHaveLength(3);
    expect(engine.posted).toEqual([`/containers/${id}/stop`]);
    await expect(handlers.containerAction({ id: 'other', action: 'stop' }, LOCAL)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('are let go when the settings say so, and found again', async () => {
    const engine = await startEngine();
    const { handlers, settings, workloads } = open({ DOCKER_HOST: '' });
    expect(await handlers.containers({}, LOCAL)).toEqual({ engines: [], containers: [] });
    settings.update({ containers: { endpoints: [`unix://${engine.socket}`] } });
    await until('its containers', async () => ((await handlers.containers({}, LOCAL)).containers.length === 3 ? true : undefined));
    settings.update({ containers: { enabled: false } });
    expect(await handlers.containers({}, LOCAL)).toEqual({ engines: [], containers: [] });
    expect(await workloads.sources.containers?.read()).toBeNull();
    settings.update({ containers: { enabled: true } });
    await until('its containers again', async () => ((await handlers.containers({}, LOCAL)).containers.length === 3 ? true : undefined));
    settings.update({ containers: { endpoints: [] } });
    await until('nothing', async () => ((await handlers.containers({}, LOCAL)).engines.length === 0 ? true : undefined));
  });

  it('are not looked for on a machine that is made up', async () => {
    const engine = await startEngine();
    const real = systemDeps();
    const { handlers, workloads } = open({ DOCKER_HOST: `unix://${engine.socket}` }, { system: { ...real, demo: { hostname: 'demo', own: real } } });
    expect(await workloads.sources.containers?.read()).toBeNull();
    expect(await handlers.containers({}, LOCAL)).toEqual({ engines: [], containers: [] });
    expect(engine.asked).toEqual([]);
  });

  it('leave nothing behind when the core closes', async () => {
    const engine = await startEngine();
    const core = open({ DOCKER_HOST: `unix://${engine.socket}` });
    await until('its containers', async () => ((await core.handlers.containers({}, LOCAL)).containers.length === 3 ? true : undefined));
    const asked = engine.asked.length;
    core.close();
    expect(await core.workloads.sources.containers?.read()).toBeNull();
    expect(engine.asked).toHaveLength(asked);
  });
});
