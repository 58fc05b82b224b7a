/** Open alerts as a list: what, since when and who, with what can be done about each. Overview and Alerts show the same. */
import { useState } from 'react';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import { formatCause } from '../../shared/alerts/alert-text';
import { healthOf } from '../../shared/alerts/severity';
import { useLink, useLive } from './app-context';
import { IncidentActions, useSnoozeOf } from './incident-actions';
import { incidentLink, incidentPeak, incidentTimes, incidentTitle, openIncidentTitle } from './incident-text';
import { FailureText } from '../ui/failure-text';
import { HealthBadge } from '../ui/severity-icon';

interface IncidentProps {
  readonly incident: Incident;
  readonly rules: readonly Rule[];
  /** Time of the latest batch, epoch ms. */
  readonly now: number;
}

/** Title, times, peak and top processes of an incident. */
function IncidentFacts({ incident, rules, now }: IncidentProps) {
  const cause = formatCause(incident);
  const link = useLink();
  const title = useLive((state) => openIncidentTitle(incident, rules, state));
  const peak = useLive((state) => incidentPeak(incident, rules, state));
  return (
    <div className="incident-facts">
      <p className="incident-title">
        <a href={link(incidentLink(incident, now))}>{title}</a>
      </p>
      <p className="quiet">
        {incidentTimes(incident, now)} · {peak}
      </p>
      {cause !== '' && <p className="incident-culprits">{cause}</p>}
    </div>
  );
}

function OpenIncident({ incident, rules, now }: IncidentProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const isSnoozed = useSnoozeOf(incident) !== null;
  const link = useLink();
  const title = incidentTitle(incident, rules);
  return (
    <li className="incident" data-severity={incident.severity} data-muted={incident.acknowledgedAt !== null || isSnoozed}>
      <HealthBadge health={healthOf([incident], true)} brief />
      <IncidentFacts incident={incident} rules={rules} now={now} />
      <IncidentActions incident={incident} title={title} onDone={setFailure}>
        <a className="button" aria-label={`Show ${title}`} href={link(incidentLink(incident, now))}>
          Show
        </a>
      </IncidentActions>
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
