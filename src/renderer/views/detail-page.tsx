import { useCallback, useEffect, useMemo, useState } from 'react';
import { familySeverity } from '../../shared/metrics/assess';
import { familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import { useApp, useFault, useLive, useReading } from '../app-context';
import { createCursor } from '../charts/cursor';
import { TimeChart } from '../charts/time-chart';
import { cardModel, isJudged, presenceOf } from '../lib/card-model';
import { chartMetrics, planCharts } from '../lib/chart-plan';
import type { DeviceName } from '../lib/chart-plan';
import { fixedRange } from '../lib/range';
import type { RangeChoice, TimeWindow } from '../lib/range';
import { DetailToolbar } from '../panels/detail-toolbar';
import { DeviceTable } from '../panels/device-table';
import { StatsTable } from '../panels/stats-table';
import { DEVICE_CAP } from '../stores/history';
import { useHistory } from '../stores/use-history';
import { Badge } from '../ui/severity';
import { Value } from '../ui/value';
import '../theme/detail.css';

interface DetailPageProps {
  readonly family: FamilyId;
  readonly range: RangeChoice;
}

function Headline({ family }: { readonly family: FamilyId }) {
  const reading = useReading(family);
  const fault = useFault(family);
  const { figures } = cardModel(family, reading);
  return (
    <header className="page-head detail-head">
      <h1>{familyOf(family).label}</h1>
      <div className="headline">
        {figures.map(({ key, label, metric, value }) => (
          <span className="headline-figure" key={key}>
            {figures.length > 1 && <span className="headline-label">{metric.glyph ?? label}</span>}
            <Value value={value} unit={metric.unit} />
          </span>
        ))}
      </div>
      {isJudged(family, reading) && <Badge severity={familySeverity(family, reading)} />}
      <p className="detail-note">
        {familyOf(family).description} {reading?.note !== undefined && <span className="note">{reading.note}</span>}
      </p>
      {presenceOf(reading, fault) === 'absent' && <p className="absent">Not available on this machine now. What was kept of earlier values stands below.</p>}
      {fault !== undefined && (
        <p className="detail-fault" role="alert">
          <strong>{fault.kind}</strong> {fault.message}
        </p>
      )}
    </header>
  );
}

/** The devices by id and name; the same list as long as these are the same. */
function useDeviceNames(family: FamilyId): readonly DeviceName[] {
  const told = useLive((state) => JSON.stringify(Object.entries(state.readings[family]?.devices ?? {}).map(([id, { label }]) => ({ id, label }))));
  return useMemo(() => JSON.parse(told) as readonly DeviceName[], [told]);
}

/** Everything about one family: its history over a range, statistics, and its devices. */
export function DetailPage({ family, range }: DetailPageProps) {
  const { router, live } = useApp();
  const started = useLive((state) => state.time > 0);
  const devices = useDeviceNames(family);
  const [all, setAll] = useState<readonly string[]>([]);
  const [cursor] = useState(createCursor);
  const wish = { family, choice: range, ...chartMetrics(family), devices: devices.map(({ id }) => id), all };
  const history = useHistory(wish, started);
  const shown = history?.shown;
  const plans = useMemo(() => planCharts(family, devices, shown ?? {}), [family, devices, shown]);

  const now = useCallback(() => live.getState().time, [live]);
  const choose = useCallback((choice: RangeChoice) => router.go({ page: 'family', family, range: choice }), [router, family]);
  const goLive = useCallback(() => choose({ kind: 'live', span: range.span }), [choose, range.span]);
  const zoom = useCallback(({ from, to }: TimeWindow) => choose(fixedRange(from, to, range.span, now())), [choose, range.span, now]);
  const toggle = (metric: string): void => setAll(all.includes(metric) ? all.filter((name) => name !== metric) : [...all, metric]);
  const fixed = range.kind === 'fixed';
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && fixed) goLive();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [fixed, goLive]);

  return (
    <>
      <Headline family={family} />
      <DetailToolbar choice={range} window={history?.window ?? null} cursor={cursor} now={now} onChoose={choose} onLive={goLive} onUndo={router.back} />
      {history === null && <p className="page-empty">{started ? 'Loading…' : 'Collecting the first minute…'}</p>}
      {history?.status === 'failed' && (
        <p className="page-empty" role="alert">
          The history could not be read: {history.message}
        </p>
      )}
      {history !== null && (
        <>
          <div className="charts">
            {plans.map((plan) => {
              const metric = plan.device?.metric;
              const capped = metric !== undefined && devices.length > DEVICE_CAP;
              return (
                <TimeChart
                  key={plan.title}
                  plan={plan}
                  choice={range}
                  history={history}
                  cursor={cursor}
                  onZoom={zoom}
                  onLive={goLive}
                  onToggleAll={capped ? () => toggle(metric) : undefined}
                />
              );
            })}
          </div>
          <StatsTable family={family} history={history} cursor={cursor} />
        </>
      )}
      <DeviceTable family={family} />
    </>
  );
}
