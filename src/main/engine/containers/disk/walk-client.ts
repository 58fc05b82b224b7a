/** Walks through a data folder on a worker thread. */
import { Worker } from 'node:worker_threads';
import type { WalkProgress, WalkResult } from './walk.linux';

/** The job of a thread, as its `workerData`. */
export interface WalkJob {
  readonly folder: string;
}

/** What the thread posts back: progress, and in the end a result or an error. */
export type WalkMessage =
  | { readonly kind: 'progress'; readonly progress: WalkProgress }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'done'; readonly result: WalkResult }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | null };

/** What a walk is given. */
interface WalkOptions {
  /** Ends the thread. */
  readonly signal: AbortSignal;
  onProgress(progress: WalkProgress): void;
  onWarning(message: string): void;
}

/** Walks through a folder. Rejects with the system's error where it cannot be read, and with the signal's reason when cancelled. */
export type WalkFolder = (folder: string, options: WalkOptions) => Promise<WalkResult>;

/** Memory a thread may use, MB: a damaged or made-up folder must not take all there is. */
const MAX_MEMORY_MB = 256;

/** `entry` is the built file that the threads run. */
export function createWalkFolder(entry: string): WalkFolder {
  return async (folder, options) => {
    options.signal.throwIfAborted();
    const worker = new Worker(entry, { workerData: { folder } satisfies WalkJob, resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB } });
    try {
      return await outcomeOf(worker, options);
    } finally {
      await worker.terminate();
    }
  };
}

/** Resolves with the thread's result; rejects with its error, or with the signal's reason. */
function outcomeOf(worker: Worker, { signal, onProgress, onWarning }: WalkOptions): Promise<WalkResult> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: WalkMessage) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'warning') onWarning(message.message);
      else if (message.kind === 'done') resolve(message.result);
      else reject(Object.assign(new Error(message.message), message.code === null ? {} : { code: message.code }));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('the walk through the data folder ended early'));
    });
  });
}
