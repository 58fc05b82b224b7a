/** The navigation: pages, their severity, and the state of the connection. */
import { memo, useEffect, useMemo, useState } from 'react';
import { FAMILY_IDS, familyOf } from '../shared/metrics/index';
import type { FamilyId } from '../shared/metrics/index';
import { isRaised } from '../shared/metrics/severity';
import { useAlerts, useCan, useLive, useRoute } from './app/app-context';
import { useFamilyHealth, useMachineHealth } from './app/health';
import { useAbsentFamilies, useStaleness } from './app/staleness';
import { familyLink } from './lib/route';
import type { Route } from './lib/route';
import { HealthIcon, healthText } from './ui/severity-icon';

/** One entry of the navigation. */
interface NavigationEntryProps {
  readonly href: string;
  readonly label: string;
  readonly current: boolean;
}

function NavigationEntry({ href, label, current }: NavigationEntryProps) {
  return (
    <a className="rail-entry" href={href} aria-current={current ? 'page' : undefined}>
      <span className="rail-label">{label}</span>
    </a>
  );
}

const FamilyEntry = memo(function FamilyEntry({ id, current, absent }: { readonly id: FamilyId; readonly current: boolean; readonly absent: boolean }) {
  const health = useFamilyHealth(id);
  return (
    <a className="rail-entry" href={familyLink(id)} aria-current={current ? 'page' : undefined} data-absent={absent || undefined} title={absent ? 'Not available on this machine' : undefined}>
      <span className="rail-label">{familyOf(id).label}</span>
      {absent && <span className="sr">, not available on this machine</span>}
      {health !== null && isRaised(health.severity) && (
        <span className="rail-severity">
          <HealthIcon health={health} />
          <span className="sr">{healthText(health)}</span>
        </span>
      )}
    </a>
  );
});

/** The link to the alerts, with the number of open ones and the severity of the machine. */
function AlertsEntry({ current }: { readonly current: boolean }) {
  const open = useAlerts(({ state }) => state?.incidents.length ?? 0);
  const health = useMachineHealth();
  return (
    <a className="rail-entry" href="#/alerts" aria-current={current ? 'page' : undefined}>
      <span className="rail-label">Alerts</span>
      {open > 0 && health !== null && (
        <span className="rail-severity">
          <HealthIcon health={health} />
          <span className="rail-count">{open}</span>
          <span className="sr">open, highest severity {healthText(health).toLowerCase()}</span>
        </span>
      )}
    </a>
  );
}

const CONNECTION_LABELS = { connecting: 'Connecting', live: 'Live', silent: 'No new data', lost: 'Disconnected', paused: 'Paused', failed: 'Live' } as const;

function ConnectionStatus() {
  const connection = useLive((state) => state.connection);
  const state = useStaleness()?.reason ?? connection;
  return (
    <output className="rail-connection" data-connection={state}>
      {CONNECTION_LABELS[state]}
    </output>
  );
}

/** The families in the order of the list: those that this machine lacks come last. */
function useListedFamilies(): readonly { readonly id: FamilyId; readonly absent: boolean }[] {
  const absent = useAbsentFamilies();
  return useMemo(() => [...FAMILY_IDS.filter((id) => !absent.includes(id)), ...absent].map((id) => ({ id, absent: absent.includes(id) })), [absent]);
}

/** Pages in the list that the narrow bar's second entry opens, besides the metric families. */
const LISTED_PAGES: Readonly<Partial<Record<Route['page'], string>>> = { processes: 'Processes', stats: 'Statistics', host: 'System', sharing: 'Sharing' };

/** Navigation: a rail at the side; on a narrow page a bar at the bottom whose Metrics entry opens the list. */
export function Rail() {
  const route = useRoute();
  const shares = useCan('lanAccess');
  const families = useListedFamilies();
  const family = route.page === 'family' ? route.family : null;
  const page = family ?? route.page;
  // Label of the narrow bar's second entry: the page chosen from its list, if any.
  const inList = family !== null ? familyOf(family).label : (LISTED_PAGES[route.page] ?? null);
  // The page on which the list was opened: navigating to another page closes it.
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
      <NavigationEntry href="#/" label="Overview" current={route.page === 'overview'} />
      <button type="button" className="rail-entry rail-more" aria-expanded={open} aria-controls="families" data-current={inList !== null} onClick={() => setOpenOn(open ? null : page)}>
        <span className="rail-label">{inList ?? 'Metrics'}</span>
      </button>
      <div className="rail-families" id="families">
        {families.map(({ id, absent }) => (
          <FamilyEntry key={id} id={id} current={family === id} absent={absent} />
        ))}
        <NavigationEntry href="#/processes" label="Processes" current={route.page === 'processes'} />
        <NavigationEntry href="#/stats" label="Statistics" current={route.page === 'stats'} />
        <NavigationEntry href="#/host" label="System" current={route.page === 'host'} />
        {shares && <NavigationEntry href="#/sharing" label="Sharing" current={route.page === 'sharing'} />}
      </div>
      <AlertsEntry current={route.page === 'alerts'} />
      <NavigationEntry href="#/timeline" label="Timeline" current={route.page === 'timeline'} />
      <NavigationEntry href="#/settings" label="Settings" current={route.page === 'settings'} />
      <ConnectionStatus />
    </nav>
  );
}
