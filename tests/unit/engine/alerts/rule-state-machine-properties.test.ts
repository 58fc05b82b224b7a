import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDLE_STATE, transition } from '../../../../src/main/engine/alerts/rule-state-machine';
import type { MachineParams, MachineState } from '../../../../src/main/engine/alerts/rule-state-machine';
import { kinds, INTERVAL, params, play, steadily, times } from '../../../support/rule-state-machine';
import type { Sample } from '../../../support/rule-state-machine';

/** Samples of up to an hour: values around both levels, missing ones, pauses, recorded gaps. */
const samplesArb: fc.Arbitrary<Sample[]> = fc.array(
  fc
    .record({
      run: fc.integer({ min: 1, max: 30 }),
      value: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 40, max: 100 }) }, { weight: 1, arbitrary: fc.constant(null) }),
      wobble: fc.boolean(),
      pause: fc.oneof({ weight: 12, arbitrary: fc.constant(INTERVAL) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 * INTERVAL }) }, { weight: 1, arbitrary: fc.integer({ min: 4001, max: 100_000 }) }),
      gap: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    })
    .map(({ run, value, wobble, pause, gap }) =>
      Array.from({ length: run }, (_, i) => ({ pause: i === 0 ? pause : INTERVAL, value: value === null ? null : value + (wobble ? (i % 3) - 1 : 0), gap: gap && i === 0 })),
    ),
  { minLength: 1, maxLength: 40 },
).map((runs) => runs.flat());

const ruleArb = fc.record({
  warnFor: fc.integer({ min: 0, max: 20 }),
  criticalFor: fc.integer({ min: 0, max: 20 }),
  hysteresis: fc.integer({ min: 0, max: 15 }),
  recoverSeconds: fc.integer({ min: 0, max: 10 }),
  cooldownSeconds: fc.constantFrom(0, 15, 600),
  levels: fc.constantFrom('both', 'warning', 'critical'),
});
type Choice = typeof ruleArb extends fc.Arbitrary<infer T> ? T : never;

function chosen({ warnFor, criticalFor, hysteresis, recoverSeconds, cooldownSeconds, levels }: Choice): MachineParams {
  return params({
    warning: levels === 'critical' ? null : { threshold: 70, recoverAt: 70 - hysteresis, forSeconds: warnFor },
    critical: levels === 'warning' ? null : { threshold: 90, recoverAt: 90 - hysteresis, forSeconds: criticalFor },
    recoverSeconds,
    cooldownSeconds,
  });
}

/** Time covered by the holding samples up to index `at`, computed backwards. */
function heldBefore(samples: readonly Sample[], at: number, holds: (value: number) => boolean): number {
  const steady = times(samples);
  let held = 0;
  let later: number | null = null;
  for (let i = at; i >= 0; i -= 1) {
    const { value, gap } = samples[i] ?? { value: null, gap: true };
    if (value !== null) {
      if (!holds(value)) return held;
      const pause = later === null ? 0 : later - (steady[i] ?? 0);
      if (pause > 4 * INTERVAL) return held;
      held += Math.min(pause, 2 * INTERVAL);
      later = steady[i] ?? 0;
    }
    if (gap) return held;
  }
  return held;
}

describe('the state machine (properties)', () => {
  it('fires once and resolves once, and its severity follows from its events', () => {
    fc.assert(
      fc.property(samplesArb, ruleArb, (samples, choice) => {
        let severity: string | null = null;
        for (const event of play(chosen(choice), samples)) {
          const expected = severity === null ? ['fired'] : severity === 'warning' ? ['escalated', 'resolved', 'reminder'] : ['deescalated', 'resolved', 'reminder'];
          expect(expected).toContain(event.kind);
          if (event.kind === 'escalated') expect(event.severity).toBe('critical');
          if (event.kind === 'deescalated') expect(event.severity).toBe('warning');
          expect(event.severity === null).toBe(event.kind === 'resolved');
          severity = event.severity;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('fires and escalates only if every sample of a covered window holds, and at the first such sample', () => {
    let fires = 0;
    fc.assert(
      fc.property(samplesArb, ruleArb, (samples, choice) => {
        const machine = chosen(choice);
        let open = false;
        const events = new Map(play(machine, samples).map((event) => [event.at, event]));
        samples.forEach((sample, at) => {
          const due = ([machine.warning, machine.critical] as const).flatMap((level) => {
            if (level === null || sample.value === null || sample.value < level.threshold) return [];
            return heldBefore(samples, at, (value) => value >= level.threshold) >= level.forMs ? [level] : [];
          });
          const event = events.get(at);
          if (event?.kind === 'fired' || event?.kind === 'escalated') {
            fires += 1;
            expect(due.length).toBeGreaterThan(0);
            if (machine.critical !== null) expect(due.includes(machine.critical)).toBe(event.severity === 'critical');
          }
          // Not open although a level is due: it must have fired.
          if (!open && event === undefined) expect(due).toEqual([]);
          if (event !== undefined) open = event.kind !== 'resolved';
        });
      }),
      { numRuns: 300 },
    );
    expect(fires).toBeGreaterThan(100);
  });

  it('resolves only if every sample was recovered for long enough', () => {
    let resolutions = 0;
    fc.assert(
      fc.property(samplesArb, ruleArb, (samples, choice) => {
        const machine = chosen(choice);
        const lowest = Math.min(machine.warning?.recoverAt ?? Infinity, machine.critical?.recoverAt ?? Infinity);
        for (const { kind, at } of play(machine, samples)) {
          if (kind !== 'resolved') continue;
          resolutions += 1;
          expect(samples[at]?.value ?? Infinity).toBeLessThanOrEqual(lowest);
          expect(heldBefore(samples, at, (value) => value <= lowest && value < lowest + 0.5)).toBeGreaterThanOrEqual(machine.recoverMs);
        }
      }),
      { numRuns: 300 },
    );
    expect(resolutions).toBeGreaterThan(100);
  });

  it('ignores missing values: with and without them the same happens at the same times', () => {
    fc.assert(
      fc.property(samplesArb, ruleArb, (samples, choice) => {
        const steady = times(samples);
        let before = 0;
        // A gap before a missing value counts before the next present one.
        let gap = false;
        const present = samples.flatMap((sample, at) => {
          gap ||= sample.gap;
          if (sample.value === null) return [];
          const kept = { value: sample.value, pause: (steady[at] ?? 0) - before, gap };
          before = steady[at] ?? 0;
          gap = false;
          return [kept];
        });
        const indexOf = samples.flatMap(({ value }, at) => (value === null ? [] : [at]));
        const machine = chosen({ ...choice, cooldownSeconds: 0 });
        expect(play(machine, present).map((event) => ({ ...event, at: indexOf[event.at] ?? -1 }))).toEqual(play(machine, samples));
      }),
      { numRuns: 300 },
    );
  });

  it('gives one incident for a value that oscillates around the threshold for an hour', () => {
    const oscillation = fc.array(fc.integer({ min: 62, max: 78 }), { minLength: 3600, maxLength: 3600 });
    fc.assert(
      fc.property(oscillation, fc.integer({ min: 0, max: 5 }), (values, forSeconds) => {
        const events = play(params({ warning: { threshold: 70, recoverAt: 61, forSeconds } }), steadily(...Array.from({ length: 10 }, () => 75), ...values));
        expect(kinds(events)).toBe(`${forSeconds} fired`);
      }),
      { numRuns: 20 },
    );
    // Also without a recovery value, if the value must stay recovered for a while.
    const even = steadily(...Array.from({ length: 3600 }, (_, i) => (i % 20 < 10 ? 71 : 69)));
    expect(kinds(play(params({ warning: { threshold: 70, forSeconds: 5 }, recoverSeconds: 30 }), even))).toBe('5 fired');
  });

  it('returns to the IDLE_STATE object, so that a normal series costs nothing', () => {
    fc.assert(
      fc.property(samplesArb, ruleArb, (samples, choice) => {
        const machine = chosen(choice);
        const steady = times(samples);
        let state: MachineState = IDLE_STATE;
        samples.forEach(({ value, gap }, at) => (state = transition(machine, state, value, null, null, { steady: steady[at] ?? 0, gap, span: 0 })));
        let at = steady.at(-1) ?? 0;
        for (let i = 0; i < 700; i += 1) state = transition(machine, state, 10, null, null, { steady: (at += INTERVAL), gap: false, span: 0 });
        expect(state).toBe(IDLE_STATE);
      }),
      { numRuns: 100 },
    );
  });
});
