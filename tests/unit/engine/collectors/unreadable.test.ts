/** Attributes of /sys that exist and cannot be read: a driver that answers EBUSY or ETIMEDOUT, a bus that fails. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linuxFrequency } from '../../../../src/main/engine/collectors/frequency.linux';
import { linuxTemperature } from '../../../../src/main/engine/collectors/temperature.linux';
import { createFakeTree, FOLDER, UNREADABLE } from '../../../support/fake-tree';
import type { TreeEntries } from '../../../support/fake-tree';
import { machineDeps } from '../../../support/recorded-machine';

const HWMON = 'sys/class/hwmon';

/** A tree, and its temperatures after so many seconds, by label. */
function thermometer(entries: TreeEntries) {
  const tree = createFakeTree(entries);
  let mono = 0;
  const collector = linuxTemperature(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
  const after = async (seconds: number) => {
    mono += seconds * 1000;
    const { devices } = collector.toReading(await collector.read(), null);
    return Object.fromEntries(Object.values(devices).map(({ label, values }) => [label, values.value]));
  };
  return { tree, collector, after };
}

const GOOD = { [`${HWMON}/hwmon1/name`]: 'acpitz', [`${HWMON}/hwmon1/temp1_input`]: 41900 };

describe('a temperature sensor', () => {
  it.each(['crit', 'max', 'label', 'fault', 'enable'])('is read where its attribute "%s" cannot be', async (attribute) => {
    const { collector, after } = thermometer({ ...GOOD, [`${HWMON}/hwmon0/name`]: 'k10temp', [`${HWMON}/hwmon0/temp1_input`]: 45000, [`${HWMON}/hwmon0/temp1_${attribute}`]: UNREADABLE });
    for (const seconds of [0, 1, 61, 900]) expect(await after(seconds)).toEqual({ 'k10temp temp1': 45, 'acpitz temp1': 41.9 });
    expect(Object.values(collector.toReading(await collector.read(), null).devices)[0]?.limits).toBeUndefined();
    collector.close?.();
  });

  it('that cannot be read itself is null, and does not hide the others', async () => {
    const { after } = thermometer({ ...GOOD, [`${HWMON}/hwmon0/name`]: 'k10temp', [`${HWMON}/hwmon0/temp1_input`]: UNREADABLE, [`${HWMON}/hwmon0/temp2_input`]: 45000 });
    for (const seconds of [0, 1]) expect(await after(seconds)).toEqual({ 'k10temp temp1': null, 'k10temp temp2': 45, 'acpitz temp1': 41.9 });
  });

  it.each([
    ['a chip without a readable name', { [`${HWMON}/hwmon0/name`]: UNREADABLE, [`${HWMON}/hwmon0/temp1_input`]: 45000 }],
    ['a chip that is no folder', { [`${HWMON}/hwmon0`]: UNREADABLE }],
    ['a chip whose power state cannot be read', { [`${HWMON}/hwmon0/name`]: 'bad', [`${HWMON}/hwmon0/device/power/runtime_status`]: UNREADABLE }],
    ['a chip whose device cannot be found', { [`${HWMON}/hwmon0/name`]: 'bad', [`${HWMON}/hwmon0/device`]: UNREADABLE }],
    ['a zone without a readable type', { 'sys/class/thermal/thermal_zone0/type': UNREADABLE, 'sys/class/thermal/thermal_zone0/temp': 30000 }],
    ['no list of zones', { 'sys/class/thermal': UNREADABLE }],
  ] as const)('is read beside %s', async (_, entries) => {
    const { after } = thermometer({ ...GOOD, ...entries });
    for (const seconds of [0, 1, 61]) expect(await after(seconds)).toEqual({ 'acpitz temp1': 41.9 });
  });
});

describe('a list of sensors that cannot be read', () => {
  it('is the one of before, and is read as soon as it can be', async () => {
    const { tree, after } = thermometer(GOOD);
    expect(await after(0)).toEqual({ 'acpitz temp1': 41.9 });
    tree.remove(HWMON);
    tree.put({ [HWMON]: UNREADABLE });
    expect(await after(61)).toEqual({ 'acpitz temp1': 41.9 });
    tree.remove(HWMON);
    tree.put({ ...GOOD, [`${HWMON}/hwmon2/name`]: 'nvme', [`${HWMON}/hwmon2/temp1_input`]: 36000 });
    expect(await after(2)).toEqual({ 'acpitz temp1': 41.9, 'nvme temp1': 36 });
  });

  it('is read again soon where there was none before', async () => {
    const { tree, after } = thermometer({ [HWMON]: UNREADABLE });
    expect(await after(0)).toEqual({});
    tree.remove(HWMON);
    tree.put(GOOD);
    expect(await after(2)).toEqual({ 'acpitz temp1': 41.9 });
  });

  it('of one chip leaves its sensors as they were', async () => {
    const { tree, after } = thermometer({ ...GOOD, [`${HWMON}/hwmon0/name`]: 'k10temp', [`${HWMON}/hwmon0/temp1_input`]: 45000 });
    expect(await after(0)).toEqual({ 'k10temp temp1': 45, 'acpitz temp1': 41.9 });
    tree.put({ [`${HWMON}/hwmon0/name`]: UNREADABLE, [`${HWMON}/hwmon5`]: FOLDER });
    expect(await after(61)).toEqual({ 'k10temp temp1': 45, 'acpitz temp1': 41.9 });
  });
});

describe('a sensor whose device is removed', () => {
  it('is missing, and what then has its name is not read before the list is', async () => {
    // A file of a process ends with it as that of a device does.
    const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
    const ended = once(sleeper, 'exit');
    await once(sleeper, 'spawn');
    writeFileSync(`/proc/${sleeper.pid}/oom_score_adj`, '900');
    const { tree, after } = thermometer({ ...GOOD, [`${HWMON}/hwmon0/name`]: 'k10temp', [`${HWMON}/hwmon0/temp1_input`]: { link: `/proc/${sleeper.pid}/oom_score_adj` } });
    expect(await after(0)).toEqual({ 'k10temp temp1': 0.9, 'acpitz temp1': 41.9 });
    sleeper.kill();
    await ended;
    tree.put({ [`${HWMON}/hwmon0/temp1_input`]: 45000 });
    expect(await after(5)).toEqual({ 'k10temp temp1': null, 'acpitz temp1': 41.9 });
    expect(await after(3)).toEqual({ 'k10temp temp1': null, 'acpitz temp1': 41.9 });
    expect(await after(3)).toEqual({ 'k10temp temp1': 45, 'acpitz temp1': 41.9 });
  });
});

describe('the clock speed', () => {
  const CPU = 'sys/devices/system/cpu';
  const cores = (...ids: readonly number[]): TreeEntries => Object.fromEntries(ids.map((id) => [`${CPU}/cpu${id}/cpufreq/scaling_cur_freq`, 1800000]));
  function meter(entries: TreeEntries) {
    const tree = createFakeTree(entries);
    let mono = 0;
    const collector = linuxFrequency(machineDeps('none', { root: tree.root, clock: { now: () => 0, mono: () => mono, boot: () => mono } }));
    const after = async (seconds: number) => {
      mono += seconds * 1000;
      const { values, devices } = collector.toReading(await collector.read(), null);
      return [values.average, Object.values(devices).map((core) => core.values.speed)];
    };
    return { tree, after };
  }

  it('is known for the other cores while one is offline, however often the cores are listed', async () => {
    const { after } = meter({ ...cores(0, 1, 2), [`${CPU}/cpu3/cpufreq/scaling_cur_freq`]: UNREADABLE });
    for (const seconds of [0, 1, 61, 61]) expect(await after(seconds)).toEqual([1.8e9, [1.8e9, 1.8e9, 1.8e9]]);
  });

  it('is known while the cores cannot be listed, and they are listed again soon', async () => {
    const { tree, after } = meter(cores(0));
    expect(await after(0)).toEqual([1.8e9, [1.8e9]]);
    tree.remove(CPU);
    tree.put({ [CPU]: UNREADABLE });
    expect(await after(61)).toEqual([1.8e9, [1.8e9]]);
    tree.remove(CPU);
    tree.put(cores(0, 1));
    expect(await after(2)).toEqual([1.8e9, [1.8e9, 1.8e9]]);
  });

  it('is that of /proc/cpuinfo where the cores cannot be listed at all', async () => {
    const { after } = meter({ [CPU]: UNREADABLE, 'proc/cpuinfo': 'processor\t: 0\ncpu MHz\t\t: 2400.000' });
    expect(await after(0)).toEqual([2.4e9, [2.4e9]]);
  });
});
