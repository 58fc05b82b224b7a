/** The alternatives of a level as form fields: adding, changing and removing conditions, conversion from and to a rule. Pure. */
import { MAX_ALTERNATIVES, MAX_CONDITIONS } from '../../../shared/alerts/rule';
import type { Rule, RuleCondition } from '../../../shared/alerts/rule';
import { metricOf, metricsOf } from '../../../shared/alerts/rule-validation';
import { conditionUnit, parseThreshold, toThresholdText } from './threshold-units';
import type { ThresholdUnit } from './threshold-units';

type Target = Pick<Rule, 'family' | 'device'>;

/** The form fields of one condition. */
export interface ConditionDraft {
  /** Tells it from the others of its level; the rule does not have it. */
  readonly id: number;
  readonly metric: string;
  readonly source: RuleCondition['source'];
  readonly direction: 'above' | 'below';
  readonly threshold: string;
  readonly recoverAt: string;
}

/** The form fields of all alternatives. One of them suffices; each needs all of its conditions. */
export type AlternativesDraft = readonly (readonly ConditionDraft[])[];

/** The unit in which the thresholds of a condition are typed. */
export function unitOfCondition(target: Target, { metric, source }: Pick<ConditionDraft, 'metric' | 'source'>): ThresholdUnit {
  return conditionUnit(metricOf({ ...target, metric })?.unit ?? 'count', source);
}

/** Fills the form fields of the alternatives of a level. */
export function toAlternativesDraft(target: Target, anyOf: readonly (readonly RuleCondition[])[]): AlternativesDraft {
  let id = 0;
  return anyOf.map((conditions) =>
    conditions.map((condition) => {
      const unit = unitOfCondition(target, condition);
      id += 1;
      return { ...condition, id, threshold: toThresholdText(condition.threshold, unit), recoverAt: toThresholdText(condition.recoverAt, unit) };
    }),
  );
}

/** The form fields as unchecked alternatives; what is no number becomes NaN, which the schema refuses. */
export function toAlternatives(target: Target, draft: AlternativesDraft): unknown {
  return draft.map((conditions) =>
    conditions.map((condition) => {
      const { metric, source, direction, threshold, recoverAt } = condition;
      const unit = unitOfCondition(target, condition);
      return { metric, source, direction, threshold: parseThreshold(threshold, unit) ?? Number.NaN, recoverAt: parseThreshold(recoverAt, unit) };
    }),
  );
}

/** What a condition may be about: each metric, and the time until full of each percentage. Values are `source metric`. */
export function conditionSubjects(target: Target): readonly (readonly [value: string, label: string])[] {
  return Object.entries(metricsOf(target)).flatMap(([name, { label, unit }]) => [
    [`value ${name}`, label] as const,
    ...(unit === 'percent' ? [[`timeToFull ${name}`, `${label}: time until full`] as const] : []),
  ]);
}

/** The subject of a condition, as in `conditionSubjects`. */
export const subjectOf = ({ source, metric }: Pick<ConditionDraft, 'metric' | 'source'>): string => `${source} ${metric}`;

/** Changes the subject; numbers are cleared, because they are in another unit. */
export function withSubject(condition: ConditionDraft, subject: string): ConditionDraft {
  const [source, metric = ''] = subject.split(' ', 2);
  const isForecast = source === 'timeToFull';
  return { id: condition.id, metric, source: isForecast ? 'timeToFull' : 'value', direction: isForecast ? 'below' : condition.direction, threshold: '', recoverAt: '' };
}

/** An empty condition beside those of the draft, on a metric other than the rule's own where there is another. */
export function newCondition(target: Target & Pick<Rule, 'metric'>, draft: AlternativesDraft): ConditionDraft {
  const names = Object.keys(metricsOf(target));
  const id = 1 + Math.max(0, ...draft.flat().map((condition) => condition.id));
  return { id, metric: names.find((name) => name !== target.metric) ?? names[0] ?? '', source: 'value', direction: 'below', threshold: '', recoverAt: '' };
}

/** Replaces one condition; null removes it, and an alternative without conditions. */
export function withCondition(draft: AlternativesDraft, alternative: number, at: number, condition: ConditionDraft | null): AlternativesDraft {
  return draft
    .map((conditions, i) => (i === alternative ? conditions.flatMap((one, j) => (j !== at ? [one] : condition === null ? [] : [condition])) : conditions))
    .filter((conditions) => conditions.length > 0);
}

/** Adds an empty condition to an alternative. */
export function withAnother(draft: AlternativesDraft, alternative: number, target: Target & Pick<Rule, 'metric'>): AlternativesDraft {
  return draft.map((conditions, i) => (i === alternative ? [...conditions, newCondition(target, draft)] : conditions));
}

/** Adds an alternative with an empty condition. */
export function withAlternative(draft: AlternativesDraft, target: Target & Pick<Rule, 'metric'>): AlternativesDraft {
  return [...draft, [newCondition(target, draft)]];
}

/** True if the schema takes another alternative. */
export const takesAlternative = (draft: AlternativesDraft): boolean => draft.length < MAX_ALTERNATIVES;

/** True if the schema takes another condition in an alternative. */
export const takesCondition = (conditions: readonly ConditionDraft[]): boolean => conditions.length < MAX_CONDITIONS;
