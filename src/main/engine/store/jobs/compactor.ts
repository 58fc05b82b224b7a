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
  /** The file was compacted. */
  onCompacted(): void;
  /** Other work has changed the file. */
  onRewritten(): void;
  /** The compaction is over, successful or not: what waited can be written. */
  onEnd(): void;
}

/** Runs one compaction at a time. */
export class Compactor {
  readonly #parts: CompactorParts;
  #isRunning = false;
  #isRewriting = false;
  /** Resolves when what is running has ended. */
  #ended: Promise<unknown> = Promise.resolve();

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
    const { compact, path, clock, log, size, onCompacted, onEnd } = this.#parts;
    if (compact === undefined) return;
    const [before, began] = [size(), clock.mono()];
    this.#isRunning = true;
    this.#ended = compact(path)
      .then(
        () => {
          log.info('the history file was compacted', { before, after: size(), ms: Math.round(clock.mono() - began) });
          onCompacted();
        },
        (error: unknown) => log.warn('the history file could not be compacted', { reason: messageOf(error) }),
      )
      .finally(() => {
        this.#isRunning = false;
        onEnd();
      });
  }

  /**
   * Runs other work on the file that needs it alone, after a compaction that is running. `commit` writes what is pending,
   * before and after; rejects where that fails before.
   */
  async run<T>(work: (path: string) => Promise<T>, commit: () => boolean): Promise<T> {
    while (this.#isRunning) await this.#ended;
    if (!commit()) throw new Error('The history cannot be written now.');
    this.#isRunning = true;
    this.#isRewriting = true;
    const running = work(this.#parts.path);
    this.#ended = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      this.#isRunning = false;
      this.#isRewriting = false;
      this.#parts.onRewritten();
      commit();
    }
  }

  /** What is running is no longer waited for: the caller waits for its locks instead. */
  abandon(): void {
    // What is known of the file may be wrong by now.
    if (this.#isRewriting) this.#parts.onRewritten();
    this.#isRunning = false;
  }
}
