/** Rules whose device has another id than before. */
import type { Rule } from '../../shared/alerts/rule';
import { parseSeriesKey, seriesKey } from '../../shared/metrics/index';
import type { SeriesKey } from '../../shared/metrics/index';

/** The same rules, those of one renamed device with its present id; the same array if there is none. Pure. */
export function renamedRules(rules: readonly Rule[], renamed: ReadonlyMap<SeriesKey, SeriesKey>): readonly Rule[] {
  const changed = rules.map((rule) => {
    const to = rule.device === null ? undefined : renamed.get(seriesKey(rule.family, rule.metric, rule.device));
    const device = to === undefined ? null : (parseSeriesKey(to)?.device ?? null);
    return device === null || device === rule.device ? rule : { ...rule, device };
  });
  return changed.some((rule, i) => rule !== rules[i]) ? changed : rules;
}
