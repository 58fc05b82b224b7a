/** Text for a rule in the list of rules: its target, its thresholds and where its alerts are sent. Pure; names and units come from the metric descriptors. */
import { metricOf } from '../../../shared/alerts/rule-validation';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { Rule, RuleCondition, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { formatSpan } from '../../../shared/alerts/alert-text';
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

/** A threshold in the metric's unit without trailing zeros; hours where the rule evaluates the time until full. */
function formatThreshold(rule: Rule, threshold: number): string {
  if (rule.source === 'timeToFull') return formatSpan(threshold * 3600);
  return formatValue(threshold, metricOf(rule)?.unit ?? 'count').replace(/\.0+(?=\D|$)/u, '');
}

/** "less than 5 GiB available". */
function formatGuard(rule: Rule, guard: RuleGuard): string {
  const metric = metricOf({ ...rule, metric: guard.metric });
  const amount = formatValue(guard.threshold, metric?.unit ?? 'count').replace(/\.0+(?=\D|$)/u, '');
  return `${guard.direction === 'below' ? 'less' : 'more'} than ${amount} ${(metric?.label ?? guard.metric).toLowerCase()}`;
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

/** "≥ 70 % for 1 min", "≥ 70 °C or device limit", "≥ 85 % for 2 min, if more than 10 % pressure". */
export function formatRuleLevel(rule: Rule, level: RuleLevel): string {
  const { threshold, forSeconds, guard, anyOf } = level;
  const deviceLimit = rule.useDeviceLimits ? 'device limit' : '';
  const limit = threshold === null ? deviceLimit : `${formatThreshold(rule, threshold)}${deviceLimit === '' ? '' : ` or ${deviceLimit}`}`;
  return `${rule.direction === 'above' ? '≥' : '≤'} ${limit}${guard === null ? '' : ` with ${formatGuard(rule, guard)}`}${forSeconds === 0 ? '' : ` for ${formatSpan(forSeconds)}`}${formatAlternatives(rule, anyOf)}`;
}

/** Where alerts of one severity are sent besides the tray and the timeline: "notification, webhooks". */
export function formatChannels({ notify, webhook }: Rule['channels']['critical']): string {
  if (notify && webhook) return 'notification, webhooks';
  if (notify) return 'notification';
  return webhook ? 'webhooks' : 'tray and timeline only';
}
