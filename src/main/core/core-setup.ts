/** Creates the groups of parts that the core consists of, and subscribes them to each other. */
import type { HostInfo } from '../../shared/host-info';
import type { Incident } from '../../shared/alerts/incident';
import type { ActivityEvent } from '../../shared/timeline/event-schemas';
import type { LanState } from '../../shared/sharing/lan-state';
import { CallError } from '../../shared/result';
import { createConsent, inWords } from '../power/consent';
import type { PowerCommandRunner } from '../power/power-commands';
import type { DatabaseWorker } from '../history/database-worker-client';
import type { Alerts, DesktopServices } from '../alerts/create-alerts';
import type { Clock, Timers } from '../engine/clock';
import { createCollectors } from '../engine/collectors/index';
import { ownMachine } from '../engine/collectors/own-machine';
import type { CollectorDeps, SelfSource, SystemDeps } from '../engine/collectors/deps';
import type { Hub } from '../engine/hub';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import { createProcesses } from '../engine/processes/index';
import type { Processes } from '../engine/processes/index';
import { sleepAskerOf } from '../engine/sampler/sleep-asker';
import { changedFamilies, ignoredIn, overriddenBatch, toOverrides } from '../engine/sampler/device-overrides';
import { createSampler } from '../engine/sampler/sampler';
import type { Sampler } from '../engine/sampler/sampler';
import type { CatalogHooks } from '../engine/store/catalog';
import type { EventLimits } from '../engine/store/activity/activity-retention';
import { readSeriesKeys } from '../engine/store/query/read-only-connection';
import type { Store } from '../engine/store/store-types';
import type { HandlerParts } from './handlers';
import type { Installation } from '../diagnostics/installation';
import { createUptimeReader, serviceIdsOf } from './service-uptime';
import { statusOf } from './status-document';
import type { LoadUpdateSetup } from './update-control';
import { historyLimits, openHistory } from '../history/open-history';
import { createHistoryCommands, currentSeriesKeys } from '../history/history-commands';
import { readLocalHost } from '../access/addresses';
import { kindsOf } from '../access/interface-kind';
import { readInterfaces } from '../access/interfaces';
import { createRemoteAccess } from '../access/remote-access';
import type { RemoteAccess } from '../access/remote-access';
import type { LiveConnection } from '../access/connected-clients';
import { connectedClients } from '../access/connected-clients';
import { createLifecycleEvents } from '../timeline/lifecycle-events';
import type { LifecycleEvents } from '../timeline/lifecycle-events';
import type { Notices } from '../timeline/notices';
import type { FileDialogs } from '../lib/file-dialogs';
import type { Paths } from '../lib/paths';
import { createEventRecorder } from '../timeline/event-recorder';
import type { EventRecorder } from '../timeline/event-recorder';
import { createRuleBacktest } from '../alerts/rule-backtest';
import { createRuleGate } from '../alerts/rule-gate';
import { renamedDeviceSettings } from '../settings/renamed-devices';
import type { SettingsHolder } from '../settings/settings';
import { createGapQuery } from '../history/gap-query';
import { createSwappableStore } from '../history/swappable-store';
import { createTasks } from '../history/background-tasks';
import type { Tasks } from '../history/background-tasks';

/** What the core needs from outside. */
export interface CoreParts {
  readonly paths: Paths;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly system: SystemDeps;
  readonly appVersion: string;
  /** Names and versions of the runtime, for the System page. */
  readonly runtime: string;
  /** Creates the source of the app's own CPU, memory and disk use. */
  selfMetricsSource(store: Store, sampler: () => Sampler): SelfSource;
  readonly installation: Installation;
  /** Where to ask for updates, and what installs them. Null: never asked. */
  readonly updates: LoadUpdateSetup | null;
  /** Opens a folder in the file manager; resolves to an error message or an empty string. */
  showFolder(path: string): Promise<string>;
  readonly dialogs: FileDialogs;
  lanState(): LanState;
  /** Event streams of the LAN server that are open now. */
  lanConnections(): readonly LiveConnection[];
  /** Runs the command that restarts or shuts down the machine. */
  readonly runPowerCommand: PowerCommandRunner;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly databaseWorker: DatabaseWorker;
  /** Notifications, encryption and do-not-disturb of the desktop. */
  readonly services: DesktopServices;
}

/** Subscribes to written events, and to incidents that begin, change or end. */
export type OnActivity = (onEvent: (event: ActivityEvent) => void, onIncident: (incident: Incident) => void) => void;

/** Called after series got other keys in the history. */
type OnRenamed = NonNullable<CatalogHooks['onRenamed']>;

/** The collectors of this machine and the loop that reads them. */
export function createEngineSampler({ clock, timers, system, log, selfMetricsSource, sources }: CoreParts & { readonly sources: Pick<CollectorDeps, 'containers' | 'services'> }, hub: Hub, { store, onSleepLearned }: Pick<ReturnType<typeof setupHistory>, 'store' | 'onSleepLearned'>, settings: SettingsHolder, lifecycle: LifecycleEvents): Sampler {
  const health = createTransitionLog(log.scoped('collectors'));
  const self = selfMetricsSource(store, () => sampler);
  const collectors = createCollectors({ ...system, ...sources, networkMounts: () => settings.get().networkMounts, driveHealth: () => settings.get().driveHealth, ignoredBatteries: () => ignoredIn('battery', settings.get().devices), self });
  let overrides = toOverrides(settings.get().devices);
  settings.subscribe((changed, before) => {
    overrides = toOverrides(changed.devices);
    sampler.readSoon(changedFamilies(before.devices, changed.devices));
    // What was just switched on is looked for on its page.
    if (changed.driveHealth !== before.driveHealth) sampler.readSoon(['health']);
    if (changed.networkMounts !== before.networkMounts) sampler.readSoon(['disk']);
  });
  const sampler = createSampler({
    collectors,
    clock,
    timers,
    onBatch: (batch) => hub.publish(overriddenBatch(batch, overrides)),
    onHealth: (family, fault) => {
      health.report(family, fault === null ? null : `${fault.kind}: ${fault.message}`);
      lifecycle.onHealth(family, fault);
    },
    ...sleepAskerOf(system),
    onSleepLearned(time) {
      onSleepLearned(time);
      lifecycle.onSleepLearned(time);
    },
  });
  return sampler;
}

/** Keeps what is set for devices with them when they get other ids. */
export function deviceSettingsFollower(settings: SettingsHolder, log: CoreParts['log']): OnRenamed {
  return (renamed) => {
    const { devices } = settings.get();
    const present = renamedDeviceSettings(devices, renamed);
    if (present === devices) return;
    const saved = settings.update({ devices: [...present] });
    if (!saved.ok) log.warn('settings of renamed devices could not be saved', { reason: saved.message });
  };
}

/** The store, replaceable, and everything that works on the history as a whole. `pauseDuring` pauses sampling while work runs. */
export function setupHistory(parts: CoreParts, notices: Notices, settings: SettingsHolder, hub: Hub, pauseDuring: (work: () => void) => void) {
  const { paths, clock, log, dialogs, databaseWorker } = parts;
  const eventListeners = new Set<(event: ActivityEvent) => void>();
  const incidentListeners = new Set<(incident: Incident) => void>();
  const onEvent = (event: ActivityEvent): void => eventListeners.forEach((listener) => listener(event));
  const onIncident = (incident: Incident): void => incidentListeners.forEach((listener) => listener(incident));
  const renameListeners = new Set<OnRenamed>();
  const onRenamed: OnRenamed = (renamed) => renameListeners.forEach((listener) => listener(renamed));
  const eventLimits = (): EventLimits => ({ keep: settings.get().alerts.keepEvents, pruneAt: settings.get().alerts.pruneEventsAt });
  let file: string | null = null;
  const swappable = createSwappableStore(() => {
    const opened = openHistory({ path: paths.database, clock, log, notices, limits: historyLimits(settings.get()), onEvent, onIncident, onRenamed, eventLimits, compact: (path) => databaseWorker.compact(path) });
    file = opened.path;
    return opened.store;
  });
  const path = (): string | null => file;
  const tasks = createTasks(clock, log.scoped('tasks'));
  const historyCommands = createHistoryCommands({ swappable, hub, clock, tasks, dialogs, databaseWorker, path, pauseDuring, keepDays: () => settings.get().keepDays });
  const gaps = createGapQuery({ store: swappable.store, path, pausedNow: () => (hub.snapshot().paused ? clock.now() : null) });
  const keys = (): readonly string[] => (file === null ? currentSeriesKeys(hub) : [...new Set([...currentSeriesKeys(hub), ...readSeriesKeys(file)])]);
  const backtestRule = createRuleBacktest({ hub, store: swappable.store, clock, keys });
  hub.subscribe((batch) => {
    swappable.store.append(batch);
    gaps.onBatch(batch);
  });
  const onSleepLearned = (time: number): void => {
    swappable.store.setGapReason(time, 'sleep');
    gaps.onSleepLearned(time);
  };
  const close = (): void => {
    tasks.close();
    swappable.store.close();
  };
  const onActivity: OnActivity = (toEvent, toIncident) => {
    eventListeners.add(toEvent);
    incidentListeners.add(toIncident);
  };
  return { store: swappable.store, path, gaps, tasks, historyCommands, backtestRule, onActivity, onRenamed: (listener: OnRenamed) => void renameListeners.add(listener), onSleepLearned, mono: () => clock.mono(), close };
}

/** Changes settings, or throws a CallError with the reason. */
export function settingsUpdater(settings: SettingsHolder): HandlerParts['updateSettings'] {
  const checkRules = createRuleGate(settings);
  return (patch) => {
    checkRules(patch.alerts?.rules ?? []);
    const result = settings.update(patch);
    if (!result.ok) throw new CallError(result.code, result.message);
  };
}

/** What the status document is made of. */
interface StatusParts {
  readonly hub: Hub;
  readonly settings: SettingsHolder;
  readonly alerts: Pick<Alerts, 'openAlerts'>;
  readonly history: Pick<ReturnType<typeof setupHistory>, 'store' | 'path'>;
  host(): Promise<HostInfo>;
}

/** Makes the status document, all of it from one moment. */
export function statusReader(parts: CoreParts, { hub, settings, alerts, history, host }: StatusParts): HandlerParts['status'] {
  const { clock, log } = parts;
  const readUptimes = createUptimeReader({ ...parts, store: history.store, log: log.scoped('status') });
  return async () => {
    const [facts, uptimes] = await Promise.all([host(), readUptimes(serviceIdsOf(hub.snapshot()))]);
    const { incidents } = alerts.openAlerts();
    return statusOf(hub.snapshot(), { host: facts, uptimes, openIncidents: incidents, now: clock.now(), intervalSeconds: settings.get().lan.intervalSeconds, history: { health: history.store.health(), path: history.path() } });
  };
}

/** The event recorder, and the events of the app's life: batches, settings and tasks are turned into timeline events. */
export function setupLifecycle({ clock, log, appVersion }: CoreParts, { store, tasks }: { store: Store; tasks: Tasks }, hub: Hub, settings: SettingsHolder): { record: EventRecorder; lifecycle: LifecycleEvents } {
  const record = createEventRecorder(store, { clock, log: log.scoped('timeline') });
  const latest: Parameters<typeof createLifecycleEvents>[0]['latest'] = (types) => store.activity.events({ types: [...types], limit: 1 }).events[0]?.type ?? null;
  const lifecycle = createLifecycleEvents({ record, clock, appVersion, latest });
  hub.subscribe((batch) => lifecycle.onBatch(batch));
  settings.subscribe((changed, before) => lifecycle.onSettings(changed, before));
  tasks.onProgress((task) => lifecycle.onTask(task));
  return { record, lifecycle };
}

/** The process table, process snapshots and the processes behind alerts. */
export function setupProcesses({ system, clock, timers, log }: CoreParts, containerNameOf: (id: string) => string | null, isActive: () => boolean): Processes {
  const health = createTransitionLog(log.scoped('processes'));
  return createProcesses({ system, clock, timers, isActive, containerNameOf, onHealth: (failure) => health.report('the process snapshot of each minute', failure) });
}

/** The LAN server's state, the connected browsers, and the interfaces it could listen on. */
export function lanHandlers({ system, lanState, lanConnections }: CoreParts, settings: SettingsHolder, { access }: RemoteAccess): Pick<HandlerParts, 'lanState' | 'lanConnections' | 'lanInterfaces'> {
  const { platform, root } = ownMachine(system);
  const kindOf = kindsOf(platform, root);
  return {
    lanState,
    lanConnections: () => connectedClients(lanConnections(), (id) => access.devices.find(id)),
    lanInterfaces: () => readInterfaces({ kindOf, localHost: readLocalHost, settings: () => settings.get().lan }),
  };
}

/** A demo must not restart the machine that it runs on. */
const refusePower: PowerCommandRunner = () => Promise.resolve('this is a demo machine, which cannot be restarted or shut down');

/** Access control for browsers, and power control. */
export function setupRemoteAccess({ paths, clock, timers, log, system, env, runPowerCommand }: CoreParts, settings: SettingsHolder, record: EventRecorder, notices: Notices): RemoteAccess {
  const { platform } = ownMachine(system);
  const run = inWords(platform, system.demo === undefined ? runPowerCommand : refusePower);
  const remoteAccess = createRemoteAccess({ path: paths.access, clock, timers, log, record, platform, env, run, settings: () => settings.get() });
  const askConsent = createConsent({ platform, run, notices });
  settings.subscribe(({ powerControl: { enabled } }, before) => {
    remoteAccess.powerControl.onSettings();
    if (enabled !== before.powerControl.enabled) askConsent(enabled);
  });
  return remoteAccess;
}
