/** What a replay found, in words. Pure. */
import type { BacktestResult, BacktestSeries } from '../../../shared/alerts/backtest-schemas';
import { formatSpan } from '../../../shared/alerts/alert-text';
import { SPANS } from '../../lib/range';
import type { Span } from '../../lib/range';

/** "Would have fired 3 times in the last 7 days." */
export function formatFiredCount({ fired, silent }: Pick<BacktestResult, 'fired' | 'silent'>, span: Span): string {
  const times = fired === 0 ? 'not have fired' : fired === 1 ? 'have fired once' : `have fired ${fired} times`;
  const quiet = silent === 0 ? '' : `, ${silent === fired ? 'always' : silent === 1 ? 'once' : `${silent} times`} too soon after a recovery to be announced`;
  return `Would ${times} in the ${SPANS[span].long}${quiet}.`;
}

/** How fine the judgement was, where it was not every sample. */
export function formatResolution(answer: BacktestResult): string {
  const coarse = answer.resolution.filter(({ means }) => means);
  if (coarse.length === 0) return '';
  const widest = Math.max(...coarse.map(({ step }) => step));
  const all = coarse.length === answer.resolution.length;
  return `${all ? 'Judged' : 'The older part is judged'} by means over ${formatSpan(widest / 1000)}: shorter peaks in between are not seen.`;
}

/** The series to draw: the one with the most incidents, else the first. */
export function mostListed(series: readonly BacktestSeries[]): BacktestSeries | null {
  return series.toSorted((a, b) => b.fired - a.fired)[0] ?? null;
}
