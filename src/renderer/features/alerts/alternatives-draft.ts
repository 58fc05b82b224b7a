/** The alternatives of a level as form fields: adding, changing and removing conditions, conversion from and to a rule. Pure. */
import { MAX_ALTERNATIVES, MAX_CONDITIONS } from '../../../shared/alerts/rule';
import type { Rule, RuleCondition } from '../../../shared/alerts/rule';
import { metricOf, metricsOf } from '../../../shared/alerts/rule-validation';
import { conditionUnit, parseThreshold, toThresholdText } from './threshold-units';
import type { ThresholdUnit } from './threshold-units';

type Target = Pick<Rule, 'family' | 'device'>;

/** The form fields of one condition. */
export interface ConditionDraft {
  readonly metric: string;
  readonly source: RuleCondition['source'];
  readonly direction: 'above' | 'below';
  readonly threshold: string;
  readonly recoverAt: string;
}

/** The form fields of all alternatives: any of them suffices, each needs all of its conditions. */
export type AlternativesDraft = readonly (readonly ConditionDraft[])[];

/** The unit in which the thresholds of a condition are typed. */
export function unitOfCondition(target: Target, { metric, source }: Pick<ConditionDraft, 'metric' | 'source'>): ThresholdUnit {
  return conditionUnit(metricOf({ ...target, metric })?.unit ?? 'count', source);
}

/** Fills the form fields of the alternatives of a level. */
export function toAlternativesDraft(target: Target, anyOf: readonly (readonly RuleCondition[])[]): AlternativesDraft {
  return anyOf.map((conditions) =>
    conditions.map((condition) => {
      const unit = unitOfCondition(target, condition);
      return { ...condition, threshold: toThresholdText(condition.threshold, unit), recoverAt: toThresholdText(condition.recoverAt, unit) };
    }),
  );
}

/** The form fields as unchecked alternatives; what is no number becomes NaN, which the schema refuses. */
export function toAlternatives(target: Target, draft: AlternativesDraft): unknown {
  return draft.map((conditions) =>
    conditions.map((condition) => {
      const unit = unitOfCondition(target, condition);
      return { ...condition, threshold: parseThreshold(condition.threshold, unit) ?? Number.NaN, recoverAt: parseThreshold(condition.recoverAt, unit) };
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
  return { metric, source: isForecast ? 'timeToFull' : 'value', direction: isForecast ? 'below' : condition.direction, threshold: '', recoverAt: '' };
}

/** An empty condition on a metric other than the given one where there is another. */
export function newCondition(target: Target, except: string): ConditionDraft {
  const names = Object.keys(metricsOf(target));
  return { metric: names.find((name) => name !== except) ?? names[0] ?? '', source: 'value', direction: 'below', threshold: '', recoverAt: '' };
}

/** Replaces one condition; null removes it, and an alternative without conditions. */
export function withCondition(draft: AlternativesDraft, alternative: number, at: number, condition: ConditionDraft | null): AlternativesDraft {
  return draft
    .map((conditions, i) => (i === alternative ? conditions.flatMap((one, j) => (j !== at ? [one] : condition === null ? [] : [condition])) : conditions))
    .filter((conditions) => conditions.length > 0);
}

/** Adds a condition to an alternative. */
export function withAnother(draft: AlternativesDraft, alternative: number, condition: ConditionDraft): AlternativesDraft {
  return draft.map((conditions, i) => (i === alternative ? [...conditions, condition] : conditions));
}

/** True if the schema takes another alternative. */
export const takesAlternative = (draft: AlternativesDraft): boolean => draft.length < MAX_ALTERNATIVES;

/** True if the schema takes another condition in an alternative. */
export const takesCondition = (conditions: readonly ConditionDraft[]): boolean => conditions.length < MAX_CONDITIONS;
