/**
 * Whether the machine slept in a gap that no clock explains (macOS and Windows count sleep as time): the system is asked, and
 * it says by itself that it has woken, perhaps before the late tick, perhaps after it.
 */
import type { Timers } from '../clock';
import type { ClockReading } from './gap';

/** Asks the system whether it woke between two moments, epoch ms; null if it does not say. Never rejects. */
export type AskWhetherSlept = (from: number, to: number) => Promise<boolean | null>;

/** How long the first batch after the gap waits for the word, ms. */
export const WORD_WAIT = 1000;
/** How long after the gap a word still counts, ms of running time: woken machines tell it late. */
export const LATE_WORD = 60_000;

/** Waits for the word: `settle` is called once, with null if nobody knew in time. */
export interface AwaitedWord {
  /** The system said so by itself. */
  say(slept: boolean): void;
  /** `settle` is not called any more. */
  cancel(): void;
}

/** Asks, and waits for WORD_WAIT ms at most. */
export function awaitWord(timers: Timers, ask: () => Promise<boolean | null>, settle: (slept: boolean | null) => void): AwaitedWord {
  let isOver = false;
  const end = (slept: boolean | null): void => {
    if (isOver) return;
    isOver = true;
    stop();
    settle(slept);
  };
  const stop = timers.after(WORD_WAIT, () => end(null));
  void ask().then((slept) => {
    // Without an answer the system may still say it by itself.
    if (slept !== null) end(slept);
  });
  return {
    say: end,
    cancel() {
      isOver = true;
      stop();
    },
  };
}

/** Remembers what the system said, and the last gap that is not explained. Pure; times are monotonic ms. */
export class SleepWords {
  #wokenAt = -Infinity;
  #unexplained: { readonly time: number; readonly at: number } | null = null;
  #heldAt = -Infinity;

  /** True if the system said that it woke between two ticks. */
  wokeBetween(before: Pick<ClockReading, 'mono'>, at: Pick<ClockReading, 'mono'>): boolean {
    return this.#wokenAt > before.mono && this.#wokenAt <= at.mono;
  }

  /** A gap in which the machine slept, or may have, was found by a late tick: no event had announced it. */
  onLateTick(mono: number): void {
    this.#heldAt = mono;
    this.#unexplained = null;
  }

  /** The system was asked about that gap: it did not sleep. */
  onNoSleep(): void {
    this.#heldAt = -Infinity;
  }

  /** The batch of `time` (epoch ms) told such a gap as something other than sleep, since nobody knew. */
  onUnexplained(time: number, mono: number): void {
    this.#unexplained = { time, at: mono };
  }

  /** The system says that it has woken. Returns the time of the batch whose gap was sleep after all, or null. */
  onWoken(mono: number): number | null {
    this.#wokenAt = mono;
    const gap = this.#unexplained;
    this.#unexplained = null;
    return gap !== null && mono - gap.at <= LATE_WORD ? gap.time : null;
  }

  /** True if a word of falling asleep belongs to the sleep that a late tick has told already: it came after waking. */
  isOld(mono: number): boolean {
    return mono - this.#heldAt <= LATE_WORD;
  }
}
