/** What the page of one service shows above its charts: what is probed, the last result, uptime, and alerts. */
import { useEffect, useState } from 'react';
import { problemText } from '../../../shared/api/problem-text';
import type { ServiceConfig, ServiceStatus } from '../../../shared/services/service-schemas';
import { useApp, useCan } from '../../app/app-context';
import { formatDateTime } from '../../lib/range';
import { FailureText } from '../../ui/failure-text';
import { DayBar } from './day-bar';
import { ProbeResultView } from './probe-result';
import { ServiceIncidents } from './service-incidents';
import { editLink, ServiceState, Uptimes } from './service-row';
import { subjectText } from './service-state';
import { TestPanel, useTest } from './test-probe';
import { useServiceList } from './use-services';
import { useDays, useIds, useUptimes } from './use-uptime';
import './services.css';

/** How the service was set up; null until it is known, and for those who may not know. */
function useConfig(id: string): { readonly config: ServiceConfig | null; readonly failure: string | null } {
  const { client } = useApp();
  const can = useCan('serviceConfigs');
  const [state, setState] = useState<{ readonly config: ServiceConfig | null; readonly failure: string | null }>({ config: null, failure: null });
  useEffect(() => {
    if (!can) return undefined;
    let stopped = false;
    void client.call('serviceConfigs', {}).then((response) => {
      if (stopped) return;
      setState(response.ok ? { config: response.value.find(({ service }) => service.id === id) ?? null, failure: null } : { config: null, failure: problemText(response.message) });
    });
    return () => {
      stopped = true;
    };
  }, [client, can, id]);
  return state;
}

/** Edit, and a probe at once. */
function Buttons({ service, config, test }: { readonly service: ServiceStatus; readonly config: ServiceConfig; readonly test: ReturnType<typeof useTest> }) {
  return (
    <span className="services-buttons">
      {service.kind !== 'heartbeat' && (
        <button type="button" disabled={test.state.step === 'running'} onClick={() => test.start(config.service, {})}>
          Test now
        </button>
      )}
      <a className="button" href={editLink(service.id)}>
        Edit
      </a>
    </span>
  );
}

function LastResult({ result }: Pick<ServiceStatus, 'result'>) {
  if (result === null) return null;
  return (
    <div className="panel-part">
      <span className="group-label">Last probe, {formatDateTime(result.time)}</span>
      <ProbeResultView result={result} />
    </div>
  );
}

function Panel({ service }: { readonly service: ServiceStatus }) {
  const { config, failure } = useConfig(service.id);
  const test = useTest();
  const ids = useIds([service]);
  const uptimes = useUptimes(ids);
  const days = useDays(ids);
  return (
    <>
      <section className="section service-panel" aria-label="Service">
        <h2 className="section-head">
          Service
          {config !== null && <Buttons {...{ service, config, test }} />}
        </h2>
        <div className="service-parts">
          <div className="panel-part">
            <span className="service-subject">{subjectText(service)}</span>
            <ServiceState service={service} />
            <FailureText text={failure} />
          </div>
          <div className="panel-part">
            <span className="group-label">Uptime</span>
            <Uptimes uptimes={uptimes?.[service.id]} />
            <DayBar days={days?.[service.id]} />
          </div>
          <LastResult result={service.result} />
        </div>
      </section>
      <TestPanel state={test.state} onClose={test.close} />
      <ServiceIncidents id={service.id} />
    </>
  );
}

/** The panel; nothing for a service that was removed, whose history is shown all the same. */
export function ServicePanel({ device }: { readonly device: string }) {
  const { value, failure } = useServiceList();
  if (value === null) return failure === null ? <div className="service-awaited" aria-busy="true" /> : <FailureText text={failure} />;
  const service = value.services.find(({ id }) => id === device);
  return service === undefined ? null : <Panel key={device} service={service} />;
}
