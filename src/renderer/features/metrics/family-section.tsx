/** One family on a metric page: its charts, statistics and devices. */
import { memo, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Incident } from '../../../shared/alerts/incident';
import { familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useLive } from '../../app/app-context';
import { useActiveRules } from '../../app/health';
import { SaveImageButton } from '../../app/save-image-button';
import { useFamilyStaleness } from '../../app/staleness';
import { isAnnotated } from '../../charts/annotation-groups';
import type { CursorStore } from '../../charts/chart-cursor';
import type { ChartData } from '../../charts/chart-data';
import { chartMetrics, planCharts, withoutSilent } from '../../charts/chart-plan';
import type { DeviceName } from '../../charts/chart-plan';
import { TimeChart } from '../../charts/time-chart';
import type { TimeChartProps } from '../../charts/time-chart';
import type { RangeChoice, TimeWindow } from '../../lib/range';
import { COMPARES } from '../../lib/route';
import type { Compare } from '../../lib/route';
import type { AnnotationsState } from './annotations';
import { DeviceStats } from './device-stats';
import { DeviceTable } from './device-table';
import { areLoaded } from './histories';
import type { Histories } from './histories';
import { IncidentEdges } from './incident-bar';
import { DEVICE_CAP } from './metric-history';
import { ProcessesAtTimePanel } from './processes-at-time-panel';
import { useStaleEdge } from './stale-edge';
import { StatsTable } from './stats-table';
import { useMetricHistory } from './use-metric-history';
import type { Ranges } from './use-ranges';

interface FamilySectionProps {
  readonly family: FamilyId;
  /** Those with charts on the page; the ones above it are loaded first. */
  readonly families: readonly FamilyId[];
  readonly range: RangeChoice;
  readonly compare: Compare | undefined;
  readonly ranges: Pick<Ranges, 'zoom' | 'goLive'>;
  readonly cursor: CursorStore;
  readonly histories: StoreApi<Histories>;
  /** Those of the whole page. */
  readonly annotations: AnnotationsState;
  /** The time that was picked, epoch ms; null for none. */
  readonly at: number | null;
  readonly onPick: (time: number, family: FamilyId) => void;
  readonly onUnpick: () => void;
  /** The alert whose link led here, if it is one of the family. */
  readonly linked: Incident | null;
  /** Whether the processes at the picked time are shown under its charts. */
  readonly hasProcesses: boolean;
}

/** Ids, labels, limits and kinds of the devices; the same array as long as they do not change. */
function useDeviceNames(family: FamilyId): readonly DeviceName[] {
  const names = useLive((state) => JSON.stringify(Object.entries((state.readings[family] ?? state.lastKnown[family]?.reading)?.devices ?? {}).map(([id, { label, limits, media }]) => ({ id, label, ...(limits === undefined ? {} : { limits }), ...(media === undefined ? {} : { media }) }))));
  return useMemo(() => JSON.parse(names) as readonly DeviceName[], [names]);
}

/** Metrics that the system tells nobody; the same array as long as they do not change. */
function useUntold(family: FamilyId): readonly string[] {
  const names = useLive((state) => ((state.readings[family] ?? state.lastKnown[family]?.reading)?.untold ?? []).join(' '));
  return useMemo(() => (names === '' ? [] : names.split(' ')), [names]);
}

/** Metrics that none of the devices tells now, once all could have told; the same array as long as they do not change. */
function useSilent(family: FamilyId): readonly string[] {
  const names = useLive((state) => {
    const reading = state.readings[family];
    if (reading === undefined || reading.isFirst === true) return '';
    const devices = Object.values(reading.devices);
    return Object.keys(familyOf(family).device.metrics).filter((name) => devices.every(({ values }) => (values[name] ?? null) === null)).join(' ');
  });
  return useMemo(() => names.split(' '), [names]);
}

/** What is drawn over the charts: where the values end, and the edges of the alert whose link led here; null without either. */
function useOverlay(family: FamilyId, range: RangeChoice, linked: Incident | null, window: TimeWindow | undefined): { readonly overlay: ReactNode; readonly isStale: boolean } {
  const edge = useStaleEdge(useFamilyStaleness(family), range, window);
  const edges = useMemo(() => (linked === null || window === undefined ? null : <IncidentEdges incident={linked} window={window} />), [linked, window]);
  const overlay = useMemo(() => (edge === null && edges === null ? null : <>{edges}{edge}</>), [edge, edges]);
  return { overlay, isStale: edge !== null };
}

/** What the charts of a family have in common. */
type SharedProps = Omit<TimeChartProps, 'plan' | 'maxDevices' | 'onToggleAll' | 'action'>;

interface ChartsProps extends SharedProps {
  readonly family: FamilyId;
  readonly devices: readonly DeviceName[];
  /** The values end before the window does. */
  readonly isStale: boolean;
  readonly onToggleAll: (metric: string) => void;
}

function Charts({ family, devices, isStale, onToggleAll, ...shared }: ChartsProps) {
  const rules = useActiveRules();
  const untold = useUntold(family);
  const { shown, window, begins, columns, before } = shared.history;
  const silent = useSilent(family);
  const plans = useMemo(() => planCharts(family, devices, shown, rules, untold), [family, devices, shown, rules, untold]);
  const drawn = useMemo(() => withoutSilent(plans, silent, { columns, before }), [plans, silent, columns, before]);
  return (
    <div className="charts" data-stale={isStale || undefined}>
      {drawn.map((plan) => {
        const metric = plan.device?.metric;
        return (
          <TimeChart
            key={plan.title}
            plan={plan}
            {...shared}
            maxDevices={DEVICE_CAP}
            onToggleAll={devices.length > DEVICE_CAP && metric !== undefined ? () => onToggleAll(metric) : undefined}
            action={<SaveImageButton page={familyOf(family).label} title={plan.title} choice={shared.choice} window={window} begins={begins} />}
          />
        );
      })}
    </div>
  );
}

/** Loads the history of the family once those above it are loaded, and tells the page. */
function useSectionHistory({ family, families, range, compare, histories }: FamilySectionProps, devices: readonly DeviceName[], all: readonly string[], deviceStats: string | null): ChartData | null {
  const hasReadings = useLive((state) => state.time > 0);
  const isNext = useStore(histories, (state) => areLoaded(state, families.slice(0, families.indexOf(family))));
  const query = { family, choice: range, ...chartMetrics(family), devices: devices.map(({ id }) => id), all, compare: compare === undefined ? 0 : COMPARES[compare].days, deviceStats };
  const history = useMetricHistory(query, hasReadings && isNext, useActiveRules());
  useEffect(() => {
    if (history !== null) histories.setState({ [family]: history });
  }, [histories, family, history]);
  return history;
}

/** What stands in the place of charts that are not there. */
function HistoryStatus({ history }: { readonly history: ChartData | null }) {
  const hasReadings = useLive((state) => state.time > 0);
  if (history === null) return <p className="page-empty">{hasReadings ? 'Loading…' : 'Collecting the first readings…'}</p>;
  if (history.status !== 'failed') return null;
  return (
    <p className="page-empty" role="alert">
      Couldn’t load history: {history.message}
    </p>
  );
}

/** A family over a range. */
export const FamilySection = memo(function FamilySection(props: FamilySectionProps) {
  const { family, range, compare, ranges, cursor, annotations, at, onPick, onUnpick, linked, hasProcesses } = props;
  const devices = useDeviceNames(family);
  const [all, setAll] = useState<readonly string[]>([]);
  const [deviceStats, setDeviceStats] = useState<string | null>(null);
  const history = useSectionHistory(props, devices, all, deviceStats);
  const events = useMemo(() => annotations.events.filter((event) => isAnnotated(event, family)), [annotations.events, family]);
  const over = useOverlay(family, range, linked, history?.window);
  const pick = useCallback((time: number) => onPick(time, family), [onPick, family]);
  const toggle = (metric: string): void => setAll(all.includes(metric) ? all.filter((name) => name !== metric) : [...all, metric]);
  return (
    <>
      <HistoryStatus history={history} />
      {history !== null && (
        <>
          <Charts {...{ family, devices, history, cursor, events, at }} {...over} choice={range} beforeLabel={compare === undefined ? undefined : COMPARES[compare].label.toLowerCase()} onPick={pick} onZoom={ranges.zoom} onLive={ranges.goLive} onToggleAll={toggle} />
          {hasProcesses && <ProcessesAtTimePanel family={family} at={at} window={history.window} step={history.step} {...annotations} onPick={pick} onClose={onUnpick} />}
          <StatsTable family={family} history={history} cursor={cursor} />
          <DeviceStats family={family} devices={devices} history={history} metric={deviceStats} onMetric={setDeviceStats} />
        </>
      )}
      <DeviceTable family={family} />
    </>
  );
});
