/** Containers of a real Podman: one whose service ends when nobody asks is left to that, and one that stays is followed. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/main/engine/clock';
import { hasPodman, startPodman } from '../../../support/container-engines';
import type { RealPodman } from '../../../support/container-engines';
import { until } from '../../../support/desktop';
import { watchEngines } from '../../../support/watched-engines';
import type { WatchedEngines } from '../../../support/watched-engines';

const can = await hasPodman();

describe.skipIf(!can)('a real Podman', { timeout: 60_000 }, () => {
  let podman: RealPodman | null = null;
  let watched: WatchedEngines | null = null;
  afterEach(async () => {
    watched?.containers.close();
    await podman?.stop();
  });

  it('is not kept awake where its socket starts it', async () => {
    const engine = (podman = await startPodman(2));
    engine.cli('run', '--name', 'first', 'local', 'sleep', '600');
    let later = 0;
    const clock = { ...systemClock, mono: () => systemClock.mono() + later };
    watched = watchEngines([`unix://${engine.socket}`], { clock });
    const { containers, told } = watched;
    await watched.connected();
    const read = await containers.read();
    expect(read?.engines).toMatchObject([{ kind: 'podman', label: 'Podman', state: 'answering', version: expect.stringMatching(/^\d/) as string }]);
    expect(read?.containers).toMatchObject([{ label: 'first', state: 'running' }]);
    expect(engine.starts()).toBe(1);
    // Its numbers come from its cgroup: reading them asks nobody.
    const asleep = until('its service ends', async () => {
      expect((await containers.read())?.containers[0]?.counters).not.toBeNull();
      return engine.isAwake() ? undefined : true;
    });
    await asleep;
    for (let reads = 0; reads < 10; reads += 1) {
      await containers.read();
      await delay(100);
    }
    expect(engine.starts()).toBe(1);
    // A minute later nothing has changed, then something has.
    later += 61_000;
    await containers.read();
    expect(engine.starts()).toBe(1);
    engine.cli('run', '--name', 'second', 'local', 'sleep', '600');
    engine.cli('run', '--name', 'fails', 'local', 'sh', '-c', 'exit 3');
    expect((await containers.read())?.containers.map(({ label }) => label).toSorted()).toEqual(['fails', 'first', 'second']);
    expect(engine.starts()).toBe(2);
    await until('their events', () => Promise.resolve(told().length >= 3 ? true : undefined));
    expect(told().toSorted()).toEqual(['container_died fails', 'container_started fails', 'container_started second']);
    await until('its service ends', () => Promise.resolve(engine.isAwake() ? undefined : true));
  });

  it('is followed where it stays by itself', async () => {
    const engine = (podman = await startPodman(0));
    watched = watchEngines([`unix://${engine.socket}`]);
    const { containers, told } = watched;
    await watched.connected();
    engine.cli('run', '--name', 'loops', '--restart', 'on-failure:3', 'local', 'sh', '-c', 'exit 5');
    engine.cli('run', '--name', 'stays', 'local', 'sleep', '600');
    engine.cli('stop', '-t', '0', 'stays');
    await until('all events', () => Promise.resolve(told().includes('container_stopped stays') ? true : undefined));
    const found = await until('the end of the loop', async () => {
      const one = (await containers.read())?.containers.find(({ label }) => label === 'loops');
      return one?.recentDeaths === 4 && one.restarts === 3 ? one : undefined;
    });
    expect(found).toMatchObject({ state: 'exited', restarts: 3, isMissed: true, reason: 'exit code 5' });
    expect((await containers.read())?.containers.find(({ label }) => label === 'stays')).toMatchObject({ state: 'exited', recentDeaths: 0, isMissed: false });
    expect(told().filter((line) => line === 'container_restarted loops').length).toBeGreaterThan(0);
  });
});
