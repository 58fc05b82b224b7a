/**
 * What is done about an error that nothing has caught. Electron's own answer is a dialog: without a display nobody sees it and
 * it blocks for ever, and behind it the app goes on in a state that nobody knows. Here the error is written down, what can be
 * saved is saved, and the process ends as failed, so that a service manager starts it again.
 */
import { messageOf } from '../../shared/result';
import type { Log } from '../engine/log';

/** What is done, in this order. The further the start has come, the more of it there is. */
export interface LastSteps {
  /** Writes to the terminal, before it returns. */
  readonly print: (text: string) => void;
  readonly log?: Pick<Log, 'error'>;
  /** Closes everything and saves what can be saved, before it returns. */
  readonly save?: () => void;
  /** Shows a sentence to the user, and returns when it was read. */
  readonly tell?: (text: string) => void;
  /** Ends the process as failed. */
  readonly end: () => void;
}

/** Follows errors that nothing has caught. */
export interface UncaughtErrors {
  /** Adds or replaces steps. */
  prepare(steps: Partial<LastSteps>): void;
}

/** What is used of the process. */
export interface ErrorSource {
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
}

const stackOf = (error: unknown): string => (error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error));

/**
 * Follows them from now on. The first one ends the process; those that come until then, such as while a sentence is shown, are
 * written down. A rejected promise that nobody waits for counts as well, as under plain Node.
 */
export function followUncaught(source: ErrorSource, first: LastSteps): UncaughtErrors {
  let steps = first;
  let isEnding = false;
  /** A step that fails must not keep the others from being done. */
  const attempt = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      steps.log?.error('a last step failed', { error });
    }
  };
  const onError = (error: unknown): void => {
    attempt(() => steps.print(`traywatch: an unexpected error: ${stackOf(error)}\n`));
    attempt(() => steps.log?.error('an unexpected error', { error }));
    if (isEnding) return;
    isEnding = true;
    attempt(() => steps.save?.());
    attempt(() => steps.tell?.(messageOf(error)));
    steps.end();
  };
  source.on('uncaughtException', onError);
  source.on('unhandledRejection', onError);
  return {
    prepare(more) {
      steps = { ...steps, ...more };
    },
  };
}
