/** Graphics of Intel: what its drivers tell, the load from the programs that have a card open, and that none is woken for it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linuxGpu } from '../../../../src/main/engine/collectors/gpu.linux';
import { GpuGates } from '../../../../src/main/engine/collectors/gpu/gates';
import { betweenReads, DrmLoads, IntelCard } from '../../../../src/main/engine/collectors/gpu/intel.linux';
import { IDLE_SAMPLES, RELEASE_MS } from '../../../../src/main/engine/collectors/gpu/sleep-state';
import type { ReadingOf } from '../../../../src/shared/metrics/reading';
import { FakeTime } from '../../../support/collectors';
import { GpuTree, gpuFixture, watchReads } from '../../../support/gpu-tree';
import { machineDeps } from '../../../support/recorded-machine';

const STEP = 5000;
const XE = 'sys/devices/pci0000:00/0000:00:06.0/0000:03:00.0';
const XE_ID = '0000:00:06.0/00.0';
const I915_ID = '0000:00:02.0';

/** A machine whose cards are read every five seconds. */
function open(tree: GpuTree) {
  const time = new FakeTime();
  const collector = linuxGpu(machineDeps('none', { root: tree.root, clock: time, timers: time }), new GpuGates());
  const next = async (): Promise<ReadingOf<'gpu'>> => {
    time.stall(STEP);
    return collector.toReading(await collector.read(), null);
  };
  return { next };
}

const only = ({ devices }: ReadingOf<'gpu'>) => {
  const [[id, device] = ['', undefined], ...others] = Object.entries(devices);
  expect(others).toEqual([]);
  return { id, ...device };
};

describe('graphics of Intel', () => {
  it('by i915 tell clock and time powered up, and their load from the programs that have them open', async () => {
    const tree = new GpuTree('intel-i915');
    tree.put('proc/77/fd/4', '→/dev/dri/renderD128');
    tree.put('proc/77/fd/5', '→/dev/null');
    tree.put('proc/77/fdinfo/4', gpuFixture('fdinfo/i915.txt'));
    const { next } = open(tree);
    expect(only(await next())).toMatchObject({ label: 'Intel graphics', values: { load: null, clock: 450e6, awake: null, memoryUsed: null } });
    tree.set('sys/devices/pci0000:00/0000:00:02.0/drm/card0/gt/gt0/rc6_residency_ms', '1004000\n');
    tree.set('proc/77/fdinfo/4', gpuFixture('fdinfo/i915.txt').replace('4000000000 ns', '9000000000 ns'));
    // Powered up for one of five seconds; programs are looked through every ten.
    expect(only(await next()).values).toMatchObject({ awake: 20, load: null });
    expect(only(await next()).values).toMatchObject({ load: 50 });
  });

  it('by xe tell watts from the energy used, and their fan', async () => {
    const tree = new GpuTree('intel-xe');
    tree.put('proc/1/stat', '');
    const { next } = open(tree);
    expect(only(await next()).values).toMatchObject({ clock: 2.4e9, temperature: 47, fan: 0, power: null });
    tree.set('sys/devices/pci0000:00/0000:00:06.0/0000:03:00.0/hwmon/hwmon3/energy1_input', '1210000000\n');
    expect(only(await next()).values).toMatchObject({ power: 42 });
  });

  it('tell nothing between counters that began anew, or are far apart', () => {
    const at = (ms: number, energy: number): Parameters<typeof betweenReads>[1] => ({ at: ms, energy, saving: null });
    expect(betweenReads(null, at(0, 5)).power).toBeNull();
    expect(betweenReads(at(0, 5e6), at(1000, 6e6)).power).toBe(1);
    expect(betweenReads(at(0, 5e6), at(1000, 4e6)).power).toBeNull();
    expect(betweenReads(at(0, 5e6), at(3_600_000, 6e6)).power).toBeNull();
  });
});

/** Counters of a user of xe: busy for `busy` of `total` million cycles. */
const useOfXe = (busy: number, total: number): string => gpuFixture('fdinfo/xe.txt').replace('2400000', `${busy}000000`).replace('9600000', `${total}000000`);

/** Both cards; a program has each of them open. */
function bothCards(): GpuTree {
  const tree = new GpuTree('intel-i915', 'intel-xe');
  tree.put('proc/77/fd/4', '→/dev/dri/renderD128');
  tree.put('proc/77/fdinfo/4', gpuFixture('fdinfo/i915.txt'));
  tree.put('proc/78/fd/4', '→/dev/dri/renderD129');
  tree.put('proc/78/fdinfo/4', useOfXe(1, 10));
  return tree;
}

describe('the programs that have a card open', () => {
  it('are not looked at while the card sleeps, which that would wake, but those of the other card are', async () => {
    const tree = bothCards();
    tree.set(`${XE}/power/runtime_status`, 'suspended\n');
    const read = watchReads(join(tree.root, 'proc'));
    const { next } = open(tree);
    for (let i = 0; i < 4; i += 1) await next();
    expect(read()).toEqual(['77/fdinfo/4']);
  });

  it('are not looked at while the card is let go, and tell its load again, not 0, once two looks took them in', async () => {
    const tree = bothCards();
    tree.set('sys/devices/pci0000:00/0000:00:02.0/power/control', 'on\n');
    const { next } = open(tree);
    const xe = async () => (await next()).devices[XE_ID];
    let card = await xe();
    for (let i = 0; i < 4 * IDLE_SAMPLES && card?.state?.reason === undefined; i += 1) card = await xe();
    expect(card).toMatchObject({ state: { code: 'active', reason: expect.stringMatching(/^idle/) as string }, values: { load: 0 } });
    const read = watchReads(join(tree.root, 'proc'));
    // It was let go with the sample before.
    for (let ms = 2 * STEP; ms < RELEASE_MS; ms += STEP) expect((await xe())?.state?.reason).toMatch(/^idle/);
    expect(read()).toEqual(['77/fdinfo/4']);
    // From now on it works for half of the time.
    const loads: unknown[] = [];
    for (let i = 1; i <= 6; i += 1) {
      tree.set('proc/78/fdinfo/4', useOfXe(10 * i, 20 * i));
      const { state, values } = (await xe()) ?? {};
      expect(state).toEqual({ code: 'active' });
      loads.push(values?.['load']);
    }
    expect(loads).not.toContain(0);
    expect(loads.at(-1)).toBe(50);
  });

  it('tell no load, not even 0, where the driver counts nothing for them, and 0 where they have left the card', async () => {
    const tree = bothCards();
    tree.set('proc/78/fdinfo/4', gpuFixture('fdinfo/xe.txt').replaceAll(/^drm-(?:total-)?cycles.*\n/gm, ''));
    const { next } = open(tree);
    for (let i = 0; i < 2; i += 1) await next();
    tree.remove('proc/77');
    for (let i = 0; i < 2; i += 1) await next();
    const { devices } = await next();
    expect([devices[I915_ID]?.values['load'], devices[XE_ID]?.values['load']]).toEqual([0, null]);
  });

  it('are looked through for all cards together, and each card learns of each look once, whichever of them asks first', async () => {
    const tree = new GpuTree('intel-i915', 'intel-xe');
    const time = new FakeTime();
    const mono = (): number => time.mono();
    const loads = new DrmLoads({ look: () => Promise.resolve({ at: mono(), clients: new Map(), leftOut: new Set() }) }, mono);
    const first = new IntelCard(join(tree.root, 'sys/devices/pci0000:00/0000:00:02.0'), 'card0', 'i915', { address: '0000:00:02.0', mono, loads });
    const second = new IntelCard(join(tree.root, XE), 'card1', 'xe', { address: '0000:03:00.0', mono, loads });
    const isNew: boolean[][] = [];
    for (let i = 0; i < 5; i += 1) {
      isNew.push([(await first.read()).isNew, (await second.read()).isNew]);
      time.stall(STEP);
    }
    expect(isNew).toEqual([[false, false], [false, false], [true, true], [false, false], [true, true]]);
    first.letGo();
    second.letGo();
  });
});
