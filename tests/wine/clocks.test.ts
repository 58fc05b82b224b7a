/** The clock of Windows that stands still in sleep, beside those of Node. */
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemDeps } from '../../src/main/engine/collectors/platform';
import { awakeClock } from '../../src/main/engine/windows/awake-clock';

it('runs as the others do while nothing sleeps', async () => {
  const { windows } = systemDeps();
  const awake = awakeClock(windows);
  expect(awake()).toBeNull();
  await windows();
  await delay(10);
  const [before, mono] = [awake() ?? Number.NaN, performance.now()];
  await delay(1000);
  const passed = (awake() ?? Number.NaN) - before;
  expect(Math.abs(passed - (performance.now() - mono))).toBeLessThan(500);
  expect(awake()).toBeLessThan(uptime() * 1000 + 2000);
});
