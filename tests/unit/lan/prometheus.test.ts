/** A real Prometheus scrapes over TLS with a token for a minute. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SampleBatch } from '../../../src/shared/metrics/reading';
import { batchOf, openLan } from '../../support/lan-server';

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

/** Queries Prometheus; null until it responds. */
async function query<T>(port: number, path: string): Promise<T | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return response.ok ? ((await response.json()) as { data: T }).data : null;
  } catch {
    // It is still starting.
    return null;
  }
}

/** Once a second for a minute. */
const SCRAPES = 60;

/** Starts Prometheus with a configuration for this server; resolves to its port. */
async function startPrometheus(target: number): Promise<number> {
  const pem = readFileSync(join(folder, 'lan-certificate.pem'), 'utf8');
  writeFileSync(join(folder, 'ca.pem'), pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
  writeFileSync(join(folder, 'token'), 'viewer.metrics:read');
  const scrape = ['    scheme: https', '    scrape_interval: 1s', `    tls_config: {ca_file: ${folder}/ca.pem}`, `    authorization: {credentials_file: ${folder}/token}`, `    static_configs: [{targets: ["127.0.0.1:${target}"]}]`];
  writeFileSync(join(folder, 'prometheus.yml'), ['scrape_configs:', '  - job_name: traywatch', ...scrape, ''].join('\n'));
  const port = await freePort();
  child = spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: 'ignore' });
  return port;
}

/** A batch with a device name that needs escaping. */
function secondOf(seq: number, usage: number): SampleBatch {
  const now = Date.now();
  return { ...batchOf(seq, now), readings: { memory: { values: { usage }, devices: {} }, disk: { values: { usage: 1 }, devices: { '/odd "mount"\\': { label: 'x', values: { used: 4096 } } } } } };
}

/** Prometheus’ own counters of problems with scrapes; a line has a counter and its value. */
async function complaints(port: number): Promise<readonly string[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.split('\n').filter((line) => /^prometheus_target_scrapes?_(?:\w*(?:duplicate|out_of_order|out_of_bounds|exceeded|cache_flush)\w*) /.test(line));
}

describe.skipIf(!isHere)('Prometheus', () => {
  it('scrapes the server over TLS with its certificate and a token for a minute, and reads the right values', { timeout: 150_000 }, async () => {
    const lan = await openLan({ settings: { tls: 'self-signed' }, folder });
    let seq = 0;
    const publish = (usage: number): void => lan.hub.publish(secondOf((seq += 1), usage));
    publish(42);
    const port = await startPrometheus(lan.port);
    const valueOf = async (expression: string): Promise<string | undefined> => (await query<{ result: { value: [number, string] }[] }>(port, `query?query=${encodeURIComponent(expression)}`))?.result[0]?.value[1];
    const count = async (): Promise<number> => {
      publish(40 + (seq % 20));
      return Number(await valueOf('count_over_time(up[5m])'));
    };
    await expect.poll(count, { timeout: 120_000, interval: 500 }).toBeGreaterThanOrEqual(SCRAPES);
    expect(await valueOf('min_over_time(up[5m])')).toBe('1');
    expect((await query<{ activeTargets: Target[] }>(port, 'targets'))?.activeTargets.map(({ health, lastError }) => `${health}${lastError}`)).toEqual(['up']);
    // Each scrape reads what is there now.
    expect(Number(await valueOf('changes(traywatch_memory_usage_ratio[5m])'))).toBeGreaterThan(SCRAPES / 2);
    expect(await complaints(port)).not.toEqual([]);
    expect((await complaints(port)).filter((line) => !line.endsWith(' 0'))).toEqual([]);
    await expect.poll(() => (publish(42), valueOf('traywatch_memory_usage_ratio')), { timeout: 5000 }).toBe('0.42');
    expect(await valueOf('traywatch_disk_mount_used_bytes{mount="/odd \\"mount\\"\\\\"}')).toBe('4096');
    const metadata = await query<Record<string, { type: string; unit: string; help: string }[]>>(port, 'metadata');
    expect(metadata?.['traywatch_memory_usage_ratio']).toEqual([{ type: 'gauge', unit: 'ratio', help: 'Memory: Usage' }]);
    await lan.close();
  });
});
