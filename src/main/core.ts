/** Everything that watches, stores and answers, with no desktop in it. */
import type { Incident } from '../shared/alerts/incident';
import type { AppState } from '../shared/api/contract';
import type { Handlers } from '../shared/api/dispatch';
import type { ActivityEvent } from '../shared/events';
import type { HostInfo } from '../shared/host';
import { CallError } from '../shared/result';
import type { Clock, Timers } from './engine/clock';
import { createCollectors } from './engine/collectors/index';
import type { SelfSource, SystemDeps } from './engine/collectors/deps';
import { readHostInfo } from './engine/host/index';
import { createHub } from './engine/hub';
import type { Hub } from './engine/hub';
import { createTransitionLog } from './engine/log';
import type { Log } from './engine/log';
import { createProcesses } from './engine/processes/index';
import type { Processes } from './engine/processes/index';
import { createSampler } from './engine/sampler/sampler';
import type { Sampler } from './engine/sampler/sampler';
import { readSeriesKeys } from './engine/store/side';
import type { Store } from './engine/store/types';
import { createWatches } from './engine/watches';
import type { Watches } from './engine/watches';
import { createHandlers } from './handlers';
import type { HandlerParts } from './handlers';
import { historyLimits, openHistory } from './history';
import { createHistoryTools, presentKeys } from './history-tools';
import type { Dialogs } from './history-tools';
import { createHousekeeping } from './housekeeping';
import { createLifeEvents } from './life-events';
import type { LifeEvents } from './life-events';
import { createMonitoring } from './monitoring';
import type { Monitoring } from './monitoring';
import { createNotices } from './notices';
import type { Notices } from './notices';
import type { Paths } from './paths';
import { openPreferences } from './preferences';
import { createRuleReplay } from './rule-replay';
import { createRecorder } from './recorder';
import type { RecordEvent } from './recorder';
import type { SettingsHolder } from './settings/settings';
import { createSpans } from './spans';
import { createStoreSlot } from './store-slot';
import { createTasks } from './tasks';
import type { Tasks } from './tasks';

/** What the core needs from outside. */
export interface CoreParts {
  readonly paths: Paths;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly system: SystemDeps;
  readonly appVersion: string;
  /** The runtime's name and version, for the Host page. */
  readonly runtime: string;
  /** Makes the source of the app's own cost. */
  selfSource(store: Store, sampler: () => Sampler): SelfSource;
  /** Opens a folder for the person at the desktop; resolves to an error message or an empty string. */
  showFolder(path: string): Promise<string>;
  readonly dialogs: Dialogs;
}

/** The core's parts, for what is built on them. */
export interface Core {
  readonly hub: Hub;
  readonly store: Store;
  readonly sampler: Sampler;
  readonly watches: Watches;
  readonly monitoring: Monitoring;
  readonly settings: SettingsHolder;
  readonly notices: Notices;
  readonly handlers: Handlers;
  readonly tasks: Tasks;
  /** Writes an event to the timeline. */
  readonly record: RecordEvent;
  /** Told of every event that is written, and of every incident that begins, changes or ends. */
  onActivity(onEvent: (event: ActivityEvent) => void, onIncident: (incident: Incident) => void): void;
  readonly processes: Processes;
  host(): Promise<HostInfo>;
  appState(): AppState;
  /** Called after every change of settings, notices or pause. */
  onAppState(listener: (state: AppState) => void): void;
  /** Writes what is pending and ends everything. */
  close(): void;
}

/** The collectors of this machine and the loop that asks them. */
function createEngineSampler({ clock, timers, system, log, selfSource }: CoreParts, hub: Hub, store: Store, settings: SettingsHolder, life: LifeEvents): Sampler {
  const health = createTransitionLog(log.scoped('collectors'));
  const self = selfSource(store, () => sampler);
  const collectors = createCollectors({ ...system, networkMounts: () => settings.get().networkMounts, self });
  const sampler = createSampler({
    collectors,
    clock,
    timers,
    onBatch: (batch) => hub.publish(batch),
    onHealth: (family, fault) => {
      health.report(family, fault === null ? null : `${fault.kind}: ${fault.message}`);
      life.onHealth(family, fault);
    },
  });
  return sampler;
}

/** The history in its slot, and everything that works on it as a whole. */
function setupHistory(parts: CoreParts, notices: Notices, settings: SettingsHolder, hub: Hub, hold: (work: () => void) => void) {
  const { paths, clock, log, dialogs } = parts;
  const eventListeners = new Set<(event: ActivityEvent) => void>();
  const incidentListeners = new Set<(incident: Incident) => void>();
  const onEvent = (event: ActivityEvent): void => eventListeners.forEach((listener) => listener(event));
  const onIncident = (incident: Incident): void => incidentListeners.forEach((listener) => listener(incident));
  let file: string | null = null;
  const slot = createStoreSlot(() => {
    const opened = openHistory({ path: paths.database, clock, log, notices, limits: historyLimits(settings.get()), onEvent, onIncident });
    file = opened.path;
    return opened.store;
  });
  const path = (): string | null => file;
  const tasks = createTasks(clock, log.scoped('tasks'));
  const tools = createHistoryTools({ slot, hub, clock, tasks, dialogs, path, hold, keepDays: () => settings.get().keepDays });
  const spans = createSpans(slot.store, path);
  const keys = (): readonly string[] => (file === null ? presentKeys(hub) : [...new Set([...presentKeys(hub), ...readSeriesKeys(file)])]);
  const replayRule = createRuleReplay({ hub, store: slot.store, clock, keys });
  hub.subscribe((batch) => {
    slot.store.append(batch);
    spans.onBatch(batch);
  });
  const onActivity: Core['onActivity'] = (toEvent, toIncident) => {
    eventListeners.add(toEvent);
    incidentListeners.add(toIncident);
  };
  return { store: slot.store, path, spans, tasks, tools, replayRule, onActivity };
}

/** Changes settings, or throws why they stay. */
function updaterOf(settings: SettingsHolder): HandlerParts['updateSettings'] {
  return (patch) => {
    const result = settings.update(patch);
    if (!result.ok) throw new CallError(result.code, result.message);
  };
}

/** The timeline's own part: what happens to the app and its machine becomes events. */
function setupLife({ clock, log, appVersion }: CoreParts, { store, tasks }: { store: Store; tasks: Tasks }, hub: Hub, settings: SettingsHolder): { record: RecordEvent; life: LifeEvents } {
  const record = createRecorder(store, { clock, log: log.scoped('timeline') });
  const latest: Parameters<typeof createLifeEvents>[0]['latest'] = (types) => store.journal.events({ types: [...types], limit: 1 }).events[0]?.type ?? null;
  const life = createLifeEvents({ record, clock, appVersion, latest });
  hub.subscribe((batch) => life.onBatch(batch));
  settings.subscribe((changed, before) => life.onSettings(changed, before));
  tasks.onProgress((task) => life.onTask(task));
  return { record, life };
}

/** Everything that looks at processes. */
function setupProcesses({ system, clock, timers, log }: CoreParts, isActive: () => boolean): Processes {
  const health = createTransitionLog(log.scoped('processes'));
  return createProcesses({ system, clock, timers, isActive, onHealth: (failure) => health.report('each minute’s look', failure) });
}

/** Builds the core; nothing is sampled before `monitoring.start()`. */
export function createCore(parts: CoreParts): Core {
  const { paths, log, clock, timers, system, appVersion, runtime } = parts;
  const startTime = clock.now();
  const listeners = new Set<(state: AppState) => void>();
  const announce = (): void => listeners.forEach((listener) => listener(appState()));
  const notices = createNotices(() => clock.now(), announce);
  const settings = openPreferences(paths.settings, clock, log, notices);
  const hub = createHub((error) => log.error('a subscriber failed', { error }));
  const history = setupHistory(parts, notices, settings, hub, (work) => monitoring.hold(work));
  const { store, tasks, onActivity } = history;
  const { record, life } = setupLife(parts, history, hub, settings);
  const sampler = createEngineSampler(parts, hub, store, settings, life);
  const watches = createWatches((viewed) => sampler.setViewed(viewed));
  const monitoring = createMonitoring(sampler, hub, store, announce);
  listeners.add(({ paused }) => life.onPaused(paused));
  const processes = setupProcesses(parts, () => !monitoring.isPaused());
  const host = (): Promise<HostInfo> =>
    readHostInfo({ ...system, now: () => clock.now() }, { appVersion, runtime, startTime, databasePath: history.path(), environment: settings.get().environment });
  function appState(): AppState {
    return { paused: monitoring.isPaused(), settings: settings.get(), notices: notices.list() };
  }
  const handlers = createHandlers({
    clock,
    hub,
    ...history,
    watches,
    processes,
    host,
    appState,
    updateSettings: updaterOf(settings),
    setPaused: (paused) => monitoring.setPaused(paused),
    dismissNotice: (id) => notices.dismiss(id),
    showDataFolder: () => parts.showFolder(paths.folder),
  });
  settings.subscribe((changed) => {
    store.setLimits(historyLimits(changed));
    announce();
  });
  const housekeeping = createHousekeeping(store, clock, timers);
  return {
    hub,
    store,
    sampler,
    watches,
    monitoring,
    settings,
    notices,
    handlers,
    tasks,
    record,
    onActivity,
    processes,
    host,
    appState,
    onAppState: (listener) => void listeners.add(listener),
    close: () => {
      housekeeping.stop();
      life.stop();
      processes.close();
      sampler.close();
      store.close();
    },
  };
}
