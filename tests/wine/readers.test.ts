/** Every reader of Windows on the machine that Wine shows, and what the host's own files say of it. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../src/main/engine/clock';
import type { AnyCollector, Previous } from '../../src/main/engine/collectors/collector';
import { createCollectors } from '../../src/main/engine/collectors/index';
import { systemDeps } from '../../src/main/engine/collectors/platform';
import { createProcesses, createProcessSource } from '../../src/main/engine/processes/index';
import { createSampler } from '../../src/main/engine/sampler/sampler';
import { batchSchema } from '../../src/shared/api/schemas';
import { FAMILIES, FAMILY_IDS, familyOf } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import { processesQuerySchema } from '../../src/shared/processes/process-schemas';
import type { WindowsLibrary } from '../../src/main/engine/windows/library';
import type { Reading, SampleBatch } from '../../src/shared/metrics/reading';
import { machineDeps } from '../support/recorded-machine';
import { countStartedPrograms } from '../support/started-programs';

const TICKS = 600;

/** This machine, with a clock whose seconds pass as soon as they are over. */
function createMachine() {
  let seconds = 0;
  const real = systemDeps();
  const deps = {
    ...machineDeps('none'),
    ...real,
    clock: { ...systemClock, mono: () => seconds * 1000 },
    systemInformation: machineDeps('none').systemInformation,
    self: { ...machineDeps('none').self, usage: () => ({ cpuSeconds: process.cpuUsage().user / 1e6, rssBytes: process.memoryUsage.rss() }) },
  };
  return { deps, collectors: createCollectors(deps), pass: () => (seconds += 1) };
}

/** Reads of one family, each with the one before. */
class Reader {
  readonly #collector: AnyCollector;
  #before: unknown = undefined;
  readonly readings: Reading[] = [];

  constructor(collector: AnyCollector) {
    this.#collector = collector;
  }

  async read(seconds: number): Promise<Reading> {
    const raw = await this.#collector.read();
    const previous = this.#before === undefined ? null : { raw: this.#before, seconds };
    this.#before = raw;
    const toReading = this.#collector.toReading as (now: unknown, before: Previous<unknown> | null) => Reading;
    const reading = toReading(raw, previous);
    this.readings.push(reading);
    return reading;
  }
}

const read = (id: FamilyId): Promise<Reading> => new Reader(createMachine().collectors[id]).read(1);

/** A file of the host, as Wine shows it. */
const hostFile = (path: string): string => readFileSync(`Z:${path.replaceAll('/', '\\')}`, 'utf8');
const meminfo = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(hostFile('/proc/meminfo'))?.[1]) * 1024;
const interval = (id: FamilyId): number => (familyOf(id).samplingInterval.background ?? familyOf(id).samplingInterval.viewed) / 1000;

/** Calls of Windows that the product does not make, to compare with. */
async function windowsCall(library: string, name: string, result: string, parameters: readonly string[]): Promise<(...values: readonly unknown[]) => unknown> {
  const { default: koffi } = await import('koffi');
  return koffi.load(library).func(name, result, [...parameters]) as (...values: readonly unknown[]) => unknown;
}

/** Handles that this process has open, from its entry in the list of processes (HandleCount). */
async function handleCount(library: WindowsLibrary): Promise<number> {
  const { bytes } = await library.processes();
  for (let at = 0; ; at += bytes.readUInt32LE(at)) {
    if (bytes.readUInt32LE(at + 0x50) === process.pid) return bytes.readUInt32LE(at + 0x60);
  }
}

describe(`all readers for ${TICKS} ticks`, () => {
  const programs = countStartedPrograms();
  const readers = new Map<FamilyId, Reader>();
  const handles: number[] = [];

  beforeAll(async () => {
    const { deps, collectors, pass } = createMachine();
    const processes = createProcessSource({ system: deps, clock: systemClock, timers: systemTimers });
    for (const id of FAMILY_IDS) readers.set(id, new Reader(collectors[id]));
    for (let tick = 0; tick < TICKS; tick += 1) {
      for (const [id, reader] of readers) if (tick % interval(id) === 0) await reader.read(interval(id));
      if (tick % 20 === 0) await processes.snapshot(tick % 40 === 0 ? 'full' : 'plain');
      // Each is asked again for what is remembered.
      if (tick % 40 === 0) processes.forget();
      if (tick === 100 || tick === TICKS - 1) handles.push(await handleCount(await deps.windows()));
      pass();
    }
    for (const id of FAMILY_IDS) collectors[id].close?.();
  }, 240_000);

  afterAll(programs.end);

  it('starts no program', () => {
    expect(programs.count()).toBe(0);
    execFileSync(process.execPath, ['--version'], { stdio: 'ignore' });
    expect(programs.count()).toBeGreaterThan(0);
  });

  it.each(FAMILY_IDS)('gives %s in the form of its descriptor', (id) => {
    const { readings = [] } = readers.get(id) ?? {};
    expect(readings).toHaveLength(Math.ceil(TICKS / interval(id)));
    for (const reading of readings) {
      expect(Object.keys(reading.values)).toEqual(Object.keys(FAMILIES[id].metrics));
      for (const device of Object.values(reading.devices)) expect(Object.keys(device.values)).toEqual(Object.keys(familyOf(id).device.metrics));
      const values = [reading, ...Object.values(reading.devices)].flatMap((one) => Object.values(one.values));
      expect(values.filter((value) => value !== null && !(Number.isFinite(value) && value >= 0))).toEqual([]);
    }
    expect(batchSchema.safeParse({ seq: 1, time: 1, readings: { [id]: readings.at(-1) }, faults: {} }).error).toBeUndefined();
  });

  it('knows what Wine has, and has nothing where Wine has nothing', () => {
    const last = (id: FamilyId): Reading => readers.get(id)?.readings.at(-1) ?? { values: {}, devices: {} };
    // Sums need a card, which some containers have none of.
    for (const { values } of Object.values(last('network').devices)) expect(Object.values(values)).not.toContain(null);
    expect(Object.keys(last('network').devices)).toContain('lo');
    expect(last('connections').values).toMatchObject({ active: expect.any(Number) as number, sockets: expect.any(Number) as number });
    expect(last('uptime').values['tasks']).toBeGreaterThan(1);
    expect(Object.keys(last('disk').devices)).toEqual(['C:', 'Z:']);
    expect(last('memory').values).toMatchObject({ swapTotal: null, swapUsed: null, cached: null });
    for (const id of ['gpu', 'diskio', 'temperature', 'fans', 'frequency', 'battery', 'power'] as const) expect([last(id).devices, new Set(Object.values(last(id).values))]).toEqual([{}, new Set([null])]);
  });

  it('leaves no handle open', () => {
    const [early = 0, late = 0] = handles;
    expect(early).toBeGreaterThan(10);
    expect(late).toBeLessThanOrEqual(early + 5);
  });
});

describe('the sampler', () => {
  it('gets every family from Windows in a few seconds, with rates and without a fault', async () => {
    const programs = countStartedPrograms();
    const { deps } = createMachine();
    const collectors = createCollectors({ ...deps, clock: systemClock });
    const batches: SampleBatch[] = [];
    const failing = new Set<string>();
    const sampler = createSampler({ collectors, clock: systemClock, timers: systemTimers, onBatch: (batch) => batches.push(batch), onHealth: (id, fault) => void (fault === null ? failing.delete(id) : failing.add(`${id}: ${fault.message}`)) });
    sampler.setViewed(new Set(FAMILY_IDS));
    sampler.start();
    await expect.poll(() => batches.length, { timeout: 20_000 }).toBeGreaterThan(5);
    sampler.close();
    programs.end();
    expect([...failing]).toEqual([]);
    const read = new Set(batches.flatMap(({ readings }) => Object.keys(readings)));
    expect([...read].sort()).toEqual([...FAMILY_IDS].sort());
    const rates = batches.map(({ readings }) => readings.network?.devices['lo']?.values['rx']).filter((value) => typeof value === 'number');
    expect(rates.length).toBeGreaterThan(2);
    expect(programs.count()).toBe(0);
  });
});

describe('the machine is the one that the host shows', () => {
  it('has its memory', async () => {
    const [before, { values }, after] = [meminfo('MemAvailable'), await read('memory'), meminfo('MemAvailable')];
    // Wine leaves out a page.
    expect(Math.abs((values['total'] ?? 0) - meminfo('MemTotal'))).toBeLessThanOrEqual(4096);
    // Other programs run beside this test.
    expect(values['available']).toBeGreaterThan(Math.min(before, after) * 0.8 - 2 ** 29);
    expect(values['available']).toBeLessThan(Math.max(before, after) * 1.2 + 2 ** 29);
  });

  it('has its cores and its uptime', async () => {
    expect((await read('cpu')).values['cores']).toBe(cpus().length);
    const booted = Number(hostFile('/proc/uptime').split(' ')[0]);
    expect(Math.abs(((await read('uptime')).values['system'] ?? 0) - booted)).toBeLessThan(60);
  });

  it('has its space, to the byte of the disk', async () => {
    const space = Buffer.alloc(24);
    const ask = await windowsCall('kernel32.dll', 'GetDiskFreeSpaceExW', 'int32_t', ['void *', 'void *', 'void *', 'void *']);
    ask(Buffer.from('Z:\\\0', 'utf16le'), space, space.subarray(8), space.subarray(16));
    const { devices } = await read('disk');
    expect(devices['Z:']?.values['total']).toBe(Number(space.readBigUInt64LE(8)));
    expect(Math.abs((devices['Z:']?.values['available'] ?? 0) - Number(space.readBigUInt64LE(0)))).toBeLessThan(2 ** 30);
  });

  it('has its interfaces and their counters', async () => {
    const counters = (): Map<string, number[]> => new Map(hostFile('/proc/net/dev').trim().split('\n').slice(2).map((line) => [line.split(':')[0]?.trim() ?? '', line.split(':')[1]?.trim().split(/\s+/).map(Number) ?? []]));
    const before = counters();
    const { devices } = await read('network');
    const after = counters();
    expect(Object.keys(devices)).toContain('lo');
    for (const [name, { values }] of Object.entries(devices)) {
      for (const [metric, column] of [['rxTotal', 0], ['rxPacketsTotal', 1], ['txTotal', 8], ['txPacketsTotal', 9]] as const) {
        expect(values[metric], `${metric} of ${name}`).toBeGreaterThanOrEqual(before.get(name)?.[column] ?? Number.NaN);
        expect(values[metric], `${metric} of ${name}`).toBeLessThanOrEqual(after.get(name)?.[column] ?? Number.NaN);
      }
    }
  });
});

/** Time of all cores of the host since it started, in ticks. */
function hostTime(): { busy: number; all: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, ...interrupts] = hostFile('/proc/stat').split('\n')[0]?.trim().split(/\s+/).slice(1, 8).map(Number) ?? [];
  const busy = [user, nice, system, ...interrupts].reduce((sum, ticks) => sum + ticks, 0);
  return { busy, all: busy + idle + waiting };
}

describe('what happens on it is seen', () => {
  it('as a load of the processor', async () => {
    const reader = new Reader(createMachine().collectors.cpu);
    const [before, start] = [hostTime(), performance.now()];
    await reader.read(1);
    while (performance.now() - start < 3000);
    const { values } = await reader.read((performance.now() - start) / 1000);
    const after = hostTime();
    const host = (100 * (after.busy - before.busy)) / (after.all - before.all);
    expect(values['usage']).toBeGreaterThan(0);
    expect(Math.abs((values['usage'] ?? 0) - host)).toBeLessThan(25);
  });

  it('as sockets', async () => {
    const reader = new Reader(createMachine().collectors.connections);
    const before = await reader.read(1);
    const servers = await Promise.all(Array.from({ length: 10 }, async () => {
      const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
      await once(client, 'connect');
      const udp = createSocket('udp4').bind(0, '127.0.0.1');
      await once(udp, 'listening');
      return { server, client, udp };
    }));
    const { values } = await reader.read(1);
    for (const { server, client, udp } of servers) {
      client.destroy();
      server.close();
      udp.close();
    }
    // Others may end in between.
    expect((values['active'] ?? 0) - (before.values['active'] ?? 0)).toBeGreaterThanOrEqual(15);
    expect((values['sockets'] ?? 0) - (before.values['sockets'] ?? 0)).toBeGreaterThanOrEqual(25);
    expect((values['udp'] ?? 0) - (before.values['udp'] ?? 0)).toBeGreaterThanOrEqual(5);
  });
});

describe('processes', () => {
  const { deps } = createMachine();
  const parts = { system: deps, clock: systemClock, timers: systemTimers };
  let folder = '';
  let child: ChildProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'programme mit Größe '));
    const program = join(folder, 'größtes 日本 programm.exe');
    copyFileSync(process.execPath, program);
    child = spawn(program, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
  });
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it('are as this one knows itself, with its user', async () => {
    const { processes, time } = await createProcessSource(parts).snapshot('full');
    const own = processes.find(({ pid }) => pid === process.pid);
    const { user, system } = process.cpuUsage();
    expect(own).toMatchObject({ name: 'node.exe', user: userInfo().username });
    expect(Math.abs((own?.busySeconds ?? 0) - (user + system) / 1e6)).toBeLessThan(2);
    expect(own?.memory).toBeGreaterThan(process.memoryUsage.rss() / 2);
    expect(Math.abs((time - (own?.startedAt ?? 0)) / 1000 - process.uptime())).toBeLessThan(10);
    expect(new Set(processes.map(({ key }) => key)).size).toBe(processes.length);
  });

  it('have names with blanks and letters of any script', async () => {
    const { processes } = await createProcessSource(parts).snapshot('plain');
    expect(processes.filter(({ pid }) => pid === child.pid).map(({ name }) => name)).toEqual(['größtes 日本 programm.exe']);
  });

  it('are in the table, and explain a load', async () => {
    const { table, explain, close } = createProcesses({ ...parts, isActive: () => true, onHealth: () => undefined });
    const found = await table(processesQuerySchema.parse({ search: '日本' }), true);
    expect(found.processes.map(({ name }) => name)).toEqual(['größtes 日本 programm.exe']);
    const busy = setInterval(() => {
      const end = Date.now() + 80;
      while (Date.now() < end);
    }, 100);
    const { top } = await explain('cpu');
    clearInterval(busy);
    close();
    expect(top[0]?.name).toBe('node.exe');
  });
});
