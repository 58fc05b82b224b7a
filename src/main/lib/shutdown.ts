/**
 * Ends the app: what has to be written is written first, then the process ends, whatever still hangs. A file system or a
 * name server that does not respond, or a renderer that does not close, would otherwise hold it up for good.
 */
import type { Timers } from '../engine/clock';
import type { FileLog } from '../engine/log';
import { endProcess, poolRequests } from './end-process';

/** One part to close, with its name for the log. */
type ClosingStep = readonly [name: string, close: () => void];

/** How the app is asked to end: Electron's app, or what stands in for it under plain Node. */
export interface QuittingApp {
  /** Asked to end: windows close next. */
  on(event: 'before-quit', listener: () => void): unknown;
  /** About to end, unless that is prevented. */
  on(event: 'will-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  quit(): void;
}

/** What ending the app needs. */
export interface ShutdownParts {
  readonly app: QuittingApp;
  /** What is closed, in this order. One that throws is logged and stops none of the others. */
  readonly steps: readonly ClosingStep[];
  /** Runs last, once, after the log was closed. */
  readonly finish: () => void;
  /** What the process would wait for now. */
  readonly pending: () => readonly string[];
  /** Ends the process without waiting. */
  readonly end: () => void;
  readonly timers: Timers;
  readonly log: Pick<FileLog, 'info' | 'warn' | 'error' | 'close'>;
}

/** How long windows may take to close, ms. */
const WINDOW_WAIT = 5000;

/** How long calls in flight may take to end, and how often that is looked at, ms. */
const PENDING_WAIT = 2000;
const PENDING_INTERVAL = 50;

class Shutdown {
  #isClosed = false;
  #isWaiting = false;
  #isFinished = false;

  constructor(private readonly parts: ShutdownParts) {}

  start(): void {
    const { app, timers } = this.parts;
    let isAsked = false;
    app.on('before-quit', () => {
      if (isAsked) return;
      isAsked = true;
      timers.after(WINDOW_WAIT, () => {
        if (this.#isClosed) return;
        this.#close();
        this.#end(['windows']);
      });
    });
    app.on('will-quit', (event) => {
      if (this.#isFinished) return;
      this.#close();
      if (this.parts.pending().length === 0) {
        this.#finish();
        return;
      }
      event.preventDefault();
      // Asked again meanwhile, as by a second SIGTERM: one wait is enough.
      if (this.#isWaiting) return;
      this.#isWaiting = true;
      this.#wait(PENDING_WAIT);
    });
  }

  /** For a system that waits for nothing: all that is done later is lost. */
  endNow(): void {
    this.#close();
    this.#finish();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const [name, close] of this.parts.steps) this.#run(name, close);
  }

  #run(name: string, close: () => void): void {
    try {
      close();
    } catch (error) {
      this.parts.log.error('a part did not close', { part: name, error });
    }
  }

  #wait(left: number): void {
    const pending = this.parts.pending();
    if (pending.length === 0) {
      this.#isWaiting = false;
      this.parts.app.quit();
    } else if (left <= 0) {
      this.#end(pending);
    } else {
      this.parts.timers.after(PENDING_INTERVAL, () => this.#wait(left - PENDING_INTERVAL));
    }
  }

  #end(pending: readonly string[]): void {
    this.parts.log.warn('ended without waiting for what does not end', { pending });
    this.#finish();
    this.parts.end();
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.parts.log.info('stopped');
    this.parts.log.close();
    this.parts.finish();
  }
}

/** What the process waits for, and how it ends without: of the real process. */
export function endingOf(databaseWorker: { running(): readonly string[] }): Pick<ShutdownParts, 'pending' | 'end'> {
  return {
    pending: () => [...poolRequests(process.getActiveResourcesInfo()), ...databaseWorker.running()],
    end: () => endProcess(process),
  };
}

/** Follows the app's quitting from now on. Returns what closes everything at once, before it returns; a later quit has nothing left to close. */
export function setupShutdown(parts: ShutdownParts): () => void {
  const shutdown = new Shutdown(parts);
  shutdown.start();
  return () => shutdown.endNow();
}
