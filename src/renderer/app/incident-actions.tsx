/** The buttons of an open alert, in the list of alerts and on its chart. */
import type { ReactNode } from 'react';
import type { Incident } from '../../shared/alerts/incident';
import { snoozeOf } from '../../shared/alerts/snooze';
import type { Snooze } from '../../shared/alerts/snooze';
import { formatDateTime } from '../lib/range';
import { formatRoute } from '../lib/route';
import { useAlerts, useApp, useCan } from './app-context';
import { SnoozeMenu } from './snooze-menu';
import './incidents.css';

const NONE: readonly Snooze[] = [];

/** The snooze that silences an alert; null if there is none. */
export function useSnoozeOf(incident: Pick<Incident, 'ruleId' | 'series'>): Snooze | null {
  const snoozes = useAlerts(({ state }) => state?.snoozes ?? NONE);
  return snoozeOf(snoozes, incident);
}

interface IncidentActionsProps {
  readonly incident: Incident;
  /** Of the incident, for assistive technology. */
  readonly title: string;
  /** Called after each command: null, or why it failed. */
  readonly onDone: (failure: string | null) => void;
  /** Further commands. */
  readonly children?: ReactNode;
}

/** Acknowledge and snooze. */
export function IncidentActions({ incident, title, onDone, children }: IncidentActionsProps) {
  const { alerts } = useApp();
  const snooze = useSnoozeOf(incident);
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
      {children}
    </div>
  );
}

/** The link to the editor of an alert's rule; nothing for who may not change rules. */
export function EditRuleLink({ ruleId }: { readonly ruleId: string }) {
  const can = useCan('updateSettings');
  return can ? (
    <a className="button" href={formatRoute({ page: 'alerts', rule: ruleId })}>
      Edit rule
    </a>
  ) : null;
}
