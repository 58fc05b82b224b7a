import { memo, useEffect, useState } from 'react';
import { familySeverity } from '../shared/metrics/assess';
import { FAMILY_IDS, familyOf } from '../shared/metrics/index';
import type { FamilyId } from '../shared/metrics/index';
import { useAlerts, useAppState, useCan, useLive, useRoute } from './app/app-context';
import { isJudged } from './lib/card-model';
import { familyLink } from './lib/route';
import type { Route } from './lib/route';
import { SEVERITY_LABELS, SeverityIcon } from './ui/severity-icon';

/** One entry of the navigation. */
interface EntryProps {
  readonly href: string;
  readonly label: string;
  readonly current: boolean;
}

function Entry({ href, label, current }: EntryProps) {
  return (
    <a className="rail-entry" href={href} aria-current={current ? 'page' : undefined}>
      <span className="rail-label">{label}</span>
    </a>
  );
}

const FamilyEntry = memo(function FamilyEntry({ id, current }: { readonly id: FamilyId; readonly current: boolean }) {
  const severity = useLive((state) => familySeverity(id, state.readings[id]));
  const judged = useLive((state) => isJudged(id, state.readings[id]));
  const raised = judged && (severity === 'warning' || severity === 'critical');
  return (
    <a className="rail-entry" href={familyLink(id)} aria-current={current ? 'page' : undefined}>
      <span className="rail-label">{familyOf(id).label}</span>
      {raised && (
        <span className="rail-mark">
          <SeverityIcon severity={severity} />
          <span className="sr">{SEVERITY_LABELS[severity]}</span>
        </span>
      )}
    </a>
  );
});

/** The way to the alerts, with how many last and how bad the worst is. */
function AlertsEntry({ current }: { readonly current: boolean }) {
  const open = useAlerts(({ state }) => state?.incidents.filter(({ acknowledgedAt }) => acknowledgedAt === null).length ?? 0);
  const critical = useAlerts(({ state }) => state?.incidents.some(({ severity, acknowledgedAt }) => severity === 'critical' && acknowledgedAt === null) ?? false);
  const severity = critical ? 'critical' : 'warning';
  return (
    <a className="rail-entry" href="#/alerts" aria-current={current ? 'page' : undefined}>
      <span className="rail-label">Alerts</span>
      {open > 0 && (
        <span className="rail-mark">
          <SeverityIcon severity={severity} />
          <span className="rail-count">{open}</span>
          <span className="sr">open, worst {SEVERITY_LABELS[severity]}</span>
        </span>
      )}
    </a>
  );
}

function ConnectionStatus() {
  const connection = useLive((state) => state.connection);
  const paused = useAppState(({ state }) => state?.paused ?? false);
  const word = paused ? 'Paused' : { connecting: 'Connecting', live: 'Live', silent: 'No news', lost: 'Disconnected' }[connection];
  return (
    <output className="rail-connection" data-connection={paused ? 'paused' : connection}>
      {word}
    </output>
  );
}

/** Pages that stand in the list behind the narrow bar's second entry, beside the families. */
const LISTED: Readonly<Partial<Record<Route['page'], string>>> = { processes: 'Processes', stats: 'Stats', host: 'Host', sharing: 'Sharing' };

/** Navigation: a rail at the side; on a narrow page a bar at the bottom whose Metrics entry opens the list. */
export function Rail() {
  const route = useRoute();
  const shares = useCan('lanAccess');
  const family = route.page === 'family' ? route.family : null;
  const page = family ?? route.page;
  // What the narrow bar's second entry stands for: the page chosen from its list.
  const inList = family !== null ? familyOf(family).label : (LISTED[route.page] ?? null);
  // The page it was opened on: another page closes it.
  const [openOn, setOpenOn] = useState<string | null>(null);
  const open = openOn === page;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpenOn(null);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <nav className="rail" aria-label="Pages" data-open={open}>
      <p className="rail-name">Traywatch</p>
      <Entry href="#/" label="Overview" current={route.page === 'overview'} />
      <button type="button" className="rail-entry rail-more" aria-expanded={open} aria-controls="families" data-current={inList !== null} onClick={() => setOpenOn(open ? null : page)}>
        <span className="rail-label">{inList ?? 'Metrics'}</span>
      </button>
      <div className="rail-families" id="families">
        {FAMILY_IDS.map((id) => (
          <FamilyEntry key={id} id={id} current={family === id} />
        ))}
        <Entry href="#/processes" label="Processes" current={route.page === 'processes'} />
        <Entry href="#/stats" label="Stats" current={route.page === 'stats'} />
        <Entry href="#/host" label="Host" current={route.page === 'host'} />
        {shares && <Entry href="#/sharing" label="Sharing" current={route.page === 'sharing'} />}
      </div>
      <AlertsEntry current={route.page === 'alerts'} />
      <Entry href="#/timeline" label="Timeline" current={route.page === 'timeline'} />
      <Entry href="#/settings" label="Settings" current={route.page === 'settings'} />
      <ConnectionStatus />
    </nav>
  );
}
