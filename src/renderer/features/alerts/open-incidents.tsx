/** The list of open alerts. */
import { useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { snoozeOf } from '../../../shared/alerts/snooze';
import { formatCause } from '../../../shared/alerts/alert-text';
import { useAlerts, useApp, useCan, useLive } from '../../app/app-context';
import { openAlertsText } from '../../app/machine-status';
import { incidentLink, incidentTimes, incidentTitle, incidentValue } from './incident-text';
import { formatDateTime } from '../../lib/range';
import { FailureText } from '../../ui/failure-text';
import { Badge } from '../../ui/severity-icon';
import { SnoozeMenu } from './snooze-menu';

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
  const { alerts } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const snoozes = useAlerts(({ state }) => state?.snoozes ?? []);
  const snooze = snoozeOf(snoozes, incident);
  const can = useCan('acknowledge');
  return (
    <li className="incident" data-severity={incident.severity} data-muted={incident.acknowledgedAt !== null || snooze !== null}>
      <Badge severity={incident.severity} />
      <IncidentFacts incident={incident} rules={rules} now={now} />
      <div className="incident-actions">
        {incident.acknowledgedAt !== null && <span className="quiet">Acknowledged {formatDateTime(incident.acknowledgedAt).slice(11, 16)}</span>}
        {incident.acknowledgedAt === null && can && (
          <button type="button" onClick={() => void alerts.acknowledge(incident.id).then(setFailure)}>
            Acknowledge
          </button>
        )}
        {snooze === null && <SnoozeMenu label="Snooze" target={{ kind: 'series', ruleId: incident.ruleId, series: incident.series }} onDone={setFailure} />}
      </div>
      <FailureText text={failure} />
    </li>
  );
}

/** Every open alert, with the buttons to acknowledge and to snooze it. */
export function OpenIncidents({ rules }: { readonly rules: readonly Rule[] }) {
  const open = useAlerts(({ state }) => state?.incidents ?? null);
  const now = useLive((state) => state.time);
  const active = rules.filter(({ enabled }) => enabled).length;
  return (
    <section className="section" aria-label="Open alerts">
      <h2>Open alerts {open !== null && open.length > 0 && <span className="quiet">{open.length}</span>}</h2>
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
