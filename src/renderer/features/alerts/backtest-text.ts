/** Text for the result of a backtest: how often a rule would have fired, and how exact that count is. Pure. */
import type { BacktestResult, BacktestSeries } from '../../../shared/alerts/backtest-schemas';
import { formatSpan } from '../../../shared/alerts/alert-text';
import { SPANS } from '../../lib/range';
import type { Span } from '../../lib/range';

/** " (1 within the cooldown)": the incidents that would not have sent a notification; empty for none. */
function formatSilentCount({ fired, silent }: Pick<BacktestResult, 'fired' | 'silent'>): string {
  if (silent === 0) return '';
  const count = silent < fired ? `${silent} ` : fired === 1 ? '' : 'all ';
  return ` (${count}within the cooldown)`;
}

/** "Would have fired 3 times in the last 7 days." */
export function formatFiredCount({ fired, silent }: Pick<BacktestResult, 'fired' | 'silent'>, span: Span): string {
  const times = fired === 0 ? 'not have fired' : fired === 1 ? 'have fired once' : `have fired ${fired} times`;
  return `Would ${times} in the ${SPANS[span].long}${formatSilentCount({ fired, silent })}.`;
}

/** The step of the averages that were evaluated; empty where every sample was. */
export function formatResolution({ resolution }: BacktestResult): string {
  const averaged = resolution.filter(({ means }) => means);
  if (averaged.length === 0) return '';
  const widest = Math.max(...averaged.map(({ step }) => step));
  const isAll = averaged.length === resolution.length;
  return `${isAll ? 'Based' : 'Older data is based'} on ${formatSpan(widest / 1000)} averages; shorter peaks are not counted.`;
}

/** The series to draw: the one with the most incidents, else the first; null where there is none. */
export function seriesToDraw(series: readonly BacktestSeries[]): BacktestSeries | null {
  return series.toSorted((a, b) => b.fired - a.fired)[0] ?? null;
}
