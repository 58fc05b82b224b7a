/** Graphics of Windows from its counters. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptersIn } from '../../../../src/main/engine/collectors/gpu/adapter-counters';
import type { AdapterItems } from '../../../../src/main/engine/collectors/gpu/adapter-counters';
import { win32Gpu } from '../../../../src/main/engine/collectors/gpu.win32';
import { FakeTime } from '../../../support/collectors';
import { NO_PROGRAMS } from '../../../support/programs';
import { fakeWindows } from '../../../support/windows';

const INTEL = '0x00000000_0x0000C1B7_phys_0';
const NVIDIA = '0x00000000_0x0000E2F0_phys_0';
const BASIC = '0x00000000_0x0000FFFF_phys_0';
const engine = (pid: number, luid: string, number: number, kind: string, value: number) => ({ instance: `pid_${pid}_luid_${luid}_eng_${number}_engtype_${kind}`, value });

const ITEMS: AdapterItems = {
  engines: [
    engine(4, INTEL, 0, '3D', 60),
    engine(900, INTEL, 0, '3D', 58.2),
    engine(900, INTEL, 1, 'VideoDecode', 12),
    engine(901, INTEL, 1, 'VideoDecode', 5),
    engine(900, NVIDIA, 0, '3D', 3),
    engine(900, NVIDIA, 3, 'Copy', 7),
    engine(900, NVIDIA, 5, 'VideoEncode', 0),
    engine(900, BASIC, 0, '3D', 90),
  ],
  dedicated: [{ instance: `luid_${INTEL}`, value: 0 }, { instance: `luid_${NVIDIA}`, value: 2e9 }],
  shared: [{ instance: `luid_${INTEL}`, value: 5e8 }, { instance: `luid_${NVIDIA}`, value: 1e8 }],
};

function machine(items: AdapterItems | null) {
  const windows = fakeWindows({
    counters: (path) => {
      const found = items === null ? null : path.includes('Dedicated') ? items.dedicated : path.includes('Shared') ? items.shared : items.engines;
      return Promise.resolve(found === null ? null : { read: () => Promise.resolve([...found]), close: () => undefined });
    },
  });
  const time = new FakeTime();
  const collector = win32Gpu({ windows: () => Promise.resolve(windows), programs: NO_PROGRAMS, timers: time, clock: time });
  return async () => collector.toReading(await collector.read(), null);
}

describe('adapters of Windows', () => {
  it('have the load of their busiest engine, which is the sum over processes, and never more than 100 %', () => {
    expect(adaptersIn(ITEMS)).toEqual([
      { luid: INTEL, load: 100, encoder: null, decoder: 17, dedicated: 0, shared: 5e8 },
      { luid: NVIDIA, load: 7, encoder: 0, decoder: null, dedicated: 2e9, shared: 1e8 },
    ]);
  });

  it('have shares whatever is counted', () => {
    const item = fc.record({ pid: fc.nat(9), number: fc.nat(3), kind: fc.constantFrom('3D', 'Copy', 'VideoDecode'), value: fc.double({ min: -10, max: 500, noNaN: true }) });
    fc.assert(fc.property(fc.array(item), (items) => {
      const engines = items.map(({ pid, number, kind, value }) => engine(pid, INTEL, number, kind, value));
      for (const { load } of adaptersIn({ ...ITEMS, engines })) expect(load !== null && load >= 0 && load <= 100).toBe(true);
    }));
  });

  it('among several are known for this boot alone: they are shown, and not kept', async () => {
    const { devices, values } = await machine(ITEMS)();
    expect(Object.values(devices).map(({ label, stored }) => [label, stored])).toEqual([['Graphics 1', false], ['Graphics 2', false]]);
    expect(values).toEqual({ load: 100, memoryUsed: 2e9 - (2e9 % 4096), power: null });
  });

  it('that are the only one are kept', async () => {
    const { devices } = await machine({ ...ITEMS, engines: ITEMS.engines.filter(({ instance }) => instance.includes(NVIDIA)) })();
    expect(devices).toMatchObject({ adapter: { label: 'Graphics', values: { load: 7, temperature: null } } });
  });

  it('that are not counted are said to be so, and not asked for any more', async () => {
    const read = machine(null);
    await read();
    await read();
    expect(await read()).toMatchObject({ values: { load: null }, devices: {}, note: expect.stringMatching(/Windows counts nothing/) as string });
  });
});
