/**
 * The page of a metric group: charts over a range with annotations, comparison and export, the processes at a picked time,
 * statistics, and a table of the devices.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports it,
 * lazily, because it loads the chart library; charts, ui, data, lib, theme and worker must not.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Reading } from '../../../shared/metrics/reading';
import { useApp, useLive } from '../../app/app-context';
import { useActiveRules, useFamilyHealth } from '../../app/health';
import { SaveImageButton } from '../../app/save-image-button';
import { AsOf, FaultText, useAbsentFamilies, useFamilyStaleness, useFamilyState } from '../../app/staleness';
import { createCursor } from '../../charts/chart-cursor';
import type { CursorStore } from '../../charts/chart-cursor';
import type { ChartData } from '../../charts/chart-data';
import { TimeChart } from '../../charts/time-chart';
import { cardModel, isPending, presenceOf } from '../../lib/card-model';
import { chartMetrics, planCharts } from '../../charts/chart-plan';
import type { ChartPlan, DeviceName } from '../../charts/chart-plan';
import { fixedRange } from '../../lib/range';
import type { RangeChoice, TimeWindow } from '../../lib/range';
import { COMPARES } from '../../lib/route';
import type { Compare } from '../../lib/route';
import { AbsentFamily } from './absent-family';
import { useStaleEdge } from './stale-edge';
import { MetricToolbar } from './metric-toolbar';
import { DeviceStats } from './device-stats';
import { DeviceTable } from './device-table';
import { ProcessesAtTimePanel } from './processes-at-time-panel';
import { StatsTable } from './stats-table';
import { DEVICE_CAP } from './metric-history';
import { IncidentBar, IncidentEdges } from './incident-bar';
import { useLinkedIncident } from './use-linked-incident';
import { useMetricHistory } from './use-metric-history';
import { useAnnotations } from './use-annotations';
import { HealthBadge } from '../../ui/severity-icon';
import { Value } from '../../ui/value';
import '../../charts/charts.css';
import '../../ui/tables.css';
import './annotations.css';

interface MetricPageProps {
  readonly family: FamilyId;
  readonly range: RangeChoice;
  readonly compare: Compare | undefined;
  /** The time that was picked, epoch ms. */
  readonly at: number | undefined;
  /** Id of the alert whose link led here. */
  readonly incident?: string | undefined;
}

/** Each device that cannot be read says so in its own row, with its time; the note would repeat it without. */
const hasDeviceFault = ({ devices }: Reading): boolean => Object.values(devices).some(({ fault }) => fault !== undefined);

function Headline({ family }: { readonly family: FamilyId }) {
  const state = useFamilyState(family);
  const { reading, fault, stale } = state;
  const isAbsent = presenceOf(reading, fault) === 'absent';
  const health = useFamilyHealth(family);
  const { figures } = cardModel(family, reading);
  return (
    <header className="page-head detail-head">
      <h1>{familyOf(family).label}</h1>
      <div className="headline" data-stale={stale?.reason}>
        {!isAbsent && figures.map(({ key, label, metric, value, beside }) => (
          <span className="headline-figure" key={key}>
            {figures.length > 1 && <span className="headline-label">{metric.glyph ?? label}</span>}
            <Value value={value} unit={metric.unit} pending={isPending(state)} />
            {beside !== null && <span className="headline-label">{beside}</span>}
          </span>
        ))}
      </div>
      {stale !== null && <AsOf at={stale.asOf} />}
      {health !== null && <HealthBadge health={health} />}
      <p className="detail-note">
        {familyOf(family).description} {reading?.note !== undefined && !hasDeviceFault(reading) && <span className="note">{reading.note}</span>}
      </p>
      {isAbsent && <p className="absent">Not available on this machine now. Earlier values are shown below.</p>}
      {fault !== undefined && <FaultText family={family} fault={fault} details />}
    </header>
  );
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

/** Callbacks that change range, comparison and picked time. Escape clears the picked time, then returns to live. */
function useRanges({ family, range, compare, at, incident }: MetricPageProps) {
  const { router, live } = useApp();
  const now = useCallback(() => live.getState().time, [live]);
  const show = useCallback(
    (choice: RangeChoice, other: Compare | undefined, time?: number) => {
      // A live range leaves the alert whose link led here.
      const linked = incident === undefined || choice.kind === 'live' ? {} : { incident };
      router.go({ page: 'family', family, range: choice, ...(other === undefined ? {} : { compare: other }), ...(time === undefined ? {} : { at: time }), ...linked });
    },
    [router, family, incident],
  );
  const choose = useCallback((choice: RangeChoice) => show(choice, compare), [show, compare]);
  const pick = useCallback((time: number) => show(range, compare, Math.round(time)), [show, range, compare]);
  const unpick = useCallback(() => show(range, compare), [show, range, compare]);
  const goLive = useCallback(() => choose({ kind: 'live', span: range.span }), [choose, range.span]);
  const zoom = useCallback(({ from, to }: TimeWindow) => choose(fixedRange(from, to, range.span, now())), [choose, range.span, now]);
  const onCompare = useCallback((other: Compare | undefined) => show(range, other), [show, range]);
  const fixed = range.kind === 'fixed';
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      if (at !== undefined) unpick();
      else if (fixed) goLive();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [fixed, goLive, at, unpick]);
  return { now, choose, goLive, zoom, pick, unpick, onCompare, onUndo: router.back };
}

interface ChartsProps {
  readonly page: string;
  readonly plans: readonly ChartPlan[];
  readonly choice: RangeChoice;
  readonly history: ChartData;
  readonly cursor: CursorStore;
  /** Whether there are more devices than are drawn by default. */
  readonly capped: boolean;
  readonly beforeLabel: string | undefined;
  readonly onZoom: (window: TimeWindow) => void;
  readonly onLive: () => void;
  readonly events: readonly ActivityEvent[];
  readonly at: number | null;
  readonly onPick: (time: number) => void;
  readonly onToggleAll: (metric: string) => void;
  /** Marks where the values end, and the edges of the alert whose link led here; null without either. */
  readonly overlay: ReactNode;
  /** The values end before the window does. */
  readonly isStale: boolean;
}

function Charts({ page, plans, capped, isStale, onToggleAll, ...shared }: ChartsProps) {
  return (
    <div className="charts" data-stale={isStale || undefined}>
      {plans.map((plan) => {
        const metric = plan.device?.metric;
        return (
          <TimeChart
            key={plan.title}
            plan={plan}
            {...shared}
            maxDevices={DEVICE_CAP}
            onToggleAll={capped && metric !== undefined ? () => onToggleAll(metric) : undefined}
            action={<SaveImageButton page={page} title={plan.title} choice={shared.choice} window={shared.history.window} begins={shared.history.begins} />}
          />
        );
      })}
    </div>
  );
}

/** The page of one family; of one that this machine lacks the reason alone, unless a time in the past was asked for. */
export function MetricPage(props: MetricPageProps) {
  const isAbsent = useAbsentFamilies().includes(props.family);
  const [earlier, setEarlier] = useState(false);
  const isPast = earlier || props.range.kind === 'fixed' || props.at !== undefined;
  if (isAbsent && !isPast) return <AbsentFamily family={props.family} onShow={() => setEarlier(true)} />;
  return <FamilyPage {...props} />;
}

function FamilyPage({ family, range, compare, at, incident }: MetricPageProps) {
  const stale = useFamilyStaleness(family);
  const started = useLive((state) => state.time > 0);
  const devices = useDeviceNames(family);
  const [all, setAll] = useState<readonly string[]>([]);
  const [deviceStats, setDeviceStats] = useState<string | null>(null);
  const [cursor] = useState(createCursor);
  const comparison = compare === undefined ? undefined : COMPARES[compare];
  const query = { family, choice: range, ...chartMetrics(family), devices: devices.map(({ id }) => id), all, compare: comparison?.days ?? 0, deviceStats };
  const rules = useActiveRules();
  const history = useMetricHistory(query, started, rules);
  const annotations = useAnnotations(family, range, started);
  const shown = history?.shown;
  const untold = useUntold(family);
  const plans = useMemo(() => planCharts(family, devices, shown ?? {}, rules, untold), [family, devices, shown, rules, untold]);
  const { now, choose, goLive, zoom, pick, unpick, onCompare, onUndo } = useRanges({ family, range, compare, at, incident });
  const linked = useLinkedIncident({ family, range, at, incident });
  const edge = useStaleEdge(stale, range, history?.window);
  const window = history?.window;
  const edges = useMemo(() => (linked === null || window === undefined ? null : <IncidentEdges incident={linked} window={window} />), [linked, window]);
  const overlay = useMemo(() => (edge === null && edges === null ? null : <>{edges}{edge}</>), [edge, edges]);
  const picked = at ?? null;
  const toggle = (metric: string): void => setAll(all.includes(metric) ? all.filter((name) => name !== metric) : [...all, metric]);
  return (
    <>
      <Headline family={family} />
      {linked !== null && <IncidentBar incident={linked} />}
      <MetricToolbar title={familyOf(family).label} choice={range} {...{ compare, history, cursor, now, onCompare, onUndo }} onChoose={choose} onLive={goLive} />
      {history === null && <p className="page-empty">{started ? 'Loading…' : 'Collecting the first readings…'}</p>}
      {history?.status === 'failed' && (
        <p className="page-empty" role="alert">
          Couldn’t load history: {history.message}
        </p>
      )}
      {history !== null && (
        <>
          <Charts {...{ plans, history, cursor, overlay }} isStale={edge !== null} page={familyOf(family).label} choice={range} capped={devices.length > DEVICE_CAP} beforeLabel={comparison?.label.toLowerCase()} events={annotations.events} at={picked} onPick={pick} onZoom={zoom} onLive={goLive} onToggleAll={toggle} />
          <ProcessesAtTimePanel family={family} at={picked} window={history.window} step={history.step} {...annotations} onPick={pick} onClose={unpick} />
          <StatsTable family={family} history={history} cursor={cursor} />
          <DeviceStats family={family} devices={devices} history={history} metric={deviceStats} onMetric={setDeviceStats} />
        </>
      )}
      <DeviceTable family={family} />
    </>
  );
}
