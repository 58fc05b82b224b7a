/** A small JSON file of a part's own state: checked when it is read, written whole, set aside when it is not valid. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { messageOf } from '../../shared/result';
import { writeFileAtomically } from './atomic-file';
import { createTransitionLog } from '../engine/log';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';

/** What is needed of a schema: zod's, or anything that throws. */
interface Parser<T> {
  parse(value: unknown): T;
}

/** What a state file needs. */
export interface StateFileOptions<T> {
  readonly path: string;
  readonly schema: Parser<T>;
  /** What stands where there is no file. */
  readonly initial: T;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** State with a file behind it. */
export interface StateFile<T> {
  get(): T;
  /** Holds for this run in any case. False when it could not be written; the reason is in the log. */
  put(state: T): boolean;
}

function load<T>({ path, schema, initial, clock, log }: StateFileOptions<T>): T {
  if (!existsSync(path)) return initial;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const aside = quarantinePath(path, clock.now());
    log.error('a file was not valid and is set aside', { path, aside, error: messageOf(error) });
    renameSync(path, aside);
    return initial;
  }
}

function loadOrInitial<T>(options: StateFileOptions<T>): T {
  try {
    return load(options);
  } catch (error) {
    options.log.error('a file is neither valid nor can it be set aside', { path: options.path, error: messageOf(error) });
    return options.initial;
  }
}

/** Reads the file, or starts with `initial`. The file is readable by its owner only. */
export function openStateFile<T>(options: StateFileOptions<T>): StateFile<T> {
  const { path, log } = options;
  const trouble = createTransitionLog(log);
  let current = loadOrInitial(options);
  return {
    get: () => current,
    put(state) {
      current = state;
      try {
        writeFileAtomically(path, `${JSON.stringify(state)}\n`);
        trouble.report(path, null);
        return true;
      } catch (error) {
        trouble.report(path, messageOf(error));
        return false;
      }
    },
  };
}
