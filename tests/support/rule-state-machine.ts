/** Runs samples through the state machine. */
import { IDLE_STATE, transition } from '../../src/main/engine/alerts/rule-state-machine';
import type { MachineParams, MachineState } from '../../src/main/engine/alerts/rule-state-machine';
import { paramsOf } from '../../src/main/engine/alerts/compile-rule';
import { ruleOf } from './evaluator';

/** Milliseconds between two samples. */
export const INTERVAL = 1000;

/** One sample. */
export interface Sample {
  /** Milliseconds since the previous sample. */
  readonly pause: number;
  readonly value: number | null;
  readonly gap: boolean;
}

/** A transition caused by a sample. */
export interface PlayedEvent {
  /** Index of the sample. */
  readonly at: number;
  readonly kind: string;
  readonly severity: string | null;
  readonly suppressed: boolean;
  readonly since: number;
}

/** Parameters of a rule. */
export function params(fields: Parameters<typeof ruleOf>[0] = {}): MachineParams {
  return paramsOf(ruleOf(fields), null, INTERVAL);
}

/** Steady times of samples. */
export function times(samples: readonly Sample[]): number[] {
  let steady = 0;
  return samples.map(({ pause }) => (steady += pause));
}

/** All transitions caused by the samples. */
export function play(machine: MachineParams, samples: readonly Sample[]): PlayedEvent[] {
  const events: PlayedEvent[] = [];
  const steady = times(samples);
  let state: MachineState = IDLE_STATE;
  samples.forEach(({ value, gap }, at) => {
    state = transition(machine, state, value, null, null, { steady: steady[at] ?? 0, gap, span: 0 });
    if (state.change !== null) events.push({ at, ...state.change, severity: state.severity });
  });
  return events;
}

/** Samples one interval apart. */
export const steadily = (...values: (number | null)[]): Sample[] => values.map((value) => ({ pause: INTERVAL, value, gap: false }));
/** Transitions as text. */
export const kinds = (events: readonly PlayedEvent[]): string => events.map(({ at, kind }) => `${at} ${kind}`).join(', ');
