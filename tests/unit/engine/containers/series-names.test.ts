/** Under which series containers are kept, and that these are few however many containers come and go. */
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSeriesNames } from '../../../../src/main/engine/containers/series-names';
import type { NamedContainer, SeriesName, SeriesNames } from '../../../../src/main/engine/containers/series-names';
import { KEPT_GONE } from '../../../../src/main/engine/store/device-limit';
import { toPlainLine } from '../../../../src/shared/plain-text';
import { container as family } from '../../../../src/shared/metrics/container';
import type { SampleBatch } from '../../../../src/shared/metrics/reading';
import { createStoreFixture, NOON, runMaintenance } from '../../../support/store';

const HOUR = 3_600_000;
let made = 0;
const idOf = (at: number): string => at.toString(16).padStart(64, '0');

function container(name: string, own: Partial<NamedContainer> = {}): NamedContainer {
  made += 1;
  return { id: idOf(made), name, labels: {}, engine: 'docker', restartPolicy: null, isRunning: true, startedAt: NOON, ...own };
}

const compose = (project: string, service: string, number = 1, own: Partial<NamedContainer> = {}): NamedContainer =>
  container(`${project}-${service}-${number}`, { labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': service, 'com.docker.compose.container-number': String(number) }, ...own });

const NONE: SeriesNames = new Map();
const nameOf = (one: NamedContainer, now = NOON): SeriesName | undefined => toSeriesNames([one], NONE, now).get(one.id);
const devicesOf = (containers: readonly NamedContainer[], held = NONE): readonly (string | undefined)[] => {
  const names = toSeriesNames(containers, held, NOON);
  return containers.map(({ id }) => names.get(id)?.device);
};

describe('a series is that of', () => {
  it.each([
    ['the container', container('postgres'), { device: 'postgres', project: null, service: null }],
    ['the service of compose', compose('shop', 'db'), { device: 'shop/db', project: 'shop', service: 'db' }],
    ['one of several containers of a service', compose('shop', 'web', 3), { device: 'shop/web/3', project: 'shop', service: 'web' }],
    ['the service of podman-compose', container('shop_db_1', { labels: { 'io.podman.compose.project': 'shop', 'io.podman.compose.service': 'db' } }), { device: 'shop/db', project: 'shop', service: 'db' }],
    ['the service of a swarm', container('shop_db.1.x7', { labels: { 'com.docker.swarm.service.name': 'shop_db', 'com.docker.stack.namespace': 'shop', 'com.docker.swarm.task.name': 'shop_db.1.x7' } }), { device: 'shop/db', project: 'shop', service: 'db' }],
    ['a task of a swarm', container('web.4.x7', { labels: { 'com.docker.swarm.service.name': 'web', 'com.docker.swarm.task.name': 'web.4.x7' } }), { device: 'web/4', project: null, service: 'web' }],
    ['a deployment', container('k8s_app', { labels: { 'io.kubernetes.pod.namespace': 'prod', 'io.kubernetes.pod.name': 'api-7d4b9c8f6d-x2k9p', 'io.kubernetes.container.name': 'app' } }), { device: 'prod/api/app', project: 'prod', service: 'api' }],
    ['a daemon set', container('k8s_p', { labels: { 'io.kubernetes.pod.namespace': 'kube-system', 'io.kubernetes.pod.name': 'kube-proxy-x2k9p', 'io.kubernetes.container.name': 'proxy' } }), { device: 'kube-system/kube-proxy/proxy' }],
    ['a job', container('k8s_b', { labels: { 'io.kubernetes.pod.namespace': 'prod', 'io.kubernetes.pod.name': 'backup-28391820-x2k9p', 'io.kubernetes.container.name': 'b' } }), { device: 'prod/backup/b' }],
    ['a stateful set', container('k8s_d', { labels: { 'io.kubernetes.pod.namespace': 'prod', 'io.kubernetes.pod.name': 'db-0', 'io.kubernetes.container.name': 'db' } }), { device: 'prod/db-0/db' }],
    ['the container that runs one command of a service', { ...compose('shop', 'db'), name: 'shop-db-run-1f2e3d4c5b6a', labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'db', 'com.docker.compose.oneoff': 'True' } }, { device: 'shop-db-run-1f2e3d4c5b6a', isStored: false }],
  ] as const)('%s', (_what, one, expected) => {
    expect(nameOf(one)).toMatchObject(expected);
  });

  it('a name in visible text, that is never empty or long', () => {
    expect(nameOf(container('\u202Ea\nb'))?.device).toBe('a b');
    expect(nameOf(container('\u200B', { id: 'ab'.repeat(32) }))?.device).toBe('abababababab');
    expect(nameOf(container('x'.repeat(5000)))?.device.length).toBeLessThanOrEqual(200);
  });
});

describe('what is kept', () => {
  it.each(['nostalgic_wozniak', 'boring_curie3', '3f2a1b4c5d6e', `k8s_x_${idOf(5)}`, 'runner-x1-project-9-concurrent-0-3f2a1b4c-build', 'job-1764543600', 'testcontainers-ryuk-550e8400-e29b-41d4-a716-446655440000', '4f5e6d7c8b9a-infra'])('is not what nobody named, for an hour: %s', (name) => {
    expect(nameOf(container(name))?.isStored).toBe(false);
    expect(nameOf(container(name), NOON + HOUR)?.isStored).toBe(true);
    expect(nameOf(container(name, { isRunning: false }), NOON + HOUR)?.isStored).toBe(false);
    expect(nameOf(container(name, { restartPolicy: 'always' }))?.isStored).toBe(true);
    expect(nameOf(container(name, { restartPolicy: 'no' }))?.isStored).toBe(false);
  });

  it.each(['postgres', 'shop_db', 'my_app', 'web-2', 'nginx-proxy', 'redis7', 'deadbeef', 'mariadb-10.11', 'happy', 'buildx_buildkit_default0'])('is what somebody named: %s', (name) => {
    expect(nameOf(container(name))?.isStored).toBe(true);
    expect(nameOf(container(name, { isRunning: false }))?.isStored).toBe(true);
  });

  it('is not what holds the network of a pod', () => {
    expect(nameOf(container('k8s_POD', { labels: { 'io.kubernetes.pod.namespace': 'prod', 'io.kubernetes.pod.name': 'db-0', 'io.kubernetes.container.name': 'POD' } }))).toMatchObject({ device: 'prod/db-0/pod', isStored: false });
  });
});

describe('names of several containers', () => {
  it('say the engine only where two have the same', () => {
    const [docker, podman, other] = [container('web'), container('web', { engine: 'podman' }), container('db', { engine: 'podman' })];
    expect(devicesOf([podman, docker, other])).toEqual(['web (podman)', 'web', 'db']);
    expect(devicesOf([podman, other])).toEqual(['web', 'db']);
  });

  it('stay while others come and go', () => {
    const podman = container('web', { engine: 'podman' });
    const alone = toSeriesNames([podman], NONE, NOON);
    const docker = container('web');
    const both = toSeriesNames([docker, podman], alone, NOON);
    expect([both.get(podman.id)?.device, both.get(docker.id)?.device]).toEqual(['web', 'web (docker)']);
    expect(toSeriesNames([docker], both, NOON).get(docker.id)?.device).toBe('web (docker)');
    expect(devicesOf([compose('shop', 'web', 1), compose('shop', 'web', 2)])).toEqual(['shop/web', 'shop/web/2']);
    expect(devicesOf([compose('shop', 'web', 2)])).toEqual(['shop/web/2']);
  });

  it('go to the successor while the one that it replaces is still there', () => {
    const old = compose('shop', 'db');
    const before = toSeriesNames([old], NONE, NOON);
    const [ended, next] = [{ ...old, isRunning: false }, compose('shop', 'db')];
    const names = toSeriesNames([ended, next], before, NOON);
    expect(names.get(next.id)).toMatchObject({ device: 'shop/db', isStored: true });
    expect(names.get(old.id)).toMatchObject({ device: 'shop/db #2', isStored: false });
  });

  it('are never the same, bounded, and those of running containers stay, whatever comes and goes', () => {
    const one = fc.record({
      at: fc.nat(40),
      name: fc.oneof(fc.constantFrom('web', 'db', 'web #2', 'web (docker)', '', '\u202E'), fc.string({ unit: 'grapheme', maxLength: 300 })),
      engine: fc.constantFrom('docker', 'podman', 'podman-1000'),
      isRunning: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(one, { selector: ({ at }) => at, maxLength: 20 }), { maxLength: 6 }), (rounds) => {
        const known = new Map<number, NamedContainer>();
        let held = NONE;
        for (const round of rounds) {
          const containers = round.map(({ at, name, engine, isRunning }) => ({ ...(known.get(at) ?? container(name, { engine, id: idOf(at + 100_000) })), isRunning }));
          containers.forEach((it, index) => known.set(round[index]?.at ?? 0, it));
          const names = toSeriesNames(containers, held, NOON);
          const devices = [...names.values()].map(({ device }) => device);
          expect(new Set(devices).size).toBe(containers.length);
          for (const device of devices) expect(device.length > 0 && device.length <= 200 && toPlainLine(device) === device).toBe(true);
          held = names;
        }
        const again = toSeriesNames([...known.values()].filter(({ id }) => held.has(id)).toReversed(), held, NOON);
        for (const { id, isRunning } of known.values()) if (isRunning && held.has(id)) expect(again.get(id)?.device).toBe(held.get(id)?.device);
      }),
    );
  });
});

describe('a thousand containers that come and go leave', () => {
  const METRICS = Object.keys(family.device.metrics);

  /** Keeps each for a sample in a real store, lets two days pass, and tells what is left: series, and the devices they are of. */
  function leftBy(make: (at: number) => NamedContainer): { readonly series: number; readonly devices: number } {
    const fixture = createStoreFixture();
    const { store } = fixture.open();
    let held = NONE;
    const append = (at: number, containers: readonly NamedContainer[]): void => {
      held = toSeriesNames(containers, held, NOON + at * 1000);
      const devices = Object.fromEntries([...held.values()].map(({ device, label, isStored }) => [device, { label, values: Object.fromEntries(METRICS.map((name) => [name, 1])), ...(isStored ? {} : { stored: false as const }) }]));
      const batch: SampleBatch = { seq: at + 1, time: NOON + at * 1000, readings: { container: { values: {}, devices } }, faults: {} };
      store.append(batch);
    };
    const lasting = compose('shop', 'lasting');
    for (let at = 0; at < 1000; at += 1) append(at, [lasting, make(at)]);
    store.commit();
    for (let at = 0; at < 3; at += 1) append(2 * 86_400 + at, [lasting]);
    store.commit();
    runMaintenance(store, NOON + 2 * 86_400_000 + 3000);
    const db = new Database(fixture.path, { readonly: true });
    const keys = db.prepare<[], string>('SELECT key FROM series').pluck().all();
    db.close();
    return { series: keys.length, devices: new Set(keys.map((key) => key.split('@')[1])).size };
  }

  it.each([
    ['nothing under names that nobody gave', (at: number) => container(`boring_wozniak${at}`), 0],
    ['nothing of jobs with a number or a hash', (at: number) => container(`job-${1_764_543_600 + at}`), 0],
    ['one more device of a service that is replaced again and again', () => compose('shop', 'db'), 1],
    ['one more of a name that is used again and again', () => container('backup'), 1],
  ] as const)(
    '%s',
    (_what, make, more) => {
      expect(leftBy(make)).toEqual({ series: (1 + more) * METRICS.length, devices: 1 + more });
    },
  );

  it('the last names, as many as history keeps of those that are gone, where all were given', () => {
    // What somebody named a thousand times differently is a thousand things. At most two were there at once, and one still is.
    const { series, devices } = leftBy((at) => container(`named-${at}`));
    expect(devices).toBeLessThanOrEqual(2 + KEPT_GONE + 1);
    expect(series).toBe(devices * METRICS.length);
  }, 60_000);
});
