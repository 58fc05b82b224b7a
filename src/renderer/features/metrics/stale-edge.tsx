/** Marks where the values of a live chart end, when they are not current. */
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { leftAt, shareOf, widthOf } from '../../charts/plot-geometry';
import type { RangeChoice, TimeWindow } from '../../lib/range';
import type { Staleness } from '../../lib/freshness';
import { AsOf } from '../../app/staleness';
import './stale-edge.css';

function StaleEdge({ asOf, window }: { readonly asOf: number; readonly window: TimeWindow }) {
  const share = shareOf(asOf, window);
  return (
    <div className="stale-edge" data-side={share < 0.25 ? 'right' : 'left'} style={{ left: leftAt(share), width: widthOf(1 - share) }}>
      <AsOf at={asOf} />
    </div>
  );
}

/** The overlay of the charts of a range; null while it is current, and for a fixed range, which does not move. */
export function useStaleEdge(stale: Staleness | null, choice: RangeChoice, window: TimeWindow | undefined): ReactNode {
  const asOf = choice.kind === 'live' ? (stale?.asOf ?? null) : null;
  return useMemo(() => (asOf === null || window === undefined ? null : <StaleEdge asOf={asOf} window={window} />), [asOf, window]);
}
