/** One handler per call of the contract: thin, each passes the question to the part that knows. */
import type { AppState } from '../../shared/api/contract';
import type { Handlers } from '../../shared/api/dispatch';
import { isOwnEventType } from '../../shared/timeline/event-types';
import type { AlertHandlers } from '../alerts/create-alerts';
import type { HostInfo } from '../../shared/host-info';
import { CallError, messageOf } from '../../shared/result';
import type { SettingsPatch } from '../../shared/settings/settings-schema';
import type { Clock } from '../engine/clock';
import type { LanInterface } from '../../shared/sharing/interface-schemas';
import type { LanState } from '../../shared/sharing/lan-state';
import type { ConnectedClient } from '../../shared/sharing/connected-client';
import type { Status } from '../../shared/status-schema';
import type { Hub } from '../engine/hub';
import type { ProcessTables } from '../engine/processes/process-table-reader';
import { inSlices } from '../engine/time-slicing';
import type { Store } from '../engine/store/store-types';
import type { ViewedFamilies } from '../engine/viewed-families';
import type { HistoryCommands } from '../history/history-commands';
import type { RuleBacktest } from '../alerts/rule-backtest';
import type { LanCall } from '../access/access-handlers';
import { refuseLocalSections } from '../settings/local-sections';
import type { GapQuery } from '../history/gap-query';
import { statsAboveWarning } from '../history/time-above';
import type { Tasks } from '../history/background-tasks';

/** What the handlers hand questions to. */
export interface HandlerParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly hub: Hub;
  readonly store: Store;
  readonly viewedFamilies: ViewedFamilies;
  readonly gaps: GapQuery;
  readonly tools: HistoryCommands;
  readonly tasks: Tasks;
  readonly backtestRule: RuleBacktest;
  readonly processes: Pick<ProcessTables, 'table'>;
  readonly alerts: AlertHandlers;
  /** Monotonic ms. */
  mono(): number;
  /** Who may watch, and what they may do to the machine. */
  readonly remoteAccess: Pick<Handlers, LanCall>;
  host(): Promise<HostInfo>;
  status(): Promise<Status>;
  lanState(): LanState;
  lanConnections(): readonly ConnectedClient[];
  /** Throws a CallError where the system does not tell. */
  lanInterfaces(): readonly LanInterface[];
  appState(): AppState;
  /** Checks, saves and applies a change; throws a CallError when it cannot be saved. */
  updateSettings(patch: SettingsPatch): void;
  setPaused(paused: boolean): void;
  dismissNotice(id: string): boolean;
  /** Resolves to an error message, or to an empty string. */
  showDataFolder(): Promise<string>;
}

/** What happened, and what a person does about it. */
function activityHandlers({ store, clock }: HandlerParts) {
  return {
    events: (query) => store.activity.events(query),
    incidents: (query) => store.activity.incidents(query),
    processSnapshots: (query) => store.activity.processSnapshots(query),
    addEvent: (event) => {
      // What the app says of itself must come from itself: rules and views rely on it.
      if (isOwnEventType(event.type)) throw new CallError('BadInput', `type: ${event.type} is written by Traywatch alone`);
      const written = store.activity.addEvent(event, clock.now());
      // The answer says that it is stored: another program cannot know what waits for a commit.
      store.activity.flush();
      return written;
    },
  } satisfies Partial<Handlers>;
}

/** The history as a whole, and files made of it. */
function historyHandlers({ tools, tasks }: HandlerParts) {
  return {
    estimateHistory: (limits) => tools.estimate(limits),
    saveFile: (file) => tools.saveFile(file),
    exportHistory: (input) => tools.exportHistory(input),
    backupHistory: () => tools.backup(),
    restoreHistory: () => tools.restore(),
    cancelTask: ({ id }) => {
      if (!tasks.cancel(id)) throw new CallError('NotFound', 'this has ended already');
      return null;
    },
  } satisfies Partial<Handlers>;
}

/** Builds the handlers. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...activityHandlers(parts),
    ...historyHandlers(parts),
    ...parts.alerts,
    ...parts.remoteAccess,
    snapshot: () => parts.hub.snapshot(),
    series: (query) => inSlices(() => parts.store.queryWork(query), parts.mono),
    stats: (range) => inSlices(() => statsAboveWarning(parts.store, range), parts.mono),
    gaps: ({ from, to }) => inSlices(() => parts.gaps.gapsWork(from, to), parts.mono),
    backtestRule: (query, caller) => parts.backtestRule(query, caller.id),
    host: () => parts.host(),
    processes: async (query, { role }) => {
      try {
        return await parts.processes.table(query, role !== 'viewer');
      } catch (error) {
        throw new CallError('Unavailable', messageOf(error));
      }
    },
    status: () => parts.status(),
    lanState: () => parts.lanState(),
    lanConnections: () => parts.lanConnections(),
    lanInterfaces: () => parts.lanInterfaces(),
    appState: () => parts.appState(),
    setViewedFamilies: ({ families }, caller) => {
      parts.viewedFamilies.set(caller.id, families);
      return null;
    },
    updateSettings: (patch, caller) => {
      refuseLocalSections(patch, caller);
      parts.updateSettings(patch);
      return parts.appState();
    },
    setPaused: ({ paused }) => {
      parts.setPaused(paused);
      return parts.appState();
    },
    dismissNotice: ({ id }) => {
      if (!parts.dismissNotice(id)) throw new CallError('NotFound', 'this notice is gone, or lasts as long as its cause');
      return parts.appState();
    },
    showDataFolder: async () => {
      const error = await parts.showDataFolder();
      if (error !== '') throw new CallError('Unavailable', error);
      return null;
    },
  };
}
