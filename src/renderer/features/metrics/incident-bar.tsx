/** The alert whose link led to a metric page: what it is, its commands, and its edges in the charts. */
import { useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import { formatCause } from '../../../shared/alerts/alert-text';
import { healthOf } from '../../../shared/alerts/severity';
import { useLive } from '../../app/app-context';
import { useActiveRules } from '../../app/health';
import { EditRuleLink, IncidentActions } from '../../app/incident-actions';
import { incidentPeak, incidentTimes, incidentTitle, openIncidentTitle } from '../../app/incident-text';
import { leftAt, shareOf, widthOf } from '../../charts/plot-geometry';
import type { TimeWindow } from '../../lib/range';
import { FailureText } from '../../ui/failure-text';
import { HealthBadge } from '../../ui/severity-icon';
import './incident-bar.css';

/** What the alert is, since when, why, and what can be done about it. A resolved one has no commands but its rule's. */
export function IncidentBar({ incident }: { readonly incident: Incident }) {
  const now = useLive((state) => state.time);
  const [failure, setFailure] = useState<string | null>(null);
  const rules = useActiveRules();
  const title = useLive((state) => (incident.clearedAt === null ? openIncidentTitle(incident, rules, state) : incidentTitle(incident, rules)));
  const peak = useLive((state) => incidentPeak(incident, rules, state));
  const isOpen = incident.clearedAt === null;
  const cause = formatCause(incident);
  return (
    <section className="incident-bar" aria-label="Alert" data-severity={isOpen ? incident.severity : 'healthy'}>
      {isOpen ? <HealthBadge health={healthOf([incident], true)} brief /> : <span className="incident-resolved">Resolved</span>}
      <div className="incident-facts">
        <p className="incident-title">{title}</p>
        <p className="quiet">
          {incidentTimes(incident, now)} · {peak}
          {cause === '' ? '' : ` · ${cause}`}
        </p>
      </div>
      <div className="incident-commands">
        {isOpen && <IncidentActions incident={incident} title={title} onDone={setFailure} />}
        {rules.some(({ id }) => id === incident.ruleId) && <EditRuleLink ruleId={incident.ruleId} />}
      </div>
      <FailureText text={failure} />
    </section>
  );
}

/** Over a chart: a line where the alert began and one where it ended, and its time between them shaded. */
export function IncidentEdges({ incident, window }: { readonly incident: Pick<Incident, 'since' | 'clearedAt' | 'worst'>; readonly window: TimeWindow }) {
  const { since, clearedAt, worst } = incident;
  const [began, ended] = [shareOf(since, window), shareOf(clearedAt ?? window.to, window)];
  if (since > window.to || (clearedAt !== null && clearedAt < window.from)) return null;
  const edges = [[since, began, 'began'] as const, ...(clearedAt === null ? [] : [[clearedAt, ended, 'resolved'] as const])];
  return (
    <div className="incident-edges" data-severity={worst} aria-hidden="true">
      <div className="incident-span" style={{ left: leftAt(began), width: widthOf(ended - began) }} />
      {edges.map(([time, share, edge]) =>
        time < window.from || time > window.to ? null : (
          <div key={edge} className="incident-edge" data-edge={edge} style={{ left: leftAt(share) }}>
            <span>{edge}</span>
          </div>
        ),
      )}
    </div>
  );
}
