/** The last alerts of services, open ones included. */
import { useCallback } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import { parseSeriesKey } from '../../../shared/metrics/index';
import { useActiveRules } from '../../app/health';
import { incidentLink, incidentTimes, incidentTitle } from '../../app/incident-text';
import { useMachineTime } from '../../app/use-machine-time';
import type { AlertsSlice } from '../../app/alerts-controller';
import type { App } from '../../app/app-types';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';
import { usePolled } from './use-polled';
import type { Load } from './use-polled';

const DAY = 86_400_000;
/** How far back the list reaches, ms, and how many it shows. */
const HISTORY = 30 * DAY;
const SHOWN = 10;
/** Those of other families are among the answers; the contract allows 1000. */
const ASKED = 1000;
const REFRESH = 60_000;

function isOf({ series }: Incident, id: string | null): boolean {
  const parsed = parseSeriesKey(series);
  return parsed?.family === 'service' && (id === null || parsed.device === id);
}

/** Asks again when an alert begins or ends. */
function onOpenChanged({ alerts }: App, ask: () => void): () => void {
  const idsOf = ({ state }: AlertsSlice): string | undefined => state?.incidents.map(({ id }) => id).join(' ');
  return alerts.store.subscribe((now, before) => {
    if (idsOf(now) !== idsOf(before)) ask();
  });
}

/** Alerts of the last 30 days; null until they are known. `id`: of that service alone. */
function useServiceIncidents(id: string | null): readonly Incident[] | null {
  const load: Load<readonly Incident[]> = useCallback(
    async ({ client }, now) => {
      const response = await client.call('incidents', { from: Math.max(0, now - HISTORY), to: now + DAY, limit: ASKED });
      return response.ok ? response.value.filter((incident) => isOf(incident, id)).slice(0, SHOWN) : null;
    },
    [id],
  );
  return usePolled(load, REFRESH, onOpenChanged);
}

/** The list; nothing until it is known. */
export function ServiceIncidents({ id }: { readonly id: string | null }) {
  const incidents = useServiceIncidents(id);
  const rules = useActiveRules();
  const now = useMachineTime();
  if (incidents === null) return null;
  return (
    <section className="section" aria-label="Last alerts of services">
      <h2>Last alerts (30 days)</h2>
      {incidents.length === 0 && <p className="section-empty">None in the last 30 days.</p>}
      <ul className="service-incidents">
        {incidents.map((incident) => (
          <li key={incident.id}>
            <SeverityIcon severity={incident.worst} quiet={incident.clearedAt !== null} />
            <span className="sr">{SEVERITY_LABELS[incident.worst]}</span>
            <a href={incidentLink(incident, now)}>{incidentTitle(incident, rules)}</a>
            <span className="quiet">{incidentTimes(incident, now)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
