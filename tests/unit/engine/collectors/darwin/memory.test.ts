/** Memory of macOS from recorded outputs of vm_stat and sysctl, and from Electron. */
import { describe, expect, it } from 'vitest';
import { parseSwapUsage, parseVmStat } from '../../../../../src/main/engine/collectors/memory.darwin';
import type { MachineMemory } from '../../../../../src/main/engine/collectors/deps';
import type { AnyCollector, Previous } from '../../../../../src/main/engine/collectors/collector';
import type { Reading } from '../../../../../src/shared/metrics/reading';
import { failureOf } from '../../../../support/recorded-machine';
import { printed, RecordedMac } from '../../../../support/recorded-mac';

const macbook = printed('macbook-m3-26', 'vm_stat');
const PAGE = 16_384;
const USED = (416_666 - 9876 + 152_340 + 121_212) * PAGE;

/** The same pages as Electron tells them, KiB. */
const ELECTRON: MachineMemory = { free: 12_345 * 16, fileBacked: 201_234 * 16, purgeable: 9876 * 16 };

/** Reads memory again and again, each reading with the one before. */
function memoryOf(mac: RecordedMac): () => Promise<Reading> {
  const memory: AnyCollector = mac.collectors().memory;
  const toReading = memory.toReading as (raw: unknown, previous: Previous<unknown> | null) => Reading;
  let before: unknown = null;
  return async () => {
    const raw = await memory.read();
    const reading = toReading(raw, before === null ? null : { raw: before, seconds: 2 });
    before = raw;
    return reading;
  };
}

describe('vm_stat', () => {
  it('is counted in pages of the size that it names', () => {
    expect(parseVmStat(macbook, 7)).toEqual({ used: USED, free: 12_345 * PAGE, cached: (201_234 + 9876) * PAGE, paging: { inBytes: 234_567 * PAGE, outBytes: 345_678 * PAGE, at: 7 } });
    expect(parseVmStat(printed('imac-intel-13', 'vm_stat'), 0)).toMatchObject({ used: (1_846_666 - 19_876 + 752_340) * 4096, paging: { inBytes: 0, outBytes: 0 } });
  });

  it('without lines about swapping says nothing about it', () => {
    expect(parseVmStat(macbook.replace(/^Swapins.*\n/m, ''), 0)).toMatchObject({ used: USED, paging: null });
  });

  it.each(['', 'garbage', macbook.replace('page size of 16384 bytes', ''), macbook.replace(/^Anonymous pages.*\n/m, ''), macbook.replace(/^(Pages wired down: *)\d+/m, '$1x')])('is a fault with less: %j', async (text) => {
    expect(await failureOf(() => parseVmStat(text, 0))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('swap', () => {
  it('is understood in every language and unit', () => {
    expect(parseSwapUsage(printed('macbook-m3-26', 'swapusage'))).toEqual({ total: 2 ** 31, used: Math.round(1985.25 * 2 ** 20) });
    expect(parseSwapUsage('total = 2048,00M  used = 1985,25M  free = 62,75M  (encrypted)\n')).toEqual({ total: 2 ** 31, used: Math.round(1985.25 * 2 ** 20) });
    expect(parseSwapUsage('total = 3.00G  used = 512.00K  free = 2.99G\n')).toEqual({ total: 3 * 2 ** 30, used: 2 ** 19 });
  });

  it.each(['', 'vm.swapusage: garbage', 'total = M  used = 1.00M', 'total = 1.00X  used = 1.00M'])('is a fault where it is not: %j', async (text) => {
    expect(await failureOf(() => parseSwapUsage(text))).toMatchObject({ kind: 'ParseError' });
  });
});

describe('the memory of a Mac', () => {
  it('is that of Activity Monitor, without a share of swap, which grows on demand', async () => {
    const reading = await memoryOf(new RecordedMac('macbook-m3-26'))();
    expect(reading.values).toMatchObject({ usage: 64.9, used: USED, available: 2 ** 34 - USED, total: 2 ** 34, cached: (201_234 + 9876) * PAGE, swapUsage: null, swapTotal: 2 ** 31, pressure: null });
    expect(reading.untold).toEqual(['swapUsage', 'pressure']);
    expect(reading.values['swapUsed']).toBeCloseTo(1985.25 * 2 ** 20, -4);
    expect(reading.note).toBe('used as in Activity Monitor: app + wired + compressed memory; swap grows on demand, so no share of it is shown');
  });

  it('is told by Electron where that runs, and is what vm_stat says', async () => {
    const mac = new RecordedMac('macbook-m3-26', ELECTRON);
    const read = memoryOf(mac);
    expect((await read()).values).toMatchObject({ used: USED, available: 2 ** 34 - USED, cached: (201_234 + 9876) * PAGE, swapUsage: null });
    // The second after, without another program.
    mac.time.stall(1000);
    mac.memory = { ...ELECTRON, free: ELECTRON.free - 1600 };
    expect((await read()).values['used']).toBe(USED + 1600 * 1024);
    expect(mac.started).toHaveLength(2);
    // What is neither free nor used is not known without vm_stat.
    const alone = new RecordedMac('macbook-m3-26', ELECTRON).break('missing');
    expect((await memoryOf(alone)()).values).toMatchObject({ available: (12_345 + 201_234 + 9876) * PAGE });
    expect(mac.collectors().memory.leastInterval).toBeUndefined();
    expect(new RecordedMac('macbook-m3-26').collectors().memory.leastInterval).toBe(2000);
  });

  it('is asked of vm_stat where Electron does not know it', async () => {
    for (const unknown of [null, { free: 0, fileBacked: 0, purgeable: 0 }]) {
      const mac = new RecordedMac('macbook-m3-26', unknown);
      const { memory } = mac.collectors(true);
      expect(memory.toReading(await memory.read(), null).values.used).toBe(USED);
    }
  });

  it('has rates of swapping, every ten seconds, also before there is a swap file', async () => {
    const mac = new RecordedMac('macbook-m3-26', ELECTRON).print('swapusage', 'total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)\n');
    const read = memoryOf(mac);
    const rates: unknown[] = [];
    for (let second = 0; second <= 31; second += 1) {
      if (second === 15) mac.print('vm_stat', macbook.replace('234567.', '235567.').replace('345678.\n"', '345678.\n"').replace(/(Swapouts: *)\d+/, '$1345778'));
      const { swapIn, swapOut, swapTotal } = (await read()).values;
      rates.push(`${second}: ${swapIn} ${swapOut} ${swapTotal}`);
      mac.time.stall(1000);
    }
    expect([0, 9, 10, 19, 20, 29, 30].map((second) => rates[second])).toEqual(['0: null null 0', '9: null null 0', '10: 0 0 0', '19: 0 0 0', `20: ${(1000 * PAGE) / 10} ${(100 * PAGE) / 10} 0`, `29: ${(1000 * PAGE) / 10} ${(100 * PAGE) / 10} 0`, '30: 0 0 0']);
    expect(mac.started.filter((command) => command.includes('vm_stat'))).toHaveLength(4);
    expect(mac.started.filter((command) => command.includes('sysctl'))).toHaveLength(1);
  });

  it('does not spread what was swapped over a pause', async () => {
    const mac = new RecordedMac('macbook-m3-26', ELECTRON);
    const read = memoryOf(mac);
    await read();
    mac.time.stall(10_000);
    expect((await read()).values['swapIn']).toBe(0);
    mac.time.stall(60_000);
    mac.print('vm_stat', macbook.replace('234567.', '999999.'));
    expect((await read()).values['swapIn']).toBeNull();
  });

  it.each(['missing', 'failed', 'late', 'empty', 'garbled'] as const)('is a fault without vm_stat (%s), but needs neither it nor swap in Electron', async (how) => {
    const mac = new RecordedMac('macbook-m3-26').break(how);
    expect(await failureOf(memoryOf(mac))).toHaveProperty('kind');
    const electron = new RecordedMac('macbook-m3-26', ELECTRON).break(how);
    const read = memoryOf(electron);
    expect((await read()).values).toMatchObject({ total: 2 ** 34, swapTotal: null, swapUsed: null, swapUsage: null, swapIn: null });
    electron.time.stall(10_000);
    electron.answers.clear();
    // What comes back is used again.
    await read();
    electron.time.stall(10_000);
    expect((await read()).values).toMatchObject({ swapIn: 0, swapOut: 0 });
  });

  it('is a fault where its parts are more than the whole', async () => {
    const mac = new RecordedMac('macbook-m3-26', { ...ELECTRON, fileBacked: 2 ** 24 });
    expect(await failureOf(memoryOf(mac))).toMatchObject({ kind: 'ParseError' });
    const other = new RecordedMac('macbook-m3-26').print('vm_stat', macbook.replace('416666', '9416666'));
    expect(await failureOf(memoryOf(other))).toMatchObject({ kind: 'ParseError' });
  });
});
