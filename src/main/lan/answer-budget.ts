/**
 * Bounds what answers may hold in memory: their number and their bytes, for one holder and in all. An answer counts from
 * its request until the system has taken its last byte, so a client that does not read keeps its own share and no other's.
 *
 * Half of all is for whoever comes first; of the rest each holder gets a small part, so that a few that never read cannot
 * take it all. Requests without an identity have at most half of the answers.
 */
import type { Timers } from '../engine/clock';
import type { ServerLimits } from './server-limits';

/** Answers up to this size need no room of their own: their number is bounded, and they must get through when large ones fill the rest. */
export const SMALL_ANSWER = 64 * 1024;

/** The limits of the budget. */
export type AnswerLimits = Pick<ServerLimits, 'answers' | 'answersPerIdentity' | 'answersPerNetwork' | 'answerBytes' | 'answerBytesPerIdentity' | 'answerWait' | 'sendTimeout' | 'timeoutCheckInterval'>;

/** One answer. All functions may be called after `release`, and then take nothing. */
export interface Answer {
  /** Waits for room for so many bytes before they are made; false where there is none in time, or the client has gone. */
  reserve(bytes: number): Promise<boolean>;
  /** The answer has its real size and is about to be sent; false where there is no room for it. */
  begin(bytes: number): boolean;
  /** Runs work whose result is held in memory; the answer counts until it has ended, even if the client leaves before. */
  during<T>(work: () => Promise<T>): Promise<T>;
  release(): void;
}

/** Whose share an answer is counted on: that of a person or a token, or, for public routes, of a network. */
export interface AnswerHolder {
  readonly kind: 'identity' | 'addresses';
  readonly id: string;
}

/** Admits answers. */
export interface AnswerBudget {
  /** Null when this holder, or all together, have as many answers open as allowed. `cut` ends the connection of one that takes too long to be read. */
  open(holder: AnswerHolder, cut: () => void): Answer | null;
  /** Bytes that are held now. */
  bytes(): number;
  close(): void;
}

interface Share {
  answers: number;
  bytes: number;
}

const emptyShare = (): Share => ({ answers: 0, bytes: 0 });

/** A limit of one holder, and of all. */
interface Bound {
  readonly own: number;
  /** What a holder may have while half of all is taken. */
  readonly fair: number;
  readonly all: number;
}

/** Whether a holder may have `own` when all had `before` and would have `all`. */
function isWithin(bound: Bound, own: number, before: number, all: number): boolean {
  return own <= bound.own && all <= bound.all && (before < bound.all / 2 || own <= bound.fair);
}

/** Parts of a holder's limit that it gets in any case: more answers than a browser has connections (6), and one large answer. */
const FAIR_ANSWERS = 1 / 3;
const FAIR_BYTES = 1 / 4;
const FAIR_PUBLIC_ANSWERS = 1 / 6;

const boundOf = (own: number, fair: number, all: number): Bound => ({ own, fair: Math.max(1, Math.floor(own * fair)), all });

/** An answer that waits for room. */
interface Waiting {
  tryAgain(): boolean;
  give(granted: boolean): void;
}

class Budget implements AnswerBudget {
  readonly #shares = new Map<string, Share>();
  readonly #all = emptyShare();
  /** Of all networks together. */
  readonly #public = emptyShare();
  readonly #bounds: { readonly answers: Bound; readonly publicAnswers: Bound; readonly bytes: Bound };
  readonly #waiting = new Set<Waiting>();
  /** Answers being sent, with the checks each has left before its connection is cut. */
  readonly #sending = new Map<Answer, { checks: number; readonly cut: () => void }>();
  #cancelCheck: (() => void) | null = null;

  constructor(
    private readonly limits: AnswerLimits,
    private readonly timers: Timers,
  ) {
    this.#bounds = {
      answers: boundOf(limits.answersPerIdentity, FAIR_ANSWERS, limits.answers),
      publicAnswers: boundOf(limits.answersPerNetwork, FAIR_PUBLIC_ANSWERS, Math.floor(limits.answers / 2)),
      bytes: boundOf(limits.answerBytesPerIdentity, FAIR_BYTES, limits.answerBytes),
    };
  }

  open(holder: AnswerHolder, cut: () => void): Answer | null {
    const key = `${holder.kind} ${holder.id}`;
    const share = this.#shares.get(key) ?? emptyShare();
    if (!this.#hasPlace(holder, share)) return null;
    this.#shares.set(key, share);
    const counted = holder.kind === 'addresses' ? [share, this.#public, this.#all] : [share, this.#all];
    const add = (answers: number, bytes: number): void => {
      for (const one of counted) {
        one.answers += answers;
        one.bytes += bytes;
      }
    };
    add(1, 0);
    let held = 0;
    let released = false;
    let working = 0;
    let endWait: (() => void) | null = null;
    const take = (bytes: number): boolean => {
      if (released || !this.#hasRoom(share, held, bytes)) return false;
      add(0, bytes - held);
      held = bytes;
      return true;
    };
    const end = (): void => {
      if (working > 0) return;
      add(-1, -held);
      if (share.answers === 0) this.#shares.delete(key);
      this.#serve();
    };
    const answer: Answer = {
      reserve: (bytes) => (released || take(bytes) ? Promise.resolve(!released) : this.#wait(() => take(bytes), (end) => (endWait = end))),
      begin: (bytes) => {
        const smaller = bytes < held;
        if (!take(bytes)) return false;
        this.#sending.set(answer, { checks: Math.ceil(this.limits.sendTimeout / this.limits.timeoutCheckInterval) + 1, cut });
        this.#cancelCheck ??= this.timers.after(this.limits.timeoutCheckInterval, this.#check);
        if (smaller) this.#serve();
        return true;
      },
      during: async (work) => {
        working += 1;
        try {
          return await work();
        } finally {
          working -= 1;
          if (released) end();
        }
      },
      release: () => {
        if (released) return;
        released = true;
        this.#sending.delete(answer);
        endWait?.();
        end();
      },
    };
    return answer;
  }

  bytes(): number {
    return this.#all.bytes;
  }

  close(): void {
    this.#cancelCheck?.();
    this.#cancelCheck = null;
    for (const waiting of this.#waiting) waiting.give(false);
  }

  #hasPlace({ kind }: AnswerHolder, share: Share): boolean {
    const [bound, all] = kind === 'addresses' ? ([this.#bounds.publicAnswers, this.#public] as const) : ([this.#bounds.answers, this.#all] as const);
    return this.#all.answers < this.limits.answers && isWithin(bound, share.answers + 1, all.answers, all.answers + 1);
  }

  #hasRoom(share: Share, held: number, bytes: number): boolean {
    if (bytes <= Math.max(held, SMALL_ANSWER)) return true;
    const before = this.#all.bytes - held;
    return isWithin(this.#bounds.bytes, share.bytes - held + bytes, before, before + bytes);
  }

  #wait(tryAgain: () => boolean, onEnd: (end: () => void) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        tryAgain,
        give: (granted) => {
          cancel();
          this.#waiting.delete(waiting);
          resolve(granted);
        },
      };
      const cancel = this.timers.after(this.limits.answerWait, () => waiting.give(false));
      onEnd(() => waiting.give(false));
      this.#waiting.add(waiting);
    });
  }

  /** Gives room to those that wait, the longest first; one that still finds none does not hold up those behind it. */
  #serve(): void {
    for (const waiting of this.#waiting) if (waiting.tryAgain()) waiting.give(true);
  }

  readonly #check = (): void => {
    for (const state of this.#sending.values()) {
      state.checks -= 1;
      if (state.checks <= 0) state.cut();
    }
    this.#cancelCheck = this.#sending.size === 0 ? null : this.timers.after(this.limits.timeoutCheckInterval, this.#check);
  };
}

/** Creates the budget; nothing runs while no answer is being sent. */
export function createAnswerBudget(limits: AnswerLimits, timers: Timers): AnswerBudget {
  return new Budget(limits, timers);
}

/** Bytes of one point of a series as JSON: a time of 13 digits, three values and a count, with their commas. */
const BYTES_PER_POINT = 44;

/**
 * What the answer of a call may need, from its input before validation: 0 for calls whose answers are small, and for one
 * that is refused because of `most` values (series × points). Pure.
 */
export function expectedBytes(name: string, input: unknown, most: number): number {
  if (name !== 'series' || typeof input !== 'object' || input === null || !('series' in input) || !('points' in input)) return 0;
  const { series, points } = input;
  const values = Array.isArray(series) && typeof points === 'number' ? series.length * points : 0;
  return values > 0 && values <= most ? values * BYTES_PER_POINT : 0;
}
