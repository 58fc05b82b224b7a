/** What a rule watches and when it speaks, in words. Pure; descriptors give the names. */
import { metricOf } from '../../../shared/alerts/rule-validation';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { Rule, RuleGuard, RuleLevel } from '../../../shared/alerts/rule';
import { formatSpan } from '../../../shared/alerts/alert-text';
import { familyOf } from '../../../shared/metrics/index';
import { formatValue } from '../../../shared/units';

/** "Disk space, each mount", "CPU", "Memory: Swap usage". */
export function formatTarget(rule: Pick<Rule, 'family' | 'metric' | 'device' | 'source'>): string {
  const family = familyOf(rule.family);
  const metric = metricOf(rule)?.label ?? rule.metric;
  const where = rule.device === null ? '' : rule.device === EVERY_DEVICE ? `, each ${family.device.label.toLowerCase()}` : `, ${rule.device}`;
  const what = rule.source === 'timeToFull' ? 'time to full' : metric;
  return `${family.label}${where}: ${what}`;
}

/** A level without the digits that are zero. */
function levelText(rule: Rule, level: number): string {
  if (rule.source === 'timeToFull') return formatSpan(level * 3600);
  return formatValue(level, metricOf(rule)?.unit ?? 'count').replace(/\.0+(?=\D|$)/u, '');
}

function formatGuard(rule: Rule, guard: RuleGuard): string {
  const metric = metricOf({ ...rule, metric: guard.metric });
  const amount = formatValue(guard.threshold, metric?.unit ?? 'count').replace(/\.0+(?=\D|$)/u, '');
  return ` with ${guard.direction === 'below' ? 'less' : 'more'} than ${amount} ${(metric?.label ?? guard.metric).toLowerCase()}`;
}

/** "70 % for 1 min"; a device's own mark is named as such. */
export function formatRuleLevel(rule: Rule, level: RuleLevel): string {
  const { threshold, forSeconds, guard } = level;
  const own = rule.useDeviceLimits ? 'its own mark' : '';
  const limit = threshold === null ? own : `${levelText(rule, threshold)}${own === '' ? '' : ` or ${own}`}`;
  return `${rule.direction === 'above' ? '≥' : '≤'} ${limit}${guard === null ? '' : formatGuard(rule, guard)}${forSeconds === 0 ? '' : ` for ${formatSpan(forSeconds)}`}`;
}

/** Where a rule's severity goes: "Notification, webhooks", "Timeline and tray only". */
export function formatChannels({ notify, webhook }: Rule['channels']['critical']): string {
  if (notify && webhook) return 'notifies, webhooks';
  if (notify) return 'notifies';
  return webhook ? 'webhooks' : 'tray and timeline';
}
