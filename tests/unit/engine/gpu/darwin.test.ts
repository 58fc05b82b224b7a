/** Graphics of macOS, as ioreg prints them. */
import { describe, expect, it } from 'vitest';
import { darwinGpu, parseAccelerators } from '../../../../src/main/engine/collectors/gpu.darwin';
import { gpuReading } from '../../../../src/main/engine/collectors/gpu';
import { failureOf } from '../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../support/recorded-mac';

const readingOf = (machine: string, change: (text: string) => string = (text) => text) => gpuReading(parseAccelerators(change(printed(machine, 'ioreg-graphics'))));

describe('graphics of macOS', () => {
  it('of Apple tell their load and what they use of the memory of the machine', () => {
    const { values, devices, untold } = readingOf('macbook-m3-26');
    expect(devices['AGXAcceleratorG15X']).toMatchObject({ label: 'Apple M3', state: { code: 'active' }, values: { load: 15, sharedUsed: 820_789_248, memoryUsed: null, memoryTotal: null, temperature: null } });
    expect(values).toEqual({ load: 15, memoryUsed: null, power: null });
    expect(untold).toEqual(expect.arrayContaining(['memoryUsed', 'power', 'temperature', 'awake']));
  });

  it('of Intel Macs tell more: two cards, the load is that of the busier one', () => {
    const { values, devices } = readingOf('imac-intel-13');
    const [intel, amd] = Object.values(devices);
    expect(intel).toMatchObject({ label: 'Intel graphics', values: { load: 4, memoryTotal: null, sharedUsed: 117_440_512 } });
    expect(amd).toMatchObject({ label: 'Radeon Pro 555', values: { load: 23, memoryUsed: 1_006_632_960, memoryTotal: 2_147_483_648, temperature: 61, power: 19, clock: 855e6, fan: 1197, fanShare: 36 } });
    expect(values).toEqual({ load: 23, memoryUsed: 1_006_632_960, power: 19 });
  });

  it('that are powered off are asleep, without values', () => {
    const { values, devices } = readingOf('imac-intel-13', (text) => text.replaceAll('"poweredOffByAGC"=0', '"poweredOffByAGC"=1'));
    expect(Object.values(devices).map(({ state }) => state)).toEqual([{ code: 'asleep' }, { code: 'asleep' }]);
    expect(values).toEqual({ load: null, memoryUsed: null, power: null });
  });

  it('without statistics are unknown, and a list without any is a fault', async () => {
    expect(readingOf('macbook-m3-26', (text) => text.replace(/"PerformanceStatistics" = .*/, '')).values.load).toBeNull();
    expect(await failureOf(() => parseAccelerators('nothing\n'))).toMatchObject({ kind: 'SystemUnavailable' });
  });

  it('are asked for with one program', async () => {
    const mac = new RecordedMac('macbook-m3-26');
    await darwinGpu(mac.deps()).read();
    expect(mac.started).toEqual(['/usr/sbin/ioreg -r -d 1 -w 0 -c IOAccelerator']);
  });
});
