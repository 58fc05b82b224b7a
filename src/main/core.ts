/** Everything that watches, stores and answers, with no desktop in it. */
import type { AppState } from '../shared/api/contract';
import type { Handlers } from '../shared/api/dispatch';
import type { NewEvent } from '../shared/events';
import type { HostInfo } from '../shared/host';
import { CallError } from '../shared/result';
import type { SettingsPatch } from '../shared/settings/schema';
import type { Runner } from './control/commands';
import type { Clock, Timers } from './engine/clock';
import { createCollectors } from './engine/collectors/index';
import type { SelfSource, SystemDeps } from './engine/collectors/deps';
import { readHostInfo } from './engine/host/index';
import { createHub } from './engine/hub';
import type { Hub } from './engine/hub';
import { createTransitionLog } from './engine/log';
import type { Log } from './engine/log';
import { createSampler } from './engine/sampler/sampler';
import type { Sampler } from './engine/sampler/sampler';
import type { Store } from './engine/store/types';
import { createWatches } from './engine/watches';
import type { Watches } from './engine/watches';
import { createHandlers } from './handlers';
import { historyLimits, openHistory } from './history';
import { createHistoryTools } from './history-tools';
import type { Dialogs } from './history-tools';
import { createHousekeeping } from './housekeeping';
import { createPeople } from './lan/people';
import type { People } from './lan/people';
import { createMonitoring } from './monitoring';
import type { Monitoring } from './monitoring';
import { createNotices } from './notices';
import type { Notices } from './notices';
import type { Paths } from './paths';
import { openPreferences } from './preferences';
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
  /** Runs the command that restarts the machine or shuts it down. */
  readonly runControl: Runner;
  readonly env: Readonly<Record<string, string | undefined>>;
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
  readonly people: People;
  host(): Promise<HostInfo>;
  appState(): AppState;
  /** Called after every change of settings, notices or pause. */
  onAppState(listener: (state: AppState) => void): void;
  /** Writes what is pending and ends everything. */
  close(): void;
}

/** The collectors of this machine and the loop that asks them. */
function createEngineSampler({ clock, timers, system, log, selfSource }: CoreParts, hub: Hub, store: Store, settings: SettingsHolder): Sampler {
  const health = createTransitionLog(log.scoped('collectors'));
  const self = selfSource(store, () => sampler);
  const collectors = createCollectors({ ...system, networkMounts: () => settings.get().networkMounts, self });
  const sampler = createSampler({
    collectors,
    clock,
    timers,
    onBatch: (batch) => hub.publish(batch),
    onHealth: (family, fault) => health.report(family, fault === null ? null : `${fault.kind}: ${fault.message}`),
  });
  return sampler;
}

/** The history in its slot, and everything that works on it as a whole. */
function setupHistory(parts: CoreParts, notices: Notices, settings: SettingsHolder, hub: Hub, hold: (work: () => void) => void) {
  const { paths, clock, log, dialogs } = parts;
  let file: string | null = null;
  const slot = createStoreSlot(() => {
    const opened = openHistory({ path: paths.database, clock, log, notices, limits: historyLimits(settings.get()) });
    file = opened.path;
    return opened.store;
  });
  const path = (): string | null => file;
  const tasks = createTasks(clock, log.scoped('tasks'));
  const tools = createHistoryTools({ slot, hub, clock, tasks, dialogs, path, hold, keepDays: () => settings.get().keepDays });
  const spans = createSpans(slot.store, path);
  hub.subscribe((batch) => {
    slot.store.append(batch);
    spans.onBatch(batch);
  });
  return { store: slot.store, path, spans, tasks, tools };
}

/** Throws a CallError when the change cannot be saved. */
function changeSettings(settings: SettingsHolder, patch: SettingsPatch): void {
  const result = settings.update(patch);
  if (!result.ok) throw new CallError(result.code, result.message);
}

/** Who may watch over the LAN, and what they may do to the machine. */
function setupPeople({ paths, clock, timers, log, system, env, runControl }: CoreParts, settings: SettingsHolder): People {
  const timeline = log.scoped('timeline');
  const record = (event: NewEvent): void => timeline.info(event.message, { ...event });
  const people = createPeople({ path: paths.access, clock, timers, log, record, platform: system.platform, env, run: runControl, settings: () => settings.get() });
  settings.subscribe(() => people.control.onSettings());
  return people;
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
  const { store, tasks } = history;
  const sampler = createEngineSampler(parts, hub, store, settings);
  const watches = createWatches((viewed) => sampler.setViewed(viewed));
  const monitoring = createMonitoring(sampler, hub, store, announce);
  const host = (): Promise<HostInfo> =>
    readHostInfo({ ...system, now: () => clock.now() }, { appVersion, runtime, startTime, databasePath: history.path(), environment: settings.get().environment });
  const people = setupPeople(parts, settings);
  function appState(): AppState {
    return { paused: monitoring.isPaused(), settings: settings.get(), notices: notices.list() };
  }
  const handlers = createHandlers({
    hub,
    ...history,
    watches,
    people: people.handlers,
    host,
    appState,
    updateSettings: (patch) => changeSettings(settings, patch),
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
    people,
    host,
    appState,
    onAppState: (listener) => void listeners.add(listener),
    close: () => {
      people.close();
      housekeeping.stop();
      sampler.close();
      store.close();
    },
  };
}
