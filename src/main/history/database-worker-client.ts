/** Copying, checking and compacting a history on a thread of their own, started for each job. */
import { Worker } from 'node:worker_threads';

/** What the thread is given. */
export type DatabaseJob = { readonly kind: 'copy'; readonly from: string; readonly to: string } | { readonly kind: 'check'; readonly path: string } | { readonly kind: 'compact'; readonly path: string };

/** What it tells. */
export type DatabaseMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly bytes: number }
  | { readonly kind: 'done'; readonly answer: string | null }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | null };

/** Copies, checks and compacts databases without holding up anything. */
export interface DatabaseWorker {
  /** Copies one in use; rejects with SQLite's error, or the signal's reason when cancelled. The caller removes what was written. */
  copy(from: string, to: string, signal: AbortSignal, onProgress: (done: number, bytes: number) => void): Promise<void>;
  /** Why a file cannot take the history's place, for a person; null when it can. Rejects with the signal's reason. */
  validateBackup(path: string, signal: AbortSignal): Promise<string | null>;
  /** Writes one in use anew, with nothing free in it; nobody else may write meanwhile. Rejects with SQLite's error. */
  compact(path: string): Promise<void>;
}

/** Makes one whose threads run the built file `entry`. */
export function createDatabaseWorker(entry: string): DatabaseWorker {
  const run = async (job: DatabaseJob, signal: AbortSignal, onProgress: (done: number, bytes: number) => void): Promise<string | null> => {
    signal.throwIfAborted();
    const worker = new Worker(entry, { workerData: job });
    try {
      return await outcomeOf(worker, signal, onProgress);
    } finally {
      // Its files are closed before the caller removes them.
      await worker.terminate();
    }
  };
  return {
    copy: async (from, to, signal, onProgress) => {
      await run({ kind: 'copy', from, to }, signal, onProgress);
    },
    validateBackup: (path, signal) => run({ kind: 'check', path }, signal, () => undefined),
    compact: async (path) => {
      await run({ kind: 'compact', path }, new AbortController().signal, () => undefined);
    },
  };
}

function outcomeOf(worker: Worker, signal: AbortSignal, onProgress: (done: number, bytes: number) => void): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: DatabaseMessage) => {
      if (message.kind === 'progress') onProgress(message.done, message.bytes);
      else if (message.kind === 'done') resolve(message.answer);
      else reject(Object.assign(new Error(message.message), message.code === null ? {} : { code: message.code }));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('the copying ended early'));
    });
  });
}
