/** The card of a metric group on the Overview. */
import { memo, useMemo } from 'react';
import { familySeverity } from '../../../shared/metrics/assess';
import { isSum } from '../../../shared/metrics/counter-start';
import { FAULT_LABELS } from '../../../shared/metrics/fault-labels';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Fault } from '../../../shared/metrics/reading';
import { useFault, useReading } from '../../app/app-context';
import { useCountedSince } from '../../app/use-counted-since';
import { GaugeArc } from './gauge-arc';
import { Sparkline } from './sparkline';
import { cardModel, hasThresholds } from '../../lib/card-model';
import type { CardModel, Figure } from '../../lib/card-model';
import { familyLink } from '../../lib/route';
import { commonUnitWidth } from '../../lib/value-width';
import { Badge } from '../../ui/severity-icon';
import { Value } from '../../ui/value';

/** Keys of the series in a family's sparkline, and their unit. */
function sparkOf(id: FamilyId) {
  const family = familyOf(id);
  const [first] = family.spark;
  const unit = first === undefined ? undefined : family.metrics[first]?.unit;
  return { series: family.spark.map((metric) => seriesKey(id, metric)), unit: unit ?? 'count' };
}

const Fact = memo(function Fact({ label, short, value, metric, beside, severity, unitWidth }: Omit<Figure, 'key'> & { readonly unitWidth: number }) {
  const raised = severity === 'warning' || severity === 'critical' ? severity : undefined;
  return (
    <div className="fact">
      <dt title={label}>{short}</dt>
      <dd>
        <Value value={value} unit={metric.unit} unitWidth={beside === null ? unitWidth : 0} {...(raised === undefined ? {} : { severity: raised })} />
        {beside !== null && <span className="beside"> · {beside}</span>}
      </dd>
    </div>
  );
});

function Pair({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl className="card-pair">
      {figures.map(({ key, short, metric, value }, at) => (
        <div key={key}>
          <dt>
            <span className={`swatch swatch-${at + 1}`} aria-hidden="true" />
            {metric.glyph} {short}
          </dt>
          <dd>
            <Value value={value} unit={metric.unit} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function BigNumber({ model }: { readonly model: CardModel }) {
  const [figure] = model.figures;
  if (figure === undefined) return null;
  if (model.kind === 'pair') return <Pair figures={model.figures} />;
  const value = <Value value={figure.value} unit={figure.metric.unit} />;
  if (model.kind === 'number') {
    return (
      <div className="card-number" data-unit={figure.metric.unit}>
        {value}
        <span className="card-label">
          {figure.short}
          {figure.beside !== null && ` ${figure.beside}`}
        </span>
      </div>
    );
  }
  return (
    <div className="card-gauge">
      <GaugeArc value={figure.value} severity={figure.severity} thresholds={figure.metric.thresholds} />
      {value}
      <span className="card-label">{figure.short}</span>
    </div>
  );
}

/** Since when the sums among the facts count. */
function CountedSince({ id }: { readonly id: FamilyId }) {
  const text = useCountedSince(id);
  return text === null ? null : (
    <span className="card-since" title={`Totals ${text}`}>
      Totals {text}
    </span>
  );
}

function FaultText({ fault }: { readonly fault: Fault }) {
  return (
    <div className="card-fault">
      <strong>{FAULT_LABELS[fault.kind]}</strong>
      <p>{fault.message}</p>
    </div>
  );
}

/** A metric group at a glance: main value, facts, severity, and a sparkline of the last five minutes. */
export const MetricCard = memo(function MetricCard({ id }: { readonly id: FamilyId }) {
  const reading = useReading(id);
  const fault = useFault(id);
  const family = familyOf(id);
  const model = cardModel(id, reading);
  const unitWidth = commonUnitWidth(model.facts.map(({ metric }) => metric.unit));
  const spark = useMemo(() => sparkOf(id), [id]);
  return (
    <article className="card" data-family={id}>
      <header>
        <h2>
          <a href={familyLink(id)}>{family.label}</a>
        </h2>
        {fault === undefined && model.facts.some(({ metric }) => isSum(metric)) && <CountedSince id={id} />}
        {fault === undefined && hasThresholds(id, reading) && <Badge severity={familySeverity(id, reading)} />}
        {fault !== undefined && <Badge severity="unknown" />}
      </header>
      {fault === undefined ? (
        <div className="card-body">
          <BigNumber model={model} />
          <dl className="facts">
            {model.facts.map(({ key, ...fact }) => (
              <Fact key={key} {...fact} unitWidth={unitWidth} />
            ))}
          </dl>
        </div>
      ) : (
        <FaultText fault={fault} />
      )}
      <Sparkline series={spark.series} unit={spark.unit} />
    </article>
  );
});
