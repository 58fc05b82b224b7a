/** The head of the Overview: the open alerts, the worst first, with what can be done about each; or that everything is normal. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Incident } from '../../../shared/alerts/incident';
import { formatCount } from '../../../shared/units';
import { useAlerts, useApp, useLink, useLive } from '../../app/app-context';
import { useActiveRules } from '../../app/health';
import { machineStatus, openAlertsText } from '../../app/machine-status';
import { PageAsOf, useStaleness } from '../../app/staleness';
import { formatDateTime } from '../../lib/range';
import { formatRoute } from '../../lib/route';
import { HealthIcon, healthText, SEVERITY_LABELS, SeverityIcon } from '../../ui/severity-icon';

// Loaded when the first alert is open: its schemas would make the first load of the page a third larger.
const OpenIncidentList = lazy(() => import('../../app/open-incident-list').then((module) => ({ default: module.OpenIncidentList })));

/** Alerts listed; the rest is on the Alerts page. */
const LISTED = 3;

const NO_INCIDENTS: readonly Incident[] = [];

/** When the last alert ended, epoch ms, where none is open now; null without one, and while it is not known. */
function useLastAlert(isCalm: boolean): number | null {
  const { client, live } = useApp();
  const [endedAt, setEndedAt] = useState<number | null>(null);
  useEffect(() => {
    if (!isCalm) return undefined;
    let stopped = false;
    void client.call('incidents', { from: 0, to: Math.max(1, Math.ceil(live.getState().time) + 1), limit: 1 }).then((response) => {
      if (!stopped && response.ok) setEndedAt(response.value[0]?.clearedAt ?? null);
    });
    return () => {
      stopped = true;
      setEndedAt(null);
    };
  }, [isCalm, client, live]);
  return isCalm ? endedAt : null;
}

/** That the page is not current, and since when; the alerts that were open then. */
function StaleSummary() {
  const open = useAlerts(({ state }) => state?.incidents.length ?? 0);
  const toLink = useLink();
  return (
    <output className="summary" data-stale="true">
      <SeverityIcon severity="unknown" />
      <span className="sr">{SEVERITY_LABELS.unknown}: </span>
      <span>
        <PageAsOf />
        {open > 0 && (
          <>
            {' · '}
            <a href={toLink(formatRoute({ page: 'alerts' }))}>{openAlertsText({ length: open })}</a>
          </>
        )}
      </span>
    </output>
  );
}

/** The state of the machine in one line. */
export function Summary() {
  return useStaleness() === null ? <CurrentSummary /> : <StaleSummary />;
}

function CurrentSummary() {
  const open = useAlerts(({ state }) => state?.incidents ?? null);
  const { health, text, link } = useLive(useShallow(({ readings, faults }) => machineStatus({ readings, faults, paused: false }, open)));
  const toLink = useLink();
  const lastAlert = useLastAlert(health?.severity === 'healthy');
  return (
    <output className="summary">
      {health !== null && (
        <>
          <HealthIcon health={health} />
          <span className="sr">{healthText(health)}: </span>
        </>
      )}
      <span>{link === null ? text : <a href={toLink(link)}>{text}</a>}</span>
      {lastAlert !== null && <span className="quiet">· last alert ended {formatDateTime(lastAlert).slice(0, 16)}</span>}
    </output>
  );
}

/** The open alerts, the worst first; nothing without one. */
export function OpenAlerts() {
  const open = useAlerts(({ state }) => state?.incidents ?? NO_INCIDENTS);
  const rules = useActiveRules();
  const toLink = useLink();
  if (open.length === 0) return null;
  const rest = open.length - LISTED;
  return (
    <section className="section open-alerts" aria-label="Open alerts">
      <Suspense fallback={null}>
        <OpenIncidentList open={open.slice(0, LISTED)} rules={rules} />
      </Suspense>
      {rest > 0 && (
        <p className="open-alerts-rest">
          <a href={toLink(formatRoute({ page: 'alerts' }))}>and {formatCount(rest)} more</a>
        </p>
      )}
    </section>
  );
}
