/**
 * Keeps one program running for as long as it is asked for, and follows its lines: started again with growing pauses where it
 * ends or says nothing, never twice at once, and ended when nobody has asked for a while.
 */
import type { Timers } from '../clock';
import type { Programs } from './programs';
import type { ProgramEnd, RunningProgram } from './start-program';

/** Pauses before it is started again, ms: the shortest, doubled with each failure, and the longest. */
const SHORTEST_PAUSE = 10_000;
const LONGEST_PAUSE = 10 * 60_000;

/** Nobody has asked for so long, ms: what reads it is paused. */
const LEASE = 30_000;

/** Lines that are kept to say why it failed. */
const KEPT_LINES = 5;

/** Why there are no lines: it ended, with what it had printed, or it did not print in time and was ended. */
export type FollowFailure = { readonly kind: 'ended'; readonly end: ProgramEnd; readonly said: readonly string[] } | { readonly kind: 'silent' };

/** A program to follow. */
export interface FollowedCommand {
  readonly program: string;
  /** Asked for at each start. */
  args(): readonly string[];
  /** Longest wait for the first line, and between two good ones, ms. */
  readonly firstLine: number;
  readonly nextLine: number;
  /** Takes a line; false for one that is none of those it is followed for. */
  take(line: string): boolean;
}

/** What it needs. */
export interface FollowParts {
  readonly programs: Pick<Programs, 'follow'>;
  readonly timers: Timers;
  readonly clock: { mono(): number };
}

interface Run {
  readonly running: RunningProgram;
  /** When it must have printed a good line, monotonic ms. */
  until: number;
  readonly said: string[];
  /** We ended it: that is no failure. Or we ended it for its silence. */
  ending: 'wanted' | 'silent' | null;
}

/** Nothing runs before the first `ask`. */
export class FollowedProgram {
  readonly #parts: FollowParts;
  readonly #command: FollowedCommand;
  #run: Run | null = null;
  #failure: FollowFailure | null = null;
  #failures = 0;
  #startAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #endLease = (): void => undefined;

  constructor(parts: FollowParts, command: FollowedCommand) {
    this.#parts = parts;
    this.#command = command;
  }

  /** The latest failure since the last good line; null while all is well. */
  get failure(): FollowFailure | null {
    return this.#failure;
  }

  /** Says that its lines are wanted: starts it, or ends one that is late. To be called again within the lease. */
  ask(): void {
    const now = this.#parts.clock.mono();
    this.#endLease();
    this.#endLease = this.#parts.timers.after(LEASE, () => this.letGo());
    const run = this.#run;
    // The machine slept, or stood still, as some clocks tell: it was not the program that was late.
    if (run !== null && now - this.#askedAt > LEASE) run.until = now + this.#command.nextLine;
    this.#askedAt = now;
    if (run === null) {
      if (now >= this.#startAt) this.#start(now);
    } else if (now > run.until) this.#endLate(run);
  }

  /** Its lines are not wanted any more: it is ended. */
  letGo(): void {
    this.#endLease();
    if (this.#run === null) return;
    this.#run.ending ??= 'wanted';
    this.#run.running.kill();
  }

  /** The next `ask` starts it without a pause, and it has not failed: what it failed for was changed. */
  retrySoon(): void {
    this.#failure = null;
    this.#startAt = Number.NEGATIVE_INFINITY;
  }

  #start(now: number): void {
    const { program, args, firstLine } = this.#command;
    const said: string[] = [];
    const running = this.#parts.programs.follow(program, args(), {
      onLine: (line) => this.#onLine(line),
      onEnd: (end) => this.#onEnd(end),
    });
    this.#run = { running, until: now + firstLine, said, ending: null };
  }

  #onLine(line: string): void {
    const run = this.#run;
    if (run === null || run.ending !== null) return;
    if (this.#command.take(line)) {
      run.until = this.#parts.clock.mono() + this.#command.nextLine;
      this.#failure = null;
      this.#failures = 0;
    } else if (line.trim() !== '' && run.said.length < KEPT_LINES) run.said.push(line.trim());
  }

  /** One that cannot be ended, either, has failed as well. */
  #endLate(run: Run): void {
    if (run.ending !== 'silent') this.#fail({ kind: 'silent' });
    run.ending = 'silent';
    run.running.kill();
  }

  /** Only now another one may be started: one that cannot be ended must not be joined by a second. */
  #onEnd(end: ProgramEnd): void {
    const run = this.#run;
    this.#run = null;
    if (run !== null && run.ending === null) this.#fail({ kind: 'ended', end, said: run.said });
  }

  #fail(failure: FollowFailure): void {
    this.#failure = failure;
    this.#failures += 1;
    this.#startAt = this.#parts.clock.mono() + Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** (this.#failures - 1));
  }
}
