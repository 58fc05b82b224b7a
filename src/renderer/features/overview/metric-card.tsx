/** The card of a metric group on the Overview. */
import { memo, useMemo } from 'react';
import { isSum } from '../../../shared/metrics/counter-start';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { DeviceReading, Reading } from '../../../shared/metrics/reading';
import { isRaised } from '../../../shared/metrics/severity';
import { useApp, useLink } from '../../app/app-context';
import { useFamilyHealth, useMarkingIncidents, useThresholds } from '../../app/health';
import { AsOf, DeviceFaultText, FaultText, useFamilyState } from '../../app/staleness';
import { useCountedSince } from '../../app/use-counted-since';
import { Sparkline } from '../../charts/sparkline';
import type { FamilyState } from '../../lib/freshness';
import { GaugeArc } from './gauge-arc';
import { cardModel, isPending } from '../../lib/card-model';
import type { CardModel, Figure } from '../../lib/card-model';
import { familyLink } from '../../lib/route';
import { commonUnitWidth } from '../../lib/value-width';
import { MetricValue } from '../../ui/metric-value';
import { HealthBadge } from '../../ui/severity-icon';
import { Value } from '../../ui/value';

/** Keys of the series in a family's sparkline, and their unit. */
function sparkOf(id: FamilyId) {
  const family = familyOf(id);
  const [first] = family.spark;
  const unit = first === undefined ? undefined : family.metrics[first]?.unit;
  return { series: family.spark.map((metric) => seriesKey(id, metric)), unit: unit ?? 'count' };
}

const Fact = memo(function Fact({ label, short, value, metric, beside, mark, unitWidth, pending }: Omit<Figure, 'key'> & { readonly unitWidth: number; readonly pending: boolean }) {
  return (
    <div className="fact">
      <dt title={label}>{short}</dt>
      <dd>
        <MetricValue metric={metric} value={value} unitWidth={beside === null ? unitWidth : 0} pending={pending} {...(isRaised(mark) ? { severity: mark } : {})} />
        {beside !== null && <span className="beside"> · {beside}</span>}
      </dd>
    </div>
  );
});

function Pair({ figures, pending }: { readonly figures: readonly Figure[]; readonly pending: boolean }) {
  return (
    <dl className="card-pair">
      {figures.map(({ key, short, metric, value }, at) => (
        <div key={key}>
          <dt>
            <span className={`swatch swatch-${at + 1}`} aria-hidden="true" />
            {metric.glyph} {short}
          </dt>
          <dd>
            <Value value={value} unit={metric.unit} pending={pending} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function BigNumber({ id, model, dimmed, pending }: { readonly id: FamilyId; readonly model: CardModel; readonly dimmed: boolean; readonly pending: boolean }) {
  const thresholds = useThresholds(seriesKey(id, model.figures[0]?.key ?? ''));
  const [figure] = model.figures;
  if (figure === undefined) return null;
  if (model.kind === 'pair') return <Pair figures={model.figures} pending={pending} />;
  const value = <Value value={figure.value} unit={figure.metric.unit} pending={pending} />;
  if (model.kind === 'number') {
    return (
      <div className="card-number" data-unit={figure.metric.unit}>
        {value}
        <span className="card-label">
          {model.state ?? figure.short}
          {figure.beside !== null && model.state === null && ` ${figure.beside}`}
        </span>
      </div>
    );
  }
  return (
    <div className="card-gauge">
      <GaugeArc value={figure.value} mark={dimmed ? 'unknown' : figure.mark} thresholds={thresholds} />
      {value}
      <span className="card-label">{model.state ?? figure.short}</span>
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

/** The first device that cannot be read, where the card has no main value for want of it. */
function blockingDevice(id: FamilyId, reading: Reading | undefined): DeviceReading | undefined {
  if (reading === undefined || (reading.values[familyOf(id).headline] ?? null) !== null) return undefined;
  return Object.values(reading.devices).find(({ fault }) => fault !== undefined);
}

/** A sparkline of the last five minutes; in its place why there is nothing to show. */
function CardFoot({ id, reading, fault }: { readonly id: FamilyId } & Pick<FamilyState, 'reading' | 'fault'>) {
  const { sparks } = useApp();
  const spark = useMemo(() => sparkOf(id), [id]);
  const device = blockingDevice(id, reading);
  if (fault !== undefined) return <FaultText family={id} fault={fault} details={false} />;
  if (device?.fault === undefined) return <Sparkline store={sparks.store} series={spark.series} unit={spark.unit} />;
  return (
    <div className="fault">
      <p>
        <strong>{device.label}</strong> <DeviceFaultText fault={device.fault} />
      </p>
    </div>
  );
}

/** A metric group at a glance: main value, facts, severity, and a sparkline of the last five minutes. */
export const MetricCard = memo(function MetricCard({ id }: { readonly id: FamilyId }) {
  const state = useFamilyState(id);
  const { reading, fault, stale } = state;
  const family = familyOf(id);
  const health = useFamilyHealth(id);
  const model = cardModel(id, reading, useMarkingIncidents());
  const link = useLink();
  const unitWidth = commonUnitWidth(model.facts.map(({ metric }) => metric.unit));
  const pending = isPending(state);
  return (
    <article className="card" data-family={id} data-stale={stale?.reason}>
      <header>
        <h2>
          <a className="card-link" href={link(familyLink(id))}>
            {family.label}
          </a>
        </h2>
        {fault === undefined && model.facts.some(({ metric }) => isSum(metric)) && <CountedSince id={id} />}
        {health !== null && <HealthBadge health={health} />}
        {stale !== null && <AsOf at={stale.asOf} />}
      </header>
      {fault !== undefined && reading === undefined ? (
        <div className="card-body" />
      ) : (
        <div className="card-body">
          <BigNumber id={id} model={model} dimmed={stale !== null} pending={pending} />
          <dl className="facts">
            {model.facts.map(({ key, ...fact }) => (
              <Fact key={key} {...fact} pending={pending} unitWidth={unitWidth} />
            ))}
          </dl>
        </div>
      )}
      <CardFoot id={id} reading={reading} fault={fault} />
    </article>
  );
});
