/** The charts of a family or of one device, what is drawn over them, and what stands in their place while there are none. */
import { memo, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { FamilyId } from '../../../shared/metrics/index';
import { useLive } from '../../app/app-context';
import { SaveImageButton } from '../../app/save-image-button';
import { useFamilyStaleness } from '../../app/staleness';
import type { ChartData } from '../../charts/chart-data';
import type { ChartPlan } from '../../charts/chart-plan';
import { TimeChart } from '../../charts/time-chart';
import type { TimeChartProps } from '../../charts/time-chart';
import type { RangeChoice, TimeWindow } from '../../lib/range';
import { IncidentEdges } from './incident-bar';
import { useStaleEdge } from './stale-edge';

/** What is drawn over the charts: where the values end, and the edges of the alert whose link led here; null without either. */
export function useOverlay(family: FamilyId, range: RangeChoice, linked: Incident | null, window: TimeWindow | undefined): { readonly overlay: ReactNode; readonly isStale: boolean } {
  const edge = useStaleEdge(useFamilyStaleness(family), range, window);
  const edges = useMemo(() => (linked === null || window === undefined ? null : <IncidentEdges incident={linked} window={window} />), [linked, window]);
  const overlay = useMemo(() => (edge === null && edges === null ? null : <>{edges}{edge}</>), [edge, edges]);
  return { overlay, isStale: edge !== null };
}

/** What the charts of a page have in common. */
export type SharedProps = Omit<TimeChartProps, 'plan' | 'maxDevices' | 'onToggleAll' | 'action'>;

interface ChartGridProps extends SharedProps {
  /** What they are of: names of saved images begin with it. */
  readonly page: string;
  readonly plans: readonly ChartPlan[];
  /** The values end before the window does. */
  readonly isStale: boolean;
  /** Number of devices drawn unless all are shown, and what shows all of a chart; none where no device is left out. */
  readonly maxDevices?: number;
  readonly toggleOf?: (plan: ChartPlan) => (() => void) | undefined;
}

/** One chart for each plan. */
export const ChartGrid = memo(function ChartGrid({ page, plans, isStale, maxDevices, toggleOf, ...shared }: ChartGridProps) {
  const { window, begins } = shared.history;
  return (
    <div className="charts" data-stale={isStale || undefined}>
      {plans.map((plan) => (
        <TimeChart key={plan.title} plan={plan} {...shared} maxDevices={maxDevices} onToggleAll={toggleOf?.(plan)} action={<SaveImageButton page={page} title={plan.title} choice={shared.choice} window={window} begins={begins} />} />
      ))}
    </div>
  );
});

/** What stands in the place of charts that are not there. */
export function HistoryStatus({ history }: { readonly history: ChartData | null }) {
  const hasReadings = useLive((state) => state.time > 0);
  if (history === null) return <p className="page-empty">{hasReadings ? 'Loading…' : 'Collecting the first readings…'}</p>;
  if (history.status !== 'failed') return null;
  return (
    <p className="page-empty" role="alert">
      Couldn’t load history: {history.message}
    </p>
  );
}
