/** The list of open alerts. */
import { useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { formatCause } from '../../../shared/alerts/alert-text';
import { useAlerts, useApp, useCan, useLive } from '../../app/app-context';
import { IncidentActions, useSnoozeOf } from '../../app/incident-actions';
import { openAlertsText } from '../../app/machine-status';
import { incidentLink, incidentTimes, incidentTitle, incidentValue } from '../../app/incident-text';
import { FailureText } from '../../ui/failure-text';
import { Badge } from '../../ui/severity-icon';

interface IncidentProps {
  readonly incident: Incident;
  readonly rules: readonly Rule[];
  /** Time of the latest batch, epoch ms. */
  readonly now: number;
}

/** Title, times, peak and top processes of an incident. */
function IncidentFacts({ incident, rules, now }: IncidentProps) {
  const link = incidentLink(incident, now);
  const cause = formatCause(incident);
  const title = incidentTitle(incident, rules);
  return (
    <div className="incident-facts">
      <p className="incident-title"><a href={link}>{title}</a></p>
      <p className="quiet">
        {incidentTimes(incident, now)} · peak {incidentValue(incident.peak, incident, rules)}
      </p>
      {cause !== '' && <p className="incident-culprits">{cause}</p>}
    </div>
  );
}

function OpenIncident({ incident, rules, now }: IncidentProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const snooze = useSnoozeOf(incident);
  return (
    <li className="incident" data-severity={incident.severity} data-muted={incident.acknowledgedAt !== null || snooze !== null}>
      <Badge severity={incident.severity} />
      <IncidentFacts incident={incident} rules={rules} now={now} />
      <IncidentActions incident={incident} onDone={setFailure} />
      <FailureText text={failure} />
    </li>
  );
}

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
  const now = useLive((state) => state.time);
  const active = rules.filter(({ enabled }) => enabled).length;
  return (
    <section className="section" aria-label="Open alerts">
      <h2 className="section-head">
        <span>Open alerts {open !== null && open.length > 0 && <span className="quiet">{open.length}</span>}</span>
        {open !== null && <AcknowledgeAll open={open} />}
      </h2>
      {open === null && <p className="section-empty">Loading…</p>}
      {open?.length === 0 && (
        <p className="section-empty">
          {openAlertsText(open)}. {active === 1 ? '1 rule' : `${active} rules`} active.
        </p>
      )}
      {open !== null && open.length > 0 && (
        <ul className="incidents">
          {open.map((incident) => (
            <OpenIncident key={incident.id} incident={incident} rules={rules} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}
