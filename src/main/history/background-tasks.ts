/** Long-running tasks the user started (export, backup, restore, deletion, measurement): one at a time, with progress and a final state in every case. */
import { rmSync } from 'node:fs';
import type { TaskState } from '../../shared/api/history-schemas';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { fileErrorText } from '../lib/file-error-text';

/** Shortest time between two reports of progress, ms. */
const PROGRESS_INTERVAL = 100;

/** What the work of a task is given. */
export interface TaskHandle {
  /** Aborts when the user cancels, or the app quits. */
  readonly signal: AbortSignal;
  /** Reports progress: `done` 0–1, the bytes written or counted so far, and the files of a measurement. */
  report(done: number, bytes: number, files?: number): void;
  /** Names a file to remove should the app quit before the work ends. */
  owns(path: string): void;
}

/** Runs tasks, one at a time. */
export interface Tasks {
  /** Starts a task and returns its id; `work` resolves to the result as text for the user. Throws a CallError while another runs. */
  start(kind: TaskState['kind'], path: string, work: (task: TaskHandle) => Promise<string>): number;
  /** False when no task of this id is running that can be cancelled. */
  cancel(id: number): boolean;
  /** The app quits now: a running task is aborted, and its files are removed. */
  close(): void;
  /** Calls back at the start, with progress, and at the end. */
  onProgress(listener: (state: TaskState) => void): void;
}

/** Starts without a task. */
export function createTasks(clock: Pick<Clock, 'mono'>, log: Log): Tasks {
  const listeners = new Set<(state: TaskState) => void>();
  let count = 0;
  let running: { readonly id: number; readonly kind: TaskState['kind']; readonly abort: AbortController; readonly files: Set<string> } | null = null;

  const run = async (first: TaskState, abort: AbortController, files: Set<string>, work: (task: TaskHandle) => Promise<string>): Promise<void> => {
    let state = first;
    let emittedAt = clock.mono();
    const emit = (change: Partial<TaskState>): void => {
      state = { ...state, ...change };
      listeners.forEach((listener) => listener(state));
    };
    const report = (done: number, bytes: number, files?: number): void => {
      state = { ...state, done, bytes, ...(files === undefined ? {} : { files }) };
      if (clock.mono() - emittedAt < PROGRESS_INTERVAL) return;
      emittedAt = clock.mono();
      emit({});
    };
    emit({});
    let end: Partial<TaskState>;
    try {
      const message = await work({ signal: abort.signal, report, owns: (path) => void files.add(path) });
      end = { state: 'done', done: 1, message };
    } catch (error) {
      if (!abort.signal.aborted) log.error(`${first.kind} failed`, { path: first.path, error });
      end = abort.signal.aborted ? { state: 'cancelled', message: first.kind === 'measure' ? '' : 'The partial file was removed.' } : { state: 'failed', message: fileErrorText(error) };
    }
    running = null;
    emit(end);
  };

  return {
    start(kind, path, work) {
      if (running !== null) throw new CallError('Unavailable', 'Another export, backup, restore, deletion or measurement is running.');
      count += 1;
      const abort = new AbortController();
      const files = new Set<string>();
      running = { id: count, kind, abort, files };
      void run({ id: count, kind, state: 'running', done: 0, bytes: 0, path, message: '' }, abort, files, work);
      return count;
    },
    cancel(id) {
      // A deletion is one transaction: it cannot be known whether it was in time.
      if (running?.id !== id || running.kind === 'delete') return false;
      running.abort.abort();
      return true;
    },
    close() {
      if (running === null) return;
      running.abort.abort();
      for (const path of running.files) {
        try {
          rmSync(path, { force: true });
        } catch (error) {
          log.warn('a partial file could not be removed', { path, reason: messageOf(error) });
        }
      }
    },
    onProgress: (listener) => void listeners.add(listener),
  };
}
