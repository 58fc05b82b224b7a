/** From a rule as a person set it to what the engine works with. */
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { IncidentSeverity, Rule, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { metricOf } from '../../../shared/alerts/rule-validation';
import type { Thresholds } from '../../../shared/metrics/define';
import { familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Bound, LevelParams, MachineParams } from './rule-state-machine';

/** How far below a device's own mark the value must fall before the level is left, as a share of the mark. */
const OWN_MARGIN = 0.05;

/** A rule ready for use. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Parameters for devices without marks of their own, and for rules that ask for none. */
  readonly params: MachineParams;
  /** The metrics of the levels' guards; null where there is none. */
  readonly warningGuard: string | null;
  readonly criticalGuard: string | null;
  readonly resolution: number;
  /** Everything that decides over incidents, as text: where it changes, open ones end. */
  readonly fingerprint: string;
}

const signOf = (direction: Rule['direction']): 1 | -1 => (direction === 'above' ? 1 : -1);

function guardOf({ direction, threshold, recoverAt }: RuleGuard): Bound {
  return { sign: signOf(direction), threshold, recoverAt: recoverAt ?? threshold };
}

function levelOf(rule: Rule, level: RuleLevel | null, mark: number | null): LevelParams | null {
  if (level === null) return null;
  const threshold = mark ?? level.threshold;
  if (threshold === null) return null;
  const recoverAt = mark === null ? (level.recoverAt ?? threshold) : mark - Math.abs(mark) * OWN_MARGIN;
  return { sign: signOf(rule.direction), threshold, recoverAt, forMs: level.forSeconds * 1000, guard: level.guard === null ? null : guardOf(level.guard) };
}

/** Milliseconds between two samples of a family while nobody looks, or while somebody does: the longer of the two. */
export function usualIntervalOf(family: FamilyId): number {
  const { background, viewed } = familyOf(family).samplingInterval;
  return Math.max(background ?? viewed, viewed);
}

/** Parameters for samples that come every `intervalMs`, on a device with these marks (null: it has none, or they do not count). */
export function paramsOf(rule: Rule, deviceLimits: Thresholds | null, intervalMs: number): MachineParams {
  return {
    warning: levelOf(rule, rule.warning, deviceLimits?.warning ?? null),
    critical: levelOf(rule, rule.critical, deviceLimits?.critical ?? null),
    recoverMs: rule.recoverSeconds * 1000,
    cooldownMs: rule.cooldownSeconds * 1000,
    repeatMs: rule.repeatSeconds === null ? null : rule.repeatSeconds * 1000,
    intervalMs,
  };
}

/** The level an incident stands at. */
export function levelAt(params: MachineParams, severity: IncidentSeverity): LevelParams | null {
  return severity === 'critical' ? params.critical : params.warning;
}

/** Prepares a rule. Null when its metric is none that this version knows. */
export function compileRule(rule: Rule): CompiledRule | null {
  const metric = metricOf(rule);
  if (metric === null) return null;
  const { family, metric: name, device, source, direction, useDeviceLimits, warning, critical } = rule;
  return {
    rule,
    params: paramsOf(rule, null, usualIntervalOf(family)),
    warningGuard: warning?.guard?.metric ?? null,
    criticalGuard: critical?.guard?.metric ?? null,
    resolution: metric.resolution,
    fingerprint: JSON.stringify([family, name, device, source, direction, useDeviceLimits, warning, critical]),
  };
}

/** True when a rule watches this device (null: the machine itself). */
export function ruleCovers({ device }: Rule, one: string | null): boolean {
  return device === one || (device === EVERY_DEVICE && one !== null);
}
