/** The processes behind the load of a card, asked once when an alert fires. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGpuLoads } from '../../../../src/main/engine/processes/gpu-loads.linux';
import { readGpuLoads as readWindowsGpuLoads } from '../../../../src/main/engine/processes/gpu-loads.win32';
import { yieldToEventLoop } from '../../../../src/main/engine/time-slicing';
import { GpuTree, gpuFixture, watchReads } from '../../../support/gpu-tree';
import { NO_PROGRAMS } from '../../../support/programs';
import { fakeWindows } from '../../../support/windows';

const CARD = 'sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0';

/** `meanwhile` is what happens between the two looks. */
function ask(tree: GpuTree, meanwhile: () => void = () => undefined) {
  let mono = 0;
  const asked: string[] = [];
  const after = (ms: number, fn: () => void): (() => void) => {
    mono += ms;
    meanwhile();
    queueMicrotask(fn);
    return () => undefined;
  };
  const programs = {
    ...NO_PROGRAMS,
    read: (program: string, args: readonly string[]) => {
      asked.push([program.slice(tree.root.length), ...args].join(' '));
      return Promise.resolve(gpuFixture('nvidia-smi/pmon.txt'));
    },
  };
  return { asked, loads: readGpuLoads({ system: { root: tree.root, programs }, timers: { after }, slicing: { mono: () => mono, yieldToEventLoop } }) };
}

it('the processes behind the load of an adapter of Windows are those with the busiest engines, once two answers can be compared', async () => {
  let [reads, closed] = [0, 0];
  const luid = 'luid_0x00000000_0x0000C1B7_phys_0';
  const items = [
    { instance: `pid_900_${luid}_eng_0_engtype_3D`, value: 12 },
    { instance: `pid_900_${luid}_eng_4_engtype_VideoDecode`, value: 47.5 },
    { instance: `pid_12_${luid}_eng_0_engtype_3D`, value: 118 },
  ];
  const counters = () => Promise.resolve({ read: () => Promise.resolve((reads += 1) === 1 ? [] : items), close: () => void (closed += 1) });
  const timers = { after: (_ms: number, fn: () => void) => (queueMicrotask(fn), () => undefined) };
  const system = { windows: () => Promise.resolve(fakeWindows({ counters })) };
  expect([...(await readWindowsGpuLoads({ system, timers }))]).toEqual([[900, 47.5], [12, 100]]);
  await Promise.resolve();
  expect([reads, closed]).toEqual([2, 1]);
});

describe('the processes behind the load of a card', () => {
  it('are those that had its engines busy, as the kernel counts it', async () => {
    const tree = new GpuTree('amd-apu');
    for (const pid of [501, 502]) {
      tree.put(`proc/${pid}/fd/9`, '→/dev/dri/renderD128');
      tree.put(`proc/${pid}/fdinfo/9`, gpuFixture('fdinfo/amdgpu.txt').replace('client-id:\t74', `client-id:\t${pid}`));
    }
    tree.put('proc/503/fd/1', '→/dev/null');
    const { loads, asked } = ask(tree, () => tree.set('proc/502/fdinfo/9', gpuFixture('fdinfo/amdgpu.txt').replace('client-id:\t74', 'client-id:\t502').replace('22900000000 ns', '23700000000 ns')));
    expect([...(await loads)]).toEqual([[501, 0], [502, 80]]);
    expect(asked).toEqual([]);
  });

  it('are not looked at while the card sleeps', async () => {
    const tree = new GpuTree('amd-apu');
    tree.set('sys/devices/pci0000:00/0000:00:08.1/0000:c4:00.0/power/runtime_status', 'suspended\n');
    tree.put('proc/501/fd/9', '→/dev/dri/renderD128');
    tree.put('proc/501/fdinfo/9', gpuFixture('fdinfo/amdgpu.txt'));
    const read = watchReads(join(tree.root, 'proc'));
    expect([...(await ask(tree).loads)]).toEqual([]);
    expect(read()).toEqual([]);
  });

  it('of NVIDIA are asked of its program while its cards are awake, and of nobody while one sleeps', async () => {
    const tree = new GpuTree('nvidia-laptop');
    tree.put('proc/1/stat', '');
    tree.program('#!/bin/sh\n');
    const awake = ask(tree);
    expect([...(await awake.loads)]).toEqual([[4711, 91], [4712, 12]]);
    expect(awake.asked).toEqual(['/usr/bin/nvidia-smi pmon -c 1 -s u']);
    tree.set(`${CARD}/power/runtime_status`, 'suspended\n');
    const asleep = ask(tree);
    expect([...(await asleep.loads)]).toEqual([]);
    expect(asleep.asked).toEqual([]);
  });
});
