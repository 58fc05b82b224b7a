/** Cards of NVIDIA through a nvidia-smi that is a program of this test: real processes, real pipes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linuxGpu } from '../../../../src/main/engine/collectors/gpu.linux';
import { GpuGates } from '../../../../src/main/engine/collectors/gpu/gates';
import { execProgram } from '../../../../src/main/engine/programs/exec-program';
import { createPrograms } from '../../../../src/main/engine/programs/programs';
import { startProgram } from '../../../../src/main/engine/programs/start-program';
import type { DeviceReading, ReadingOf } from '../../../../src/shared/metrics/reading';
import { FakeTime } from '../../../support/collectors';
import { GpuTree, gpuFixture } from '../../../support/gpu-tree';
import { machineDeps } from '../../../support/recorded-machine';

const CARD = 'sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0';
const STEP = 5000;

/** Prints a recording again and again, as `-l` does, only faster; notes each start with its arguments and environment. */
const printing = (root: string, text: string, after = 'sleep 0.1'): string =>
  `#!/bin/sh\necho "$$ $LC_ALL $* PATH=$PATH" >> '${root}/starts'\nwhile :; do\ncat <<'END'\n${text}END\n${after}\ndone\n`;

/** Prints a sentence and ends. */
const failing = (root: string, text: string): string => `#!/bin/sh\necho "$$ $*" >> '${root}/starts'\ncat <<'END'\n${text}END\nexit 9\n`;

function open(tree: GpuTree) {
  const time = new FakeTime();
  const programs = createPrograms(execProgram, startProgram, () => time.mono());
  onTestFinished(() => programs.close());
  const collector = linuxGpu(machineDeps('none', { root: tree.root, clock: time, timers: time, programs }), new GpuGates());
  const next = async (ms = STEP): Promise<ReadingOf<'gpu'>> => {
    time.stall(ms);
    return collector.toReading(await collector.read(), null);
  };
  const starts = (): string[] => {
    try {
      return readFileSync(join(tree.root, 'starts'), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  /** Reads, a little time apart, until what is wanted is there. Time stands still for the machine. */
  const until = async (isThere: (reading: ReadingOf<'gpu'>) => boolean): Promise<ReadingOf<'gpu'>> => {
    for (let tries = 0; tries < 300; tries += 1) {
      const reading = await next(1);
      if (isThere(reading)) return reading;
      await wait(20);
    }
    throw new Error(`it never came: ${JSON.stringify(await next(1))}`);
  };
  return { time, programs, next, starts, until, close: () => collector.close?.() };
}

const first = ({ devices }: ReadingOf<'gpu'>): DeviceReading | undefined => Object.values(devices)[0];
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
async function isSoonGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500 && !isGone(pid); tries += 1) await wait(20);
  return isGone(pid);
}

const TWO = gpuFixture('nvidia-smi/two-cards.txt');
const IDLE = TWO.replace(', 37,', ', 0,');

describe('cards of NVIDIA', () => {
  it('are read by one program that stays, with fixed arguments, in the language C, from a full path', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, TWO));
    const { until, next, starts, programs } = open(tree);
    const { devices, values } = await until((reading) => first(reading)?.values['load'] === 37);
    expect(Object.keys(devices)).toEqual(['0000:00:01.0/00.0', 'pci0000:40/0000:40:01.1/00.0'].map((id) => id.replace('pci0000:40/', '')));
    expect(first({ values, devices })).toMatchObject({ label: 'NVIDIA GeForce RTX 4070 Laptop GPU', state: { code: 'active' } });
    expect(values).toEqual({ load: 37, memoryUsed: 1536 * 2 ** 20, power: 63.6 });
    for (let i = 0; i < 20; i += 1) await next(100);
    expect(starts()).toHaveLength(1);
    expect(starts()[0]).toMatch(/^\d+ C --query-gpu=pci\.bus_id,uuid,name,\S+ --format=csv,noheader,nounits -l 5 PATH=\/[^:]*(:\/[^:]*)*$/);
    expect(programs.followed()).toEqual([Number(starts()[0]?.split(' ')[0])]);
  });

  it('that must not be woken are not: nvidia-smi is not even started while one sleeps', async () => {
    const tree = new GpuTree('nvidia-laptop');
    tree.program(printing(tree.root, TWO));
    tree.set(`${CARD}/power/runtime_status`, 'suspended\n');
    const { next, starts } = open(tree);
    for (let i = 0; i < 5; i += 1) expect(first(await next())?.state).toEqual({ code: 'asleep' });
    expect(starts()).toEqual([]);
  });

  it('that are idle and can sleep are let go: nvidia-smi ends, and is not there while they may fall asleep', async () => {
    const tree = new GpuTree('nvidia-laptop');
    tree.program(printing(tree.root, IDLE));
    const { until, next, programs } = open(tree);
    await until((reading) => first(reading)?.state?.reason?.startsWith('idle') === true);
    await until(() => programs.followed().length === 0);
    for (let i = 0; i < 5; i += 1) await next();
    expect(programs.followed()).toEqual([]);
    tree.set(`${CARD}/power/runtime_status`, 'suspended\n');
    expect(first(await next())?.state).toEqual({ code: 'asleep' });
  });

  it('that their driver never puts to sleep are read on while idle', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, IDLE));
    const { until, next } = open(tree);
    await until((reading) => first(reading)?.values['load'] === 0);
    for (let i = 0; i < 30; i += 1) expect(first(await next(100))?.state).toEqual({ code: 'active' });
  });

  it('in instances say so, and have their memory', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, gpuFixture('nvidia-smi/mig.txt').replace('00000000:17', '00000000:01')));
    const { until } = open(tree);
    const card = first(await until((reading) => typeof first(reading)?.values['memoryUsed'] === 'number'));
    expect(card).toMatchObject({ state: { code: 'active', reason: expect.stringMatching(/MIG/) as string }, values: { load: null } });
  });

  it('without nvidia-smi are unavailable, with what is missing', async () => {
    const { next } = open(new GpuTree('nvidia-server'));
    expect(first(await next())?.state).toMatchObject({ code: 'unavailable', reason: expect.stringMatching(/^nvidia-smi is not there/) as string });
  });
});

describe('a nvidia-smi that fails', () => {
  it('says why in words, and is started again only after growing pauses', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(failing(tree.root, gpuFixture('nvidia-smi/mismatch.txt')));
    const { until, next, starts } = open(tree);
    const card = first(await until((reading) => first(reading)?.state?.code === 'unavailable'));
    expect(card?.state?.reason).toBe('the driver was updated while the machine ran: restart the machine');
    expect(starts()).toHaveLength(1);
    await next(9000);
    await wait(100);
    expect(starts()).toHaveLength(1);
    await next(1000);
    await until(() => starts().length === 2);
    // It is well again, and is told so at once.
    await wait(100);
    tree.program(printing(tree.root, TWO));
    await next(20_000);
    expect(first(await until((reading) => first(reading)?.values['load'] === 37))?.state).toEqual({ code: 'active' });
  });

  it('of an older driver is asked again without what it does not know', async () => {
    const tree = new GpuTree('nvidia-server');
    const refuses = (field: string): string => `case "$*" in *${field}*) echo 'Field "${field}" is not a valid field to query.'; echo; exit 2;; esac\n`;
    const eleven = TWO.split('\n').map((line) => line.split(', ').slice(0, 11).join(', ')).join('\n');
    tree.program(printing(tree.root, eleven).replace('while :', `${refuses('utilization.encoder')}${refuses('utilization.decoder')}while :`));
    const { until, starts } = open(tree);
    const card = first(await until((reading) => first(reading)?.values['load'] === 37));
    expect(card?.values).toMatchObject({ temperature: 54, encoder: null, decoder: null });
    expect(starts()).toHaveLength(3);
  });

  it('and is stuck is ended after its deadline, delays nobody, and is tried later', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, TWO));
    const { until, next, programs, starts } = open(tree);
    await until((reading) => first(reading)?.values['load'] === 37);
    const [pid = 0] = programs.followed();
    process.kill(pid, 'SIGSTOP');
    // What it printed before it was stopped is still in the pipe.
    await wait(150);
    await next(1);
    // Too old to be true.
    expect(first(await next(15_001))).toMatchObject({ values: { load: null } });
    expect(first(await next(1))?.state).toMatchObject({ code: 'unavailable', reason: 'nvidia-smi does not answer; it is tried again later' });
    expect([pid > 0, await isSoonGone(pid)]).toEqual([true, true]);
    expect(starts()).toHaveLength(1);
    await next(10_000);
    await until((reading) => first(reading)?.values['load'] === 37);
    expect(starts()).toHaveLength(2);
  });

  it('is not taken for stuck where the machine slept meanwhile, as clocks of some systems tell', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, TWO));
    const { until, next, programs, starts } = open(tree);
    await until((reading) => first(reading)?.values['load'] === 37);
    const before = programs.followed();
    expect(first(await next(8 * 3_600_000))).toMatchObject({ state: { code: 'active' }, values: { load: null } });
    await until((reading) => first(reading)?.values['load'] === 37);
    expect([starts().length, programs.followed()]).toEqual([1, before]);
  });

  it('is not left running when nobody reads any more, as while monitoring is paused', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, TWO));
    const { until, programs, time } = open(tree);
    await until((reading) => first(reading)?.values['load'] === 37);
    const [pid = 0] = programs.followed();
    await time.pass(31_000);
    expect([pid > 0, await isSoonGone(pid)]).toEqual([true, true]);
  });

  it('ends with the app', async () => {
    const tree = new GpuTree('nvidia-server');
    tree.program(printing(tree.root, TWO));
    const { until, programs } = open(tree);
    await until((reading) => first(reading)?.values['load'] === 37);
    const [pid = 0] = programs.followed();
    programs.close();
    expect([pid > 0, await isSoonGone(pid)]).toEqual([true, true]);
  });
});
