/** The part of a plot before the history begins: shaded and labelled, so that an empty chart does not read as an idle machine. */
import { beginText, beginWithin } from '../lib/coverage';
import type { TimeWindow } from '../lib/range';
import type { ChartData } from './chart-data';
import type { ChartPlan } from './chart-plan';
import { leftAt, shareOf, widthOf } from './plot-geometry';

/** From this share of the plot on the label is in the shaded part, otherwise beside it. */
const WIDE = 0.45;

/** When the history begins, if that is within the window; never after the first point that is drawn. */
export function historyBegin({ begins, window, step, columns }: Pick<ChartData, 'begins' | 'window' | 'step' | 'columns'>, plan: ChartPlan): number | null {
  const first = Math.min(...plan.lines.map(({ key }) => columns[key]?.time[0] ?? Infinity));
  return beginWithin(begins === null ? null : Math.min(begins, first + step), window);
}

/** Over the canvas; nothing where the history begins before the window. */
export function BeforeHistory({ begins, window }: { readonly begins: number | null; readonly window: TimeWindow }) {
  if (begins === null) return null;
  const share = shareOf(begins, window);
  const side = share >= WIDE ? 'inside' : 'beside';
  return (
    <>
      <div className="before-history" style={{ left: leftAt(0), width: widthOf(share) }} aria-hidden="true" />
      <p className="history-begin" data-side={side} style={side === 'inside' ? { left: leftAt(0), width: widthOf(share) } : { left: leftAt(share), width: widthOf(1 - share) }}>
        <span>{beginText(begins)}</span>
      </p>
    </>
  );
}
