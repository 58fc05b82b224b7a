/** The preview of a rule: what it would have done on past data. */
import { SaveImageButton } from '../../app/save-image-button';
import { useHistoryBegin } from '../../app/use-history-begin';
import { useMemo, useState } from 'react';
import type { BacktestResult, BacktestIncident, BacktestSeries } from '../../../shared/alerts/backtest-schemas';
import { metricOf } from '../../../shared/alerts/rule-validation';
import type { Rule } from '../../../shared/alerts/rule';
import { thresholdsOf } from '../../../shared/alerts/severity';
import { formatSpan, peakWord, wordOf } from '../../../shared/alerts/alert-text';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { formatValue } from '../../../shared/units';
import { createCursor } from '../../charts/chart-cursor';
import { TimeChart } from '../../charts/time-chart';
import { chartThresholds } from '../../charts/chart-plan';
import type { ChartPlan } from '../../charts/chart-plan';
import { leftAt, shareOf, widthOf } from '../../charts/plot-geometry';
import { beginText, beginWithin } from '../../lib/coverage';
import { formatDateTime } from '../../lib/range';
import type { Span, TimeWindow } from '../../lib/range';
import { formatFiredCount, formatResolution, seriesToDraw } from './backtest-text';
import { useOneSeries } from './use-one-series';
import { useBacktest } from './use-backtest';
import { FailureText } from '../../ui/failure-text';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';
import '../../charts/charts.css';
import '../../ui/tables.css';

const PREVIEW_SPANS = [
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const satisfies readonly (readonly [Span, string])[];
/** Incidents in the list below the chart; the chart shows all of them. */
const MAX_LISTED = 8;

const NO_EVENTS: readonly ActivityEvent[] = [];
const doNothing = (): void => undefined;

/** The incidents of the backtest over the plot. */
function IncidentOverlay({ incidents, window }: { readonly incidents: readonly BacktestIncident[]; readonly window: TimeWindow }) {
  return incidents.map(({ since, firedAt, clearedAt, severity, silent }) => {
    const from = shareOf(since, window);
    const width = widthOf(shareOf(clearedAt ?? window.to, window) - from);
    return <div key={firedAt} className="preview-incident" data-severity={severity} data-silent={silent} style={{ left: leftAt(from), width: `max(2px, ${width})` }} />;
  });
}

function toPlan(rule: Rule, { series, deviceLabel }: BacktestSeries): ChartPlan {
  const metric = metricOf(rule);
  const lines = [{ key: series, label: deviceLabel ?? metric?.label ?? series, color: 0 }];
  return {
    title: deviceLabel ?? metric?.label ?? rule.label,
    unit: metric?.unit ?? 'count',
    stacked: false,
    device: null,
    lines,
    // Of this rule alone, as it is being edited, even while it is turned off.
    thresholds: chartThresholds(lines, ({ key }) => thresholdsOf([{ ...rule, enabled: true }], key, undefined)),
    band: true,
  };
}

/** The history of the series with the incidents of the backtest. */
function PreviewChart({ rule, series, window }: { readonly rule: Rule; readonly series: BacktestSeries; readonly window: TimeWindow }) {
  const history = useOneSeries(series.series, window);
  const [cursor] = useState(createCursor);
  const plan = useMemo(() => toPlan(rule, series), [rule, series]);
  if (history === null) return null;
  const choice = { kind: 'fixed', ...history.window, span: '24h' } as const;
  return (
    <TimeChart
      plan={plan}
      choice={choice}
      action={<SaveImageButton page={rule.label} title={plan.title} choice={choice} window={history.window} begins={history.begins} />}
      history={history}
      cursor={cursor}
      onZoom={doNothing}
      onLive={doNothing}
      events={NO_EVENTS}
      at={null}
      onPick={doNothing}
      overlay={<IncidentOverlay incidents={series.incidents} window={history.window} />}
    />
  );
}

function IncidentList({ rule, series }: { readonly rule: Rule; readonly series: readonly BacktestSeries[] }) {
  const unit = metricOf(rule)?.unit ?? 'count';
  const all = series.flatMap(({ deviceLabel, series: key, incidents }) => incidents.map((incident) => ({ ...incident, key, deviceLabel }))).toSorted((a, b) => b.firedAt - a.firedAt);
  return (
    <ul className="preview-incidents">
      {all.slice(0, MAX_LISTED).map(({ key, deviceLabel, since, firedAt, clearedAt, severity, peak, silent }) => (
        <li key={`${key} ${firedAt}`}>
          <SeverityIcon severity={severity} />
          <span className="sr">{SEVERITY_LABELS[severity]}</span>
          <span>{formatDateTime(firedAt)}</span>
          {deviceLabel !== null && <span>{deviceLabel}</span>}
          <span className="quiet">
            {clearedAt === null ? 'ongoing' : formatSpan((clearedAt - since) / 1000)}
            {' · '}
            {rule.source === 'timeToFull' ? `${formatSpan(peak * 3600)} to full` : `${peakWord(peak, { series: key }, rule)} ${wordOf(peak, { series: key }) ?? formatValue(peak, unit)}`}
            {silent && ' · no notification'}
          </span>
        </li>
      ))}
      {all.length > MAX_LISTED && <li className="quiet">and {all.length - MAX_LISTED} earlier</li>}
    </ul>
  );
}

/** A count over thirty days says little of a history of one. */
function HistoryBegin({ window }: { readonly window: TimeWindow }) {
  const begin = beginWithin(useHistoryBegin(true), window);
  return begin === null ? null : `${beginText(begin)}; nothing before it was checked.`;
}

function PreviewResult({ rule, result, span, window }: { readonly rule: Rule; readonly result: BacktestResult; readonly span: Span; readonly window: TimeWindow }) {
  const series = seriesToDraw(result.series);
  return (
    <>
      <p className="preview-summary" data-fired={result.fired > 0}>
        {result.series.length === 0 ? 'No history for this metric.' : formatFiredCount(result, span)}
      </p>
      {series !== null && <PreviewChart rule={rule} series={series} window={window} />}
      <IncidentList rule={rule} series={result.series} />
      <p className="quiet preview-note">
        <HistoryBegin window={window} /> {formatResolution(result)} {result.leftOut > 0 && `${result.leftOut} more ${result.leftOut === 1 ? 'device' : 'devices'} not checked.`}
      </p>
    </>
  );
}

/** What the edited rule would have done on past data. `rule` is null while a field has an error: the last result stays. */
export function RulePreview({ rule }: { readonly rule: Rule | null }) {
  const [span, setSpan] = useState<Span>('7d');
  const [shownRule, setShownRule] = useState(rule);
  if (rule !== null && rule !== shownRule) setShownRule(rule);
  const { busy, result, window, failure } = useBacktest(rule, span);
  return (
    <section className="section preview" aria-label="Preview on past data" aria-busy={busy}>
      <h2 className="section-head">
        Preview on past data
        <select aria-label="Range" value={span} onChange={({ target }) => setSpan(PREVIEW_SPANS.find(([value]) => value === target.value)?.[0] ?? span)}>
          {PREVIEW_SPANS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </h2>
      <div className="preview-body" data-stale={busy || rule === null}>
        {rule === null && <p className="quiet">Fix the fields above to see a preview.</p>}
        <FailureText text={failure} />
        {result === null && failure === null && rule !== null && <p className="quiet">Checking history…</p>}
        {result !== null && window !== null && shownRule !== null && <PreviewResult rule={shownRule} result={result} span={span} window={window} />}
      </div>
    </section>
  );
}
