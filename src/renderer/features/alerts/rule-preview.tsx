import { SaveImageButton } from '../../app/save-image-button';
import { useMemo, useState } from 'react';
import type { BacktestResult, BacktestIncident, BacktestSeries } from '../../../shared/alerts/backtest-schemas';
import { metricOf } from '../../../shared/alerts/rule-validation';
import type { Rule } from '../../../shared/alerts/rule';
import { formatSpan } from '../../../shared/alerts/alert-text';
import type { ActivityEvent } from '../../../shared/timeline/event-schemas';
import { formatValue } from '../../../shared/units';
import { createCursor } from '../../charts/chart-cursor';
import { TimeChart } from '../../charts/time-chart';
import type { ChartPlan } from '../../charts/chart-plan';
import { leftAt, shareOf, widthOf } from '../../charts/plot-geometry';
import { formatMoment } from '../../lib/range';
import type { Span, TimeWindow } from '../../lib/range';
import { formatFiredCount, mostListed, formatResolution } from './backtest-text';
import { useOneSeries } from './use-one-series';
import { useBacktest } from './use-backtest';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';
import '../../charts/charts.css';
import '../../ui/tables.css';

const SPANS_TRIED = [
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const satisfies readonly (readonly [Span, string])[];
/** Incidents listed; the chart marks them all. */
const LISTED = 8;

const NO_EVENTS: readonly ActivityEvent[] = [];
const nothing = (): void => undefined;

/** Where incidents would have been, over the plot. */
function PreviewMarks({ incidents, window }: { readonly incidents: readonly BacktestIncident[]; readonly window: TimeWindow }) {
  return incidents.map(({ since, firedAt, clearedAt, severity, silent }) => {
    const from = shareOf(since, window);
    const width = widthOf(shareOf(clearedAt ?? window.to, window) - from);
    return <div key={firedAt} className="would-mark" data-severity={severity} data-silent={silent} style={{ left: leftAt(from), width: `max(2px, ${width})` }} />;
  });
}

function toPlan(rule: Rule, { series, deviceLabel }: BacktestSeries): ChartPlan {
  const metric = metricOf(rule);
  const { warning, critical } = rule;
  const own = rule.source === 'value' && rule.direction === 'above' && typeof warning?.threshold === 'number' && typeof critical?.threshold === 'number';
  return {
    title: deviceLabel ?? metric?.label ?? rule.label,
    unit: metric?.unit ?? 'count',
    stacked: false,
    device: null,
    lines: [{ key: series, label: deviceLabel ?? metric?.label ?? series, color: 0 }],
    thresholds: own ? { warning: warning.threshold ?? 0, critical: critical.threshold ?? 0 } : undefined,
    band: true,
  };
}

/** The metric's own history with the incidents marked on it. */
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
      action={<SaveImageButton page={rule.label} title={plan.title} choice={choice} to={history.window.to} />}
      history={history}
      cursor={cursor}
      onZoom={nothing}
      onLive={nothing}
      events={NO_EVENTS}
      at={null}
      onPick={nothing}
      overlay={<PreviewMarks incidents={series.incidents} window={history.window} />}
    />
  );
}

function WouldList({ rule, series }: { readonly rule: Rule; readonly series: readonly BacktestSeries[] }) {
  const unit = metricOf(rule)?.unit ?? 'count';
  const all = series.flatMap(({ deviceLabel, series: key, incidents }) => incidents.map((incident) => ({ ...incident, key, deviceLabel }))).toSorted((a, b) => b.firedAt - a.firedAt);
  return (
    <ul className="would-list">
      {all.slice(0, LISTED).map(({ key, deviceLabel, since, firedAt, clearedAt, severity, peak, silent }) => (
        <li key={`${key} ${firedAt}`}>
          <SeverityIcon severity={severity} />
          <span className="sr">{SEVERITY_LABELS[severity]}</span>
          <span>{formatMoment(firedAt)}</span>
          {deviceLabel !== null && <span>{deviceLabel}</span>}
          <span className="quiet">
            {clearedAt === null ? 'still lasts' : formatSpan((clearedAt - since) / 1000)}
            {' · '}
            {rule.source === 'timeToFull' ? `${formatSpan(peak * 3600)} to full` : `peak ${formatValue(peak, unit)}`}
            {silent && ' · not announced'}
          </span>
        </li>
      ))}
      {all.length > LISTED && <li className="quiet">and {all.length - LISTED} before</li>}
    </ul>
  );
}

function PreviewResult({ rule, answer, span, window }: { readonly rule: Rule; readonly answer: BacktestResult; readonly span: Span; readonly window: TimeWindow }) {
  const series = mostListed(answer.series);
  return (
    <>
      <p className="would-words" data-fired={answer.fired > 0}>
        {answer.series.length === 0 ? 'Nothing is stored of what this rule watches.' : formatFiredCount(answer, span)}
      </p>
      {series !== null && <PreviewChart rule={rule} series={series} window={window} />}
      <WouldList rule={rule} series={answer.series} />
      <p className="quiet would-note">
        {formatResolution(answer)} {answer.leftOut > 0 && `${answer.leftOut} more devices were not tried.`}
      </p>
    </>
  );
}

/** What the rule as it stands in the fields would have done. `rule` is null while a field is wrong. */
export function RulePreview({ rule }: { readonly rule: Rule | null }) {
  const [span, setSpan] = useState<Span>('7d');
  const [judged, setJudged] = useState(rule);
  if (rule !== null && rule !== judged) setJudged(rule);
  const { busy, answer, window, failure } = useBacktest(rule, span);
  return (
    <section className="sheet preview" aria-label="What it would have done" aria-busy={busy}>
      <h2 className="sheet-head">
        What it would have done
        <select aria-label="Try on" value={span} onChange={({ target }) => setSpan(SPANS_TRIED.find(([value]) => value === target.value)?.[0] ?? span)}>
          {SPANS_TRIED.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </h2>
      <div className="preview-body" data-stale={busy || rule === null}>
        {rule === null && <p className="quiet">The fields above need a look first.</p>}
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
        {answer === null && failure === null && rule !== null && <p className="quiet">Trying it on the history…</p>}
        {answer !== null && window !== null && judged !== null && <PreviewResult rule={judged} answer={answer} span={span} window={window} />}
      </div>
    </section>
  );
}
