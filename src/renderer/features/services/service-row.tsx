/** One service in the list. */
import { memo } from 'react';
import type { ReactNode } from 'react';
import { seriesHealth } from '../../../shared/alerts/severity';
import type { OpenIncident } from '../../../shared/alerts/severity';
import { familyOf, seriesKey } from '../../../shared/metrics/index';
import { isRaised } from '../../../shared/metrics/severity';
import type { ServiceStatus } from '../../../shared/services/service-schemas';
import { useLive } from '../../app/app-context';
import type { Columns } from '../../data/columns';
import { formatAge } from '../../lib/age';
import { formatRoute } from '../../lib/route';
import { SeverityIcon } from '../../ui/severity-icon';
import { Value } from '../../ui/value';
import { DayBar, LatencyLine } from './day-bar';
import { nextText, stateText, subjectText } from './service-state';
import { formatUptime, measuredText } from './uptime';
import type { DayUptime, Uptime } from './uptime';
import { UPTIME_RANGES } from './use-uptime';

/** The address of the page of a service. */
function serviceLink(id: string): string {
  return formatRoute({ page: 'family', family: 'service', range: { kind: 'live', span: '1h' }, device: id });
}

/** The address of the editor of a service. */
export function editLink(id: string): string {
  return formatRoute({ page: 'family', family: 'service', range: { kind: 'live', span: '5m' }, edit: id });
}

/** "in 12 s", counting down. */
function NextProbe({ nextAt }: { readonly nextAt: number }) {
  const text = useLive(({ time }) => nextText(nextAt, time));
  return text === null ? null : <>{text}</>;
}

/** "for 3 h", to the minute after the first one. */
function Since({ since }: { readonly since: number }) {
  const text = useLive(({ time }) => (time === 0 ? null : formatAge(time - since)));
  return text === null ? null : <span className="quiet"> for {text}</span>;
}

/** Mark, word, and since when. */
export function ServiceState({ service }: { readonly service: ServiceStatus }) {
  const { word, severity, reason } = stateText(service);
  return (
    <p className="service-state" data-severity={severity}>
      <SeverityIcon severity={severity} />
      <span>
        <strong>{word}</strong>
        {service.isUp !== null && service.since !== null && <Since since={service.since} />}
        {reason !== null && <span className="service-reason">{reason}</span>}
      </span>
    </p>
  );
}

/** The uptime over the ranges; beside each, where a good part of it was not measured, how much was. */
export function Uptimes({ uptimes }: { readonly uptimes: readonly Uptime[] | undefined }) {
  return (
    <dl className="uptimes">
      {UPTIME_RANGES.map(({ label }, at) => {
        const uptime = uptimes?.[at];
        const measured = uptime === undefined ? null : measuredText(uptime);
        return (
          <div key={label}>
            <dt>{label}</dt>
            <dd title={measured ?? undefined} data-partial={measured !== null && uptime?.percent !== null ? true : undefined}>
              {uptime === undefined ? '' : formatUptime(uptime.percent)}
              {measured !== null && <span className="sr">, {measured}</span>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const METRICS = familyOf('service').device.metrics;

interface MetricValueProps {
  readonly id: string;
  readonly metric: string;
  readonly value: number | null;
  readonly open: readonly OpenIncident[];
}

/** A value, marked by the open alerts of its series. */
function MetricValue({ id, metric, value, open }: MetricValueProps) {
  const { mark } = seriesHealth(seriesKey('service', metric, id), open, value);
  return <Value value={value} unit={METRICS[metric]?.unit ?? 'count'} {...(isRaised(mark) ? { severity: mark } : {})} />;
}

/** Certificate, connections and the next probe: what a service has of them. */
function Facts({ service, open }: { readonly service: ServiceStatus; readonly open: readonly OpenIncident[] }) {
  const { id, result, nextAt } = service;
  return (
    <dl className="service-facts">
      {result !== null && result.certificateDays !== null && (
        <Fact label="Certificate">
          <MetricValue id={id} metric="certificateDays" value={result.certificateDays} open={open} />
        </Fact>
      )}
      {result !== null && result.connections !== null && (
        <Fact label="Connections">
          <span className="service-connections" data-severity={seriesHealth(seriesKey('service', 'connectionsUsage', id), open, null).mark}>
            {result.connections} / {result.connectionsMax ?? '–'}
          </span>
        </Fact>
      )}
      {nextAt !== null && (
        <Fact label={service.kind === 'heartbeat' ? 'Expected' : 'Next probe'}>
          <NextProbe nextAt={nextAt} />
        </Fact>
      )}
    </dl>
  );
}

interface ServiceRowProps {
  readonly service: ServiceStatus;
  readonly open: readonly OpenIncident[];
  /** These are undefined until they are known. */
  readonly uptimes: readonly Uptime[] | undefined;
  readonly days: readonly DayUptime[] | undefined;
  readonly latency: Columns | undefined;
  readonly latencyEnd: number;
  /** The reader may change services. */
  readonly canEdit: boolean;
}

/** State, name, latency, uptime and days of a service. */
export const ServiceRow = memo(function ServiceRow({ service, open, uptimes, days, latency, latencyEnd, canEdit }: ServiceRowProps) {
  const { id, name, kind } = service;
  return (
    <li className="service" data-state={service.isUp === false ? 'down' : undefined}>
      <div className="service-name">
        <a href={serviceLink(id)}>{name}</a>
        <p className="quiet" title={service.target ?? undefined}>
          {subjectText(service)}
        </p>
      </div>
      <ServiceState service={service} />
      <div className="service-latency">
        {kind !== 'heartbeat' && (
          <>
            <span className="sr">Latency</span>
            <MetricValue id={id} metric="latency" value={service.isUp === null ? null : (service.result?.latency ?? null)} open={open} />
            <LatencyLine columns={latency} end={latencyEnd} />
          </>
        )}
      </div>
      <Uptimes uptimes={uptimes} />
      <DayBar days={days} />
      <Facts service={service} open={open} />
      {canEdit && (
        <a className="button service-edit" href={editLink(id)} aria-label={`Edit ${name}`}>
          Edit
        </a>
      )}
    </li>
  );
});
