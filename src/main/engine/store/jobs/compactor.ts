/** Has the database file compacted outside the event loop (copy.ts). Nothing may be written meanwhile: rows wait in memory. */
import { messageOf } from '../../../../shared/result';
import type { Clock } from '../../clock';
import type { Log } from '../../log';

/** Dependencies of a compactor. */
export interface CompactorParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'mono'>;
  readonly log: Log;
  /** Bytes of the database on disk. */
  size(): number;
  /** Rejects where the file cannot be compacted. Without it a file never shrinks. */
  readonly compact: ((path: string) => Promise<void>) | undefined;
  /** The compaction is over, successful or not: what waited can be written. */
  onEnd(): void;
}

/** Runs one compaction at a time. */
export class Compactor {
  readonly #parts: CompactorParts;
  #isRunning = false;

  constructor(parts: CompactorParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** True where a file can be compacted at all. */
  get isPossible(): boolean {
    return this.#parts.compact !== undefined;
  }

  /** Begins a compaction. Everything that was pending must be written. */
  begin(): void {
    const { compact, path, clock, log, size, onEnd } = this.#parts;
    if (compact === undefined) return;
    const [before, began] = [size(), clock.mono()];
    this.#isRunning = true;
    compact(path)
      .then(
        () => log.info('the history file was compacted', { before, after: size(), ms: Math.round(clock.mono() - began) }),
        (error: unknown) => log.warn('the history file could not be compacted', { reason: messageOf(error) }),
      )
      .finally(() => {
        this.#isRunning = false;
        onEnd();
      });
  }

  /** What is running is no longer waited for: the caller waits for its locks instead. */
  abandon(): void {
    this.#isRunning = false;
  }
}
