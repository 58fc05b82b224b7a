import { useEffect, useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { formatCulprits } from '../../../shared/alerts/alert-text';
import { useAlerts, useApp, useLive } from '../../app/app-context';
import { incidentLength, incidentLink, incidentTitle } from './incident-text';
import { formatMoment } from '../../lib/range';
import { Scroller } from '../../ui/scroller';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';

const DAY = 86_400_000;
/** How far back is looked, ms. */
const BACK = 30 * DAY;
/** Shown at first, and more with each wish for more. */
const STEP = 20;

/** Past incidents, asked for again whenever one ends; a message where they cannot be had. */
function usePast(limit: number): readonly Incident[] | string | null {
  const { client, live } = useApp();
  const [past, setPast] = useState<readonly Incident[] | string | null>(null);
  const open = useAlerts(({ state }) => state?.incidents.map(({ id }) => id).join(' ') ?? null);
  const started = useLive((state) => state.time > 0);
  useEffect(() => {
    if (!started || open === null) return undefined;
    let stopped = false;
    const now = live.getState().time;
    // Those that last are listed above: as many more are asked for.
    const asked = Math.min(1000, limit + 1 + (open === '' ? 0 : open.split(' ').length));
    void client.call('incidents', { from: Math.max(0, now - BACK), to: now + DAY, limit: asked }).then((answer) => {
      if (!stopped) setPast(answer.ok ? answer.value.filter(({ clearedAt }) => clearedAt !== null) : answer.message);
    });
    return () => {
      stopped = true;
    };
  }, [client, live, open, started, limit]);
  return past;
}

function PastRow({ incident, rules }: { readonly incident: Incident; readonly rules: readonly Rule[] }) {
  const link = incidentLink(incident, incident.clearedAt ?? incident.firedAt);
  const title = incidentTitle(incident, rules);
  return (
    <tr>
      <td className="past-time">{formatMoment(incident.since).slice(0, 16)}</td>
      <th scope="row">
        <SeverityIcon severity={incident.worst} />
        <span className="sr">{SEVERITY_LABELS[incident.worst]}</span>
        <a href={link}>{title}</a>
      </th>
      <td>{incidentLength(incident, incident.clearedAt ?? incident.firedAt)}</td>
      <td className="past-culprits">{formatCulprits(incident.culprits)}</td>
    </tr>
  );
}

/** What was wrong in the last month. */
export function PastIncidents({ rules }: { readonly rules: readonly Rule[] }) {
  const [limit, setLimit] = useState(STEP);
  const past = usePast(limit);
  if (past === null) return null;
  const rows = typeof past === 'string' ? [] : past.slice(0, limit);
  return (
    <section className="sheet" aria-label="Past alerts">
      <h2>Last 30 days</h2>
      {typeof past === 'string' && (
        <p className="sheet-empty field-error" role="alert">
          {past}
        </p>
      )}
      {typeof past !== 'string' && past.length === 0 && <p className="sheet-empty">No alert was open in the last 30 days.</p>}
      {rows.length > 0 && (
        <Scroller className="table-scroll" label="Table of past alerts">
          <table className="past">
            <thead>
              <tr>
                <th scope="col">Began</th>
                <th scope="col">What, at its peak</th>
                <th scope="col">Lasted</th>
                <th scope="col">Busiest processes</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((incident) => (
                <PastRow key={incident.id} incident={incident} rules={rules} />
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
      {typeof past !== 'string' && past.length > limit && (
        <p className="sheet-empty">
          <button type="button" onClick={() => setLimit(limit + STEP)}>
            Show more
          </button>
        </p>
      )}
    </section>
  );
}
