/** Open alerts as a list: what, since when and who, with what can be done about each. Overview and Alerts show the same. */
import { useState } from 'react';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import { snoozeOf } from '../../shared/alerts/snooze';
import { formatCulprits } from '../../shared/alerts/alert-text';
import { healthOf } from '../../shared/alerts/severity';
import { useAlerts, useApp, useCan, useLive } from './app-context';
import { incidentLink, incidentTimes, incidentTitle, incidentValue, openIncidentTitle } from './incident-text';
import { SnoozeMenu } from './snooze-menu';
import { formatDateTime } from '../lib/range';
import { FailureText } from '../ui/failure-text';
import { HealthBadge } from '../ui/severity-icon';
import './incidents.css';

interface IncidentProps {
  readonly incident: Incident;
  readonly rules: readonly Rule[];
  /** Time of the latest batch, epoch ms. */
  readonly now: number;
}

/** Title, times, peak and top processes of an incident. */
function IncidentFacts({ incident, rules, now }: IncidentProps) {
  const culprits = formatCulprits(incident.culprits);
  const title = useLive((state) => openIncidentTitle(incident, rules, state));
  return (
    <div className="incident-facts">
      <p className="incident-title">{title}</p>
      <p className="quiet">
        {incidentTimes(incident, now)} · peak {incidentValue(incident.peak, incident, rules)}
      </p>
      {culprits !== '' && <p className="incident-culprits">{culprits}</p>}
    </div>
  );
}

/** Acknowledge, snooze and show; the chart alone where the page may change nothing. */
function IncidentActions({ incident, title, now, onDone }: Pick<IncidentProps, 'incident' | 'now'> & { readonly title: string; readonly onDone: (failure: string | null) => void }) {
  const { alerts } = useApp();
  const snooze = useAlerts(({ state }) => snoozeOf(state?.snoozes ?? [], incident));
  const can = useCan('acknowledge');
  return (
    <div className="incident-actions">
      {incident.acknowledgedAt !== null && <span className="quiet">Acknowledged {formatDateTime(incident.acknowledgedAt).slice(11, 16)}</span>}
      {snooze !== null && <span className="quiet">Snoozed</span>}
      {incident.acknowledgedAt === null && can && (
        <button type="button" aria-label={`Acknowledge ${title}`} onClick={() => void alerts.acknowledge(incident.id).then(onDone)}>
          Acknowledge
        </button>
      )}
      {snooze === null && <SnoozeMenu label="Snooze" target={{ kind: 'series', ruleId: incident.ruleId, series: incident.series }} onDone={onDone} />}
      <a className="button" aria-label={`Show ${title}`} href={incidentLink(incident, now)}>
        Show
      </a>
    </div>
  );
}

function OpenIncident({ incident, rules, now }: IncidentProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const isSnoozed = useAlerts(({ state }) => snoozeOf(state?.snoozes ?? [], incident) !== null);
  return (
    <li className="incident" data-severity={incident.severity} data-muted={incident.acknowledgedAt !== null || isSnoozed}>
      <HealthBadge health={healthOf([incident], true)} brief />
      <IncidentFacts incident={incident} rules={rules} now={now} />
      <IncidentActions incident={incident} title={incidentTitle(incident, rules)} now={now} onDone={setFailure} />
      <FailureText text={failure} />
    </li>
  );
}

interface OpenIncidentListProps {
  /** The worst first. */
  readonly open: readonly Incident[];
  readonly rules: readonly Rule[];
}

/** One row for each open alert. */
export function OpenIncidentList({ open, rules }: OpenIncidentListProps) {
  const now = useLive((state) => state.time);
  return (
    <ul className="incidents">
      {open.map((incident) => (
        <OpenIncident key={incident.id} incident={incident} rules={rules} now={now} />
      ))}
    </ul>
  );
}
