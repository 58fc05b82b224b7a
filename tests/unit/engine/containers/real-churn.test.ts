/** Two hundred containers of a real Docker that come and go, seen by a whole core: what stays in its store, and what its timeline tells. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../../../src/main/core/core';
import { pathsIn } from '../../../../src/main/lib/paths';
import { container as family } from '../../../../src/shared/metrics/container';
import type { ActivityEvent } from '../../../../src/shared/timeline/event-schemas';
import { hasDocker, startDocker } from '../../../support/container-engines';
import type { RealEngine } from '../../../support/container-engines';
import { openCore } from '../../../support/core';
import { until } from '../../../support/desktop';

const can = await hasDocker();

/** How many come and go, and in how many lines. */
const [COUNT, LINES] = [200, 8];

/** What each is made with: every eighth has one of five given names, every tenth is of a service, the others get a name of the engine's. */
function toMake(at: number): { readonly name: string | null; readonly labels: Readonly<Record<string, string>> } {
  const isOfService = at % 10 === 1;
  return { name: at % 8 === 0 ? `given-${at % 5}` : null, labels: isOfService ? { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'job' } : {} };
}

async function runOne({ ask }: RealEngine, { name, labels }: ReturnType<typeof toMake>): Promise<void> {
  const made = await ask(`/containers/create${name === null ? '' : `?name=${name}`}`, { Image: 'local', Cmd: ['sleep', '1'], Labels: labels, HostConfig: { AutoRemove: true, NetworkMode: 'none' } });
  const { Id } = made as { readonly Id: string };
  const isGone = name === null ? null : ask(`/containers/${Id}/wait?condition=removed`, {});
  await ask(`/containers/${Id}/start`, {});
  await isGone;
}

/** Starts all, one after the other in each of the lines. Those of given names are in one line, in which each end is waited for. */
async function churn(docker: RealEngine): Promise<void> {
  const all = Array.from({ length: COUNT }, (_, at) => toMake(at));
  const work = async (queue: ReturnType<typeof toMake>[]): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await runOne(docker, one);
  };
  const others = all.filter(({ name }) => name === null);
  await Promise.all([work(all.filter(({ name }) => name !== null)), ...Array.from({ length: LINES - 1 }, () => work(others))]);
}

/** What Docker itself says that happens, by its own program, from now on: it keeps few events, so they are taken as they come. */
function followEvents(docker: RealEngine) {
  const child = spawn('/usr/bin/docker', ['events', '--since', String(Date.now() / 1000), '--filter', 'type=container', '--filter', 'event=start', '--filter', 'event=die', '--format', '{{.Action}} {{.Actor.ID}}'], { env: { ...process.env, DOCKER_HOST: `unix://${docker.socket}` }, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return { lines: () => text.split('\n').filter((line) => line !== ''), stop: () => child.kill() };
}

/** How many happenings an event of the timeline tells: itself, or what it sums up. */
function told({ details }: ActivityEvent): number {
  const more = details?.['more'] as Record<string, number> | undefined;
  if (more === undefined) return 1;
  return more['events'] ?? Object.values(more).reduce((sum, count) => sum + count, 0);
}

describe.skipIf(!can)('two hundred containers that come and go', { timeout: 150_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'traywatch-churn-'));
  let docker: RealEngine;
  let core: Core;
  beforeAll(async () => {
    docker = await startDocker();
    core = openCore(folder, { env: { DOCKER_HOST: `unix://${docker.socket}` } });
  }, 60_000);
  afterAll(async () => {
    core.close();
    await docker.stop();
    rmSync(folder, { recursive: true });
  });

  it('leave series of what lasts alone, and each start and end in the timeline once', async () => {
    docker.cli('run', '-d', '--name', 'lasting', '--network', 'none', 'local', 'sleep', '600');
    const seen = new Set<string>();
    core.hub.subscribe(({ readings }) => Object.keys(readings.container?.devices ?? {}).forEach((device) => seen.add(device)));
    // Read as often as they are where somebody looks.
    core.viewedFamilies.set('test', ['container']);
    core.monitoring.start();
    await until('the engine', () => Promise.resolve(seen.has('lasting') ? true : undefined));
    const actual = followEvents(docker);
    const began = performance.now();
    await churn(docker);
    process.stdout.write(`${COUNT} containers came and went in ${((performance.now() - began) / 1000).toFixed(1)} s; ${seen.size} were seen in readings\n`);
    // Some lived long enough to be read under the name that the engine gave.
    expect([...seen].filter((device) => /^[a-z]+_[a-z]+\d*$/.test(device)).length).toBeGreaterThan(10);
    await until('the list without them', async () => ((await core.workloads.containers.source.read())?.containers.length === 1 ? true : undefined));
    // Writes what was summed up in the minute that is not over.
    core.workloads.close();
    const { events } = core.store.activity.events({ limit: 500 });
    const own = events.filter(({ type, details }) => type.startsWith('container_') && details?.['container'] !== 'lasting');
    const happened = actual.lines();
    actual.stop();
    expect(new Set(happened).size).toBe(2 * COUNT);
    expect(own.reduce((sum, event) => sum + told(event), 0)).toBe(happened.length);
    const single = own.filter(({ details }) => details?.['more'] === undefined).map(({ type, details }) => `${type} ${JSON.stringify(details?.['id'])}`);
    expect(new Set(single).size).toBe(single.length);
    // Few events stand for them: what else happened is not pushed out.
    expect(own.length).toBeLessThan(COUNT);
    core.monitoring.stop();
    core.store.commit();
    const db = new Database(pathsIn(folder).database, { readonly: true });
    const keys = db.prepare<[], string>("SELECT key FROM series WHERE key LIKE 'container.%@%'").pluck().all();
    db.close();
    const devices = new Set(keys.map((key) => key.slice(key.indexOf('@') + 1)));
    expect([...devices].filter((device) => !/^(lasting|shop\/job(\/\d+)?( #\d+)?|given-[0-4])$/.test(device))).toEqual([]);
    expect(devices).toContain('lasting');
    // Of the service as many as ran at a time: no more than there are.
    expect(devices.size).toBeLessThanOrEqual(1 + 5 + COUNT / 10);
    expect(keys.length).toBeLessThanOrEqual(devices.size * Object.keys(family.device.metrics).length);
  });
});
