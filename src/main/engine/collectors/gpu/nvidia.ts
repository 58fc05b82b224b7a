/**
 * Cards of NVIDIA: one nvidia-smi that prints the values of all cards again and again. While it runs no card of NVIDIA can
 * sleep, and starting it wakes them all: whoever asks must know that none of them sleeps.
 */
import { access } from 'node:fs/promises';
import { FollowedProgram } from '../../programs/followed-program';
import type { FollowFailure } from '../../programs/followed-program';
import type { SystemDeps } from '../deps';
import { FIELDS, parseLine, reasonIn, refusedField } from './nvidia-lines';
import type { NvidiaField, NvidiaLine } from './nvidia-lines';

/** Seconds between two lines of a card. */
const INTERVAL = 5;

/** Large machines take long until the driver has woken all cards, ms. */
const FIRST_LINE = 30_000;
/** A line is late after this, ms: the card is then unknown, and a nvidia-smi that hangs is ended. */
const NEXT_LINE = 3 * INTERVAL * 1000;

/** A line, and when it came, monotonic ms. */
export interface NvidiaSample extends NvidiaLine {
  readonly at: number;
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);

/** The first of these files that exists; null if none does. */
export async function firstOf(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await exists(path)) return path;
  return null;
}

function reasonOf(failure: FollowFailure): string {
  if (failure.kind === 'silent') return 'nvidia-smi does not answer; it is tried again later';
  const { end: { error }, said } = failure;
  return error === null ? reasonIn(said) : `nvidia-smi could not be started: ${error}`;
}

/** Nothing is started before the first `ask`. */
export class NvidiaSmi {
  readonly #mono: () => number;
  readonly #program: FollowedProgram;
  readonly #samples = new Map<string, NvidiaSample>();
  #fields: readonly NvidiaField[] = FIELDS;
  #refused: NvidiaField | null = null;

  constructor(deps: Pick<SystemDeps, 'programs' | 'timers' | 'clock'>, program: string) {
    this.#mono = () => deps.clock.mono();
    this.#program = new FollowedProgram(deps, {
      program,
      args: () => [`--query-gpu=${this.#fields.join(',')}`, '--format=csv,noheader,nounits', '-l', String(INTERVAL)],
      firstLine: FIRST_LINE,
      nextLine: NEXT_LINE,
      take: (line) => this.#take(line),
    });
  }

  /** Starts it if need be. To be called at each read in which its values are wanted. */
  ask(): void {
    if (this.#refused !== null && this.#program.failure !== null) {
      // What it refused is not asked for any more.
      this.#fields = this.#fields.filter((field) => field !== this.#refused);
      this.#refused = null;
      this.#program.retrySoon();
    }
    this.#program.ask();
  }

  letGo(): void {
    this.#samples.clear();
    this.#program.letGo();
  }

  /** The latest lines, without those that are too old to be true. */
  samples(): readonly NvidiaSample[] {
    const since = this.#mono() - NEXT_LINE;
    return [...this.#samples.values()].filter(({ at }) => at >= since);
  }

  /** Why there is none; null while it is well, or has not had the time to answer. */
  get problem(): string | null {
    const { failure } = this.#program;
    return failure === null ? null : reasonOf(failure);
  }

  #take(text: string): boolean {
    const line = parseLine(text, this.#fields);
    this.#refused = refusedField(text) ?? this.#refused;
    if (line === null) return false;
    this.#samples.set(line.address, { ...line, at: this.#mono() });
    return true;
  }
}
