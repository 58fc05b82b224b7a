/** The card of a metric group on the Overview. */
import { memo, useMemo } from 'react';
import type { Health } from '../../../shared/alerts/severity';
import { FAULT_LABELS } from '../../../shared/metrics/fault-labels';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Fault } from '../../../shared/metrics/reading';
import { isRaised } from '../../../shared/metrics/severity';
import { useFault, useReading } from '../../app/app-context';
import { useFamilyHealth, useMarkingIncidents, useThresholds } from '../../app/health';
import { GaugeArc } from './gauge-arc';
import { Sparkline } from './sparkline';
import { cardModel } from '../../lib/card-model';
import type { CardModel, Figure } from '../../lib/card-model';
import { familyLink } from '../../lib/route';
import { commonUnitWidth } from '../../lib/value-width';
import { HealthBadge } from '../../ui/severity-icon';
import { Value } from '../../ui/value';

/** Of a family that cannot be read. */
const NO_DATA: Health = { severity: 'unknown', mark: 'unknown' };

/** Keys of the series in a family's sparkline, and their unit. */
function sparkOf(id: FamilyId) {
  const family = familyOf(id);
  const [first] = family.spark;
  const unit = first === undefined ? undefined : family.metrics[first]?.unit;
  return { series: family.spark.map((metric) => seriesKey(id, metric)), unit: unit ?? 'count' };
}

const Fact = memo(function Fact({ label, short, value, metric, mark, unitWidth }: Omit<Figure, 'key'> & { readonly unitWidth: number }) {
  return (
    <div className="fact">
      <dt title={label}>{short}</dt>
      <dd>
        <Value value={value} unit={metric.unit} unitWidth={unitWidth} {...(isRaised(mark) ? { severity: mark } : {})} />
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

function BigNumber({ id, model }: { readonly id: FamilyId; readonly model: CardModel }) {
  const thresholds = useThresholds(seriesKey(id, model.figures[0]?.key ?? ''));
  const [figure] = model.figures;
  if (figure === undefined) return null;
  if (model.kind === 'pair') return <Pair figures={model.figures} />;
  const value = <Value value={figure.value} unit={figure.metric.unit} />;
  if (model.kind === 'number') {
    return (
      <div className="card-number" data-unit={figure.metric.unit}>
        {value}
        <span className="card-label">{figure.short}</span>
      </div>
    );
  }
  return (
    <div className="card-gauge">
      <GaugeArc value={figure.value} mark={figure.mark} thresholds={thresholds} />
      {value}
      <span className="card-label">{figure.short}</span>
    </div>
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
  const health = useFamilyHealth(id);
  const model = cardModel(id, reading, useMarkingIncidents());
  const unitWidth = commonUnitWidth(model.facts.map(({ metric }) => metric.unit));
  const spark = useMemo(() => sparkOf(id), [id]);
  return (
    <article className="card" data-family={id}>
      <header>
        <h2>
          <a href={familyLink(id)}>{family.label}</a>
        </h2>
        {health !== null && <HealthBadge health={health} />}
        {health === null && fault !== undefined && <HealthBadge health={NO_DATA} />}
      </header>
      {fault === undefined ? (
        <div className="card-body">
          <BigNumber id={id} model={model} />
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
