/** The navigation: pages, their severity, and the state of the connection. */
import { memo, useEffect, useMemo, useState } from 'react';
import { familiesOn, familyOf, METRIC_PAGE_IDS } from '../shared/metrics/index';
import type { FamilyId } from '../shared/metrics/index';
import { METRIC_PAGES, SHORT_PAGE_LABELS } from '../shared/metrics/pages';
import type { MetricPageId } from '../shared/metrics/pages';
import { isRaised } from '../shared/metrics/severity';
import { useAlerts, useApp, useCan, useLink, useLive, useRoute, useSeveralMachines } from './app/app-context';
import { useFamiliesHealth, useMachineHealth } from './app/health';
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

/** A page of metric families. */
interface MetricEntry {
  readonly page: MetricPageId;
  /** The first family on it that this machine has. */
  readonly first: FamilyId;
  /** This machine has none of its families, and nobody can add one there. */
  readonly absent: boolean;
}

const MetricPageEntry = memo(function MetricPageEntry({ page, first, current, absent }: MetricEntry & { readonly current: boolean }) {
  const health = useFamiliesHealth(familiesOn(page));
  const link = useLink();
  return (
    <a className="rail-entry" href={link(familyLink(first))} aria-current={current ? 'page' : undefined} data-absent={absent || undefined} title={absent ? 'Not available on this machine' : undefined}>
      <span className="rail-label">{METRIC_PAGES[page]}</span>
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
  const link = useLink();
  return (
    <a className="rail-entry" href={link('#/alerts')} aria-current={current ? 'page' : undefined}>
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

/** The pages of metric families in the order of the list: those of which this machine has nothing come last. */
function useMetricEntries(): readonly MetricEntry[] {
  const lacking = useAbsentFamilies();
  // To another machine nothing can be added from here.
  const canAdd = useApp().machine === null;
  return useMemo(() => {
    const entries = METRIC_PAGE_IDS.flatMap((page): readonly MetricEntry[] => {
      const families = familiesOn(page);
      const present = families.filter((id) => !lacking.includes(id));
      const first = present[0] ?? families[0];
      return first === undefined ? [] : [{ page, first, absent: present.length === 0 && !(canAdd && families.some((id) => familyOf(id).optional === 'added')) }];
    });
    return [...entries.filter(({ absent }) => !absent), ...entries.filter(({ absent }) => absent)];
  }, [lacking, canAdd]);
}

/** Pages in the list that the narrow bar's second entry opens, besides those of metric families. */
const LISTED_PAGES: Readonly<Partial<Record<Route['page'], string>>> = { processes: 'Processes', stats: 'Statistics', host: 'System', sharing: 'Sharing' };

/** Navigation: a rail at the side; on a narrow page a bar at the bottom whose Metrics entry opens the list. */
export function Rail() {
  const route = useRoute();
  const shares = useCan('lanAccess');
  const { machine } = useApp();
  const link = useLink();
  const hasMachines = useSeveralMachines() || machine !== null;
  const entries = useMetricEntries();
  const metricPage = route.page === 'family' ? familyOf(route.family).page : null;
  const page = metricPage ?? route.page;
  // Label of the narrow bar's second entry: the page chosen from its list, if any.
  const inList = metricPage !== null ? (SHORT_PAGE_LABELS[metricPage] ?? METRIC_PAGES[metricPage]) : (LISTED_PAGES[route.page] ?? null);
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
      {hasMachines && (
        <div className="rail-machines">
          <NavigationEntry href="#/machines" label="All machines" current={route.page === 'machines'} />
        </div>
      )}
      <NavigationEntry href={link('#/')} label="Overview" current={route.page === 'overview'} />
      <button type="button" className="rail-entry rail-more" aria-expanded={open} aria-controls="families" data-current={inList !== null} onClick={() => setOpenOn(open ? null : page)}>
        <span className="rail-label">{inList ?? 'Metrics'}</span>
      </button>
      <div className="rail-families" id="families">
        {entries.map((entry) => (
          <MetricPageEntry key={entry.page} {...entry} current={metricPage === entry.page} />
        ))}
        {machine === null && <NavigationEntry href="#/processes" label="Processes" current={route.page === 'processes'} />}
        <NavigationEntry href={link('#/stats')} label="Statistics" current={route.page === 'stats'} />
        <NavigationEntry href={link('#/host')} label="System" current={route.page === 'host'} />
        {shares && <NavigationEntry href="#/sharing" label="Sharing" current={route.page === 'sharing'} />}
      </div>
      <AlertsEntry current={route.page === 'alerts'} />
      <NavigationEntry href={link('#/timeline')} label="Timeline" current={route.page === 'timeline'} />
      {machine === null && <NavigationEntry href="#/settings" label="Settings" current={route.page === 'settings'} />}
      <ConnectionStatus />
    </nav>
  );
}
