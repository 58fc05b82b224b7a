/** Text alternative of a chart, for assistive technology. */
import { formatValue } from '../../shared/units';
import type { ChartPlan } from './chart-plan';
import { hasValues, highest, lowest } from '../data/columns';
import type { Columns } from '../data/columns';
import { beginText } from '../lib/coverage';
import { describeRange } from '../lib/range';
import type { RangeChoice } from '../lib/range';

/** Lines described; the others are counted. */
const MAX_DESCRIBED = 4;

/** Latest value of a series; null if its last point is a gap. */
export function latest(columns: Columns | undefined): number | null {
  return columns?.avg.at(-1) ?? null;
}

/** Average over the samples of all points; null without any. */
function average({ avg, count }: Columns): number | null {
  let sum = 0;
  let all = 0;
  avg.forEach((value, at) => {
    if (value === null) return;
    sum += value * (count[at] ?? 0);
    all += count[at] ?? 0;
  });
  return all === 0 ? null : sum / all;
}

/** "Usage, last 5 minutes. Usage: average 3.1 %, lowest 1.0 %, highest 12 %; warning at or above 70 %." `begins`: of the history, if it begins within the range. */
export function describeChart(plan: ChartPlan, choice: RangeChoice, columnsOf: (key: string) => Columns | undefined, begins: number | null = null): string {
  const descriptions = plan.lines.slice(0, MAX_DESCRIBED).map(({ key, label }) => {
    const columns = columnsOf(key);
    if (columns === undefined || !hasValues(columns)) return `${label}: no data`;
    const values = [average(columns), lowest(columns), highest(columns)].map((value) => formatValue(value, plan.unit));
    return `${label}: average ${values[0]}, lowest ${values[1]}, highest ${values[2]}`;
  });
  const thresholds = plan.thresholds.slice(0, MAX_DESCRIBED).map(({ severity, direction, at, lines }) => {
    const whose = lines.length < plan.lines.length ? ` of ${lines.slice(0, MAX_DESCRIBED).map(({ label }) => label).join(', ')}` : '';
    return `; ${severity}${whose} at or ${direction} ${formatValue(at, plan.unit)}`;
  });
  const more = plan.lines.length > MAX_DESCRIBED ? `; ${plan.lines.length - MAX_DESCRIBED} more lines` : '';
  const since = begins === null ? '' : ` ${beginText(begins)}.`;
  return `${plan.title}, ${describeRange(choice)}.${since} ${descriptions.join('; ')}${more}${thresholds.join('')}.`;
}
