/** Playing samples through the state machine. */
import { IDLE_STATE, transition } from '../../src/main/engine/alerts/rule-state-machine';
import type { MachineParams, MachineState } from '../../src/main/engine/alerts/rule-state-machine';
import { paramsOf } from '../../src/main/engine/alerts/compile-rule';
import { ruleOf } from './evaluator';

/** Milliseconds between two samples. */
export const INTERVAL = 1000;

/** One sample. */
export interface Sample {
  /** Milliseconds since the sample before. */
  readonly pause: number;
  readonly value: number | null;
  readonly gap: boolean;
}

/** What happened with a sample. */
export interface Told {
  /** Number of the sample. */
  readonly at: number;
  readonly kind: string;
  readonly severity: string | null;
  readonly suppressed: boolean;
  readonly since: number;
}

/** A rule as the machine takes it. */
export function params(fields: Parameters<typeof ruleOf>[0] = {}): MachineParams {
  return paramsOf(ruleOf(fields), null, INTERVAL);
}

/** Steady times of samples. */
export function times(samples: readonly Sample[]): number[] {
  let steady = 0;
  return samples.map(({ pause }) => (steady += pause));
}

/** Everything that happens to these samples. */
export function play(machine: MachineParams, samples: readonly Sample[]): Told[] {
  const told: Told[] = [];
  const steady = times(samples);
  let state: MachineState = IDLE_STATE;
  samples.forEach(({ value, gap }, at) => {
    state = transition(machine, state, value, null, null, { steady: steady[at] ?? 0, gap, span: 0 });
    if (state.happened !== null) told.push({ at, ...state.happened, severity: state.severity });
  });
  return told;
}

/** Samples a pace apart. */
export const steadily = (...values: (number | null)[]): Sample[] => values.map((value) => ({ pause: INTERVAL, value, gap: false }));
/** What happened, in short. */
export const kinds = (told: readonly Told[]): string => told.map(({ at, kind }) => `${at} ${kind}`).join(', ');
