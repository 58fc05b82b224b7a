/** Text for a rule in the list of rules: its target, its thresholds and where its alerts are sent. Pure; names and units come from the metric descriptors. */
import { metricOf } from '../../../shared/alerts/rule-validation';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { Rule, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { formatSpan } from '../../../shared/alerts/alert-text';
import { familyOf } from '../../../shared/metrics/index';
import { formatValue } from '../../../shared/units';

/** "Disk space, every mount: Usage", "Memory: Swap usage". */
export function formatTarget(rule: Pick<Rule, 'family' | 'metric' | 'device' | 'source'>): string {
  const family = familyOf(rule.family);
  const metric = metricOf(rule)?.label ?? rule.metric;
  const scope = rule.device === null ? '' : rule.device === EVERY_DEVICE ? `, every ${family.device.label.toLowerCase()}` : `, ${rule.device}`;
  const measure = rule.source === 'timeToFull' ? 'time to full' : metric;
  return `${family.label}${scope}: ${measure}`;
}

/** A threshold in the metric's unit without trailing zeros; hours where the rule evaluates the time until full. */
function formatThreshold(rule: Rule, threshold: number): string {
  if (rule.source === 'timeToFull') return formatSpan(threshold * 3600);
  return formatValue(threshold, metricOf(rule)?.unit ?? 'count').replace(/\.0+(?=\D|$)/u, '');
}

function formatGuard(rule: Rule, guard: RuleGuard): string {
  const metric = metricOf({ ...rule, metric: guard.metric });
  const amount = formatValue(guard.threshold, metric?.unit ?? 'count').replace(/\.0+(?=\D|$)/u, '');
  return ` with ${guard.direction === 'below' ? 'less' : 'more'} than ${amount} ${(metric?.label ?? guard.metric).toLowerCase()}`;
}

/** "≥ 70 % for 1 min", "≥ 70 °C or device limit". */
export function formatRuleLevel(rule: Rule, level: RuleLevel): string {
  const { threshold, forSeconds, guard } = level;
  const deviceLimit = rule.useDeviceLimits ? 'device limit' : '';
  const limit = threshold === null ? deviceLimit : `${formatThreshold(rule, threshold)}${deviceLimit === '' ? '' : ` or ${deviceLimit}`}`;
  return `${rule.direction === 'above' ? '≥' : '≤'} ${limit}${guard === null ? '' : formatGuard(rule, guard)}${forSeconds === 0 ? '' : ` for ${formatSpan(forSeconds)}`}`;
}

/** Where alerts of one severity are sent besides the tray and the timeline: "notification, webhooks". */
export function formatChannels({ notify, webhook }: Rule['channels']['critical']): string {
  if (notify && webhook) return 'notification, webhooks';
  if (notify) return 'notification';
  return webhook ? 'webhooks' : 'tray and timeline only';
}
