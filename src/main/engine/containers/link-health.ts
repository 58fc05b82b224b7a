/** Whether an engine answers, since when not and why, and when it is tried again. */
import type { EngineStatus } from '../../../shared/containers/container-schemas';
import type { Clock } from '../clock';
import type { Platform } from '../collectors/deps';
import type { EngineError } from './client';
import type { EngineCandidate } from './discovery';
import { troubleOf } from './engine-words';
import type { Trouble } from './engine-words';

/** Pauses before an engine is tried again, ms; the last one stays. A permission does not come by itself. */
const PAUSES = [2000, 5000, 15_000, 60_000] as const;
const LONGEST = 60_000;
/** How long an engine that is gone keeps its place, ms, where nobody named it. */
const KEEP = 10 * 60_000;
/** How long the containers of an engine that went away are still shown, ms: it may be started again at once. */
const RESTART = 60_000;

/** Keeps the state of one engine. */
export class LinkHealth {
  readonly #candidate: EngineCandidate;
  readonly #platform: Platform;
  readonly #clock: Pick<Clock, 'now' | 'mono'>;
  #answered: { readonly now: number; readonly mono: number } | null = null;
  #failedBy: EngineError['problem'] | null = null;
  #trouble: Trouble | null = null;
  #failures = 0;

  constructor(candidate: EngineCandidate, platform: Platform, clock: Pick<Clock, 'now' | 'mono'>) {
    this.#candidate = candidate;
    this.#platform = platform;
    this.#clock = clock;
  }

  /** When it answered last, epoch ms; null while it never did. */
  get answeredAt(): number | null {
    return this.#answered?.now ?? null;
  }

  get isWell(): boolean {
    return this.#trouble === null && this.#answered !== null;
  }

  /** Its containers may have ended with it. A daemon that hangs leaves them running. */
  get isLost(): boolean {
    return this.#answered === null || (this.#failedBy === 'absent' && this.#clock.mono() - this.#answered.mono > RESTART);
  }

  /** What is shown of it; null while nothing is known. */
  state(): Pick<EngineStatus, 'state' | 'reason'> | null {
    const { reason, label } = this.#candidate;
    if (reason !== null) return { state: 'notAnswering', reason: `${label}: ${reason}` };
    return this.#trouble ?? (this.#answered === null ? null : { state: 'answering', reason: null });
  }

  noteAnswer(): void {
    this.#answered = { now: this.#clock.now(), mono: this.#clock.mono() };
    this.#trouble = null;
    this.#failedBy = null;
  }

  /** It has stayed connected for a while: the next failure is a first one again. */
  noteConnected(): void {
    this.#failures = 0;
  }

  /** Returns the pause until it is tried again, ms; null for one that is simply not there. */
  noteFailure(error: EngineError): number | null {
    const { problem } = error;
    const last = this.#answered;
    this.#failedBy = problem;
    this.#trouble = troubleOf(error, this.#candidate, this.#platform, last !== null);
    const isOver = problem === 'absent' && this.#candidate.namedBy === null && (last === null || this.#clock.mono() - last.mono > KEEP);
    if (this.#trouble === null || isOver) return null;
    const pause = problem === 'denied' ? LONGEST : (PAUSES[this.#failures] ?? LONGEST);
    this.#failures += 1;
    return pause;
  }
}
