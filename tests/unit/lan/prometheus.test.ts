/** A real Prometheus scrapes over TLS with a token. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/engine/clock';
import { batchOf, openLan } from './rig';

const isHere = spawnSync('prometheus', ['--version']).status === 0;
if (!isHere) process.stdout.write('skipped: prometheus is not installed (Debian: prometheus), so no real scrape is made\n');

const folder = mkdtempSync(join(tmpdir(), 'traywatch-prometheus-'));
let child: ChildProcess | null = null;
afterAll(async () => {
  if (child !== null && child.exitCode === null) {
    child.kill();
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Target {
  readonly health: string;
  readonly lastError: string;
}

/** Asks Prometheus; null until it answers. */
async function query<T>(port: number, path: string): Promise<T | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return answer.ok ? ((await answer.json()) as { data: T }).data : null;
  } catch {
    // It is still starting.
    return null;
  }
}

describe.skipIf(!isHere)('Prometheus', () => {
  it('finds the server up over TLS with its certificate and a token, and reads true values', { timeout: 30_000 }, async () => {
    // The reading stays fresh, however long Prometheus takes to start.
    const now = Date.now();
    const lan = await openLan({ settings: { tls: 'own' }, folder, clock: { ...systemClock, now: () => now } });
    lan.hub.publish({ ...batchOf(42, now), readings: { memory: { values: { usage: 42 }, devices: {} }, disk: { values: { usage: 1 }, devices: { '/odd "mount"\\': { label: 'x', values: { used: 4096 } } } } } });
    const pem = readFileSync(join(folder, 'lan-certificate.pem'), 'utf8');
    writeFileSync(join(folder, 'ca.pem'), pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
    writeFileSync(join(folder, 'token'), 'viewer.metrics:read');
    const scrape = ['    scheme: https', '    scrape_interval: 1s', `    tls_config: {ca_file: ${folder}/ca.pem}`, `    authorization: {credentials_file: ${folder}/token}`, `    static_configs: [{targets: ["127.0.0.1:${lan.port}"]}]`];
    writeFileSync(join(folder, 'prometheus.yml'), ['scrape_configs:', '  - job_name: traywatch', ...scrape, ''].join('\n'));
    const port = await freePort();
    child = spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: 'ignore' });
    await expect.poll(async () => (await query<{ activeTargets: Target[] }>(port, 'targets'))?.activeTargets.map(({ health, lastError }) => `${health}${lastError}`), { timeout: 20_000, interval: 200 }).toEqual(['up']);
    const valueOf = async (expression: string): Promise<string | undefined> => (await query<{ result: { value: [number, string] }[] }>(port, `query?query=${encodeURIComponent(expression)}`))?.result[0]?.value[1];
    await expect.poll(() => valueOf('traywatch_memory_usage_ratio'), { timeout: 5000 }).toBe('0.42');
    expect(await valueOf('traywatch_disk_mount_used_bytes{mount="/odd \\"mount\\"\\\\"}')).toBe('4096');
    const metadata = await query<Record<string, { type: string; unit: string; help: string }[]>>(port, 'metadata');
    expect(metadata?.['traywatch_memory_usage_ratio']).toEqual([{ type: 'gauge', unit: 'ratio', help: 'Memory: Usage' }]);
    await lan.close();
  });
});
