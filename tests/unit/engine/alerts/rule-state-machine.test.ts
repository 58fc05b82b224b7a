import { describe, expect, it } from 'vitest';
import { IDLE_STATE, isPending, transition } from '../../../../src/main/engine/alerts/rule-state-machine';
import type { MachineState } from '../../../../src/main/engine/alerts/rule-state-machine';
import { paramsOf } from '../../../../src/main/engine/alerts/compile-rule';
import { kinds, INTERVAL, params, play, steadily } from '../../../support/rule-state-machine';
import type { Sample } from '../../../support/rule-state-machine';
import { ruleOf } from '../../../support/evaluator';

describe('the window', () => {
  const high = (count: number): Sample[] => steadily(...Array.from({ length: count }, () => 80));

  it('fires with the first sample if it is 0 s long', () => {
    expect(kinds(play(params({ warning: { threshold: 70, forSeconds: 0 } }), steadily(69, 70, 71, 69)))).toBe('1 fired, 3 resolved');
  });

  it('restarts after a gap, a long pause, and a value that does not hold', () => {
    expect(kinds(play(params(), high(11)))).toBe('10 fired');
    const hasGap = high(14).map((sample, i) => (i === 9 ? { ...sample, gap: true } : sample));
    expect(kinds(play(params(), hasGap))).toBe('');
    expect(kinds(play(params(), [...hasGap, ...high(10)]))).toBe('19 fired');
    expect(kinds(play(params(), high(14).map((sample, i) => (i === 9 ? { ...sample, pause: 4001 } : sample))))).toBe('');
    expect(kinds(play(params(), [...high(9), ...steadily(69), ...high(9)]))).toBe('');
  });

  it('needs enough samples: each covers at most two intervals', () => {
    const sparse = high(10).map((sample) => ({ ...sample, pause: 4000 }));
    expect(kinds(play(params(), sparse))).toBe('5 fired');
    const twoSeconds = high(10).map((sample) => ({ ...sample, pause: 2000 }));
    expect(kinds(play(params(), twoSeconds))).toBe('5 fired');
  });

  it('is not covered by many samples at one time', () => {
    expect(kinds(play(params(), high(500).map((sample) => ({ ...sample, pause: 0 }))))).toBe('');
  });

  it('gives the time since when the condition held', () => {
    expect(play(params(), [...steadily(10, 10), ...high(11), ...steadily(50)]).map(({ kind, since }) => `${kind} ${since}`)).toEqual(['fired 3000', 'resolved 14000']);
  });

  it('is covered by the whole width of a mean', () => {
    let state: MachineState = IDLE_STATE;
    const machine = paramsOf(ruleOf({ warning: { threshold: 70, forSeconds: 120 } }), null, 60_000);
    const fires = [60_000, 120_000, 180_000].map((steady) => (state = transition(machine, state, 80, null, null, { steady, gap: false, span: 60_000 })).change);
    expect(fires.map((event) => event?.since ?? null)).toEqual([null, 0, null]);
  });
});

describe('levels', () => {
  const both = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 2 }, critical: { threshold: 90, recoverAt: 80, forSeconds: 4 } });

  it('escalate and de-escalate within one incident', () => {
    expect(kinds(play(both, steadily(75, 75, 75, 95, 95, 95, 95, 95, 85, 80, 65, 60)))).toBe('2 fired, 7 escalated, 9 deescalated, 11 resolved');
  });

  it('resolve with one event when both recover at once', () => {
    expect(kinds(play(both, steadily(95, 95, 95, 95, 95, 10)))).toBe('2 fired, 4 escalated, 5 resolved');
  });

  it('fire as critical if that is due first, and de-escalate to a warning', () => {
    const quick = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 60 }, critical: { threshold: 90, recoverAt: 80, forSeconds: 1 } });
    expect(play(quick, steadily(95, 95, 75, 75, 50)).map(({ at, kind, severity }) => `${at} ${kind} ${severity}`)).toEqual(['1 fired critical', '2 deescalated warning', '4 resolved null']);
  });

  it('work for low values as for high ones', () => {
    const low = params({ direction: 'below', warning: { threshold: 20, recoverAt: 30, forSeconds: 2 }, critical: { threshold: 5, recoverAt: 10, forSeconds: 1 } });
    expect(kinds(play(low, steadily(50, 20, 19, 18, 5, 4, 9, 10, 29, 30)))).toBe('3 fired, 5 escalated, 7 deescalated, 9 resolved');
  });

  it('need their guard to hold, recover with it, and ignore a missing guard value', () => {
    const guard = { metric: 'load1', direction: 'below', threshold: 5, recoverAt: 6 } as const;
    const machine = params({ warning: null, critical: { threshold: 90, recoverAt: 88, forSeconds: 2, guard } });
    const samples: [number, number | null][] = [[95, 9], [95, 9], [95, 9], [95, 5], [95, 4], [95, null], [95, 4], [95, 5.5], [95, null], [95, 6]];
    let state: MachineState = IDLE_STATE;
    const events = samples.flatMap(([value, scarce], at) => {
      state = transition(machine, state, value, null, scarce, { steady: at * INTERVAL, gap: false, span: 0 });
      return state.change === null ? [] : [`${at} ${state.change.kind}`];
    });
    expect(events).toEqual(['6 fired', '9 resolved']);
  });
});

describe('cooldown and reminders', () => {
  const quick = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 0 }, critical: { threshold: 90, recoverAt: 80, forSeconds: 0 }, cooldownSeconds: 60 });
  const eventsOf = (samples: Sample[], machine = quick): string[] => play(machine, samples).map(({ at, kind, suppressed }) => `${at} ${kind}${suppressed ? ' (silent)' : ''}`);
  const hold = (count: number, value: number): (number | null)[] => Array.from({ length: count }, () => value);

  it('an incident within the cooldown is opened, but suppressed from start to end', () => {
    expect(eventsOf(steadily(75, 50, 75, 50, ...hold(61, 50), 75))).toEqual(['0 fired', '1 resolved', '2 fired (silent)', '3 resolved (silent)', '65 fired']);
  });

  it('an incident worse than the previous one is not suppressed', () => {
    expect(eventsOf(steadily(75, 50, 95, 50))).toEqual(['0 fired', '1 resolved', '2 fired', '3 resolved']);
    expect(eventsOf(steadily(75, 50, 75, 95, 85, 50))).toEqual(['0 fired', '1 resolved', '2 fired (silent)', '3 escalated', '5 resolved']);
    expect(eventsOf(steadily(95, 50, 95, 50))).toEqual(['0 fired', '1 resolved', '2 fired (silent)', '3 resolved (silent)']);
  });

  it('a suppressed incident that outlasts the cooldown emits a reminder', () => {
    expect(eventsOf(steadily(75, 50, ...hold(70, 75), 50))).toEqual(['0 fired', '1 resolved', '2 fired (silent)', '61 reminder', '72 resolved']);
  });

  it('reminders count sampled time, and stop after an acknowledgment', () => {
    const reminding = params({ warning: { threshold: 70, recoverAt: 60, forSeconds: 0 }, repeatSeconds: 60 });
    expect(eventsOf(steadily(...hold(130, 75)), reminding)).toEqual(['0 fired', '60 reminder', '120 reminder']);
    const slept = steadily(...hold(100, 75)).map((sample, i) => (i === 50 ? { ...sample, pause: 8 * 3_600_000, gap: true } : sample));
    expect(eventsOf(slept, reminding)).toEqual(['0 fired', '61 reminder']);
    let state = transition(reminding, IDLE_STATE, 75, null, null, { steady: 0, gap: false, span: 0 });
    state = { ...state, acknowledged: true };
    for (let i = 1; i < 200; i += 1) {
      state = transition(reminding, state, 75, null, null, { steady: i * INTERVAL, gap: false, span: 0 });
      expect(state.change).toBeNull();
    }
  });

  it('a condition that does not hold long enough yet is pending', () => {
    const first = transition(params(), IDLE_STATE, 80, null, null, { steady: 0, gap: false, span: 0 });
    expect([isPending(IDLE_STATE), isPending(first)]).toEqual([false, true]);
  });
});
