/** The section of open alerts. */
import type { Rule } from '../../../shared/alerts/rule';
import { useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import { useAlerts, useApp, useCan } from '../../app/app-context';
import { openAlertsText } from '../../app/machine-status';
import { OpenIncidentList } from '../../app/open-incident-list';
import { PageAsOf } from '../../app/staleness';

/** Acknowledges every open alert that is not; nothing while there are not several. */
function AcknowledgeAll({ open }: { readonly open: readonly Incident[] }) {
  const { alerts } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const can = useCan('acknowledge');
  const waiting = open.filter(({ acknowledgedAt }) => acknowledgedAt === null);
  // One that is resolved meanwhile does not keep the others from being acknowledged.
  const run = async (): Promise<void> => {
    const failures = await Promise.all(waiting.map(({ id }) => alerts.acknowledge(id)));
    setFailure(failures.find((one) => one !== null) ?? null);
  };
  if (!can || (waiting.length < 2 && failure === null)) return null;
  return (
    <>
      {failure !== null && <span className="field-error" role="alert">{failure}</span>}
      {waiting.length >= 2 && (
        <button type="button" onClick={() => void run()}>
          Acknowledge all
        </button>
      )}
    </>
  );
}

/** Every open alert, with the buttons to acknowledge and to snooze it. */
export function OpenIncidents({ rules }: { readonly rules: readonly Rule[] }) {
  const open = useAlerts(({ state }) => state?.incidents ?? null);
  const active = rules.filter(({ enabled }) => enabled).length;
  return (
    <section className="section" aria-label="Open alerts">
      <h2 className="section-head">
        <span>Open alerts {open !== null && open.length > 0 && <span className="quiet">{open.length}</span>} <PageAsOf /></span>
        {open !== null && <AcknowledgeAll open={open} />}
      </h2>
      {open === null && <p className="section-empty">Loading…</p>}
      {open?.length === 0 && (
        <p className="section-empty">
          {openAlertsText(open)}. {active === 1 ? '1 rule' : `${active} rules`} active.
        </p>
      )}
      {open !== null && open.length > 0 && <OpenIncidentList open={open} rules={rules} />}
    </section>
  );
}
