/** Settings, notices and pause as the app last reported them, and the commands that change them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { problemText } from '../../shared/api/problem-text';
import type { Client } from '../../shared/api/client';
import type { AppState, CallInput } from '../../shared/api/contract';
import type { Result } from '../../shared/result';

/** `state` is null until the app first reported it. */
export interface AppStateSlice {
  readonly state: AppState | null;
}

/** Store of the app's own state. */
export type AppStateStore = StoreApi<AppStateSlice>;

/** Commands of the user; each resolves to null, or to the message of its failure. */
export interface AppActions {
  updateSettings(patch: CallInput<'updateSettings'>): Promise<string | null>;
  setPaused(paused: boolean): Promise<string | null>;
  dismissNotice(id: string): Promise<string | null>;
  showDataFolder(): Promise<string | null>;
  /** Saves a file where the user chooses; `path` is null when the dialog was cancelled or the browser downloads the file. */
  saveFile(file: CallInput<'saveFile'>): Promise<{ readonly path: string | null; readonly failure: string | null }>;
}

/** Creates the store, empty. */
export function createAppStateStore(): AppStateStore {
  return createStore<AppStateSlice>(() => ({ state: null }));
}

/** Creates the commands; each applies the state in its response. `downloadInBrowser` saves files where the `saveFile` call is not available. */
export function createAppActions(client: Client, store: AppStateStore, downloadInBrowser: ((file: CallInput<'saveFile'>) => void) | null = null): AppActions {
  const apply = (response: Result<AppState>): string | null => {
    if (!response.ok) return problemText(response.message);
    store.setState({ state: response.value });
    return null;
  };
  return {
    updateSettings: async (patch) => apply(await client.call('updateSettings', patch)),
    setPaused: async (paused) => apply(await client.call('setPaused', { paused })),
    dismissNotice: async (id) => apply(await client.call('dismissNotice', { id })),
    showDataFolder: async () => {
      const response = await client.call('showDataFolder', {});
      return response.ok ? null : response.message;
    },
    saveFile: async (file) => {
      if (downloadInBrowser !== null) {
        downloadInBrowser(file);
        return { path: null, failure: null };
      }
      const response = await client.call('saveFile', file);
      return response.ok ? { path: response.value.path, failure: null } : { path: null, failure: response.message };
    },
  };
}
