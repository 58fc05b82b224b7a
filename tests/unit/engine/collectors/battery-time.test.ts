/** How long batteries last, by a mean of the power. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatteryRaw } from '../../../../src/main/engine/collectors/battery';
import { meanFlow, timesOf } from '../../../../src/main/engine/collectors/battery-time';
import type { MeanFlow } from '../../../../src/main/engine/collectors/battery-time';

const battery = (energy: number | null, full: number | null, limit: number | null = null): BatteryRaw => ({ id: 'a', label: 'a', detail: null, powers: 'machine', state: null, charge: null, watts: null, energy, full, health: null, cycles: null, limit });

/** The mean after readings of the power, half a minute apart. */
const after = (...watts: readonly (number | null)[]): MeanFlow | null => watts.reduce<MeanFlow | null>((flow, one, index) => meanFlow(flow, one, index * 30_000), null);

describe('the time left', () => {
  it('is unknown until power has flowed one way for a while, and while none flows', () => {
    const own = [battery(40, 50)];
    for (const flow of [after(), after(-10), after(-10, -10), after(10, 10, -10, -10), after(-10, -10, 0), after(-10, -10, null)]) expect(timesOf(flow, own)).toEqual({ timeLeft: null, timeToFull: null });
    expect(timesOf(after(-10, -10, -10), own)).toEqual({ timeLeft: 4 * 3600, timeToFull: null });
    expect(timesOf(after(20, 20, 20), own)).toEqual({ timeLeft: null, timeToFull: 1800 });
  });

  it('follows a change by 63 % in two minutes', () => {
    expect(after(-10, -20, -20, -20, -20)?.watts).toBeCloseTo(-10 - 10 * (1 - Math.exp(-1)), 6);
  });

  it('begins anew after a pause', () => {
    expect(meanFlow({ watts: -30, at: 0, since: 0 }, -5, 400_000)).toEqual({ watts: -5, at: 400_000, since: 400_000 });
  });

  it('until full ends at the limit, and is none above it', () => {
    const charging = after(20, 20, 20);
    expect(timesOf(charging, [battery(30, 50, 80)]).timeToFull).toBe(1800);
    expect(timesOf(charging, [battery(45, 50, 80)]).timeToFull).toBe(0);
  });

  it('is unknown where what a battery holds is not known, and where it would be weeks', () => {
    expect(timesOf(after(-10, -10, -10), [battery(40, 50), battery(null, null)]).timeLeft).toBeNull();
    expect(timesOf(after(-0.01, -0.01, -0.01), [battery(40, 50)]).timeLeft).toBeNull();
  });

  it('is never negative and never no number, whatever flows', () => {
    const number = fc.oneof(fc.double({ min: -500, max: 500, noNaN: true }), fc.constantFrom(0, -0, 5e-324, -5e-324));
    const own = fc.array(fc.tuple(fc.option(number), fc.option(number), fc.option(fc.integer({ min: 1, max: 100 }))), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.option(number), fc.integer({ min: 0, max: 600_000 })), { maxLength: 12 }), own, (readings, batteries) => {
        let [flow, at]: [MeanFlow | null, number] = [null, 0];
        for (const [watts, pause] of readings) {
          at += pause;
          flow = meanFlow(flow, watts, at);
          const { timeLeft, timeToFull } = timesOf(flow, batteries.map(([energy, full, limit]) => battery(energy, full, limit)));
          for (const time of [timeLeft, timeToFull]) expect(time === null || (Number.isFinite(time) && time >= 0)).toBe(true);
          expect(timeLeft === null || timeToFull === null).toBe(true);
        }
      }),
    );
  });
});
