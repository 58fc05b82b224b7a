import { useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { snoozeOf } from '../../../shared/alerts/snooze';
import { toCulprits } from '../../../shared/alerts/alert-text';
import { useAlerts, useApp, useCan, useLive } from '../../app/app-context';
import { openAlertsText } from '../../app/machine-status';
import { incidentLink, incidentTimes, incidentTitle, incidentValue } from './incident-text';
import { formatMoment } from '../../lib/range';
import { Badge } from '../../ui/severity-icon';
import { SnoozeMenu } from './snooze-menu';

interface IncidentProps {
  readonly incident: Incident;
  readonly rules: readonly Rule[];
  /** Epoch ms, of the latest batch. */
  readonly now: number;
}

/** What is known of an incident, in two lines. */
function Facts({ incident, rules, now }: IncidentProps) {
  const link = incidentLink(incident, now);
  const culprits = toCulprits(incident.culprits);
  const title = incidentTitle(incident, rules);
  return (
    <div className="incident-facts">
      <p className="incident-title"><a href={link}>{title}</a></p>
      <p className="quiet">
        {incidentTimes(incident, now)} · peak {incidentValue(incident.peak, incident, rules)}
      </p>
      {culprits !== '' && <p className="incident-culprits">{culprits}</p>}
    </div>
  );
}

function OpenIncident({ incident, rules, now }: IncidentProps) {
  const { alerts } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const snoozes = useAlerts(({ state }) => state?.snoozes ?? []);
  const silence = snoozeOf(snoozes, incident);
  const can = useCan('acknowledge');
  return (
    <li className="incident" data-severity={incident.severity} data-calm={incident.acknowledgedAt !== null || silence !== null}>
      <Badge severity={incident.severity} />
      <Facts incident={incident} rules={rules} now={now} />
      <div className="incident-actions">
        {incident.acknowledgedAt !== null && <span className="quiet">Acknowledged {formatMoment(incident.acknowledgedAt).slice(11, 16)}</span>}
        {incident.acknowledgedAt === null && can && (
          <button type="button" onClick={() => void alerts.acknowledge(incident.id).then(setFailure)}>
            Acknowledge
          </button>
        )}
        {silence === null && <SnoozeMenu label="Snooze" target={{ kind: 'series', ruleId: incident.ruleId, series: incident.series }} onDone={setFailure} />}
      </div>
      {failure !== null && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
    </li>
  );
}

/** What lasts now, and what can be done about it. */
export function OpenIncidents({ rules }: { readonly rules: readonly Rule[] }) {
  const open = useAlerts(({ state }) => state?.incidents ?? null);
  const now = useLive((state) => state.time);
  const active = rules.filter(({ enabled }) => enabled).length;
  return (
    <section className="sheet" aria-label="Open alerts">
      <h2>Open {open !== null && open.length > 0 && <span className="quiet">{open.length}</span>}</h2>
      {open === null && <p className="sheet-empty">Loading…</p>}
      {open?.length === 0 && (
        <p className="sheet-empty">
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
