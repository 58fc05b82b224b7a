/** A small JSON file with the state of one part: validated when it is read, written whole, quarantined when it is not valid. */
import { messageOf } from '../../shared/result';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import { ForeignChangeError, ownFile } from './owned-file';
import type { OwnedFile } from './owned-file';

/** What is used of a schema: zod's, or any function that throws for invalid input. */
interface Parser<T> {
  parse(value: unknown): T;
}

/** What a state file needs. */
export interface StateFileOptions<T> {
  readonly path: string;
  readonly schema: Parser<T>;
  /** The state where there is no valid file. */
  readonly initial: T;
  /** Gives the time for the name of a quarantined file. Null: an invalid file is not worth keeping, and the next write replaces it. */
  readonly clock: { now(): number } | null;
  readonly log: Log;
}

/** State that is stored in a file. */
export interface StateFile<T> {
  get(): T;
  /** Applies to this run in any case. False when it could not be written; the reason is in the log. */
  put(state: T): boolean;
}

function onInvalid<T>({ path, initial, clock, log }: StateFileOptions<T>, file: OwnedFile, reason: string): T {
  if (clock === null) {
    log.warn('a file was not valid and is ignored', { path, error: reason });
    return initial;
  }
  try {
    const quarantined = file.quarantine(clock.now());
    log.error('a file was not valid and was quarantined', { path, quarantined, error: reason });
  } catch (error) {
    log.error('a file is not valid and could not be quarantined', { path, error: messageOf(error) });
  }
  return initial;
}

function load<T>(options: StateFileOptions<T>, file: OwnedFile): T {
  const { path, schema, initial, log } = options;
  const content = file.read();
  if (content.kind === 'absent') return initial;
  if (content.kind === 'unreadable') {
    // Its content is unknown: it is left unchanged, and not overwritten either.
    log.error('a file cannot be read and is left as it is', { path, error: content.reason });
    return initial;
  }
  if (content.kind === 'invalid') return onInvalid(options, file, content.reason);
  try {
    return schema.parse(JSON.parse(content.text));
  } catch (error) {
    return onInvalid(options, file, messageOf(error));
  }
}

/** Writes the text. What another program wrote meanwhile is kept under another name, or replaced where it is not worth keeping. */
function save<T>({ path, clock, log }: StateFileOptions<T>, file: OwnedFile, text: string): void {
  try {
    file.write(text);
    return;
  } catch (error) {
    if (!(error instanceof ForeignChangeError)) throw error;
  }
  if (clock === null) file.read();
  else log.warn('a file was changed by another program; that version is kept', { path, kept: file.keepForeign(clock.now()) });
  file.write(text);
}

/** Reads the file, or starts with `initial`. The file is readable by its owner only. Never throws. */
export function openStateFile<T>(options: StateFileOptions<T>): StateFile<T> {
  const { path, log } = options;
  const failures = createTransitionLog(log);
  const file = ownFile(path);
  let current = load(options, file);
  return {
    get: () => current,
    put(state) {
      current = state;
      try {
        save(options, file, `${JSON.stringify(state)}\n`);
        failures.report(path, null);
        return true;
      } catch (error) {
        failures.report(path, messageOf(error));
        return false;
      }
    },
  };
}
