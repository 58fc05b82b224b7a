/** Containers of a real Docker: what is listed, what happens, and what becomes of it where the daemon is killed, hangs or may not be asked. */
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerRaw } from '../../../../src/main/engine/containers/types';
import { hasDocker, startDocker } from '../../../support/container-engines';
import type { RealEngine } from '../../../support/container-engines';
import { until } from '../../../support/desktop';
import { hastyTimers, watchEngines } from '../../../support/watched-engines';
import type { WatchedEngines } from '../../../support/watched-engines';

const can = await hasDocker();

describe.skipIf(!can)('a real Docker', { timeout: 60_000 }, () => {
  let docker: RealEngine;
  let watched: WatchedEngines | null = null;
  beforeAll(async () => {
    docker = await startDocker();
  }, 60_000);
  afterAll(() => docker.stop());
  afterEach(() => {
    watched?.containers.close();
    docker.removeAll();
  });

  const start = (name: string, ...args: string[]): string => docker.cli('run', '-d', '--name', name, '--network', 'none', ...args);
  const watch = async (changes: Parameters<typeof watchEngines>[1] = {}): Promise<WatchedEngines> => {
    watched = watchEngines([`unix://${docker.socket}`], changes);
    await watched.connected();
    return watched;
  };
  const one = async ({ containers }: WatchedEngines, name: string): Promise<ContainerRaw | undefined> => (await containers.read())?.containers.find(({ label }) => label === name);

  it('lists containers with their numbers', async () => {
    start('busy', '--memory', '64m', '-l', 'com.docker.compose.project=shop', '-l', 'com.docker.compose.service=db', 'local', 'sh', '-c', 'while :; do :; done');
    const watching = await watch();
    const raw = await until('a container with numbers', async () => {
      const found = (await watching.containers.read())?.containers[0];
      return found?.counters === null ? undefined : found;
    });
    expect(raw).toMatchObject({ device: 'shop/db', image: 'local', state: 'running', health: 'none', restarts: 0, isMissed: false, reason: null });
    expect(raw?.counters?.memoryLimit).toBe(64 * 1024 * 1024);
    const { engines, containers } = await watching.containers.list();
    expect(engines).toMatchObject([{ kind: 'docker', label: 'Docker', state: 'answering', reason: null }]);
    expect(containers).toMatchObject([{ name: 'busy', project: 'shop', service: 'db', state: 'running' }]);
    const details = await watching.containers.details(containers[0]?.id ?? '');
    expect(details).toMatchObject({ command: 'sh -c "while :; do :; done"', restartPolicy: 'no', restarts: 0 });
  });

  it('tells starts, ends, stops, and what was killed for want of memory', async () => {
    const watching = await watch({ settings: () => ({ logLines: true }) });
    start('fails', 'local', 'sh', '-c', 'echo first; echo last; exit 3');
    start('eats', '--memory', '16m', 'local', 'sh', '-c', 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done');
    start('stays', 'local', 'sleep', '60');
    docker.cli('stop', '-t', '0', 'stays');
    docker.cli('start', 'stays');
    docker.cli('restart', '-t', '0', 'stays');
    await until('all events', () => Promise.resolve(watching.told().filter((line) => line === 'container_restarted stays').length === 1 && watching.told().includes('container_died eats') ? true : undefined));
    expect(watching.told().filter((line) => line.endsWith('fails'))).toEqual(['container_started fails', 'container_died fails']);
    expect(watching.told().filter((line) => line.endsWith('eats'))).toEqual(['container_started eats', 'container_oom eats', 'container_died eats']);
    expect(watching.told().filter((line) => line.endsWith('stays'))).toEqual(['container_started stays', 'container_stopped stays', 'container_started stays', 'container_stopped stays', 'container_restarted stays']);
    expect(watching.events.find(({ type, details }) => type === 'container_died' && details?.['container'] === 'fails')).toMatchObject({ severity: 'warning', details: { exitCode: 3, log: ['first', 'last'], series: 'container.running@fails' } });
    const failed = await until('the list after it', async () => {
      const found = await one(watching, 'fails');
      return found?.state === 'exited' ? found : undefined;
    });
    expect(failed).toMatchObject({ recentDeaths: 1, isMissed: false, reason: 'exit code 3; its last log lines: first | last', counters: null });
    expect(await one(watching, 'eats')).toMatchObject({ recentOomKills: 1, reason: 'killed for want of memory, exit code 137' });
    expect(await one(watching, 'stays')).toMatchObject({ state: 'running', recentDeaths: 0 });
  });

  it('counts a restart loop and writes few events of it', async () => {
    const watching = await watch();
    start('loops', '--restart', 'on-failure:4', 'local', 'sh', '-c', 'exit 7');
    const gaveUp = await until('the end of the loop', async () => {
      const found = await one(watching, 'loops');
      return found?.state === 'exited' && found.recentDeaths === 5 ? found : undefined;
    });
    expect(gaveUp).toMatchObject({ restarts: 4, isMissed: true, reason: 'exit code 7' });
    expect(watching.told()).toEqual(['container_started loops', 'container_died loops', 'container_restarted loops', 'container_died loops', 'container_restarted loops', 'container_died loops']);
    watching.containers.close();
    expect(watching.events.at(-1)).toMatchObject({ type: 'container_died', message: 'loops ended with exit code 7; in this minute restarted 2 times, ended 2 times more' });
  });

  it('tells that a health check fails, and that it succeeds again', async () => {
    const watching = await watch();
    start('ill', '--health-cmd', '/bin/busybox test -f /ok', '--health-interval', '1s', '--health-retries', '1', 'local', 'sh', '-c', 'sleep 3; busybox touch /ok; exec sleep 60');
    await until('unhealthy', () => Promise.resolve(watching.told().includes('container_unhealthy ill') ? true : undefined));
    expect(await until('its state', async () => {
      const found = await one(watching, 'ill');
      return found?.health === 'unhealthy' ? found : undefined;
    })).toMatchObject({ reason: expect.stringContaining('its health check failed') as string });
    await until('healthy', () => Promise.resolve(watching.told().includes('container_healthy ill') ? true : undefined));
  });

  it('starts and stops containers', async () => {
    const id = start('asked', 'local', 'sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done');
    const { containers } = await watch();
    expect((await containers.act(id, 'stop')).containers.find((found) => found.id === id)?.state).toBe('exited');
    expect((await containers.act(id, 'start')).containers.find((found) => found.id === id)?.state).toBe('running');
    docker.cli('rm', '-f', 'asked');
    await expect(containers.act(id, 'start')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('loses nothing when the daemon is killed and started again', async () => {
    const watching = await watch({ timers: hastyTimers });
    start('before', '--restart', 'always', 'local', 'sleep', '600');
    start('ends', 'local', 'sleep', '600');
    await until('both', () => Promise.resolve(watching.told().length >= 2 ? true : undefined));
    await docker.killAndRestart();
    start('after', 'local', 'sleep', '600');
    await until('the one started after', () => Promise.resolve(watching.told().includes('container_started after') ? true : undefined));
    const list = await until('the list', async () => {
      const found = await watching.containers.list();
      return found.engines[0]?.state === 'answering' && found.containers.length === 3 ? found.containers : undefined;
    });
    expect(list.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual(['after running', 'before running', 'ends exited']);
    expect(watching.told().filter((line) => line.startsWith('container_stopped ends') || line.startsWith('container_died ends'))).toHaveLength(1);
    expect(watching.told().filter((line) => line === 'container_started after')).toHaveLength(1);
  });

  it('does not keep anybody waiting while the daemon hangs', async () => {
    start('goes-on', 'local', 'sh', '-c', 'while :; do :; done');
    const watching = await watch({ timers: hastyTimers });
    expect(await one(watching, 'goes-on')).toMatchObject({ state: 'running' });
    process.kill(docker.pid(), 'SIGSTOP');
    try {
      const asked = performance.now();
      const still = await one(watching, 'goes-on');
      // It is not a matter of speed: an engine that hangs answers never.
      expect(performance.now() - asked).toBeLessThan(5000);
      expect(still?.counters).not.toBeNull();
      const { engines } = await until('its state', async () => {
        const found = await watching.containers.list();
        return found.engines[0]?.state === 'notAnswering' ? found : undefined;
      });
      expect(engines[0]?.reason).toMatch(/^Docker does not answer at .*docker\.sock\. If this lasts, restart it\.$/);
      expect(await one(watching, 'goes-on')).toMatchObject({ state: 'running' });
    } finally {
      process.kill(docker.pid(), 'SIGCONT');
    }
    await until('it answers again', async () => ((await watching.containers.list()).engines[0]?.state === 'answering' ? true : undefined));
  });

  it('says how to be permitted', async () => {
    chmodSync(dirname(docker.socket), 0o755);
    process.seteuid?.(65_534);
    try {
      const { containers } = await watch();
      expect((await containers.list()).engines).toMatchObject([{ state: 'notPermitted', reason: expect.stringContaining('Add your account to the group docker') as string }]);
      expect((await containers.read())?.containers).toEqual([]);
    } finally {
      process.seteuid?.(0);
    }
  });
});
