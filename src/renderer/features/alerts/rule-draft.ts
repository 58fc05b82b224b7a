/** A rule as the form of the rule editor: fields as text, conversion from and to a rule, and validation. Pure. */
import { toSentence } from '../../../shared/api/problem-text';
import { boundsAt, checkInput } from '../../../shared/api/validation-errors';
import { EVERY_DEVICE, ruleSchema } from '../../../shared/alerts/rule';
import type { IncidentSeverity, Rule, RuleCondition, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { mayBeMedia, metricOf, metricsOf, recoveryProblems } from '../../../shared/alerts/rule-validation';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { newCondition, toAlternatives, toAlternativesDraft, withAlternative } from './alternatives-draft';
import type { AlternativesDraft } from './alternatives-draft';
import { parseDuration, toDurationText } from '../../lib/duration-text';
import { recoverAtOf, storedRecovery, USUAL, withDirection } from './rule-recovery';
import type { Recovery } from './rule-recovery';
import { thresholdUnit, parseThreshold, toThresholdText } from './threshold-units';
import type { ThresholdUnit } from './threshold-units';

/** The form fields of a guard. */
export interface GuardDraft {
  readonly metric: string;
  readonly direction: 'above' | 'below';
  readonly threshold: string;
  readonly recoverAt: string;
  readonly recovery: Recovery;
}

/** The form fields of a warning or critical level; `on` is false where the rule has no such level. */
export interface LevelDraft {
  readonly on: boolean;
  readonly threshold: string;
  readonly recoverAt: string;
  readonly recovery: Recovery;
  readonly forText: string;
  readonly guard: GuardDraft | null;
  readonly anyOf: AlternativesDraft;
}

/** All form fields. Numbers and durations are text as typed; every other field has the type of the rule. */
export interface RuleDraft extends Omit<Rule, 'warning' | 'critical' | 'recoverSeconds' | 'cooldownSeconds' | 'repeatSeconds'> {
  readonly warning: LevelDraft;
  readonly critical: LevelDraft;
  readonly recoverText: string;
  readonly cooldownText: string;
  /** Empty for no repeated notifications. */
  readonly repeatText: string;
}

/** The path of a field of a rule ("critical.guard.threshold"), as the schema names it. */
type RuleField = keyof Rule | `${IncidentSeverity}.${keyof RuleLevel}` | `${IncidentSeverity}.guard.${keyof RuleGuard}` | `${IncidentSeverity}.anyOf.${number}.${number}.${keyof RuleCondition}`;

/** The validation errors of a rule, by the path of their field. */
export type RuleProblems = Readonly<Partial<Record<RuleField, string>>>;

/** A valid rule, or its validation errors. */
export type DraftCheck = { readonly rule: Rule; readonly problems: null } | { readonly rule: null; readonly problems: RuleProblems };

/** The unit in which the thresholds of the draft are typed. */
export function thresholdUnitOf(draft: Pick<RuleDraft, 'family' | 'device' | 'metric' | 'source'>): ThresholdUnit {
  return thresholdUnit(metricOf(draft)?.unit ?? 'count', draft.source);
}

function guardUnit(draft: Pick<RuleDraft, 'family' | 'device'>, metric: string): ThresholdUnit {
  return thresholdUnit(metricOf({ ...draft, metric })?.unit ?? 'count', 'value');
}

function toGuardDraft(rule: Rule, guard: RuleGuard): GuardDraft {
  const unit = guardUnit(rule, guard.metric);
  return { ...guard, threshold: toThresholdText(guard.threshold, unit), recoverAt: toThresholdText(guard.recoverAt, unit), recovery: storedRecovery(guard.threshold, guard.recoverAt, unit) };
}

function toLevelDraft(rule: Rule, level: RuleLevel | null): LevelDraft {
  if (level === null) return { on: false, threshold: '', recoverAt: '', recovery: USUAL, forText: '1 min', guard: null, anyOf: [] };
  const unit = thresholdUnitOf(rule);
  return {
    on: true,
    threshold: toThresholdText(level.threshold, unit),
    recoverAt: toThresholdText(level.recoverAt, unit),
    recovery: storedRecovery(level.threshold, level.recoverAt, unit),
    forText: toDurationText(level.forSeconds),
    guard: level.guard === null ? null : toGuardDraft(rule, level.guard),
    anyOf: toAlternativesDraft(rule, level.anyOf),
  };
}

/** Fills the form fields from a rule. */
export function toDraft(rule: Rule): RuleDraft {
  const { recoverSeconds, cooldownSeconds, repeatSeconds, ...rest } = rule;
  return {
    ...rest,
    warning: toLevelDraft(rule, rule.warning),
    critical: toLevelDraft(rule, rule.critical),
    recoverText: toDurationText(recoverSeconds),
    cooldownText: toDurationText(cooldownSeconds),
    repeatText: repeatSeconds === null ? '' : toDurationText(repeatSeconds),
  };
}

function toGuard(draft: RuleDraft, { metric, direction, ...fields }: GuardDraft): unknown {
  const unit = guardUnit(draft, metric);
  return { metric, direction, threshold: parseThreshold(fields.threshold, unit) ?? Number.NaN, recoverAt: parseThreshold(recoverAtOf(fields, direction, unit), unit) };
}

/** The form fields as an unchecked rule. A text that is no number or no duration becomes NaN, which the schema refuses. */
function toCandidate(draft: RuleDraft, name: string): unknown {
  const { warning, critical, recoverText, cooldownText, repeatText, ...rest } = draft;
  const unit = thresholdUnitOf(draft);
  const seconds = (text: string): number => parseDuration(text) ?? Number.NaN;
  const levelOf = (level: LevelDraft): unknown =>
    level.on
      ? {
          threshold: parseThreshold(level.threshold, unit),
          recoverAt: parseThreshold(recoverAtOf(level, draft.direction, unit), unit),
          forSeconds: seconds(level.forText),
          anyOf: toAlternatives(draft, level.anyOf),
          guard: level.guard === null ? null : toGuard(draft, level.guard),
        }
      : null;
  return {
    ...rest,
    label: draft.label.trim() === '' ? name : draft.label,
    warning: levelOf(warning),
    critical: levelOf(critical),
    recoverSeconds: seconds(recoverText),
    cooldownSeconds: seconds(cooldownText),
    repeatSeconds: repeatText.trim() === '' ? null : seconds(repeatText),
  };
}

/** What a duration may be: it is typed with its unit, while the schema counts seconds. */
function durationText(path: readonly PropertyKey[], code: string): string {
  const { min, max } = boundsAt(ruleSchema, path);
  if (code === 'invalid_type' || min === null || max === null) return 'Enter a duration, e.g. 90 s, 5 min, 1 h.';
  return `Enter a duration from ${toDurationText(min)} to ${toDurationText(max)}.`;
}

/** What a rule is checked against. */
export interface DraftContext {
  /** The name of a rule whose name is empty. */
  readonly name: string;
  /** The rule that is changed; null for a new one. */
  readonly stored: Rule | null;
}

/** Validates the form fields: the rule, or the first error of each field. */
export function checkDraft(draft: RuleDraft, { name, stored }: DraftContext): DraftCheck {
  const parsed = checkInput(ruleSchema, toCandidate(draft, name));
  const issues = parsed.success ? recoveryProblems(parsed.data, stored).map((problem) => ({ ...problem, code: 'custom' })) : parsed.error.issues;
  if (parsed.success && issues.length === 0) return { rule: parsed.data, problems: null };
  const problems: Record<string, string> = {};
  for (const { path, code, message } of issues) {
    const field = path.join('.');
    problems[field] ??= field.endsWith('Seconds') ? durationText(path, code) : toSentence(message);
  }
  return { rule: null, problems };
}

/** A level or a guard whose threshold is not typed yet. */
export const NO_VALUES = { threshold: '', recoverAt: '', recovery: USUAL } as const;

/** Changes the metric group, to its headline metric of the whole machine; thresholds stay only where the unit is the same. */
export function withFamily(draft: RuleDraft, family: FamilyId): RuleDraft {
  return withMetric({ ...draft, family, device: null, source: 'value', useDeviceLimits: false, exceptMedia: false }, familyOf(family).headline, draft);
}

/** Changes the device: one, all of them, or null for the whole machine; the metric stays where the devices have one of that name. */
export function withDevice(draft: RuleDraft, device: string | null): RuleDraft {
  const next = { ...draft, device, exceptMedia: draft.exceptMedia && mayBeMedia({ ...draft, device }), ...(device === null ? { useDeviceLimits: false } : {}) };
  const metrics = Object.keys(metricsOf(next));
  return withMetric(next, metrics.includes(draft.metric) ? draft.metric : (metrics[0] ?? ''), draft);
}

/** Changes the metric. Levels lose their guard and alternatives, and thresholds in another unit are cleared. */
export function withMetric(draft: RuleDraft, metric: string, before: RuleDraft = draft): RuleDraft {
  const next = { ...draft, metric };
  const isShare = metricOf(next)?.unit === 'percent';
  const sourced = isShare ? next : { ...next, source: 'value' as const };
  const sameUnit = thresholdUnitOf(sourced).name === thresholdUnitOf(before).name;
  const cleared = (level: LevelDraft): LevelDraft => ({ ...level, guard: null, anyOf: [], ...(sameUnit ? {} : NO_VALUES) });
  const keepsLevels = next.family === before.family && next.device === before.device && sameUnit;
  return keepsLevels ? sourced : { ...sourced, warning: cleared(draft.warning), critical: cleared(draft.critical) };
}

/** Adds a further condition to a level: the first is its guard, from the second on each of them suffices. */
export function withGuardAsAlternative(level: LevelDraft, target: Pick<Rule, 'family' | 'device' | 'metric'>): LevelDraft {
  if (level.guard === null) return level;
  const { id } = newCondition(target, level.anyOf);
  const { metric, direction, threshold } = level.guard;
  const recoverAt = recoverAtOf(level.guard, direction, guardUnit(target, metric));
  return { ...level, guard: null, anyOf: withAlternative([...level.anyOf, [{ id, metric, source: 'value', direction, threshold, recoverAt }]], target) };
}

/** Changes what is evaluated: the value, or the time until full. Thresholds are cleared: they are in another unit then. */
export function withSource(draft: RuleDraft, source: RuleDraft['source']): RuleDraft {
  if (source === draft.source) return draft;
  const cleared = (level: LevelDraft): LevelDraft => ({ ...level, ...NO_VALUES });
  return { ...draft, source, direction: source === 'timeToFull' ? 'below' : 'above', useDeviceLimits: false, warning: cleared(draft.warning), critical: cleared(draft.critical) };
}

/** Changes the direction; recovery values that were not typed change their side. */
export function withDraftDirection(draft: RuleDraft, direction: RuleDraft['direction']): RuleDraft {
  const unit = thresholdUnitOf(draft);
  return { ...draft, direction, warning: withDirection(draft.warning, direction, unit), critical: withDirection(draft.critical, direction, unit) };
}

/** A unique id for a new rule: its name in lower case, with a number where that is taken. */
export function uniqueRuleId(label: string, taken: ReadonlySet<string>): string {
  const base = label.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50) || 'rule';
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}-${count}`;
  return id;
}

/** The form fields of a new rule. */
export function newRule(): RuleDraft {
  const family = FAMILY_IDS[0] ?? 'cpu';
  const rule = ruleSchema.parse({ id: 'new', label: 'New rule', family, metric: familyOf(family).headline, device: null, critical: { threshold: 90, recoverAt: 85, forSeconds: 60 } });
  const draft = toDraft(rule);
  return { ...draft, label: '', critical: { ...draft.critical, recovery: USUAL } };
}

/** The choices of scope: the whole machine (null), every device, each connected device, and the chosen one where it is not connected. */
export function deviceChoices(family: FamilyId, connected: readonly { readonly id: string; readonly label: string }[], chosen: string | null): readonly (readonly [value: string | null, label: string])[] {
  const { device, label } = familyOf(family);
  if (Object.keys(device.metrics).length === 0) return [[null, `${label} (total)`]];
  const missing = chosen !== null && chosen !== EVERY_DEVICE && !connected.some(({ id }) => id === chosen) ? [[chosen, `${chosen} (not connected)`] as const] : [];
  return [[null, `${label} (total)`], [EVERY_DEVICE, `Every ${device.label.toLowerCase()}`], ...connected.map(({ id, label: name }) => [id, name] as const), ...missing];
}
