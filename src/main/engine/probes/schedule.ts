/**
 * When which service is probed: at its own interval and phase, so that many of the same interval are spread over it; few at a
 * time, so that they do not delay each other; by the monotonic clock, without making up for what was missed. One timer, for the
 * next that is due.
 */
import type { Clock, Timers } from '../clock';

/** Probes that run at once. */
const AT_ONCE = 3;
/** The first probes of those that were added, or that are asked again after a pause, are spread over so much each, ms. */
const SPREAD_EACH = 100;
/** And over so much together, ms. */
const SPREAD = 10_000;

/** What it needs. */
export interface ScheduleParts {
  readonly clock: Pick<Clock, 'mono'>;
  readonly timers: Timers;
  /** Probes a service. Resolves to the ms until the next time, or to null: at its interval. Never rejects. */
  run(id: string): Promise<number | null>;
}

/** Plans probes. */
export interface Schedule {
  /** All services with their intervals in ms. Those that are new, or have another interval, come soon. */
  set(intervals: ReadonlyMap<string, number>): void;
  /** These come now, before others. */
  ask(ids: readonly string[]): void;
  /** Nothing is started until `release`; then all come soon. */
  hold(): void;
  release(): void;
  /** All that are there come soon. */
  restart(): void;
  /** When it is begun next, monotonic ms; null while that is not planned. */
  dueAt(id: string): number | null;
  close(): void;
}

interface Planned {
  readonly id: string;
  interval: number;
  /** Share of the interval at which it is due. */
  readonly phase: number;
  /** Monotonic ms. */
  due: number;
  isRunning: boolean;
  /** Asked for while it ran: that result may be older than the question. */
  isAskedAgain: boolean;
}

/** A share from 0 to 1 that an id always has: FNV-1a (32 bits). Pure. */
export function phaseOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193) >>> 0;
  // The last characters alone would hardly change the upper bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** The next time of a service's own, at least half an interval after it was last begun. Pure. */
export function nextDue(begun: number, interval: number, phase: number): number {
  const offset = phase * interval;
  return Math.ceil((begun + interval / 2 - offset) / interval) * interval + offset;
}

/** Nothing is planned yet. */
class ProbeSchedule implements Schedule {
  readonly #parts: ScheduleParts;
  #plan = new Map<string, Planned>();
  #running = 0;
  #isHeld = false;
  #isClosed = false;
  #cancel = (): void => undefined;
  /** When the timer fires, monotonic ms; null while none is set. */
  #setFor: number | null = null;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  set(intervals: ReadonlyMap<string, number>): void {
    const before = this.#plan;
    const changed: Planned[] = [];
    this.#plan = new Map();
    for (const [id, interval] of intervals) {
      const entry = before.get(id) ?? { id, interval, phase: phaseOf(id), due: 0, isRunning: false, isAskedAgain: false };
      if (!before.has(id) || entry.interval !== interval) changed.push(entry);
      entry.interval = interval;
      this.#plan.set(id, entry);
    }
    this.#soon(changed);
    this.#advance();
  }

  ask(ids: readonly string[]): void {
    for (const entry of ids.flatMap((id) => this.#plan.get(id) ?? [])) {
      entry.isAskedAgain = entry.isRunning;
      // Before all that are overdue.
      entry.due = Number.NEGATIVE_INFINITY;
    }
    this.#advance();
  }

  hold(): void {
    this.#isHeld = true;
    this.#advance();
  }

  release(): void {
    this.#isHeld = false;
    this.restart();
  }

  restart(): void {
    const all = [...this.#plan.values()];
    for (const entry of all) entry.isAskedAgain = entry.isRunning;
    this.#soon(all);
    this.#advance();
  }

  dueAt(id: string): number | null {
    const entry = this.#plan.get(id);
    return entry === undefined || entry.isRunning || this.#isHeld ? null : entry.due;
  }

  close(): void {
    this.#isClosed = true;
    this.#advance();
  }

  #soon(entries: readonly Planned[]): void {
    const now = this.#parts.clock.mono();
    const spread = Math.min(SPREAD, SPREAD_EACH * entries.length);
    for (const entry of entries) entry.due = now + entry.phase * spread;
  }

  #next(): Planned | undefined {
    let first: Planned | undefined;
    for (const entry of this.#plan.values()) if (!entry.isRunning && (first === undefined || entry.due < first.due)) first = entry;
    return first;
  }

  /** Begins what is due, and waits for what is due next. */
  #advance(): void {
    const entry = this.#isHeld || this.#isClosed || this.#running >= AT_ONCE ? undefined : this.#next();
    if (entry === undefined) return this.#clearTimer();
    const wait = entry.due - this.#parts.clock.mono();
    if (wait > 0) return this.#setTimer(entry.due, wait);
    void this.#begin(entry);
    this.#advance();
  }

  /** The timer stays where it is set for that time already: each end of a probe asks for it. */
  #setTimer(due: number, wait: number): void {
    if (this.#setFor === due) return;
    this.#clearTimer();
    this.#setFor = due;
    this.#cancel = this.#parts.timers.after(wait, () => {
      this.#setFor = null;
      this.#advance();
    });
  }

  #clearTimer(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#setFor = null;
  }

  async #begin(entry: Planned): Promise<void> {
    const { clock, run } = this.#parts;
    const begun = clock.mono();
    entry.isRunning = true;
    this.#running += 1;
    const delay = await run(entry.id);
    this.#running -= 1;
    entry.isRunning = false;
    if (entry.isAskedAgain) entry.due = clock.mono();
    else entry.due = delay === null ? nextDue(begun, entry.interval, entry.phase) : clock.mono() + delay;
    entry.isAskedAgain = false;
    this.#advance();
  }
}

/** Creates a schedule. */
export function createSchedule(parts: ScheduleParts): Schedule {
  return new ProbeSchedule(parts);
}
