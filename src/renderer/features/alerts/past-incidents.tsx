/** The table of alerts that were resolved in the last 30 days. */
import { useEffect, useState } from 'react';
import type { Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { formatCause } from '../../../shared/alerts/alert-text';
import { useAlerts, useApp, useLink, useLive } from '../../app/app-context';
import { incidentDuration, incidentLink, incidentTitle } from '../../app/incident-text';
import { useHistoryBegin } from '../../app/use-history-begin';
import { beginText, beginWithin } from '../../lib/coverage';
import { formatDateTime } from '../../lib/range';
import { Scroller } from '../../ui/scroller';
import { SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';

const DAY = 86_400_000;
/** How far back the table reaches, ms. */
const HISTORY = 30 * DAY;
/** Rows shown at first, and added by each "Show more". */
const PAGE_SIZE = 20;

/** Past incidents, loaded again whenever one ends; a message where loading failed. */
function usePastIncidents(limit: number): readonly Incident[] | string | null {
  const { client, live } = useApp();
  const [past, setPast] = useState<readonly Incident[] | string | null>(null);
  const open = useAlerts(({ state }) => state?.incidents.map(({ id }) => id).join(' ') ?? null);
  const started = useLive((state) => state.time > 0);
  useEffect(() => {
    if (!started || open === null) return undefined;
    let stopped = false;
    const now = live.getState().time;
    // The response contains the open ones, too, which are listed above: as many more are requested.
    const requested = Math.min(1000, limit + 1 + (open === '' ? 0 : open.split(' ').length));
    void client.call('incidents', { from: Math.max(0, now - HISTORY), to: now + DAY, limit: requested }).then((response) => {
      if (!stopped) setPast(response.ok ? response.value.filter(({ clearedAt }) => clearedAt !== null) : response.message);
    });
    return () => {
      stopped = true;
    };
  }, [client, live, open, started, limit]);
  return past;
}

function PastRow({ incident, rules }: { readonly incident: Incident; readonly rules: readonly Rule[] }) {
  const { live } = useApp();
  const toLink = useLink();
  // The link shows some time after the end as well. Rows are not drawn again with each sample.
  const [link] = useState(() => incidentLink(incident, live.getState().time));
  const title = incidentTitle(incident, rules);
  return (
    <tr>
      <td className="past-time">{formatDateTime(incident.since).slice(0, 16)}</td>
      <th scope="row">
        <SeverityIcon severity={incident.worst} />
        <span className="sr">{SEVERITY_LABELS[incident.worst]}</span>
        <a href={toLink(link)}>{title}</a>
      </th>
      <td>{incidentDuration(incident, incident.clearedAt ?? incident.firedAt)}</td>
      <td className="past-culprits">{formatCause(incident)}</td>
    </tr>
  );
}

/** Thirty days without alerts are said only of as many days of history. */
function NoAlerts() {
  // To the day: the text must not be made again each second.
  const now = useLive((state) => Math.ceil(state.time / DAY) * DAY);
  const begins = useHistoryBegin(now > 0);
  const begin = beginWithin(begins, { from: now - HISTORY, to: now });
  return <p className="section-empty">{begin === null ? 'No alerts in the last 30 days.' : `No alerts yet. ${beginText(begin)}.`}</p>;
}

/** Alerts of the last 30 days that have been resolved, newest first. */
export function PastIncidents({ rules }: { readonly rules: readonly Rule[] }) {
  const [limit, setLimit] = useState(PAGE_SIZE);
  const past = usePastIncidents(limit);
  if (past === null) return null;
  const rows = typeof past === 'string' ? [] : past.slice(0, limit);
  return (
    <section className="section" aria-label="Past alerts">
      <h2>History (30 days)</h2>
      {typeof past === 'string' && (
        <p className="section-empty field-error" role="alert">
          {past}
        </p>
      )}
      {typeof past !== 'string' && past.length === 0 && <NoAlerts />}
      {rows.length > 0 && (
        <Scroller className="table-scroll" label="Table of past alerts">
          <table className="past">
            <thead>
              <tr>
                <th scope="col">Started</th>
                <th scope="col">Alert (peak)</th>
                <th scope="col">Duration</th>
                <th scope="col">Cause</th>
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
        <p className="section-empty">
          <button type="button" onClick={() => setLimit(limit + PAGE_SIZE)}>
            Show more
          </button>
        </p>
      )}
    </section>
  );
}
