/** The frame of the app: navigation, banners and the current page, and the page's title. */
import { lazy, Suspense, useEffect } from 'react';
import type { ComponentType } from 'react';
import { useApp, useAppState, useCan, useMachineName, useRoute, useSeveralMachines } from './app/app-context';
import { familyOf } from '../shared/metrics/index';
import { METRIC_PAGES } from '../shared/metrics/pages';
import type { MetricPageId } from '../shared/metrics/pages';
import type { Route } from './lib/route';
import { Banners } from './banners';
import { Rail } from './rail';
import { useStaleness } from './app/staleness';
import { setTheme } from './lib/theme';
import { ErrorBoundary } from './ui/error-boundary';
import { PageHead } from './ui/page-head';
import { useScrolls } from './ui/scroller';
import { OverviewPage } from './features/overview/overview-page';

// Charts are the heavy part; the Overview opens without them.
const MetricPage = lazy(() => import('./features/metrics/metric-page').then((module) => ({ default: module.MetricPage })));
const ContainersPage = lazy(() => import('./features/containers/containers-page').then((module) => ({ default: module.ContainersPage })));
const ContainerPanel = lazy(() => import('./features/containers/container-panel').then((module) => ({ default: module.ContainerPanel })));
const ServicesPage = lazy(() => import('./features/services/services-page').then((module) => ({ default: module.ServicesPage })));
const ServicePanel = lazy(() => import('./features/services/service-panel').then((module) => ({ default: module.ServicePanel })));
const AlertsPage = lazy(() => import('./features/alerts/alerts-page').then((module) => ({ default: module.AlertsPage })));
const ProcessesPage = lazy(() => import('./features/processes/processes-page').then((module) => ({ default: module.ProcessesPage })));
const TimelinePage = lazy(() => import('./features/timeline/timeline-page').then((module) => ({ default: module.TimelinePage })));
const SettingsPage = lazy(() => import('./features/settings/settings-page').then((module) => ({ default: module.SettingsPage })));
const SharingPage = lazy(() => import('./features/sharing/sharing-page').then((module) => ({ default: module.SharingPage })));
const SystemPage = lazy(() => import('./features/system/system-page').then((module) => ({ default: module.SystemPage })));
const SessionSection = lazy(() => import('./features/sign-in/session-section').then((module) => ({ default: module.SessionSection })));
const MachinesPage = lazy(() => import('./features/machines/machines-page').then((module) => ({ default: module.MachinesPage })));
const MachineBar = lazy(() => import('./features/machines/machine-bar').then((module) => ({ default: module.MachineBar })));
const StatsPage = lazy(() => import('./features/stats/stats-page').then((module) => ({ default: module.StatsPage })));

/** Pages of families that list their devices in a way of their own; the page of one device is that of all families. */
const DEVICE_LISTS: Readonly<Partial<Record<MetricPageId, ComponentType<{ readonly edit: string | undefined }>>>> = { containers: ContainersPage, services: ServicesPage };
/** What the page of one device shows below its charts, by the page of its family. */
const DEVICE_PANELS: Readonly<Partial<Record<MetricPageId, ComponentType<{ readonly device: string }>>>> = { containers: ContainerPanel, services: ServicePanel };

type FamilyRoute = Extract<Route, { readonly page: 'family' }>;

/** The list of devices, or charts: those of one device, or of the family where a time or an alert of it was asked for. */
function FamilyRoutePage({ route: { family, range, compare, at, incident, device, edit } }: { readonly route: FamilyRoute }) {
  const { page } = familyOf(family);
  const { machine } = useApp();
  if (machine !== null) return <MetricPage {...{ family, range, compare, at, incident, device }} />;
  const List = device === undefined && at === undefined && incident === undefined ? DEVICE_LISTS[page] : undefined;
  if (List !== undefined) return <List edit={edit} />;
  const Panel = device === undefined ? undefined : DEVICE_PANELS[page];
  return (
    <MetricPage {...{ family, range, compare, at, incident, device }}>
      {Panel !== undefined && device !== undefined && <Panel device={device} />}
    </MetricPage>
  );
}

function titleOf(route: Route): string {
  if (route.page === 'family') return METRIC_PAGES[familyOf(route.family).page];
  return { overview: 'Overview', machines: 'All machines', processes: 'Processes', stats: 'Statistics', timeline: 'Timeline', alerts: 'Alerts', host: 'System', settings: 'Settings', sharing: 'Sharing' }[route.page];
}

/** The settings; in a browser preceded by its session: name, role, sign-out. */
function SettingsRoute() {
  const { session } = useApp();
  return <SettingsPage>{session !== null && <SessionSection session={session} />}</SettingsPage>;
}

/** Pages that no machine reports to another. */
const ON_THAT_MACHINE: Readonly<Partial<Record<Route['page'], string>>> = {
  processes: 'All processes of a machine are seen in Traywatch on that machine. Here, a click on a chart shows which were busiest.',
  settings: 'A machine is set up in Traywatch on that machine. What is kept of it here is set under All machines.',
  sharing: 'Sharing can only be managed in Traywatch on that machine.',
};

type LightRoute = Extract<Route, { readonly page: 'overview' | 'sharing' }>;

/** Pages that are loaded when they are first opened. */
function HeavyPage({ route }: { readonly route: Exclude<Route, LightRoute> }) {
  if (route.page === 'machines') return <MachinesPage {...route} />;
  if (route.page === 'stats') return <StatsPage range={route.range} />;
  if (route.page === 'host') return <SystemPage />;
  if (route.page === 'settings') return <SettingsRoute />;
  if (route.page === 'processes') return <ProcessesPage />;
  if (route.page === 'timeline') return <TimelinePage filter={route.filter} />;
  if (route.page === 'alerts') return <AlertsPage rule={route.rule} />;
  return <FamilyRoutePage route={route} />;
}

function Page({ route }: { readonly route: Route }) {
  const elsewhere = useApp().machine === null ? undefined : ON_THAT_MACHINE[route.page];
  if (elsewhere !== undefined) {
    return (
      <>
        <PageHead title={titleOf(route)} />
        <p className="page-empty">{elsewhere}</p>
      </>
    );
  }
  if (route.page === 'overview') return <OverviewPage />;
  if (route.page === 'sharing') return <SharingRoute />;
  return (
    <Suspense fallback={null}>
      <HeavyPage route={route} />
    </Suspense>
  );
}

/** The Sharing page exists only in Traywatch on the machine; a browser that opens its address sees this text. */
function SharingRoute() {
  return (
    <Suspense fallback={null}>{useCan('lanAccess') ? <SharingPage /> : <p className="page-empty">Sharing can only be managed in Traywatch on that machine.</p>}</Suspense>
  );
}

/** The label of a demo machine: above every page, and not to be dismissed. */
function DemoLabel({ name }: { readonly name: string }) {
  return (
    <p className="demo-label" role="note">
      <strong>Demo machine: all data is made up.</strong> <span className="demo-name">{name}</span>
    </p>
  );
}

/** Identifies a page, or that of one device, regardless of the range it shows, and of the family on it that its address names. */
function pageKey(route: Route): string {
  if (route.page !== 'family') return route.page;
  return route.device === undefined ? `#/${familyOf(route.family).page}` : `#/${route.family} ${route.device}`;
}

/** Which machine is shown, and the way to the others; nothing while there is only this one. */
function MachineSwitch() {
  const { machine } = useApp();
  const several = useSeveralMachines();
  return machine !== null || several ? (
    <Suspense fallback={<div className="machine-bar" />}>
      <MachineBar />
    </Suspense>
  ) : null;
}

/** Renders navigation, banners and the page of the current route. */
export function Frame() {
  const route = useRoute();
  const theme = useAppState(({ state }) => state?.settings.theme ?? 'system');
  const demo = useAppState(({ state }) => state?.demo ?? null);
  const { machine } = useApp();
  const key = `${machine ?? ''} ${pageKey(route)}`;
  const name = useMachineName();
  const title = titleOf(route);
  const { ref, scrolls } = useScrolls();
  useEffect(() => setTheme(document.documentElement, theme), [theme]);
  useEffect(() => {
    document.title = `${title}${name === null ? '' : ` – ${name}`} – Traywatch${demo === null ? '' : ' (demo)'}`;
  }, [title, name, demo]);
  const stale = useStaleness();
  return (
    <div className={demo === null ? 'shell' : 'shell shell-demo'} data-page-stale={stale?.reason}>
      {demo !== null && <DemoLabel name={demo} />}
      <Rail />
      <div className="content">
        <MachineSwitch />
        <main key={key} ref={ref} {...(scrolls ? { tabIndex: 0, 'aria-label': title } : {})}>
          <Banners />
          <ErrorBoundary resetKey={key}>
            <Page route={route} />
          </ErrorBoundary>
        </main>
      </div>
    </div>
  );
}
