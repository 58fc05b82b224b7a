/** A fake clock with timers, and fake collectors that read what a test gives them. */
import { FAMILY_IDS, familyOf } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { Reading } from '../../src/shared/metrics/reading';
import type { Clock, Timers } from '../../src/main/engine/clock';
import type { CollectorSet, Previous } from '../../src/main/engine/collectors/collector';

/** Wall, monotonic and boot clock, and timers on the monotonic one; they advance only by the methods here. */
export class FakeTime implements Clock, Timers {
  wall = Date.UTC(2026, 0, 15, 12);
  #mono = 1000;
  #slept = 0;
  #waiting: { at: number; fn: () => void }[] = [];
  readonly #monoCountsSleep: boolean;
  readonly awake?: () => number | null;

  /**
   * `awake`: 'mono' as on Linux; elsewhere the monotonic clock and the timers count sleep, and the clock without sleep is one of
   * its own, one that goes on in light sleep, or cannot be read.
   */
  constructor(awake: 'mono' | 'own clock' | 'light sleep' | 'none' = 'mono') {
    this.#monoCountsSleep = awake !== 'mono';
    const readings = { 'own clock': () => this.#mono - this.#slept, 'light sleep': () => this.#mono, none: () => null };
    if (awake !== 'mono') this.awake = readings[awake];
  }

  now = (): number => this.wall;
  mono = (): number => this.#mono;
  boot = (): number => this.#mono + (this.#monoCountsSleep ? 0 : this.#slept);

  after = (ms: number, fn: () => void): (() => void) => {
    const entry = { at: this.#mono + ms, fn };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  };

  /** Advances all clocks; every timer due by then fires at its time, and promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#mono + ms;
    for (;;) {
      const next = this.#waiting.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#move(Math.max(next.at, this.#mono) - this.#mono);
      this.#waiting = this.#waiting.filter((other) => other !== next);
      next.fn();
      await settle();
    }
    this.#move(end - this.#mono);
    await settle();
  }

  /** Cancels all timers, as when the process ends. */
  dropTimers(): void {
    this.#waiting = [];
  }

  /** Sleep: the wall and boot clocks advance; the monotonic one and the timers only on systems where it counts sleep. No timer fires. */
  sleep(ms: number): void {
    this.wall += ms;
    this.#slept += ms;
    if (this.#monoCountsSleep) this.#mono += ms;
  }

  /** A stalled process: all clocks advance, timers fire late. */
  stall(ms: number): void {
    this.#move(ms);
  }

  #move(ms: number): void {
    this.#mono += ms;
    this.wall += ms;
  }
}

/** Lets pending promise reactions run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

/** A collector whose raw value is one growing counter; every value of its reading is its rate. */
export class FakeCollector {
  readonly family: FamilyId;
  leastInterval?: number;
  reads = 0;
  closed = false;
  next: () => number | Promise<number> = () => this.reads * 100;
  previous: Previous<number> | null = null;

  constructor(family: FamilyId) {
    this.family = family;
  }

  read(): number | Promise<number> {
    this.reads += 1;
    return this.next();
  }

  toReading(raw: number, previous: Previous<number> | null): Reading {
    this.previous = previous;
    const rate = previous === null ? null : (raw - previous.raw) / previous.seconds;
    return { values: Object.fromEntries(Object.keys(familyOf(this.family).metrics).map((name) => [name, rate])), devices: {} };
  }

  close(): void {
    this.closed = true;
  }
}

/** One fake collector per family. */
export function fakeCollectors(): { set: CollectorSet; of(id: FamilyId): FakeCollector } {
  const all = new Map(FAMILY_IDS.map((id) => [id, new FakeCollector(id)]));
  return {
    set: Object.fromEntries(all) as unknown as CollectorSet,
    of: (id) => {
      const found = all.get(id);
      if (found === undefined) throw new Error(`no family ${id}`);
      return found;
    },
  };
}
