/** What the list of rules says of each level. */
import { describe, expect, it } from 'vitest';
import { formatRuleLevel } from '../../../../src/renderer/features/alerts/rule-text';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import { metricOf } from '../../../../src/shared/alerts/rule-validation';
import type { RuleLevel } from '../../../../src/shared/alerts/rule';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

/** The levels of a default rule as text, the warning first. */
function levelsOf(id: string): readonly string[] {
  const rule = DEFAULT_RULES.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no default rule ${id}`);
  return [rule.warning, rule.critical].flatMap((level) => (level === null ? [] : [plain(formatRuleLevel(rule, level))]));
}

describe('a level of a rule', () => {
  it.each([
    ['cpu-usage', ['≥ 70 % for 1 min', '≥ 90 % for 5 min']],
    ['temperature', ['≥ device limit for 2 min', '≥ device limit for 15 s']],
    ['disk-forecast', ['≤ 1 d for 30 min', '≤ 4 h for 10 min']],
    ['fan-stalled', ['≥ 1 min', '≥ 2 min']],
    ['array-degraded', ['being repaired or degraded', 'degraded for 1 min']],
    ['disk-failing', ['has a problem or failing for 1 min', 'failing for 1 min']],
    ['battery-low', ['≤ 20 % for 1 min, if on battery, or more than 0.5 W discharging', '≤ 10 % for 30 s, if on battery, or more than 0.5 W discharging']],
    ['battery-charged', ['≥ 80 % while on mains for 1 min']],
  ])('%s', (id, expected) => {
    expect(levelsOf(id)).toEqual(expected);
  });

  it('has no number where a metric has words for its values', () => {
    const levels = DEFAULT_RULES.filter((rule) => metricOf(rule)?.words !== undefined).flatMap((rule) => [rule.warning, rule.critical].flatMap((level: RuleLevel | null) => (level === null ? [] : [formatRuleLevel(rule, { ...level, forSeconds: 0 })])));
    expect(levels.length).toBeGreaterThan(4);
    expect(levels.filter((text) => /\d/.test(text))).toEqual([]);
  });
});
