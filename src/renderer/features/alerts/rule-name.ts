/** The name of a rule that the user did not name: what it watches, and from when. Pure. */
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import { metricOf } from '../../../shared/alerts/rule-validation';
import { familyOf } from '../../../shared/metrics/index';
import { thresholdUnitOf } from './rule-draft';
import type { RuleDraft } from './rule-draft';

/** Longest name of a rule, characters. */
const MAX_NAME = 80;
const NARROW_SPACE = '\u202f';

/** "≥ 80 %", "full within 24 h", "≥ device limit"; of several levels the first to be reached. Empty without a threshold. */
function conditionOf(draft: RuleDraft): string {
  const level = [draft.warning, draft.critical].find(({ on, threshold }) => on && threshold.trim() !== '');
  const { name } = thresholdUnitOf(draft);
  const value = level === undefined ? '' : `${level.threshold.trim()}${name === '' ? '' : NARROW_SPACE}${name}`;
  if (value === '') return draft.useDeviceLimits ? '≥ device limit' : '';
  return draft.source === 'timeToFull' ? `full within ${value}` : `${draft.direction === 'above' ? '≥' : '≤'} ${value}`;
}

/** "Disk space /home": the group, the device, and the metric where it is not the main one. */
function targetOf(draft: RuleDraft, deviceLabel: string | null): string {
  const { label, headline, device } = familyOf(draft.family);
  const scope = draft.device === EVERY_DEVICE ? `every ${device.label.toLowerCase()}` : (deviceLabel ?? '');
  const metric = draft.metric === headline ? '' : (metricOf(draft)?.label ?? '').toLowerCase();
  return [label, scope, metric].filter((part) => part !== '').join(' ');
}

/** The beginning of a text, without half a letter at its end. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return text.slice(0, isHalf ? length - 1 : length);
}

/** "Disk space /home ≥ 80 %". A long name of a device is cut, never the condition. `deviceLabel`: of a single device. */
export function ruleName(draft: RuleDraft, deviceLabel: string | null): string {
  const condition = cut(conditionOf(draft), MAX_NAME / 2);
  const room = MAX_NAME - (condition === '' ? 0 : condition.length + 1);
  const target = targetOf(draft, deviceLabel).trim();
  const shown = target.length > room ? `${cut(target, room - 1)}…` : target;
  return [shown, condition].filter((part) => part !== '').join(' ');
}
