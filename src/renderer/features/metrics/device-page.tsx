/** The page of one device: its state, a chart of each thing that is told of it, and its statistics, over one range. */
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { deviceHealth } from '../../../shared/alerts/severity';
import type { RuledDevice } from '../../../shared/alerts/severity';
import { deviceStateText } from '../../../shared/metrics/device-state';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { METRIC_PAGES } from '../../../shared/metrics/pages';
import type { DeviceReading } from '../../../shared/metrics/reading';
import { isRaised } from '../../../shared/metrics/severity';
import { settingOf } from '../../../shared/settings/device-settings';
import { useLink, useLive } from '../../app/app-context';
import { useDeviceSettings } from '../../app/device-settings';
import { useActiveRules, useMarkingIncidents } from '../../app/health';
import { AsOf, DeviceFaultText, FaultText, useFamilyState } from '../../app/staleness';
import { createCursor } from '../../charts/chart-cursor';
import type { ChartData } from '../../charts/chart-data';
import { planDeviceCharts } from '../../charts/chart-plan';
import type { ChartPlan } from '../../charts/chart-plan';
import { hasValues } from '../../data/columns';
import { COMPARES, formatRoute } from '../../lib/route';
import { HealthBadge } from '../../ui/severity-icon';
import { ChartGrid, HistoryStatus, useOverlay } from './chart-grid';
import { IncidentBar } from './incident-bar';
import { MetricToolbar } from './metric-toolbar';
import { ProcessesAtTimePanel } from './processes-at-time-panel';
import { StatsTable } from './stats-table';
import { useAnnotations } from './use-annotations';
import { useLinkedIncident } from './use-linked-incident';
import { useMetricHistory } from './use-metric-history';
import { useRanges } from './use-ranges';
import type { MetricAddress } from './use-ranges';
import './device-page.css';

/** An address that names a device. */
type DeviceAddress = MetricAddress & { readonly device: string };

/** What the device is called: as the person named it, as the reading does, or by its id where it is not there. */
function useDeviceLabel(family: FamilyId, id: string, device: DeviceReading | undefined): string {
  return settingOf(useDeviceSettings(), family, id)?.name ?? device?.label ?? id;
}

/** Longest part of the name of a file that is the device's label: the whole is limited. */
const MAX_FILE_LABEL = 80;

/** What is known of the device beside its values; its values are those of the last read, with their age. */
function DeviceHead({ address, label, device }: { readonly address: DeviceAddress; readonly label: string; readonly device: DeviceReading | undefined }) {
  const link = useLink();
  const { family, device: id, range, compare } = address;
  const { reading, fault, stale } = useFamilyState(family);
  const health = deviceHealth(family, id, device, useMarkingIncidents());
  const list = METRIC_PAGES[familyOf(family).page];
  return (
    <header className="page-head detail-head device-head">
      <a className="device-back" href={link(formatRoute({ page: 'family', family, range, ...(compare === undefined ? {} : { compare }) }))}>
        <span aria-hidden="true">‹ </span>
        {list}
      </a>
      <h1>{label}</h1>
      {device?.state !== undefined && <span className="device-now">{deviceStateText(device.state)}</span>}
      {isRaised(health.severity) && <HealthBadge health={health} />}
      {stale !== null && <AsOf at={stale.asOf} />}
      {device?.detail !== undefined && <p className="detail-note">{device.detail}</p>}
      {device?.fault !== undefined && (
        <p className="detail-note">
          <DeviceFaultText fault={device.fault} />
        </p>
      )}
      {reading !== undefined && device === undefined && <p className="absent">Not there now. Earlier values are shown below.</p>}
      {fault !== undefined && <FaultText family={family} fault={fault} details />}
    </header>
  );
}

/** The metrics of which there is a value, now or in the range; the same array as long as they are the same. */
function useTold(family: FamilyId, id: string, device: DeviceReading | undefined, history: ChartData | null): readonly string[] {
  const names = Object.keys(familyOf(family).device.metrics).filter((name) => (device?.values[name] ?? null) !== null || hasValues(history?.columns[seriesKey(family, name, id)]));
  const joined = names.join(' ');
  return useMemo(() => joined.split(' '), [joined]);
}

/** Its metrics that are stored: of the others there is nothing to draw but the moments while the page is open. */
function storedMetrics(family: FamilyId): readonly string[] {
  return Object.entries(familyOf(family).device.metrics).flatMap(([name, { stored }]) => (stored === false ? [] : [name]));
}

function useDeviceHistory({ family, device, range, compare }: DeviceAddress): ChartData | null {
  const started = useLive((state) => state.time > 0);
  const query = { family, device, choice: range, metrics: storedMetrics(family), deviceMetrics: [], devices: [], all: [], compare: compare === undefined ? 0 : COMPARES[compare].days, deviceStats: null };
  return useMetricHistory(query, started, useActiveRules());
}

/** The device as it was last read; the same object as long as nothing of it changes. */
function useDevice(family: FamilyId, id: string): DeviceReading | undefined {
  return useLive((state) => (state.readings[family] ?? state.lastKnown[family]?.reading)?.devices[id]);
}

/** What rules ask of it; the same object as long as it is the same. */
function useKnown(device: DeviceReading | undefined): RuledDevice {
  const { limits, media } = device ?? {};
  const text = JSON.stringify({ limits, media });
  return useMemo(() => JSON.parse(text) as RuledDevice, [text]);
}

/** The charts, that of a series first where there is one: what an alert is about is looked for first. */
function withFirst(plans: readonly ChartPlan[], series: string | undefined): readonly ChartPlan[] {
  const isAbout = ({ lines }: ChartPlan): boolean => lines.some(({ key }) => key === series);
  return plans.toSorted((a, b) => Number(isAbout(b)) - Number(isAbout(a)));
}

interface DevicePageProps {
  readonly address: DeviceAddress;
  /** What else is known of the device, below its charts. */
  readonly children?: ReactNode;
}

/** The page of one device. */
export function DevicePage({ address, children }: DevicePageProps) {
  const { family, device: id, range, compare, at } = address;
  const device = useDevice(family, id);
  const label = useDeviceLabel(family, id, device);
  const title = label.slice(0, MAX_FILE_LABEL);
  const history = useDeviceHistory(address);
  const ranges = useRanges(address);
  const linked = useLinkedIncident(address);
  const [cursor] = useState(createCursor);
  const families = useMemo(() => [family], [family]);
  const started = useLive((state) => state.time > 0);
  const annotations = useAnnotations(families, range, started, id);
  const { now, choose, goLive, zoom, onCompare, onUndo, unpick, pick } = ranges;
  const onPick = useCallback((time: number) => pick(time, family), [pick, family]);
  const over = useOverlay(family, range, linked, history?.window);
  const names = useTold(family, id, device, history);
  const rules = useActiveRules();
  const { metrics } = familyOf(family).device;
  const known = useKnown(device);
  const first = linked?.series;
  const plans = useMemo(() => withFirst(planDeviceCharts(family, id, known, rules, (name) => names.includes(name) && metrics[name]?.stored !== false), first), [family, id, known, rules, names, metrics, first]);
  // A word has no average.
  const told = useCallback((name: string) => names.includes(name) && metrics[name]?.words === undefined, [names, metrics]);
  return (
    <>
      <DeviceHead address={address} label={label} device={device} />
      {linked !== null && <IncidentBar incident={linked} />}
      <MetricToolbar title={title} {...{ compare, history, cursor, now, onCompare, onUndo }} choice={range} onChoose={choose} onLive={goLive} />
      <HistoryStatus history={history} />
      {history !== null && (
        <>
          {plans.length === 0 && history.status === 'ready' && <p className="page-empty">No values in this range.</p>}
          <ChartGrid page={title} plans={plans} {...{ history, cursor, at: at ?? null }} events={annotations.events} {...over} choice={range} beforeLabel={compare === undefined ? undefined : COMPARES[compare].label.toLowerCase()} onPick={onPick} onZoom={zoom} onLive={goLive} />
          <ProcessesAtTimePanel family={family} at={at ?? null} window={history.window} step={history.step} {...annotations} onPick={onPick} onClose={unpick} />
        </>
      )}
      {children}
      {history !== null && plans.length > 0 && <StatsTable family={family} device={id} known={known} told={told} history={history} cursor={cursor} />}
    </>
  );
}
