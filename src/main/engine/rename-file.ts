/**
 * Renames files, with patience on Windows: a virus scanner, an indexer or a backup that has just opened a file holds it for
 * some milliseconds, and neither can it be renamed meanwhile nor the file it shall replace. What is held for longer, such as a
 * table that is open in a spreadsheet, is told in words. On other systems a rename is tried once.
 */
import { renameSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf } from '../../shared/result';
import { heldCodes } from './held-file.win32';

/** Pauses before the next try, ms: the whole program stands still meanwhile, so that all together are below half a second. */
const SHORT_PAUSES = [10, 20, 50, 100, 200] as const;
/** Where nothing waits for it: two seconds. */
const LONG_PAUSES = [...SHORT_PAUSES, 400, 500, 700] as const;

/** Thrown where another program holds the file, or the one that it would replace. It has the code of the system's error, which is its cause. */
export class HeldFileError extends Error {
  override readonly name = 'HeldFileError';
  readonly code: string;
  constructor(path: string, code: string, cause: unknown) {
    super(`${path} is held by another program (${code})`, { cause });
    this.code = code;
  }
}

/** What a rename is made of; tests replace it. */
export interface RenameSteps {
  readonly platform?: NodeJS.Platform;
  rename(from: string, to: string): void;
  /** Stands still for ms. */
  pause(ms: number): void;
}

const SYSTEM_STEPS: RenameSteps = {
  rename: renameSync,
  pause: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};

/** Decides after a failed try: returns where the next one makes sense, throws where it does not. */
function judge(error: unknown, to: string, isLast: boolean, platform: NodeJS.Platform | undefined): void {
  const code = codeOf(error);
  if (code === null || !heldCodes(platform).has(code)) throw error;
  if (isLast) throw new HeldFileError(to, code, error);
}

/** Renames at once, or within half a second. Throws a HeldFileError, or the system's error. */
export function renameFile(from: string, to: string, { rename, pause, platform }: RenameSteps = SYSTEM_STEPS): void {
  for (const ms of [...SHORT_PAUSES, null]) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      judge(error, to, ms === null, platform);
    }
    if (ms !== null) pause(ms);
  }
}

/** As RenameSteps, for work that does not wait. */
export interface LaterRenameSteps {
  readonly platform?: NodeJS.Platform;
  rename(from: string, to: string): Promise<void>;
  /** Resolves after ms. */
  pause(ms: number): Promise<void>;
}

const LATER_STEPS: LaterRenameSteps = { rename, pause: (ms) => wait(ms) };

/** Renames at once, or within two seconds. Rejects with a HeldFileError, or the system's error. */
export async function renameFileLater(from: string, to: string, { rename, pause, platform }: LaterRenameSteps = LATER_STEPS): Promise<void> {
  for (const ms of [...LONG_PAUSES, null]) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      judge(error, to, ms === null, platform);
    }
    if (ms !== null) await pause(ms);
  }
}

/**
 * Renames several files that belong together, in this order. Where one cannot be renamed, those before it get their names
 * back, and its error is thrown.
 */
export function renameTogether(pairs: readonly (readonly [from: string, to: string])[], renameOne: (from: string, to: string) => void = renameFile): void {
  const done: (readonly [from: string, to: string])[] = [];
  for (const [from, to] of pairs) {
    try {
      renameOne(from, to);
    } catch (error) {
      for (const [before, now] of done.toReversed()) renameOne(now, before);
      throw error;
    }
    done.push([from, to]);
  }
}
