import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { problemText } from '../../shared/api/problem-text';
import type { Client } from '../../shared/api/client';
import type { AppState, CallInput } from '../../shared/api/contract';
import type { Result } from '../../shared/result';

/** Settings, notices and pause; `state` is null until first heard. */
export interface AppStateSlice {
  readonly state: AppState | null;
}

/** The store of what the app says about itself. */
export type AppStateStore = StoreApi<AppStateSlice>;

/** What a person can change; each resolves to null, or to why it did not work. */
export interface AppActions {
  updateSettings(patch: CallInput<'updateSettings'>): Promise<string | null>;
  setPaused(paused: boolean): Promise<string | null>;
  dismissNotice(id: string): Promise<string | null>;
  showDataFolder(): Promise<string | null>;
  /** Saves a file where the person says; `path` is null when they thought better of it. */
  saveFile(file: CallInput<'saveFile'>): Promise<{ readonly path: string | null; readonly failure: string | null }>;
}

/** Makes the store, empty. */
export function createAppStateStore(): AppStateStore {
  return createStore<AppStateSlice>(() => ({ state: null }));
}

/** Makes the actions: each calls, and takes over the state it is answered. `downloadInBrowser` saves files where the desktop cannot be asked. */
export function createAppActions(client: Client, store: AppStateStore, downloadInBrowser: ((file: CallInput<'saveFile'>) => void) | null = null): AppActions {
  const take = (answer: Result<AppState>): string | null => {
    if (!answer.ok) return problemText(answer.message);
    store.setState({ state: answer.value });
    return null;
  };
  return {
    updateSettings: async (patch) => take(await client.call('updateSettings', patch)),
    setPaused: async (paused) => take(await client.call('setPaused', { paused })),
    dismissNotice: async (id) => take(await client.call('dismissNotice', { id })),
    showDataFolder: async () => {
      const answer = await client.call('showDataFolder', {});
      return answer.ok ? null : answer.message;
    },
    saveFile: async (file) => {
      if (downloadInBrowser !== null) {
        downloadInBrowser(file);
        return { path: null, failure: null };
      }
      const answer = await client.call('saveFile', file);
      return answer.ok ? { path: answer.value.path, failure: null } : { path: null, failure: answer.message };
    },
  };
}
