/** A rule while it is edited: what stands in the fields, and what is wrong with it. Pure. */
import { toSentence } from '../../../shared/api/problem-text';
import { boundsAt, checkInput } from '../../../shared/api/validation-errors';
import { EVERY_DEVICE, ruleSchema } from '../../../shared/alerts/rule';
import type { IncidentSeverity, Rule, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { metricOf, metricsOf } from '../../../shared/alerts/rule-validation';
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { parseDuration, toDurationText } from './duration-text';
import { thresholdUnit, parseThreshold, toThresholdText } from './threshold-units';
import type { ThresholdUnit } from './threshold-units';

/** The fields of a guard. */
export interface GuardDraft {
  readonly metric: string;
  readonly direction: 'above' | 'below';
  readonly threshold: string;
  readonly recoverAt: string;
}

/** The fields of a level; `on` is false for a level the rule lacks. */
export interface LevelDraft {
  readonly on: boolean;
  readonly threshold: string;
  readonly recoverAt: string;
  readonly forText: string;
  readonly guard: GuardDraft | null;
}

/** Everything that can be typed or chosen. What is not text already stands as it is in the rule. */
export interface RuleDraft extends Omit<Rule, 'warning' | 'critical' | 'recoverSeconds' | 'cooldownSeconds' | 'repeatSeconds'> {
  readonly warning: LevelDraft;
  readonly critical: LevelDraft;
  readonly recoverText: string;
  readonly cooldownText: string;
  /** Empty for no reminders. */
  readonly repeatText: string;
}

/** The path of a field of a rule ("critical.guard.threshold"), as the schema names it. */
type RuleField = keyof Rule | `${IncidentSeverity}.${keyof RuleLevel}` | `${IncidentSeverity}.guard.${keyof RuleGuard}`;

/** What is wrong with a rule, by the path of the field. */
export type RuleProblems = Readonly<Partial<Record<RuleField, string>>>;

/** A checked rule, or what is wrong with it. */
export type Checked = { readonly rule: Rule; readonly problems: null } | { readonly rule: null; readonly problems: RuleProblems };

/** The unit levels are typed in. */
export function thresholdUnitOf(draft: Pick<RuleDraft, 'family' | 'device' | 'metric' | 'source'>): ThresholdUnit {
  return thresholdUnit(metricOf(draft)?.unit ?? 'count', draft.source);
}

function guardUnit(draft: Pick<RuleDraft, 'family' | 'device'>, metric: string): ThresholdUnit {
  return thresholdUnit(metricOf({ ...draft, metric })?.unit ?? 'count', 'value');
}

function toGuardDraft(rule: Rule, guard: RuleGuard): GuardDraft {
  const unit = guardUnit(rule, guard.metric);
  return { ...guard, threshold: toThresholdText(guard.threshold, unit), recoverAt: toThresholdText(guard.recoverAt, unit) };
}

function toLevelDraft(rule: Rule, level: RuleLevel | null): LevelDraft {
  if (level === null) return { on: false, threshold: '', recoverAt: '', forText: '1 min', guard: null };
  const unit = thresholdUnitOf(rule);
  return {
    on: true,
    threshold: toThresholdText(level.threshold, unit),
    recoverAt: toThresholdText(level.recoverAt, unit),
    forText: toDurationText(level.forSeconds),
    guard: level.guard === null ? null : toGuardDraft(rule, level.guard),
  };
}

/** The fields a rule begins with. */
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

/** What the fields hold, ready to be judged. A text that is no number or no duration becomes NaN, which the schema refuses. */
function toCandidate(draft: RuleDraft): unknown {
  const { warning, critical, recoverText, cooldownText, repeatText, ...rest } = draft;
  const unit = thresholdUnitOf(draft);
  const seconds = (text: string): number => parseDuration(text) ?? Number.NaN;
  const guardOf = (guard: GuardDraft): unknown => {
    const own = guardUnit(draft, guard.metric);
    return { ...guard, threshold: parseThreshold(guard.threshold, own) ?? Number.NaN, recoverAt: parseThreshold(guard.recoverAt, own) };
  };
  const levelOf = ({ on, threshold, recoverAt, forText, guard }: LevelDraft): unknown =>
    on ? { threshold: parseThreshold(threshold, unit), recoverAt: parseThreshold(recoverAt, unit), forSeconds: seconds(forText), guard: guard === null ? null : guardOf(guard) } : null;
  return {
    ...rest,
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

/** The rule the fields make, or every problem with the field it belongs to. */
export function checkDraft(draft: RuleDraft): Checked {
  const parsed = checkInput(ruleSchema, toCandidate(draft));
  if (parsed.success) return { rule: parsed.data, problems: null };
  const problems: Record<string, string> = {};
  for (const { path, code, message } of parsed.error.issues) {
    const field = path.join('.');
    problems[field] ??= field.endsWith('Seconds') ? durationText(path, code) : toSentence(message);
  }
  return { rule: null, problems };
}

/** Another family: its headline, watched as a whole; the levels keep standing only where the unit is the same. */
export function withTokenFamily(draft: RuleDraft, family: FamilyId): RuleDraft {
  return withMetric({ ...draft, family, device: null, source: 'value', useDeviceLimits: false }, familyOf(family).headline, draft);
}

/** Another device, or all of them, or the machine as a whole; the metric stays where the devices have one of that name. */
export function withDevice(draft: RuleDraft, device: string | null): RuleDraft {
  const next = { ...draft, device, ...(device === null ? { useDeviceLimits: false } : {}) };
  const metrics = Object.keys(metricsOf(next));
  return withMetric(next, metrics.includes(draft.metric) ? draft.metric : (metrics[0] ?? ''), draft);
}

/** Another metric. */
export function withMetric(draft: RuleDraft, metric: string, before: RuleDraft = draft): RuleDraft {
  const next = { ...draft, metric };
  const isShare = metricOf(next)?.unit === 'percent';
  const sourced = isShare ? next : { ...next, source: 'value' as const };
  const sameUnit = thresholdUnitOf(sourced).name === thresholdUnitOf(before).name;
  const wiped = (level: LevelDraft): LevelDraft => ({ ...level, guard: null, ...(sameUnit ? {} : { threshold: '', recoverAt: '' }) });
  const keeps = next.family === before.family && next.device === before.device && sameUnit;
  return keeps ? sourced : { ...sourced, warning: wiped(draft.warning), critical: wiped(draft.critical) };
}

/** Value or time to full; levels are of another kind then. */
export function withSource(draft: RuleDraft, source: RuleDraft['source']): RuleDraft {
  if (source === draft.source) return draft;
  const wiped = (level: LevelDraft): LevelDraft => ({ ...level, threshold: '', recoverAt: '' });
  return { ...draft, source, direction: source === 'timeToFull' ? 'below' : 'above', useDeviceLimits: false, warning: wiped(draft.warning), critical: wiped(draft.critical) };
}

/** An id of its own for a new rule: from its name, with a number where that is taken. */
export function freshId(label: string, taken: ReadonlySet<string>): string {
  const base = label.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50) || 'rule';
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}-${count}`;
  return id;
}

/** What a new rule starts from. */
export function newRule(): RuleDraft {
  const family = FAMILY_IDS[0] ?? 'cpu';
  const rule = ruleSchema.parse({ id: 'new', label: 'New rule', family, metric: familyOf(family).headline, device: null, critical: { threshold: 90, recoverAt: 80, forSeconds: 60 } });
  return { ...toDraft(rule), label: '' };
}

/** Every choice of device: the machine as a whole, each, and those known now. */
export function deviceChoices(family: FamilyId, known: readonly { readonly id: string; readonly label: string }[], chosen: string | null): readonly (readonly [value: string | null, label: string])[] {
  const { device, label } = familyOf(family);
  if (Object.keys(device.metrics).length === 0) return [[null, `${label} as a whole`]];
  const gone = chosen !== null && chosen !== EVERY_DEVICE && !known.some(({ id }) => id === chosen) ? [[chosen, `${chosen} (not there now)`] as const] : [];
  return [[null, `${label} as a whole`], [EVERY_DEVICE, `Each ${device.label.toLowerCase()}`], ...known.map(({ id, label: name }) => [id, name] as const), ...gone];
}
