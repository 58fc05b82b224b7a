/** One handler per call of the contract: thin, each passes the question to the part that knows. */
import type { AppState } from '../shared/api/contract';
import type { Handlers } from '../shared/api/dispatch';
import type { HostInfo } from '../shared/host';
import { CallError } from '../shared/result';
import type { SettingsPatch } from '../shared/settings/schema';
import type { Hub } from './engine/hub';
import type { Store } from './engine/store/types';
import type { Watches } from './engine/watches';
import type { HistoryTools } from './history-tools';
import type { LanCall } from './lan/handlers';
import { refuseLocalSections } from './local-sections';
import type { Spans } from './spans';
import { statsAboveWarning } from './stats';
import type { Tasks } from './tasks';

/** What the handlers hand questions to. */
export interface HandlerParts {
  readonly hub: Hub;
  readonly store: Store;
  readonly watches: Watches;
  readonly spans: Spans;
  readonly tools: HistoryTools;
  readonly tasks: Tasks;
  /** Who may watch, and what they may do to the machine. */
  readonly people: Pick<Handlers, LanCall>;
  host(): Promise<HostInfo>;
  appState(): AppState;
  /** Checks, saves and applies a change; throws a CallError when it cannot be saved. */
  updateSettings(patch: SettingsPatch): void;
  setPaused(paused: boolean): void;
  dismissNotice(id: string): boolean;
  /** Resolves to an error message, or to an empty string. */
  showDataFolder(): Promise<string>;
}

/** Builds the handlers. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...parts.people,
    lanState: () => ({ state: 'off' }),
    snapshot: () => parts.hub.snapshot(),
    series: (query) => parts.store.query(query),
    stats: (range) => statsAboveWarning(parts.store, range),
    spans: ({ from, to }) => parts.spans.spans(from, to),
    host: () => parts.host(),
    appState: () => parts.appState(),
    watch: ({ families }, caller) => {
      parts.watches.set(caller.id, families);
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
    estimateHistory: (limits) => parts.tools.estimate(limits),
    saveFile: (file) => parts.tools.saveFile(file),
    exportHistory: (wish) => parts.tools.exportHistory(wish),
    backupHistory: () => parts.tools.backup(),
    restoreHistory: () => parts.tools.restore(),
    cancelTask: ({ id }) => {
      if (!parts.tasks.cancel(id)) throw new CallError('NotFound', 'this has ended already');
      return null;
    },
  };
}
