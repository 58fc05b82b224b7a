import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAlternatives, judgeAlternatives } from '../../../../src/main/engine/alerts/alternatives';
import { IDLE_STATE, transition } from '../../../../src/main/engine/alerts/rule-state-machine';
import type { AlternativesNow, MachineState } from '../../../../src/main/engine/alerts/rule-state-machine';
import type { RuleCondition } from '../../../../src/shared/alerts/rule';
import { INTERVAL, params } from '../../../support/rule-state-machine';

const value = fc.option(fc.integer({ min: 0, max: 10 }), { freq: 4 });
const condition: fc.Arbitrary<RuleCondition> = fc.record({
  metric: fc.constantFrom('a', 'b', 'c'),
  source: fc.constantFrom('value', 'timeToFull'),
  direction: fc.constantFrom('above', 'below'),
  threshold: fc.constant(5),
  recoverAt: fc.constant(null),
});
const alternatives = fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
const values = fc.record({ 'value a': value, 'value b': value, 'value c': value, 'timeToFull a': value, 'timeToFull b': value, 'timeToFull c': value });

/** True, false or not known, as a table of three-valued logic has it. Without recovery values nothing is in between. */
function holds(anyOf: readonly (readonly RuleCondition[])[], known: Readonly<Record<string, number | null>>): boolean | null {
  const verdicts = anyOf.map((conditions) => {
    const parts = conditions.map(({ source, metric, direction, threshold }) => {
      const now = known[`${source} ${metric}`] ?? null;
      return now === null ? null : direction === 'above' ? now >= threshold : now <= threshold;
    });
    return parts.some((part) => part === false) ? false : parts.every((part) => part === true) ? true : null;
  });
  if (verdicts.some((verdict) => verdict === true)) return true;
  return verdicts.some((verdict) => verdict === false) ? false : null;
}

const VERDICTS: Readonly<Record<string, boolean | null>> = { crossed: true, recovered: false, unknown: null };

describe('alternatives', () => {
  it('hold if all conditions of one do, whatever is not known of the others', () => {
    fc.assert(
      fc.property(alternatives, values, (anyOf, known) => {
        const compiled = compileAlternatives(anyOf);
        const found = compiled === null ? null : judgeAlternatives(compiled, ({ metric, isForecast }) => Object.entries(known).find(([name]) => name === `${isForecast ? 'timeToFull' : 'value'} ${metric}`)?.[1] ?? null);
        expect(found === null ? found : VERDICTS[found]).toBe(holds(anyOf, known));
      }),
      { numRuns: 1000 },
    );
  });

  it('are none for a level without any', () => {
    expect(compileAlternatives([])).toBeNull();
  });
});

describe('a level with alternatives', () => {
  const machine = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 10 }, recoverSeconds: 5 });
  const now = (warning: AlternativesNow['warning']): AlternativesNow => ({ warning, critical: null });

  /** Seconds after which it fired and resolved, for a value and what the alternatives say second by second. */
  function play(seconds: number, valueAt: (s: number) => number, alternativesAt: (s: number) => AlternativesNow['warning'], rule = machine): string {
    let state: MachineState = IDLE_STATE;
    const found: string[] = [];
    for (let s = 0; s < seconds; s += 1) {
      state = transition(rule, state, valueAt(s), null, null, { steady: s * INTERVAL, gap: false, span: 0 }, now(alternativesAt(s)));
      if (state.change !== null) found.push(`${s} ${state.change.kind}`);
    }
    return found.join(', ');
  }

  it('is crossed only while one of them is', () => {
    expect(play(60, () => 80, () => 'crossed')).toBe('10 fired');
    expect(play(600, () => 80, () => 'between')).toBe('');
    expect(play(600, () => 80, () => 'recovered')).toBe('');
    expect(play(60, () => 65, () => 'crossed')).toBe('');
  });

  it('begins anew when none holds for one sample, and ends when all are past their recovery values for long enough', () => {
    expect(play(60, () => 80, (s) => (s === 9 ? 'between' : 'crossed'))).toBe('20 fired');
    expect(play(60, () => 80, (s) => (s < 20 ? 'crossed' : 'between'))).toBe('10 fired');
    expect(play(60, () => 80, (s) => (s < 20 ? 'crossed' : 'recovered'))).toBe('10 fired, 25 resolved');
    expect(play(60, (s) => (s < 20 ? 80 : 10), () => 'crossed')).toBe('10 fired, 25 resolved');
  });

  it('counts alone where none of them is known, after a minute at least', () => {
    expect(play(100, () => 80, () => 'unknown')).toBe('60 fired');
    const slow = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 90 } });
    expect(play(100, () => 80, () => 'unknown', slow)).toBe('90 fired');
    const at = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 0 } });
    expect(play(100, () => 80, (s) => (s < 20 ? 'unknown' : 'recovered'), at)).toBe('');
    expect(play(100, () => 80, (s) => (s < 20 ? 'unknown' : 'crossed'), at)).toBe('20 fired');
    // What is open stays open while they are not known, and ends by its own value.
    expect(play(100, (s) => (s < 50 ? 80 : 10), (s) => (s < 20 ? 'crossed' : 'unknown'))).toBe('10 fired, 55 resolved');
  });

  it('leaves a missing value missing', () => {
    const state = transition(machine, IDLE_STATE, null, null, null, { steady: 0, gap: false, span: 0 }, now('crossed'));
    expect(state).toBe(IDLE_STATE);
  });
});
