/** The clock of Windows without sleep, before and after its library is there. */
import { expect, it } from 'vitest';
import { gapBetween, readClocks, sleptOf } from '../../../../src/main/engine/sampler/gap';
import { awakeClock } from '../../../../src/main/engine/windows/awake-clock';
import { settle } from '../../../support/collectors';
import { fakeWindows } from '../../../support/windows';

it('is unknown until the library is loaded, which is asked for once', async () => {
  let loads = 0;
  const read = awakeClock(() => {
    loads += 1;
    return Promise.resolve(fakeWindows({ awakeTime: () => 5000 }));
  });
  expect([read(), read()]).toEqual([null, null]);
  await settle();
  expect([read(), loads]).toEqual([5000, 1]);
});

it('stays unknown where the library cannot be loaded, and where Windows does not tell it', async () => {
  const broken = awakeClock(() => Promise.reject(new Error('no library')));
  const silent = awakeClock(() => Promise.resolve(fakeWindows({ awakeTime: () => null })));
  for (const read of [broken, silent]) {
    expect(read()).toBeNull();
    await settle();
    expect(read()).toBeNull();
  }
});

it('tells a sleep that the other clocks count as time', async () => {
  const time = { mono: 10_000, boot: 10_000, awake: 10_000 };
  const read = awakeClock(() => Promise.resolve(fakeWindows({ awakeTime: () => time.awake })));
  const clock = { now: () => 1_800_000_000_000 + time.mono, mono: () => time.mono, boot: () => time.boot, awake: read };
  read();
  await settle();
  const before = readClocks(clock, sleptOf(clock));
  time.mono += 600_000;
  time.boot += 600_000;
  time.awake += 1000;
  expect(gapBetween(before, readClocks(clock, before.slept), 1000, clock)).toEqual({ reason: 'sleep', maySleep: false });
});
