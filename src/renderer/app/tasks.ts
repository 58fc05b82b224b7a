/** State of the export, backup or restore of the history, or of a measurement, and the commands that start and cancel one. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import type { CallInput } from '../../shared/api/contract';
import type { Deletion } from '../../shared/api/deletion-schemas';
import type { TaskState } from '../../shared/api/history-schemas';

/** The running task, or the last one until it is dismissed; null when there is none. */
interface TaskSlice {
  readonly task: TaskState | null;
}

/** Owns the state. Each start resolves to null, or to a message why it failed. */
export interface TaskController {
  readonly store: StoreApi<TaskSlice>;
  exportAll(input: CallInput<'exportHistory'>): Promise<string | null>;
  backup(): Promise<string | null>;
  restore(): Promise<string | null>;
  deleteHistory(deletion: Deletion): Promise<string | null>;
  /** Walks through the files of a container engine. */
  measureContainers(engine: string): Promise<string | null>;
  cancel(): Promise<void>;
  /** Hides the outcome of the last task. */
  dismiss(): void;
  stop(): void;
}

/** Creates the controller; `onReplaced` is called when the history is another one: after a restore or a deletion. */
export function createTaskController(client: Client, onReplaced: () => void): TaskController {
  const store = createStore<TaskSlice>(() => ({ task: null }));
  const stop = client.subscribe((event) => {
    if (event.name !== 'taskProgress') return;
    store.setState({ task: event.payload });
    if ((event.payload.kind === 'restore' || event.payload.kind === 'delete') && event.payload.state === 'done') onReplaced();
  });
  const problem = (response: { ok: true } | { ok: false; message: string }): string | null => (response.ok ? null : response.message);
  return {
    store,
    exportAll: async (input) => problem(await client.call('exportHistory', input)),
    backup: async () => problem(await client.call('backupHistory', {})),
    deleteHistory: async (deletion) => problem(await client.call('deleteHistory', deletion)),
    measureContainers: async (engine) => problem(await client.call('measureContainerDisk', { engine })),
    restore: async () => problem(await client.call('restoreHistory', {})),
    cancel: async () => {
      const { task } = store.getState();
      // A failure is ignored: a task that has ended meanwhile has sent its end as progress.
      if (task !== null) await client.call('cancelTask', { id: task.id });
    },
    dismiss: () => store.setState({ task: null }),
    stop,
  };
}
