/** The calls that can be about another machine, answered from what it reported: by the same functions as for this one. */
import type { Handlers } from '../../shared/api/dispatch';
import type { AppState } from '../../shared/api/contract';
import type { MachineCall } from '../../shared/machines/machine-calls';
import type { HostInfo } from '../../shared/host-info';
import type { Settings } from '../../shared/settings/settings-schema';
import { CallError } from '../../shared/result';
import { createRuleBacktest } from '../alerts/rule-backtest';
import type { Clock } from '../engine/clock';
import { readSeriesKeys } from '../engine/store/query/read-only-connection';
import type { Tasks } from '../history/background-tasks';
import type { DatabaseWorker } from '../history/database-worker-client';
import { createHistoryCommands, currentSeriesKeys } from '../history/history-commands';
import type { FileDialogs } from '../lib/file-dialogs';
import type { Machine } from '../machines/machine';
import { createHistoryHandlers } from './history-handlers';
import { statusOf } from './status-document';

/** What they need of the core. */
export interface MachineHandlerParts {
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly dialogs: FileDialogs;
  readonly databaseWorker: DatabaseWorker;
  settings(): Settings;
  /** A caller shows this machine. */
  /** A caller looks at the machine, or no more: without families on screen, as in a hidden window. */
  watch(caller: string, isSeen: boolean): void;
}

/** The handlers of one machine. */
export type MachineCallHandlers = Pick<Handlers, MachineCall>;

const notHere = (): never => {
  throw new CallError('Unavailable', 'this can be changed for this machine alone');
};

/** Settings of the hub and the rules of the machine: what its pages show it by. */
export function machineAppState({ known, pipeline }: Machine, settings: Settings): AppState {
  return { paused: pipeline.hub.snapshot().paused, settings, rules: known.about?.rules ?? [], notices: [] };
}

function hostOf({ known }: Machine): HostInfo {
  if (known.about === null) throw new CallError('Unavailable', 'this machine has not told yet what it is; wait for its next report');
  return known.about.host;
}

/** Creates the handlers of one machine. */
export function createMachineHandlers(machine: Machine, parts: MachineHandlerParts): MachineCallHandlers {
  const { clock, tasks, dialogs, databaseWorker, settings, watch } = parts;
  const { hub, store, gaps, path } = machine.pipeline;
  const keys = (): readonly string[] => [...new Set([...currentSeriesKeys(hub), ...(path === null ? [] : readSeriesKeys(path))])];
  const backtestRule = createRuleBacktest({ hub, store, clock, keys });
  const commands = createHistoryCommands({ swappable: { store, replace: notHere }, hub, clock, tasks, dialogs, databaseWorker, path: () => path, keepDays: () => machine.known.settings.keepDays, pauseDuring: notHere });
  return {
    ...createHistoryHandlers({ hub, store, gaps, backtestRule, rules: () => machine.known.about?.rules ?? [], mono: () => clock.mono() }),
    host: () => hostOf(machine),
    status: () => statusOf(hub.snapshot(), { host: hostOf(machine), openIncidents: machine.openIncidents(), now: clock.now(), intervalSeconds: settings().lan.intervalSeconds, history: { health: store.health(), path } }),
    appState: () => machineAppState(machine, settings()),
    openAlerts: () => ({ incidents: machine.openIncidents(), snoozes: [] }),
    setViewedFamilies: ({ families }, caller) => {
      watch(caller.id, families.length > 0);
      return null;
    },
    exportHistory: (input) => commands.exportHistory(input),
  };
}
