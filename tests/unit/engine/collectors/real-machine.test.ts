/** The collectors on the machine the tests run on, compared with independent reads of the same values. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCollectors } from '../../../../src/main/engine/collectors/index';
import { systemDeps } from '../../../../src/main/engine/collectors/platform';
import type { AnyCollector, Previous } from '../../../../src/main/engine/collectors/collector';
import type { Reading } from '../../../../src/shared/metrics/reading';
import { FAMILIES, FAMILY_IDS, familyOf } from '../../../../src/shared/metrics/index';
import type { FamilyId } from '../../../../src/shared/metrics/index';
import { batchSchema } from '../../../../src/shared/api/schemas';
import { machineDeps } from '../../../support/recorded-machine';

const system = systemDeps();
const onLinux = system.platform === 'linux';
const deps = {
  ...machineDeps('vm-6.18'),
  ...system,
  systemInformation: machineDeps('vm-6.18').systemInformation,
  windows: machineDeps('vm-6.18').windows,
  self: { ...machineDeps('vm-6.18').self, pids: () => [process.pid] },
};

/** Reads a family twice, with a given time between. */
async function readTwice(id: FamilyId, seconds: number): Promise<Reading> {
  const collector: AnyCollector = createCollectors(deps)[id];
  const toReading = collector.toReading as (raw: unknown, previous: Previous<unknown> | null) => Reading;
  const first = await collector.read();
  const reading = toReading(await collector.read(), { raw: first, seconds });
  collector.close?.();
  return reading;
}

const meminfo = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
const netTotals = (name: string): number => Number(readFileSync('/proc/net/dev', 'utf8').split(`${name}:`)[1]?.trim().split(/\s+/)[0]);

describe.runIf(onLinux)('collectors on this machine (Linux only)', () => {
  it('cover every family without systeminformation, and match descriptor and API schema', async () => {
    for (const id of FAMILY_IDS) {
      const reading = await readTwice(id, 1);
      expect(Object.keys(reading.values)).toEqual(Object.keys(FAMILIES[id].metrics));
      for (const device of Object.values(reading.devices)) expect(Object.keys(device.values)).toEqual(Object.keys(familyOf(id).device.metrics));
      expect(batchSchema.safeParse({ seq: 1, time: 1, readings: { [id]: reading }, faults: {} }).error).toBeUndefined();
      for (const value of Object.values(reading.values)) expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
    }
  });

  it('report the memory that the kernel reports', async () => {
    const before = meminfo('MemAvailable');
    const { values } = await readTwice('memory', 1);
    const after = meminfo('MemAvailable');
    expect(values['total']).toBe(meminfo('MemTotal'));
    // Other programs run beside this test: a quarter of a GiB of slack around the two readings.
    const slack = 2 ** 28;
    expect(values['available']).toBeGreaterThan(Math.min(before, after) - slack);
    expect(values['available']).toBeLessThan(Math.max(before, after) + slack);
    expect((values['used'] ?? 0) + (values['available'] ?? 0)).toBe(values['total']);
  });

  it('report the cores, tasks and uptime that the kernel reports', async () => {
    const cores = readFileSync('/proc/stat', 'utf8').match(/^cpu\d+ /gm)?.length;
    const cpu = await readTwice('cpu', 1);
    expect(cpu.values['cores']).toBe(cores);
    expect(Object.keys(cpu.devices)).toHaveLength(cores ?? -1);
    const before = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
    const { values } = await readTwice('uptime', 1);
    const after = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
    expect(values['system']).toBeGreaterThanOrEqual(Math.floor(before));
    expect(values['system']).toBeLessThanOrEqual(Math.ceil(after));
    expect(values['tasks']).toBeGreaterThan(0);
  });

  it('report totals between those of two reads of /proc/net/dev', async () => {
    const before = netTotals('lo');
    const { devices } = await readTwice('network', 1);
    const after = netTotals('lo');
    const total = devices['lo']?.values['rxTotal'];
    expect(total).toBeGreaterThanOrEqual(before);
    expect(total).toBeLessThanOrEqual(after);
  });

  it('count connections that are open, at both of their ends', async () => {
    const peers: Socket[] = [];
    const server = createServer((peer) => peers.push(peer)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const clients = Array.from({ length: 30 }, () => connect(port, '127.0.0.1'));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const { values } = await readTwice('connections', 1);
    for (const socket of [...clients, ...peers]) socket.destroy();
    server.close();
    expect(values['active']).toBeGreaterThanOrEqual(60);
    expect(values['sockets']).toBeGreaterThanOrEqual(61);
  });

  it('report their own memory like Node', async () => {
    const before = process.memoryUsage.rss();
    const { values } = await readTwice('self', 1);
    const ratio = (values['memory'] ?? 0) / before;
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});
