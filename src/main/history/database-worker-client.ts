/** Copies, validates, measures, shortens and compacts databases on a worker thread, one thread for each job. */
import { Worker } from 'node:worker_threads';
import type { Deletion, DeletionSize, GoneDevice } from '../../shared/api/deletion-schemas';

/** The job of a worker thread, as its `workerData`. */
export type DatabaseJob =
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'validate'; readonly path: string }
  | { readonly kind: 'compact'; readonly path: string }
  | { readonly kind: 'preview'; readonly path: string; readonly deletion: Deletion }
  | { readonly kind: 'delete'; readonly path: string; readonly deletion: Deletion; readonly now: number };

/** What a deletion did. `isCompacted` is false where the file could not be compacted yet. */
interface Deleted {
  readonly size: DeletionSize;
  readonly isCompacted: boolean;
}

/** What a deletion would remove, and the devices that could be deleted. */
interface DeletionMeasure {
  readonly size: DeletionSize;
  readonly devices: readonly GoneDevice[];
}

/** The result of a job: why a backup is not valid, what was measured, or what was deleted. */
type DatabaseResult = string | null | Deleted | DeletionMeasure;

/** What the thread posts back: progress, and in the end a result or an error. */
export type DatabaseMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly bytes: number }
  | { readonly kind: 'done'; readonly result: DatabaseResult }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | null };

/** Copies, validates and compacts databases without blocking the main thread. */
export interface DatabaseWorker {
  /** Copies a database that may be in use. Rejects with SQLite's error, or the signal's reason when cancelled; the caller removes what was written. */
  copy(from: string, to: string, signal: AbortSignal, onProgress: (done: number, bytes: number) => void): Promise<void>;
  /** Why a file cannot replace the history, as text for the user; null when it can. Rejects with the signal's reason. */
  validateBackup(path: string, signal: AbortSignal): Promise<string | null>;
  /** Rewrites a database without free pages (VACUUM); nothing else may write to it meanwhile. Rejects with SQLite's error. */
  compact(path: string): Promise<void>;
  /** What a deletion would remove. */
  previewDeletion(path: string, deletion: Deletion): Promise<DeletionMeasure>;
  /**
   * Deletes a part of the history and compacts the file; nothing else may write to it meanwhile. Rejects where nothing was
   * deleted. `now`, epoch ms, dates the event it writes.
   */
  deleteHistory(path: string, deletion: Deletion, now: number, signal: AbortSignal, onProgress: (done: number, bytes: number) => void): Promise<Deleted>;
}

/** A database worker with real threads. */
export interface ThreadedDatabaseWorker extends DatabaseWorker {
  /** One text for each thread that has not ended: a process waits for them, and SQLite cannot be interrupted amid a call. */
  running(): readonly string[];
}

/** `entry` is the built file that the threads run. */
export function createDatabaseWorker(entry: string): ThreadedDatabaseWorker {
  const running = new Map<Worker, string>();
  const run = async (job: DatabaseJob, signal: AbortSignal = new AbortController().signal, onProgress: (done: number, bytes: number) => void = () => undefined): Promise<DatabaseResult> => {
    signal.throwIfAborted();
    const worker = new Worker(entry, { workerData: job });
    running.set(worker, `database worker: ${job.kind}`);
    worker.once('exit', () => running.delete(worker));
    try {
      return await outcomeOf(worker, signal, onProgress);
    } finally {
      // The thread has closed its files before the caller removes them.
      await worker.terminate();
    }
  };
  return {
    running: () => [...running.values()],
    copy: async (from, to, signal, onProgress) => {
      await run({ kind: 'copy', from, to }, signal, onProgress);
    },
    validateBackup: async (path, signal) => (await run({ kind: 'validate', path }, signal)) as string | null,
    compact: async (path) => {
      await run({ kind: 'compact', path });
    },
    previewDeletion: async (path, deletion) => (await run({ kind: 'preview', path, deletion })) as DeletionMeasure,
    deleteHistory: async (path, deletion, now, signal, onProgress) => (await run({ kind: 'delete', path, deletion, now }, signal, onProgress)) as Deleted,
  };
}

/** Resolves with the thread's result; rejects with its error, or with the signal's reason. */
function outcomeOf(worker: Worker, signal: AbortSignal, onProgress: (done: number, bytes: number) => void): Promise<DatabaseResult> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: DatabaseMessage) => {
      if (message.kind === 'progress') onProgress(message.done, message.bytes);
      else if (message.kind === 'done') resolve(message.result);
      else reject(Object.assign(new Error(message.message), message.code === null ? {} : { code: message.code }));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('the database worker ended early'));
    });
  });
}
