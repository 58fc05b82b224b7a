/**
 * The room core: one monitored machine, put together. Sampler, hub, store, alerts, access, settings and the handlers of all
 * calls; also the controller that loads the LAN server.
 *
 * It may import src/shared, the engine, lib and the rooms access, power, alerts, history, timeline and settings; of lan the
 * LAN controller alone, by import(). It may not import desktop, transports or Electron. The entry points and desktop
 * import it; no other room may.
 *
 * This file creates the core from its parts.
 */
import { hostname } from 'node:os';
import type { AppState } from '../../shared/api/contract';
import type { Handlers } from '../../shared/api/dispatch';
import { effectiveRules } from '../../shared/alerts/default-rules';
import type { HostInfo } from '../../shared/host-info';
import type { Clock } from '../engine/clock';
import { createInventory, readHostInfo } from '../engine/host/index';
import { createHub } from '../engine/hub';
import type { Hub } from '../engine/hub';
import type { Processes } from '../engine/processes/index';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';
import { createViewedFamilies } from '../engine/viewed-families';
import type { ViewedFamilies } from '../engine/viewed-families';
import { demoNotifier } from '../alerts/demo-notifier';
import { createAlerts } from '../alerts/create-alerts';
import type { Alerts } from '../alerts/create-alerts';
import { createMachineAlerts } from '../alerts/machine-alerts';
import { createEngineSampler, deviceSettingsFollower, lanHandlers, setupHistory, setupLifecycle, setupRemoteAccess, setupProcesses, settingsUpdater, statusReader } from './core-setup';
import type { CoreParts, OnActivity } from './core-setup';
import { withGettingStarted } from './first-start';
import { createHandlers } from './handlers';
import { installationHandlers } from './installation';
import { historyLimits } from '../history/open-history';
import { createMaintenanceLoop } from '../history/maintenance-loop';
import type { RemoteAccess } from '../access/remote-access';
import { createOtherMachines, leavingMachines } from './other-machines';
import type { OtherMachines } from './other-machines';
import { createUpdateControl } from './update-control';
import type { UpdateControl } from './update-control';
import { createWorkloads } from './workloads';
import type { Workloads } from './workloads';
import { createMonitoring } from './monitoring';
import type { Monitoring } from './monitoring';
import { createNotices } from '../timeline/notices';
import type { Notices } from '../timeline/notices';
import { openSettings } from '../settings/open-settings';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Settings } from '../../shared/settings/settings-schema';
import type { SettingsHolder } from '../settings/settings';
import type { Tasks } from '../history/background-tasks';

/** The core's parts, for the entry points, desktop and the LAN server. */
export interface Core {
  readonly hub: Hub;
  readonly store: Store;
  readonly sampler: Sampler;
  readonly viewedFamilies: ViewedFamilies;
  readonly monitoring: Monitoring;
  readonly settings: SettingsHolder;
  readonly notices: Notices;
  readonly handlers: Handlers;
  readonly tasks: Tasks;
  /** Writes an event to the timeline. */
  readonly record: EventRecorder;
  /** Subscribes to written events, and to incidents that begin, change or end. */
  readonly onActivity: OnActivity;
  readonly alerts: Alerts;
  readonly processes: Processes;
  /** Access control for browsers, and power control. */
  readonly remoteAccess: RemoteAccess;
  readonly updates: UpdateControl;
  readonly workloads: Workloads;
  readonly machines: OtherMachines;
  host(): Promise<HostInfo>;
  appState(): AppState;
  /** Calls back after every change of settings, notices or pause. */
  onAppState(listener: (state: AppState) => void): void;
  /** Writes what is pending and stops all parts. */
  close(): void;
}

/** The boot clock counts whole seconds on some systems; only a wall clock that was set differs by more, ms. */
const CLOCK_SET = 5000;

/** Returns a function for when this run started, which is now, epoch ms: it moves with a wall clock that is set meanwhile. */
function startTimeReader(clock: Clock): () => number {
  const bootAtStart = clock.boot();
  let startTime = clock.now();
  return () => {
    const now = clock.now() - (clock.boot() - bootAtStart);
    if (Math.abs(now - startTime) > CLOCK_SET) startTime = now;
    return startTime;
  };
}

/**
 * Reads facts about this machine and this run, which starts now: all of them, or those that may be asked for each second,
 * without what programs are started for.
 */
function hostInfoReader({ system, clock, timers, appVersion, runtime }: CoreParts, settings: SettingsHolder, path: () => string | null): { all(): Promise<HostInfo>; known(): Promise<HostInfo> } {
  const startTime = startTimeReader(clock);
  const inventory = createInventory(system, timers);
  const read = (asked?: Awaited<ReturnType<typeof inventory>>): Promise<HostInfo> =>
    readHostInfo({ ...system, now: () => clock.now() }, { appVersion, runtime, startTime: startTime(), databasePath: path(), environment: system.demo === undefined ? settings.get().environment : 'demo' }, asked);
  return { all: async () => read(await inventory()), known: () => read() };
}

/** The desktop's services; notifications of a demo machine say so. */
function servicesOf({ system, services }: CoreParts): CoreParts['services'] {
  return system.demo === undefined ? services : { ...services, notifier: demoNotifier(services.notifier) };
}

/** One part that fails must not keep the last samples from the disk. */
function closeEach(closes: readonly (() => void)[], log: CoreParts['log']): void {
  for (const close of closes) {
    try {
      close();
    } catch (error) {
      log.error('a part of the core did not close', { error });
    }
  }
}

/** Creates the core; nothing is sampled before `monitoring.start()`. */
export function createCore(parts: CoreParts): Core {
  const { paths, log, clock, timers, system: { demo } } = parts;
  const listeners = new Set<(state: AppState) => void>();
  const emitAppState = (): void => listeners.forEach((listener) => listener(appState()));
  const notices = createNotices(() => clock.now(), emitAppState);
  const settings = withGettingStarted(parts, openSettings(paths.settings, clock, log, notices));
  const hub = createHub((error) => log.error('a subscriber failed', { error }));
  const history = setupHistory(parts, notices, settings, hub, (work) => monitoring.pauseDuring(work));
  const { store, tasks, onActivity } = history;
  const { record, lifecycle } = setupLifecycle(parts, history, hub, settings);
  const workloads = createWorkloads({ parts, settings, record, tasks, notices, isPaused: () => monitoring.isPaused() });
  const sampler = createEngineSampler({ ...parts, sources: workloads.sources }, hub, history, settings, lifecycle);
  const viewedFamilies = leavingMachines(createViewedFamilies((viewed) => sampler.setViewed(viewed)), () => machines.machines);
  const monitoring = createMonitoring({ sampler, hub, store, timers, sleeper: workloads.services, onChange: emitAppState });
  for (const follow of [lifecycle.onPaused, workloads.setPaused]) listeners.add(({ paused }) => follow(paused));
  const processes = setupProcesses(parts, (id) => workloads.containers.nameOf(id), () => !monitoring.isPaused());
  processes.onMinute((top) => store.activity.putProcessSnapshot(top));
  const alerts = createAlerts({ ...parts, ...servicesOf(parts), hostname: demo?.hostname ?? hostname(), hub, store, processes, settings, notices, record, isPaused: () => monitoring.isPaused() });
  for (const follow of [alerts.onRenamed, deviceSettingsFollower(settings, log)]) history.onRenamed(follow);
  const host = hostInfoReader(parts, settings, history.path);
  const appState = (): AppState => ({ paused: monitoring.isPaused(), settings: settings.get(), rules: effectiveRules(settings.get().alerts.rules), notices: notices.list(), ...(demo === undefined ? {} : { demo: demo.hostname }) });
  const remoteAccess = setupRemoteAccess(parts, settings, record, notices);
  const updates = createUpdateControl({ ...parts, path: paths.updates, log: log.scoped('updates'), record, settings }, demo === undefined ? parts.updates : null);
  const machineAlerts = createMachineAlerts({ ...parts, ...servicesOf(parts), record, settings: () => settings.get().alerts, isSnoozed: () => alerts.incidentManager.snoozes().some(({ target }) => target.kind === 'all') });
  const machines = createOtherMachines({ ...parts, tasks, machineAlerts, tokens: remoteAccess.access.machines, hubSettings: () => settings.get(), path: paths.report, log: log.scoped('report'), hub, store, settings, record, onIncident: (listener) => onActivity(() => undefined, listener), openIncidents: () => alerts.openAlerts().incidents, host: host.known });
  const handlers = machines.route(createHandlers({
    clock,
    hub,
    ...history,
    alerts: alerts.handlers,
    viewedFamilies,
    processes,
    remoteAccess: remoteAccess.handlers,
    host: host.all,
    ...lanHandlers(parts, settings, remoteAccess),
    status: statusReader(parts, { hub, settings, alerts, history, host: host.known }),
    appState,
    updateSettings: settingsUpdater(settings),
    setPaused: (paused) => monitoring.setPaused(paused),
    dismissNotice: (id) => notices.dismiss(id),
    workloads: workloads.handlers,
    machines: machines.handlers,
    installation: { ...installationHandlers(parts, { hub, sampler, history, host: host.known }), ...updates.handlers },
  }));
  for (const follow of [(changed: Settings) => store.setLimits(historyLimits(changed)), emitAppState]) settings.subscribe(follow);
  const maintenance = createMaintenanceLoop(store, clock, timers);
  const engineParts = { hub, store, sampler, viewedFamilies, monitoring, processes, alerts, updates, workloads, machines };
  const activityParts = { settings, notices, tasks, record, onActivity, remoteAccess };
  return {
    ...engineParts,
    ...activityParts,
    handlers,
    host: host.all,
    appState,
    onAppState: (listener) => void listeners.add(listener),
    close: () => {
      closeEach([...[monitoring, maintenance, lifecycle].map((part) => () => part.stop()), ...[updates, machines, machineAlerts, workloads, remoteAccess, alerts, processes, sampler, parts.system.programs, history].map((part) => () => part.close())], log);
    },
  };
}
