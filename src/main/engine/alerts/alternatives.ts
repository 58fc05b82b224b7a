/** Whether one of a level's alternatives holds: lists of conditions of which any suffices. Pure. */
import type { RuleCondition } from '../../../shared/alerts/rule';
import { boundOf, classify } from './rule-state-machine';
import type { Bound, Comparison } from './rule-state-machine';

/** One condition, compiled. */
export interface Condition {
  readonly metric: string;
  /** Its value is the hours until the metric reaches 100 %. */
  readonly isForecast: boolean;
  readonly bound: Bound;
}

/** The alternatives of a level: the conditions of at least one must all hold. */
export type Alternatives = readonly (readonly Condition[])[];

/** The value of a condition now; null while it is not known. */
export type ConditionValue = (condition: Condition) => number | null;

/** Compiles the alternatives of a level; null if it has none. */
export function compileAlternatives(anyOf: readonly (readonly RuleCondition[])[]): Alternatives | null {
  if (anyOf.length === 0) return null;
  return anyOf.map((conditions) => conditions.map((condition) => ({ metric: condition.metric, isForecast: condition.source === 'timeToFull', bound: boundOf(condition) })));
}

/** From the one that rules an alternative out to the one that says it holds. */
const ORDER: Readonly<Record<Comparison, number>> = { recovered: 0, unknown: 1, between: 2, crossed: 3 };

/** An alternative holds if all of its conditions do, and does not if one of them does not, whatever is unknown. */
function judgeAll(conditions: readonly Condition[], valueOf: ConditionValue): Comparison {
  let worst: Comparison = 'crossed';
  for (const condition of conditions) {
    const value = valueOf(condition);
    const found = value === null ? 'unknown' : classify(condition.bound, value);
    if (ORDER[found] < ORDER[worst]) worst = found;
  }
  return worst;
}

/** One that holds suffices. Those that are not known count only where all others are not known either: then so is the result. */
export function judgeAlternatives(alternatives: Alternatives, valueOf: ConditionValue): Comparison {
  let best: Comparison = 'unknown';
  for (const conditions of alternatives) {
    const found = judgeAll(conditions, valueOf);
    if (found === 'crossed') return found;
    if (found === 'between' || best === 'unknown') best = found;
  }
  return best;
}

/** Every metric of the alternatives, with what is asked of it. */
export function conditionsOf(...alternatives: readonly (Alternatives | null)[]): readonly Condition[] {
  return alternatives.flatMap((one) => one?.flat() ?? []);
}
