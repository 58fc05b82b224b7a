/** One handler per call of the contract; each forwards to the part that does the work. */
import type { AppState } from '../../shared/api/contract';
import type { Handlers } from '../../shared/api/dispatch';
import { isReservedEventType } from '../../shared/timeline/event-types';
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
import type { Store } from '../engine/store/store-types';
import type { ViewedFamilies } from '../engine/viewed-families';
import type { HistoryCommands } from '../history/history-commands';
import type { RuleBacktest } from '../alerts/rule-backtest';
import type { AccessCall } from '../access/access-handlers';
import { refuseLocalSections } from '../settings/local-sections';
import type { GapQuery } from '../history/gap-query';
import type { Tasks } from '../history/background-tasks';
import type { OtherMachinesHandlers } from './other-machines';
import { createHistoryHandlers } from './history-handlers';
import type { ContainerHandlers, ServiceHandlers } from './workload-calls';

/** What the handlers forward to. */
export interface HandlerParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly hub: Hub;
  readonly store: Store;
  readonly viewedFamilies: ViewedFamilies;
  readonly gaps: GapQuery;
  readonly historyCommands: HistoryCommands;
  readonly tasks: Tasks;
  readonly backtestRule: RuleBacktest;
  readonly processes: Pick<ProcessTables, 'table'>;
  readonly alerts: AlertHandlers;
  /** Milliseconds of the monotonic clock. */
  mono(): number;
  /** Access control and power control. */
  readonly remoteAccess: Pick<Handlers, AccessCall>;
  host(): Promise<HostInfo>;
  status(): Promise<Status>;
  lanState(): LanState;
  lanConnections(): readonly ConnectedClient[];
  /** Throws a CallError where the network interfaces cannot be read. */
  lanInterfaces(): readonly LanInterface[];
  appState(): AppState;
  /** Validates, saves and applies a change; throws a CallError where that fails. */
  updateSettings(patch: SettingsPatch): void;
  setPaused(paused: boolean): void;
  dismissNotice(id: string): boolean;
  /** Containers and services. */
  readonly workloads: ContainerHandlers & ServiceHandlers;
  /** Other machines: those that report here, and the one this reports to. */
  readonly machines: OtherMachinesHandlers;
  /** Start at login, tray, sandbox, data folder, diagnostics and updates. */
  readonly installation: Pick<Handlers, 'autostart' | 'setAutostart' | 'trayStatus' | 'sandbox' | 'diagnostics' | 'showDataFolder' | 'updates' | 'checkForUpdates' | 'downloadUpdate' | 'cancelUpdate' | 'installUpdate' | 'openUpdatePage'>;
}

/** Calls that write to the timeline. */
function activityHandlers({ store, clock }: HandlerParts) {
  return {
    addEvent: (event) => {
      // Rules and pages rely on the app's own event types.
      if (isReservedEventType(event.type)) throw new CallError('BadInput', `type: ${event.type} is reserved for Traywatch`);
      const written = store.activity.addEvent(event, clock.now());
      // The response says that it is stored: other programs do not know about pending commits.
      store.activity.flush();
      return written;
    },
  } satisfies Partial<Handlers>;
}

/** Calls about the history as a whole, and files made of it. */
function historyHandlers({ historyCommands, tasks }: HandlerParts) {
  return {
    estimateHistory: (limits) => historyCommands.estimate(limits),
    saveFile: (file) => historyCommands.saveFile(file),
    exportHistory: (input) => historyCommands.exportHistory(input),
    backupHistory: () => historyCommands.backup(),
    restoreHistory: () => historyCommands.restore(),
    previewDeletion: (deletion) => historyCommands.previewDeletion(deletion),
    deleteHistory: (deletion) => historyCommands.delete(deletion),
    cancelTask: ({ id }) => {
      if (!tasks.cancel(id)) throw new CallError('NotFound', 'this task has ended or cannot be cancelled');
      return null;
    },
  } satisfies Partial<Handlers>;
}

/** The handlers of all calls. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...createHistoryHandlers({ ...parts, rules: () => parts.appState().rules }),
    ...activityHandlers(parts),
    ...historyHandlers(parts),
    ...parts.alerts,
    ...parts.remoteAccess,
    ...parts.installation,
    ...parts.workloads,
    ...parts.machines,
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
      if (!parts.dismissNotice(id)) throw new CallError('NotFound', 'this notice does not exist or cannot be dismissed');
      return parts.appState();
    },
  };
}
