/** The export, backup or restore last heard of, until its end was read. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import type { CallInput } from '../../shared/api/contract';
import type { TaskState } from '../../shared/api/history-schemas';

/** What is known of the task; null when there is none. */
interface TaskSlice {
  readonly task: TaskState | null;
}

/** Starts and follows tasks. Each start resolves to null, or to why it did not work. */
export interface TaskController {
  readonly store: StoreApi<TaskSlice>;
  exportAll(wish: CallInput<'exportHistory'>): Promise<string | null>;
  backup(): Promise<string | null>;
  restore(): Promise<string | null>;
  cancel(): Promise<void>;
  /** The end was read. */
  dismiss(): void;
  stop(): void;
}

/** Makes it; `onRestored` is called once another history is in place. */
export function createTaskController(client: Client, onRestored: () => void): TaskController {
  const store = createStore<TaskSlice>(() => ({ task: null }));
  const stop = client.subscribe((event) => {
    if (event.name !== 'taskProgress') return;
    store.setState({ task: event.payload });
    if (event.payload.kind === 'restore' && event.payload.state === 'done') onRestored();
  });
  const problem = (answer: { ok: true } | { ok: false; message: string }): string | null => (answer.ok ? null : answer.message);
  return {
    store,
    exportAll: async (wish) => problem(await client.call('exportHistory', wish)),
    backup: async () => problem(await client.call('backupHistory', {})),
    restore: async () => problem(await client.call('restoreHistory', {})),
    cancel: async () => {
      const { task } = store.getState();
      // One that has ended meanwhile has told so itself.
      if (task !== null) await client.call('cancelTask', { id: task.id });
    },
    dismiss: () => store.setState({ task: null }),
    stop,
  };
}
