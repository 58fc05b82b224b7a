/** Text alternative of a chart, for assistive technology. */
import { formatValue } from '../../shared/units';
import type { ChartPlan } from './chart-plan';
import { hasValues, highest, lowest } from '../data/columns';
import type { Columns } from '../data/columns';
import { describeRange } from '../lib/range';
import type { RangeChoice } from '../lib/range';

/** Lines described; the others are counted. */
const MAX_DESCRIBED = 4;

/** Latest value of a series; null if its last point is a gap. */
export function latest(columns: Columns | undefined): number | null {
  return columns?.avg.at(-1) ?? null;
}

/** "Usage, last 5 minutes. Usage: last 3.1 %, lowest 1.0 %, highest 12 %; warning at or above 70 %." */
export function describeChart(plan: ChartPlan, choice: RangeChoice, columnsOf: (key: string) => Columns | undefined): string {
  const descriptions = plan.lines.slice(0, MAX_DESCRIBED).map(({ key, label }) => {
    const columns = columnsOf(key);
    if (columns === undefined || !hasValues(columns)) return `${label}: no data`;
    const values = [latest(columns), lowest(columns), highest(columns)].map((value) => formatValue(value, plan.unit));
    return `${label}: last ${values[0]}, lowest ${values[1]}, highest ${values[2]}`;
  });
  const thresholds = plan.thresholds.slice(0, MAX_DESCRIBED).map(({ severity, direction, at, lines }) => {
    const whose = lines.length < plan.lines.length ? ` of ${lines.slice(0, MAX_DESCRIBED).map(({ label }) => label).join(', ')}` : '';
    return `; ${severity}${whose} at or ${direction} ${formatValue(at, plan.unit)}`;
  });
  const more = plan.lines.length > MAX_DESCRIBED ? `; ${plan.lines.length - MAX_DESCRIBED} more lines` : '';
  return `${plan.title}, ${describeRange(choice)}. ${descriptions.join('; ')}${more}${thresholds.join('')}.`;
}
