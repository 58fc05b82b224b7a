/** Compiles a rule from the settings to the parameters of its state machine. */
import type { IncidentSeverity, Rule, RuleLevel } from '../../../shared/alerts/rule';
import { metricOf } from '../../../shared/alerts/rule-validation';
import type { Thresholds } from '../../../shared/metrics/define';
import { familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { compileAlternatives } from './alternatives';
import type { Alternatives } from './alternatives';
import { boundOf } from './rule-state-machine';
import type { LevelParams, MachineParams } from './rule-state-machine';

/** Recovery margin below a device limit, as a share of the limit. */
const DEVICE_LIMIT_MARGIN = 0.05;

/** A compiled rule. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Parameters without device limits. */
  readonly params: MachineParams;
  /** Metrics of the levels' guards; null without a guard. */
  readonly warningGuard: string | null;
  readonly criticalGuard: string | null;
  /** The levels' alternatives; null without any. */
  readonly warningAlternatives: Alternatives | null;
  readonly criticalAlternatives: Alternatives | null;
  readonly resolution: number;
  /** The condition as text: if it changes, open incidents end. */
  readonly fingerprint: string;
}

function levelOf(rule: Rule, level: RuleLevel | null, deviceLimit: number | null): LevelParams | null {
  if (level === null) return null;
  const threshold = deviceLimit ?? level.threshold;
  if (threshold === null) return null;
  const recoverAt = deviceLimit === null ? (level.recoverAt ?? threshold) : deviceLimit - Math.abs(deviceLimit) * DEVICE_LIMIT_MARGIN;
  return { ...boundOf({ direction: rule.direction, threshold, recoverAt }), forMs: level.forSeconds * 1000, guard: level.guard === null ? null : boundOf(level.guard) };
}

/** The longer of a family's sampling intervals, ms. */
export function usualIntervalOf(family: FamilyId): number {
  const { background, viewed } = familyOf(family).samplingInterval;
  return Math.max(background ?? viewed, viewed);
}

/** Parameters for samples every `intervalMs` on a device with these limits (null: none, or the rule does not use them). */
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

/** Parameters of the level of a severity. */
export function levelAt(params: MachineParams, severity: IncidentSeverity): LevelParams | null {
  return severity === 'critical' ? params.critical : params.warning;
}

/** Compiles a rule; null if this version does not know its metric. */
export function compileRule(rule: Rule): CompiledRule | null {
  const metric = metricOf(rule);
  if (metric === null) return null;
  const { family, metric: name, device, source, direction, useDeviceLimits, exceptMedia, warning, critical } = rule;
  return {
    rule,
    params: paramsOf(rule, null, usualIntervalOf(family)),
    warningGuard: warning?.guard?.metric ?? null,
    criticalGuard: critical?.guard?.metric ?? null,
    warningAlternatives: compileAlternatives(warning?.anyOf ?? []),
    criticalAlternatives: compileAlternatives(critical?.anyOf ?? []),
    resolution: metric.resolution,
    fingerprint: JSON.stringify([family, name, device, source, direction, useDeviceLimits, exceptMedia, warning, critical]),
  };
}
