/** Text for a rule in the list of rules: its target, its thresholds and where its alerts are sent. Pure; names and units come from the metric descriptors. */
import { metricOf } from '../../../shared/alerts/rule-validation';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { Rule, RuleCondition, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { formatSpan } from '../../../shared/alerts/alert-text';
import type { MetricDescriptor, Unit } from '../../../shared/metrics/define';
import { familyOf } from '../../../shared/metrics/index';
import { formatValue } from '../../../shared/units';

/** "Disk space, every mount: Usage", "Memory: Swap usage". */
export function formatTarget(rule: Pick<Rule, 'family' | 'metric' | 'device' | 'source' | 'exceptMedia'>): string {
  const family = familyOf(rule.family);
  const metric = metricOf(rule)?.label ?? rule.metric;
  const scope = rule.device === null ? '' : rule.device === EVERY_DEVICE ? `, every ${family.device.label.toLowerCase()}` : `, ${rule.device}`;
  const measure = rule.source === 'timeToFull' ? 'time to full' : metric;
  const except = rule.exceptMedia ? ' but removable and read-only media' : '';
  return `${family.label}${scope}${except}: ${measure}`;
}

/** An amount without trailing zeros, and a time as texts of alerts have it. */
function formatAmount(amount: number, unit: Unit): string {
  return unit === 'seconds' ? formatSpan(amount) : formatValue(amount, unit).replace(/\.0+(?=\D|$)/u, '');
}

/** A threshold in the metric's unit; hours where the rule evaluates the time until full. */
function formatThreshold(rule: Rule, threshold: number): string {
  return rule.source === 'timeToFull' ? formatSpan(threshold * 3600) : formatAmount(threshold, metricOf(rule)?.unit ?? 'count');
}

/** "being repaired or degraded": the states past a threshold of a metric whose values are states; null for any other metric. */
function formatStates(metric: MetricDescriptor | null, direction: Rule['direction'], threshold: number): string | null {
  const states = metric?.words?.filter((_, state) => (direction === 'above' ? state >= threshold : state <= threshold)) ?? [];
  return states.length === 0 ? null : states.join(' or ');
}

/** "less than 5 GiB available", "on battery". */
function formatGuard(rule: Rule, { metric: name, direction, threshold }: RuleGuard): string {
  const metric = metricOf({ ...rule, metric: name });
  const amount = formatAmount(threshold, metric?.unit ?? 'count');
  return formatStates(metric, direction, threshold) ?? `${direction === 'below' ? 'less' : 'more'} than ${amount} ${(metric?.label ?? name).toLowerCase()}`;
}

/** " with less than 5 GiB available", " while on mains". */
function formatWith(rule: Rule, guard: RuleGuard): string {
  const isState = metricOf({ ...rule, metric: guard.metric })?.words !== undefined;
  return ` ${isState ? 'while' : 'with'} ${formatGuard(rule, guard)}`;
}

/** "≥ 70 %", "≥ 70 °C or device limit", "degraded". */
function formatLimit(rule: Rule, threshold: number | null): string {
  const states = threshold === null || rule.source === 'timeToFull' ? null : formatStates(metricOf(rule), rule.direction, threshold);
  if (states !== null) return states;
  const limits = [...(threshold === null ? [] : [formatThreshold(rule, threshold)]), ...(rule.useDeviceLimits ? ['device limit'] : [])];
  return `${rule.direction === 'above' ? '≥' : '≤'} ${limits.join(' or ')}`;
}

/** "less than 20 GiB available", "full within 30 d". */
function formatCondition(rule: Rule, condition: RuleCondition): string {
  return condition.source === 'timeToFull' ? `full within ${formatSpan(condition.threshold * 3600)}` : formatGuard(rule, condition);
}

/** ", if less than 20 GiB available and more than 90 % usage, or full within 30 d". */
function formatAlternatives(rule: Rule, anyOf: RuleLevel['anyOf']): string {
  if (anyOf.length === 0) return '';
  return `, if ${anyOf.map((conditions) => conditions.map((condition) => formatCondition(rule, condition)).join(' and ')).join(', or ')}`;
}

/** "≥ 70 % for 1 min", "degraded for 1 min", "≥ 85 % for 2 min, if more than 10 % pressure". */
export function formatRuleLevel(rule: Rule, { threshold, forSeconds, guard, anyOf }: RuleLevel): string {
  return `${formatLimit(rule, threshold)}${guard === null ? '' : formatWith(rule, guard)}${forSeconds === 0 ? '' : ` for ${formatSpan(forSeconds)}`}${formatAlternatives(rule, anyOf)}`;
}

/** Where alerts of one severity are sent besides the tray and the timeline: "notification, webhooks". */
export function formatChannels({ notify, webhook }: Rule['channels']['critical']): string {
  if (notify && webhook) return 'notification, webhooks';
  if (notify) return 'notification';
  return webhook ? 'webhooks' : 'tray and timeline only';
}
