/** A small JSON file with the state of one part: validated when it is read, written whole, quarantined when it is not valid. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { messageOf } from '../../shared/result';
import { writeFileAtomically } from './atomic-file';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';

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

function load<T>({ path, schema, initial, clock, log }: StateFileOptions<T>): T {
  if (!existsSync(path)) return initial;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (clock === null) {
      log.warn('a file was not valid and is ignored', { path, error: messageOf(error) });
      return initial;
    }
    const quarantined = quarantinePath(path, clock.now());
    log.error('a file was not valid and was quarantined', { path, quarantined, error: messageOf(error) });
    renameSync(path, quarantined);
    return initial;
  }
}

function loadOrInitial<T>(options: StateFileOptions<T>): T {
  try {
    return load(options);
  } catch (error) {
    options.log.error('a file is not valid and could not be quarantined', { path: options.path, error: messageOf(error) });
    return options.initial;
  }
}

/** Reads the file, or starts with `initial`. The file is readable by its owner only. Never throws. */
export function openStateFile<T>(options: StateFileOptions<T>): StateFile<T> {
  const { path, log } = options;
  const failures = createTransitionLog(log);
  let current = loadOrInitial(options);
  return {
    get: () => current,
    put(state) {
      current = state;
      try {
        writeFileAtomically(path, `${JSON.stringify(state)}\n`);
        failures.report(path, null);
        return true;
      } catch (error) {
        failures.report(path, messageOf(error));
        return false;
      }
    },
  };
}
