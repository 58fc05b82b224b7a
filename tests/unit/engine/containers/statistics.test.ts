/** Counters of containers from the statistics of their engines. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCounterReader } from '../../../../src/main/engine/containers/numbers/counters';
import type { CounterParts, RunningContainer } from '../../../../src/main/engine/containers/numbers/counters';
import { parseStatistics } from '../../../../src/main/engine/containers/numbers/statistics';
import { cgroupTree, recordedCgroup, recordedStatistics } from '../../../support/cgroups';
import { FakeTime, settle } from '../../../support/collectors';
import { after } from '../../../support/process-source';

const MACHINE = 8_232_157_184;
const parse = (answer: unknown, engine: 'docker' | 'podman' = 'docker', machineMemory: number | null = MACHINE) => parseStatistics(answer, { engine, machineMemory });

describe('statistics', () => {
  it.each([
    ['docker-29-v2', 'docker', { cpuSeconds: 812.213344, throttledSeconds: 91.221331, memory: 135_266_304 - 61_865_984, memoryLimit: null, received: 81_221_233, sent: 5_122_313, read: 81_268_736, written: 12_288_000, processes: 17 }],
    ['docker-20.10-v1', 'docker', { cpuSeconds: expect.any(Number), throttledSeconds: expect.any(Number), memory: expect.any(Number), memoryLimit: 67_108_864, received: null, sent: null, read: null, written: null, processes: 1 }],
    // Without a network it lists one on which nothing ever passed.
    ['podman-4.3-v1', 'podman', { cpuSeconds: expect.any(Number), throttledSeconds: 0, memory: expect.any(Number), memoryLimit: null, received: null, sent: null, read: null, written: null, processes: 2 }],
    ['docker-windows', 'docker', { cpuSeconds: 812.213344, throttledSeconds: null, memory: 61_865_984, memoryLimit: null, received: 81_221_133, sent: 5_122_113, read: 81_264_640, written: 12_288_000, processes: null }],
  ] as const)('of %s', (name, engine, values) => {
    expect(parse(recordedStatistics(name), engine)).toEqual(values);
  });

  it('have no limit that is as large as the machine of the engine', () => {
    expect(parse(recordedStatistics('docker-20.10-v1'), 'docker', 67_108_864)?.memoryLimit).toBeNull();
    expect(parse(recordedStatistics('docker-20.10-v1'), 'docker', 67_108_865)?.memoryLimit).toBe(67_108_864);
    expect(parse(recordedStatistics('docker-20.10-v1'), 'docker', null)?.memoryLimit).toBe(67_108_864);
  });

  it('are none of a container that does not run, and where the answer is something else', () => {
    expect(parse(recordedStatistics('docker-20.10-stopped'))).toBeNull();
    for (const answer of [null, [], 'text', {}, { message: 'No such container' }, { cpu_stats: null, memory_stats: [] }]) expect(parse(answer)).toBeNull();
  });

  it('never give a value that is negative, infinite or no number, whatever the answer is', () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-1, 1e15, 2 ** 64, Number.NaN), fc.string(), fc.constant(null));
    const answer = fc.record(
      {
        num_procs: number,
        pids_stats: fc.option(fc.record({ current: number })),
        cpu_stats: fc.option(fc.record({ cpu_usage: fc.option(fc.record({ total_usage: number })), throttling_data: fc.record({ throttled_time: number }) })),
        memory_stats: fc.record({ usage: number, limit: number, privateworkingset: number, stats: fc.option(fc.record({ inactive_file: number, total_inactive_file: number })) }, { requiredKeys: [] }),
        networks: fc.option(fc.dictionary(fc.string(), fc.option(fc.record({ rx_bytes: number, tx_bytes: number })))),
        blkio_stats: fc.option(fc.record({ io_service_bytes_recursive: fc.option(fc.array(fc.record({ op: fc.constantFrom('Read', 'write', 5, 'Total'), value: number }))) })),
        storage_stats: fc.record({ read_size_bytes: number, write_size_bytes: number }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(answer, fc.anything()), (one) => {
        expect(Object.values(parse(one) ?? {}).filter((value) => value !== null && !(Number.isFinite(value) && value >= 0))).toEqual([]);
      }),
    );
  });
});

function onMachine(parts: Partial<CounterParts> = {}) {
  const time = new FakeTime();
  const failures: string[] = [];
  const reader = createCounterReader({ platform: 'darwin', root: '/nowhere', clock: time, timers: time, account: () => null, totalMemory: () => MACHINE, yieldToEventLoop: () => Promise.resolve(), onFailure: (id, reason) => failures.push(`${id}: ${reason}`), ...parts });
  return { time, failures, reader };
}

const container = (id: string, stats: () => Promise<unknown>): RunningContainer => ({ id, pid: null, engine: 'docker', stats });
const answering = (id: string): RunningContainer => container(id, () => Promise.resolve(recordedStatistics('docker-29-v2')));

describe('the engine is asked', () => {
  it('where cgroups are on another machine, and of the time between question and answer', async () => {
    const { reader, time } = onMachine();
    const begun = time.mono();
    let answer: (value: unknown) => void = () => undefined;
    const read = reader.read([container('a', () => new Promise((resolve) => (answer = resolve)))]);
    await settle();
    await time.pass(1000);
    answer(recordedStatistics('docker-29-v2'));
    expect((await read).get('a')).toMatchObject({ mono: begun + 500, cpuSeconds: 812.213344 });
  });

  it('of no container whose cgroup can be read', async () => {
    const recording = recordedCgroup('v2-docker-systemd');
    const { reader } = onMachine({ platform: 'linux', root: cgroupTree(recording).root });
    const asked: string[] = [];
    const ask = (id: string) => () => {
      asked.push(id);
      return Promise.resolve(recordedStatistics('docker-29-v2'));
    };
    const found = await reader.read([{ ...recording, engine: 'docker', stats: ask('here') }, { id: 'f'.repeat(64), pid: 9, engine: 'docker', stats: ask('elsewhere') }]);
    expect([found.size, asked]).toEqual([2, ['elsewhere']]);
  });

  it('about five containers at once', async () => {
    const { reader } = onMachine();
    let [open, most] = [0, 0];
    const slow = async (): Promise<unknown> => {
      most = Math.max(most, (open += 1));
      await settle();
      open -= 1;
      return recordedStatistics('docker-29-v2');
    };
    const found = await reader.read(Array.from({ length: 40 }, (_, at) => container(`c${at}`, slow)));
    expect([found.size, most]).toEqual([40, 5]);
  });

  it('with a deadline for each answer, and not again while an answer is awaited', async () => {
    const { reader, time, failures } = onMachine();
    let asked = 0;
    const hanging = container('hangs', () => {
      asked += 1;
      return new Promise(() => undefined);
    });
    const found = await after(time, 3000, reader.read([hanging, answering('ok')]));
    expect([...found.keys()]).toEqual(['ok']);
    expect(failures).toEqual(['hangs: no answer within 3 s']);
    expect([...(await reader.read([hanging, answering('ok')])).keys()]).toEqual(['ok']);
    expect(asked).toBe(1);
  });

  it('no further once most of the time for a read is over: an engine that hangs does not hold up the others for long', async () => {
    const { reader, time } = onMachine();
    let asked = 0;
    const hanging = Array.from({ length: 100 }, (_, at) =>
      container(`h${at}`, () => {
        asked += 1;
        return new Promise(() => undefined);
      }),
    );
    const begun = time.mono();
    let endedAt = 0;
    const read = reader.read(hanging).then(() => (endedAt = time.mono()));
    for (let second = 0; second < 12; second += 1) {
      await settle();
      await time.pass(1000);
    }
    await read;
    expect(endedAt - begun).toBeLessThanOrEqual(7000);
    expect(asked).toBe(10);
  });

  it('and what it cannot answer is left out', async () => {
    const { reader, failures } = onMachine();
    const found = await reader.read([container('gone', () => Promise.reject(new Error('no such container'))), container('empty', () => Promise.resolve(null)), answering('ok')]);
    expect([...found.keys()]).toEqual(['ok']);
    expect(failures).toEqual(['gone: no such container']);
  });
});
