import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChart } from '../../../../src/main/engine/store/query/query-planner';
import { TIER_INDEXES, TIERS } from '../../../../src/main/engine/store/tiers';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 20, 12);

describe('the plan of a chart', () => {
  it('reads a range that the finest tier covers from that tier alone', () => {
    const from = NOON - 2 * DAY + 40 * MINUTE;
    expect(planChart({ from, to: from + 1000 * MINUTE }, MINUTE, () => 0)).toEqual([{ tier: 1, from, to: from + 1000 * MINUTE }]);
  });

  it('is in order, covers the range, and begins no earlier than the bucket the range begins in (property)', () => {
    const horizonArb = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 40 })).map(([a, b, c]) => [0, a, a + b, a + b + c].map((days) => Math.floor((NOON - days * DAY) / DAY) * DAY));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 * 1440 }), fc.integer({ min: 1, max: 60 * 1440 }), fc.constantFrom(1000, MINUTE, 15 * MINUTE, 60 * MINUTE), horizonArb, (age, length, step, horizons) => {
        const from = NOON - age * MINUTE;
        const to = Math.min(NOON, from + length * MINUTE);
        const plan = planChart({ from, to }, step, (tier) => horizons[tier] ?? 0);
        expect(plan.at(-1)?.to).toBe(to);
        plan.slice(1).forEach((segment, at) => expect(segment.from).toBe(plan[at]?.to));
        const first = plan[0];
        expect(first?.from).toBeLessThanOrEqual(from);
        expect(first?.to).toBeGreaterThan(from);
        const width = TIERS[first?.tier ?? TIER_INDEXES[0]].width;
        expect(from - (first?.from ?? 0)).toBeLessThan(Math.max(1, width));
      }),
    );
  });
});
