/** What the desktop part remembers between runs. Convenience only: an invalid file is ignored and replaced by the next change. */
import * as z from 'zod';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';

const size = z.int().min(200).max(20_000);
const position = z.int().min(-50_000).max(50_000);

const storedSchema = z.strictObject({
  /** Logical pixels; the bounds are those of the window when it is not maximized. */
  window: z.strictObject({ x: position, y: position, width: size, height: size, maximized: z.boolean() }).nullable().default(null),
  noTrayNoticeShown: z.boolean().default(false),
});

type StoredWindowState = z.infer<typeof storedSchema>;

/** A file as written before 0.1, under its present names. */
function toPresent(file: unknown): unknown {
  const old = z.looseObject({ toldNoTray: z.unknown() }).safeParse(file);
  if (!old.success || old.data.toldNoTray === undefined) return file;
  const { toldNoTray, ...rest } = old.data;
  return { ...rest, noTrayNoticeShown: toldNoTray };
}

/** The window's bounds and the notices already shown, stored at each change. */
export interface WindowState {
  get(): StoredWindowState;
  /** Stores a change; where that fails it is logged, and the change applies to this run. */
  update(change: Partial<StoredWindowState>): void;
}

/** Opens the state at `path`. */
export function createWindowState(path: string, log: Log): WindowState {
  const schema = { parse: (file: unknown) => storedSchema.parse(toPresent(file)) };
  const file = openStateFile({ path, schema, initial: storedSchema.parse({}), clock: null, log });
  return {
    get: () => file.get(),
    update: (change) => void file.put({ ...file.get(), ...change }),
  };
}
