/** What the desktop part remembers between runs. Only comfort: a file that is missing or wrong is forgotten. */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { messageOf } from '../../shared/result';
import { writeFileAtomically } from '../lib/atomic-file';
import type { Log } from '../engine/log';

const size = z.int().min(200).max(20_000);
const position = z.int().min(-50_000).max(50_000);

const stateSchema = z.strictObject({
  window: z.strictObject({ x: position, y: position, width: size, height: size, maximized: z.boolean() }).nullable().default(null),
  noTrayNoticeShown: z.boolean().default(false),
});

type PersistedState = z.infer<typeof stateSchema>;

/** A file as written before 0.1, under its present names. */
function toPresent(file: unknown): unknown {
  const old = z.looseObject({ toldNoTray: z.unknown() }).safeParse(file);
  if (!old.success || old.data.toldNoTray === undefined) return file;
  const { toldNoTray, ...rest } = old.data;
  return { ...rest, noTrayNoticeShown: toldNoTray };
}

/** Remembers at once, on disk. */
export interface WindowState {
  get(): PersistedState;
  /** Saves a change; a failing save is logged and the change holds for this run. */
  update(change: Partial<PersistedState>): void;
}

function load(path: string, log: Log): PersistedState {
  const nothing = stateSchema.parse({});
  if (!existsSync(path)) return nothing;
  try {
    return stateSchema.parse(toPresent(JSON.parse(readFileSync(path, 'utf8'))));
  } catch (error) {
    log.warn('the window’s place was forgotten: its file is not valid', { path, error: messageOf(error) });
    return nothing;
  }
}

/** Opens the memory at `path`. */
export function createWindowState(path: string, log: Log): WindowState {
  let current = load(path, log);
  return {
    get: () => current,
    update(change) {
      current = { ...current, ...change };
      try {
        writeFileAtomically(path, `${JSON.stringify(current)}\n`);
      } catch (error) {
        log.warn('the window’s place could not be saved', { path, error: messageOf(error) });
      }
    },
  };
}
