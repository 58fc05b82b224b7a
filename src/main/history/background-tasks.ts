/** Long pieces of work a person started: one at a time, with progress and an end that is always told. */
import { rmSync } from 'node:fs';
import type { TaskState } from '../../shared/api/history-schemas';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 100;

/** What a piece of work is given. */
export interface TaskHandle {
  /** Aborts when the person cancels, or the app ends. */
  readonly signal: AbortSignal;
  /** `done` 0–1, and bytes so far. */
  report(done: number, bytes: number): void;
  /** Names a file that is to be removed should the app end before the work does. */
  owns(path: string): void;
}

/** Runs the tasks. */
export interface Tasks {
  /** Starts; `work` resolves to what came of it, in words. Throws a CallError while another runs. */
  start(kind: TaskState['kind'], path: string, work: (task: TaskHandle) => Promise<string>): number;
  /** False when no such task runs. */
  cancel(id: number): boolean;
  /** The app ends now: what is running is cut off, and its files are removed. */
  close(): void;
  /** Told of every step. */
  onProgress(listener: (state: TaskState) => void): void;
}

/** Why something failed, in words for a person. */
export function failureText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'SQLITE_FULL' || code === 'EDQUOT') return 'The disk is full. What was written has been removed.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'This place cannot be written to.';
  return messageOf(error);
}

/** Makes the runner. */
export function createTasks(clock: Pick<Clock, 'mono'>, log: Log): Tasks {
  const listeners = new Set<(state: TaskState) => void>();
  let count = 0;
  let running: { readonly id: number; readonly abort: AbortController; readonly files: Set<string> } | null = null;

  const run = async (first: TaskState, abort: AbortController, files: Set<string>, work: (task: TaskHandle) => Promise<string>): Promise<void> => {
    let state = first;
    let toldAt = clock.mono();
    const tell = (change: Partial<TaskState>): void => {
      state = { ...state, ...change };
      listeners.forEach((listener) => listener(state));
    };
    const report = (done: number, bytes: number): void => {
      state = { ...state, done, bytes };
      if (clock.mono() - toldAt < REPORT_EVERY) return;
      toldAt = clock.mono();
      tell({});
    };
    tell({});
    let end: Partial<TaskState>;
    try {
      const message = await work({ signal: abort.signal, report, owns: (path) => void files.add(path) });
      end = { state: 'done', done: 1, message };
    } catch (error) {
      if (!abort.signal.aborted) log.error(`${first.kind} failed`, { path: first.path, error });
      end = abort.signal.aborted ? { state: 'cancelled', message: 'The partial file was removed.' } : { state: 'failed', message: failureText(error) };
    }
    running = null;
    tell(end);
  };

  return {
    start(kind, path, work) {
      if (running !== null) throw new CallError('Unavailable', 'another export, backup or restore is still running');
      count += 1;
      const abort = new AbortController();
      const files = new Set<string>();
      running = { id: count, abort, files };
      void run({ id: count, kind, state: 'running', done: 0, bytes: 0, path, message: '' }, abort, files, work);
      return count;
    },
    cancel(id) {
      if (running?.id !== id) return false;
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
          log.warn('a draft could not be removed', { path, reason: messageOf(error) });
        }
      }
    },
    onProgress: (listener) => void listeners.add(listener),
  };
}
