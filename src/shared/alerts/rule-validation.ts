/** Validation of a rule across its fields, each of which is valid by its schema. Pure. */
import { familyOf } from '../metrics/index';
import type { FamilyId } from '../metrics/index';
import type { MetricDescriptor, MetricSet } from '../metrics/define';

type Direction = 'above' | 'below';

interface GuardFields {
  readonly metric: string;
  readonly direction: Direction;
  readonly threshold: number;
  readonly recoverAt: number | null;
}

interface ConditionFields extends GuardFields {
  readonly source: 'value' | 'timeToFull';
}

interface LevelFields {
  readonly threshold: number | null;
  readonly recoverAt: number | null;
  readonly guard: GuardFields | null;
  readonly anyOf: readonly (readonly ConditionFields[])[];
}

/** The fields that are validated together. */
export interface RuleFields {
  readonly family: FamilyId;
  readonly metric: string;
  readonly device: string | null;
  readonly source: 'value' | 'timeToFull';
  readonly direction: Direction;
  readonly useDeviceLimits: boolean;
  readonly exceptMedia: boolean;
  readonly warning: LevelFields | null;
  readonly critical: LevelFields | null;
}

/** A step of the path to a field. */
type FieldName = keyof RuleFields | keyof LevelFields | keyof ConditionFields | number;

/** One validation error: path of the field, and a message for the user. */
export interface RuleProblem {
  readonly path: readonly FieldName[];
  readonly message: string;
}

type LevelName = 'warning' | 'critical';

const LEVELS: readonly LevelName[] = ['warning', 'critical'];

/** Metrics a rule may use: those of the whole machine, or those of each device. */
export function metricsOf(rule: Pick<RuleFields, 'family' | 'device'>): MetricSet {
  const family = familyOf(rule.family);
  return rule.device === null ? family.metrics : family.device.metrics;
}

/** Descriptor of the metric of a rule; null when its family has none of that name. */
export function metricOf(rule: Pick<RuleFields, 'family' | 'device' | 'metric'>): MetricDescriptor | null {
  const metrics = metricsOf(rule);
  return Object.hasOwn(metrics, rule.metric) ? (metrics[rule.metric] ?? null) : null;
}

/** True if the devices of a rule's family may be removable or read-only media. */
export function mayBeMedia(rule: Pick<RuleFields, 'family' | 'device'>): boolean {
  return rule.device !== null && familyOf(rule.family).device.media === true;
}

/** True when `a` is further in the direction than `b`. */
function isBeyond(direction: Direction, a: number, b: number): boolean {
  return direction === 'above' ? a > b : a < b;
}

/** Where a recovery value must be, relative to its threshold. */
const recoverySide = (direction: Direction): string => (direction === 'above' ? 'below' : 'above');

function unknownMetric({ family, device }: RuleFields, metric: string): string {
  const { label, device: one } = familyOf(family);
  if (device !== null && Object.keys(one.metrics).length === 0) return `${label} has no devices`;
  return `${label} has no ${device === null ? 'metric' : `metric of a ${one.label.toLowerCase()}`} named "${metric}"`;
}

function targetProblems(rule: RuleFields): RuleProblem[] {
  const found: RuleProblem[] = [];
  const metric = metricOf(rule);
  if (metric === null) found.push({ path: ['metric'], message: unknownMetric(rule, rule.metric) });
  if (rule.warning === null && rule.critical === null) found.push({ path: ['warning'], message: 'A rule needs a warning or a critical level' });
  if (rule.source === 'timeToFull') {
    if (metric !== null && metric.unit !== 'percent') found.push({ path: ['metric'], message: 'Time until full works for percentages only' });
    if (rule.direction !== 'below') found.push({ path: ['direction'], message: 'Must be "below": fewer hours are worse' });
  }
  if (rule.exceptMedia && !mayBeMedia(rule)) found.push({ path: ['exceptMedia'], message: 'Only disks can be removable or read-only' });
  if (!rule.useDeviceLimits) return found;
  if (rule.device === null) found.push({ path: ['useDeviceLimits'], message: 'Only devices report limits' });
  if (rule.direction !== 'above') found.push({ path: ['direction'], message: 'Must be "above": device limits are upper limits' });
  if (rule.source !== 'value') found.push({ path: ['useDeviceLimits'], message: 'Device limits apply to the value, not to the time until full' });
  return found;
}

/** Errors of a condition on another metric; `path` leads to it. */
function guardProblems(rule: RuleFields, path: readonly FieldName[], guard: GuardFields): RuleProblem[] {
  const found: RuleProblem[] = [];
  if (!Object.hasOwn(metricsOf(rule), guard.metric)) found.push({ path: [...path, 'metric'], message: unknownMetric(rule, guard.metric) });
  if (guard.recoverAt !== null && isBeyond(guard.direction, guard.recoverAt, guard.threshold)) {
    found.push({ path: [...path, 'recoverAt'], message: `Must be ${recoverySide(guard.direction)} the threshold` });
  }
  return found;
}

/** Errors of a condition of an alternative: those of a guard, and those of a forecast. */
function conditionProblems(rule: RuleFields, path: readonly FieldName[], condition: ConditionFields): RuleProblem[] {
  const found = guardProblems(rule, path, condition);
  if (condition.source === 'value') return found;
  const metric = metricOf({ ...rule, metric: condition.metric });
  if (metric !== null && metric.unit !== 'percent') found.push({ path: [...path, 'metric'], message: 'Time until full works for percentages only' });
  if (condition.direction !== 'below') found.push({ path: [...path, 'direction'], message: 'Must be "below": fewer hours are worse' });
  if (condition.threshold <= 0) found.push({ path: [...path, 'threshold'], message: 'Must be more than 0' });
  return found;
}

function levelProblems(rule: RuleFields, name: LevelName): RuleProblem[] {
  const level = rule[name];
  if (level === null) return [];
  const found: RuleProblem[] = [];
  const { threshold, recoverAt, guard } = level;
  if (threshold === null && !rule.useDeviceLimits) found.push({ path: [name, 'threshold'], message: rule.device === null ? 'Enter a number' : 'Enter a number, or use the limits reported by the device' });
  if (threshold === null && recoverAt !== null) found.push({ path: [name, 'recoverAt'], message: 'Enter a threshold as well, or leave this empty' });
  if (threshold !== null && recoverAt !== null && isBeyond(rule.direction, recoverAt, threshold)) {
    found.push({ path: [name, 'recoverAt'], message: `Must be ${recoverySide(rule.direction)} the threshold` });
  }
  if (threshold !== null && rule.source === 'timeToFull' && threshold <= 0) found.push({ path: [name, 'threshold'], message: 'Must be more than 0 hours' });
  if (guard !== null) found.push(...guardProblems(rule, [name, 'guard'], guard));
  level.anyOf.forEach((conditions, i) => conditions.forEach((condition, j) => found.push(...conditionProblems(rule, [name, 'anyOf', i, j], condition))));
  return found;
}

/** A warning must begin no later than the critical level, and end no earlier. */
function orderProblems({ direction, warning, critical }: RuleFields): RuleProblem[] {
  if (warning === null || critical === null || warning.threshold === null || critical.threshold === null) return [];
  if (isBeyond(direction, warning.threshold, critical.threshold)) {
    return [{ path: ['critical', 'threshold'], message: `Must be at or ${direction} the warning threshold` }];
  }
  if (isBeyond(direction, warning.recoverAt ?? warning.threshold, critical.recoverAt ?? critical.threshold)) {
    return [{ path: ['critical', 'recoverAt'], message: `Must not be ${direction === 'above' ? 'below' : 'above'} the warning’s recovery value` }];
  }
  return [];
}

/** Every validation error of a rule; empty for a valid one. */
export function validateRule(rule: RuleFields): RuleProblem[] {
  return [...targetProblems(rule), ...LEVELS.flatMap((name) => levelProblems(rule, name)), ...orderProblems(rule)];
}

/** The values of a level or a guard that decide whether an alert can flap. */
interface RecoveryValues {
  readonly direction: Direction;
  readonly threshold: number | null;
  readonly recoverAt: number | null;
}

const sameValues = (a: RecoveryValues, b: RecoveryValues | null): boolean =>
  b !== null && a.direction === b.direction && a.threshold === b.threshold && a.recoverAt === b.recoverAt;

/** The level and the conditions of a severity, each with the path of its recovery value. */
function recoveriesOf(rule: RuleFields, name: LevelName): readonly { readonly path: RuleProblem['path']; readonly values: RecoveryValues }[] {
  const level = rule[name];
  if (level === null) return [];
  const own = { path: [name, 'recoverAt'] as const, values: { direction: rule.direction, threshold: level.threshold, recoverAt: level.recoverAt } };
  const guards = level.guard === null ? [] : [{ path: [name, 'guard', 'recoverAt'] as const, values: level.guard }];
  return [...guards, own, ...level.anyOf.flatMap((conditions, i) => conditions.map((values, j) => ({ path: [name, 'anyOf', i, j, 'recoverAt'] as const, values })))];
}

/**
 * Recovery values that are the threshold itself: a value that stays there fires and resolves over and over. They are refused
 * in what a user creates or changes. What was stored earlier (`stored`: the rule before the change) stays valid and can be
 * changed elsewhere, and so does what is imported; hence this is no part of the schema. A rule without a recovery value
 * (null) states none and is not refused.
 */
export function recoveryProblems(rule: RuleFields, stored: RuleFields | null): RuleProblem[] {
  return LEVELS.flatMap((name) => {
    const known = new Map(stored === null ? [] : recoveriesOf(stored, name).map(({ path, values }) => [path.join('.'), values]));
    return recoveriesOf(rule, name).flatMap(({ path, values }) => {
      const isEqual = values.threshold !== null && values.threshold === values.recoverAt;
      if (!isEqual || sameValues(values, known.get(path.join('.')) ?? null)) return [];
      return [{ path, message: `Must be ${recoverySide(values.direction)} the threshold, or the alert keeps firing again` }];
    });
  });
}
