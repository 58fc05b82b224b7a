/** What a Mac's kernel says of its last sleep, and which clock stands still in it on each system. */
import { describe, expect, it } from 'vitest';
import { clockOf, systemClock } from '../../../src/main/engine/clock';
import { createPrograms } from '../../../src/main/engine/programs/programs';
import { leftOutOf, sleptOf } from '../../../src/main/engine/sampler/gap';
import { askDarwin, wokeIn } from '../../../src/main/engine/sampler/sleep-times.darwin';
import { sleepAskerOf } from '../../../src/main/engine/sampler/sleep-asker';
import { FakeTime } from '../../support/collectors';
import { NO_PROGRAMS } from '../../support/programs';

const WOKE = 1_764_489_000_123;
const OUTPUT = '{ sec = 1764460800, usec = 9 } Sun Nov 30 01:00:00 2025\n{ sec = 1764489000, usec = 123456 } Sun Nov 30 08:50:00 2025\n';

describe('the times of a sleep', () => {
  it.each([
    ['inside the gap', OUTPUT, WOKE - 28_800_000, WOKE + 400, true],
    ['just after a clock that was set back', OUTPUT, WOKE - 28_800_000, WOKE - 1500, true],
    ['long before the gap', OUTPUT, WOKE + 60_000, WOKE + 90_000, false],
    ['of a Mac that never slept', '{ sec = 0, usec = 0 } Thu Jan  1 01:00:00 1970\n{ sec = 0, usec = 0 } Thu Jan  1 01:00:00 1970\n', WOKE, WOKE + 20_000, false],
    ['in a language of its own', OUTPUT.replaceAll('Sun Nov 30', 'So 30 Nov'), WOKE - 28_800_000, WOKE + 400, true],
    ['that are not there', "sysctl: unknown oid 'kern.sleeptime'\n", WOKE - 10, WOKE + 10, null],
    ['of which one is missing', '{ sec = 1764489000, usec = 123456 } x\n', WOKE - 10, WOKE + 10, null],
    ['cut off', '{ sec = 1764460800, usec = 9 } x\n{ sec = 17644890', WOKE - 10, WOKE + 10, null],
    ['that are nothing', '', WOKE - 10, WOKE + 10, null],
  ])('%s', (_, output, from, to, woke) => {
    expect(wokeIn(output, from, to)).toBe(woke);
  });

  it('are asked with one program of the system, no shell and a deadline; one that fails is no answer', async () => {
    const asked: unknown[] = [];
    const results = [{ code: 0, stdout: OUTPUT }, { code: null, stdout: '' }, { code: 1, stdout: '' }];
    const programs = createPrograms((program, args, timeout) => {
      asked.push([program, args, timeout]);
      return Promise.resolve({ stderr: '', isMissing: false, ...(results.shift() ?? { code: 0, stdout: '' }) });
    }, NO_PROGRAMS.follow, () => 0);
    const ask = askDarwin(programs);
    expect([await ask(WOKE - 5000, WOKE + 5000), await ask(0, 1), await ask(0, 1), await ask(0, 1)]).toEqual([true, null, null, null]);
    expect(asked[0]).toEqual(['/usr/sbin/sysctl', ['-n', 'kern.sleeptime', 'kern.waketime'], 1000]);
    expect(programs.cost().started).toBe(4);
  });

  it('are asked for on macOS alone', () => {
    expect((['linux', 'win32', 'darwin'] as const).map((platform) => Object.keys(sleepAskerOf({ platform, programs: NO_PROGRAMS })))).toEqual([[], [], ['askWhetherSlept']]);
  });
});

describe('the clock that stands still in sleep', () => {
  it('is the monotonic one on Linux, one of its own elsewhere, and none where it cannot be read', () => {
    expect(clockOf('linux')).toBe(systemClock);
    expect(sleptOf(systemClock)).not.toBeNull();
    for (const platform of ['win32', 'darwin'] as const) {
      expect(sleptOf(clockOf(platform))).toBeNull();
      expect(clockOf(platform, () => 7).awake?.()).toBe(7);
    }
  });

  it.each(['mono', 'own clock'] as const)('tells sleep, and nothing else (%s)', async (awake) => {
    const time = new FakeTime(awake);
    const before = sleptOf(time) ?? Number.NaN;
    await time.pass(5000);
    time.stall(30_000);
    time.wall += 9_000_000;
    expect((sleptOf(time) ?? Number.NaN) - before).toBe(0);
    time.sleep(3_600_000);
    expect((sleptOf(time) ?? Number.NaN) - before).toBe(3_600_000);
  });

  it('monotonic time with what it leaves out goes on in sleep on every system', () => {
    for (const awake of ['mono', 'own clock', 'none'] as const) {
      const time = new FakeTime(awake);
      const before = time.mono() + leftOutOf(time);
      time.sleep(3_600_000);
      expect(time.mono() + leftOutOf(time) - before).toBe(3_600_000);
    }
  });
});
