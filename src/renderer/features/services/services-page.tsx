/**
 * The page of services: all of them with their states, the editor of one, and the panel that the page of one shows below its
 * charts (service-panel.tsx). It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only
 * frame.tsx imports it, lazily.
 */
import { useMemo, useState } from 'react';
import { familyOf } from '../../../shared/metrics/index';
import type { ServiceList } from '../../../shared/services/service-schemas';
import { useApp, useCan } from '../../app/app-context';
import { useMarkingIncidents } from '../../app/health';
import { PageAsOf } from '../../app/staleness';
import { familyLink, formatRoute, NEW_DEVICE } from '../../lib/route';
import { Banner } from '../../ui/banner';
import { FailureText } from '../../ui/failure-text';
import { PageHead } from '../../ui/page-head';
import { ServiceEditor } from './service-editor';
import { ServiceIncidents } from './service-incidents';
import { ServiceRow } from './service-row';
import { countsText, inOrder } from './service-state';
import { useServiceActions, useServiceConfigs, useServiceList } from './use-services';
import type { ServiceActions, Undo } from './use-services';
import { useDays, useIds, useLatencyHour, useUptimes } from './use-uptime';
import '../../charts/charts.css';
import '../../app/incidents.css';
import './services.css';

const ADD = formatRoute({ page: 'family', family: 'service', range: { kind: 'live', span: '5m' }, edit: NEW_DEVICE });

/** What was done last, with a way back. */
function UndoNote({ undo, onFailure }: { readonly undo: Undo; readonly onFailure: (problem: string | null) => void }) {
  const { run } = undo;
  return (
    <p className="service-undo">
      <output>{undo.message}</output>
      {run !== null && (
        <button type="button" onClick={() => void run().then(onFailure)}>
          Undo
        </button>
      )}
    </p>
  );
}

function AddLink() {
  return (
    <a className="button add-service" href={ADD}>
      Add service
    </a>
  );
}

/** Adding, exporting, importing. */
function HeadButtons({ actions, hasServices, onFailure }: { readonly actions: ServiceActions; readonly hasServices: boolean; readonly onFailure: (problem: string | null) => void }) {
  return (
    <span className="services-buttons">
      {hasServices && (
        <button type="button" onClick={() => void actions.export().then(onFailure)}>
          Export…
        </button>
      )}
      <button type="button" onClick={() => void actions.import().then(onFailure)}>
        Import…
      </button>
      {hasServices && <AddLink />}
    </span>
  );
}

/** What a service is, for those who have none. */
function EmptyState({ canEdit }: { readonly canEdit: boolean }) {
  return (
    <section className="empty-state">
      <h2>No services yet</h2>
      <p>A service is something you want answered: a web page, a port, a machine, a database, or a job that should call in. Traywatch asks at times you choose, keeps the latency and the uptime, and tells you when it is down.</p>
      {canEdit ? <AddLink /> : <p>Services are added in Traywatch on that machine.</p>}
    </section>
  );
}

function Rows({ list, canEdit }: { readonly list: ServiceList; readonly canEdit: boolean }) {
  const services = useMemo(() => inOrder(list.services), [list]);
  const ids = useIds(services);
  const open = useMarkingIncidents();
  const uptimes = useUptimes(ids);
  const days = useDays(ids);
  const latency = useLatencyHour(ids);
  return (
    <>
      <ul className="services" aria-label="Services">
        {services.map((service) => (
          <ServiceRow key={service.id} service={service} open={open} uptimes={uptimes?.[service.id]} days={days?.[service.id]} latency={latency?.columns[service.id]} latencyEnd={latency?.end ?? 0} canEdit={canEdit} />
        ))}
      </ul>
      <ServiceIncidents id={null} />
    </>
  );
}

/** The list, whatever is known of it. */
function Services({ list, failure, canEdit }: { readonly list: ServiceList | null; readonly failure: string | null; readonly canEdit: boolean }) {
  if (list === null && failure !== null) {
    return (
      <p className="page-empty" role="alert">
        Couldn’t load the services: {failure}
      </p>
    );
  }
  if (list === null) return <p className="page-empty">Loading…</p>;
  return (
    <>
      {list.networkLost === true && (
        <Banner tone="warning" title="This machine lost its network.">
          More than half of the services failed at once. They are not measured until it is back.
        </Banner>
      )}
      {list.services.length === 0 ? <EmptyState canEdit={canEdit} /> : <Rows list={list} canEdit={canEdit} />}
    </>
  );
}

/** The page: all services, or the editor of one. `edit` is the id of that, NEW_DEVICE for a new one, undefined for the list. */
export function ServicesPage({ edit }: { readonly edit: string | undefined }) {
  const { router } = useApp();
  const canEdit = useCan('saveService');
  const list = useServiceList();
  const configs = useServiceConfigs();
  const { undo, actions } = useServiceActions(configs, list.reload);
  const [failure, setFailure] = useState<string | null>(null);
  const config = configs.value?.find(({ service }) => service.id === edit) ?? null;
  if (canEdit && edit !== undefined && (config !== null || edit === NEW_DEVICE)) {
    const status = list.value?.services.find(({ id }) => id === edit);
    return <ServiceEditor key={edit} {...{ config, status, actions }} onClose={() => router.goTo(familyLink('service'))} />;
  }
  const services = list.value?.services ?? [];
  return (
    <>
      <PageHead title={familyOf('service').label}>
        {services.length > 0 && <span className="quiet">{countsText(services)}</span>}
        <PageAsOf />
        {canEdit && <HeadButtons actions={actions} hasServices={services.length > 0} onFailure={setFailure} />}
      </PageHead>
      <FailureText text={failure ?? configs.failure} />
      {undo !== null && <UndoNote undo={undo} onFailure={setFailure} />}
      <Services list={list.value} failure={list.failure} canEdit={canEdit} />
    </>
  );
}
