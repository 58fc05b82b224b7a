/** Collectors whose code is loaded at their first read. */
import { expect, it } from 'vitest';
import type { Collector } from '../../../../src/main/engine/collectors/collector';
import { loadedLate } from '../../../../src/main/engine/collectors/load-late';
import { fakeCollectors } from '../../../support/collectors';

it('are loaded once, by the first read of any; then they are the collectors themselves', async () => {
  const fake = fakeCollectors();
  fake.of('network').leastInterval = 2000;
  let loads = 0;
  const late = loadedLate(() => {
    loads += 1;
    return Promise.resolve(fake.set);
  });
  expect([loads, late.network.leastInterval]).toEqual([0, 0]);
  late.cpu.close?.();
  expect(await Promise.all([late.cpu.read(), late.network.read()])).toEqual([100, 100]);
  expect([loads, late.network.leastInterval, late.cpu.family]).toEqual([1, 2000, 'cpu']);
  // What is read at once stays so: it belongs to the batch of its tick.
  expect(late.cpu.read()).toBe(200);
  const cpu = late.cpu as unknown as Collector<'cpu', number>;
  expect(cpu.toReading(200, { raw: 100, seconds: 1 }).values.usage).toBe(100);
  late.cpu.close?.();
  expect([fake.of('cpu').closed, fake.of('network').closed]).toEqual([true, false]);
});

it('that cannot be loaded fail at every read', async () => {
  const late = loadedLate(() => Promise.reject(new Error('not in this package')));
  await expect(async () => late.cpu.read()).rejects.toThrow('not in this package');
  await expect(async () => late.disk.read()).rejects.toThrow('not in this package');
});
