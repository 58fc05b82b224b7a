/**
 * The Overview page: a card for each metric group with its current values and a sparkline, and a summary of the machine in
 * one line. It uses no chart library, so that it opens at once.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. Of the renderer only frame.tsx imports it,
 * and main.tsx its styles, metric-card.css; charts, ui, data, lib, theme and worker must not.
 */
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import { useShallow } from 'zustand/react/shallow';
import { useAlerts, useLive } from '../../app/app-context';
import { machineStatus, openAlertsText } from '../../app/machine-status';
import { PageAsOf, useAbsentFamilies, useStaleness } from '../../app/staleness';
import { formatRoute } from '../../lib/route';
import { MetricCard } from './metric-card';
import { PageHead } from '../../ui/page-head';
import { SeverityIcon } from '../../ui/severity-icon';

/** That the page is not current, and since when; the alerts that were open then. */
function StaleSummary() {
  const open = useAlerts(({ state }) => state?.incidents.length ?? 0);
  return (
    <output className="summary" data-stale="true">
      <SeverityIcon severity="unknown" />
      <span>
        <PageAsOf />
        {open > 0 && (
          <>
            {' · '}
            <a href={formatRoute({ page: 'alerts' })}>{openAlertsText({ length: open })}</a>
          </>
        )}
      </span>
    </output>
  );
}

/** The state of the machine in one line. */
function Summary() {
  return useStaleness() === null ? <CurrentSummary /> : <StaleSummary />;
}

function CurrentSummary() {
  const open = useAlerts(({ state }) => state?.incidents ?? null);
  const { severity, text, link } = useLive(useShallow((state) => machineStatus(state, open)));
  return (
    <output className="summary">
      <SeverityIcon severity={severity} />
      <span>{link === null ? text : <a href={link}>{text}</a>}</span>
    </output>
  );
}

/** The metric groups that this machine does not have. */
function Absent({ ids }: { readonly ids: readonly FamilyId[] }) {
  if (ids.length === 0) return null;
  return (
    <p className="absent">
      Not available on this machine: {ids.map((id) => familyOf(id).label).join(', ')}
    </p>
  );
}

/** The page: summary, cards of the metric groups that exist, and a list of those that do not. */
export function OverviewPage() {
  const absent = useAbsentFamilies();
  return (
    <>
      <PageHead title="Overview">
        <Summary />
      </PageHead>
      <div className="cards">
        {FAMILY_IDS.filter((id) => !absent.includes(id)).map((id) => (
          <MetricCard key={id} id={id} />
        ))}
      </div>
      <Absent ids={absent} />
    </>
  );
}
