/** The runs of a machine's program: old reports, and two programs that report under one id. Pure; times are monotonic ms. */

/** Two runs that take turns within this time are two programs, ms. */
const TAKING_TURNS = 60_000;
/** Runs that are remembered. */
const REMEMBERED = 4;

/** What a report is: to be taken; one that was taken before, or is older than one that was; or one of a copy. */
export type RunVerdict = 'new' | 'old' | 'copy';

interface Run {
  readonly id: string;
  seq: number;
}

/** Watches the runs of one machine. */
export class RunWatch {
  /** The latest one last. */
  #runs: Run[] = [];
  /** When a run came back after another one had reported. */
  #returns: readonly number[] = [];

  /** Id of the run that reported last; null before the first. */
  get current(): string | null {
    return this.#runs.at(-1)?.id ?? null;
  }

  /** True while two programs report. */
  isCopied(now: number): boolean {
    return this.#returns.filter((at) => now - at < TAKING_TURNS).length >= 2;
  }

  /** Judges a report by its run and its number in that. */
  check(id: string, seq: number, now: number): RunVerdict {
    const known = this.#runs.find((run) => run.id === id);
    if (known !== undefined && seq <= known.seq) return 'old';
    if (known !== undefined && id !== this.current) this.#returns = [...this.#returns.filter((at) => now - at < TAKING_TURNS), now];
    this.#runs = [...this.#runs.filter((run) => run.id !== id), { id, seq }].slice(-REMEMBERED);
    return this.isCopied(now) ? 'copy' : 'new';
  }
}
