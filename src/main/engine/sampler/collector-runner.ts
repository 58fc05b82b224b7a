/** One family's place in the sampler: when it is due, its read in flight, and what it gave before. */
import type { FamilyDescriptor } from '../../../shared/metrics/define';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Fault, Reading } from '../../../shared/metrics/reading';
import { messageOf } from '../../../shared/result';
import { CollectorError } from '../collectors/collector';
import type { AnyCollector, Collector, Previous } from '../collectors/collector';
import type { Clock } from '../clock';

/** What a slot has for the next batch. */
export type ReadOutcome = { readonly reading: Reading } | { readonly fault: Fault };

/** The system's error codes, as the faults a person can tell apart. */
const FAULT_OF_CODE: Readonly<Record<string, Fault['kind']>> = {
  EACCES: 'PermissionDenied',
  EPERM: 'PermissionDenied',
  ETIMEDOUT: 'Timeout',
};

/** Any thrown thing as a fault. */
function toFault(error: unknown): Fault {
  if (error instanceof CollectorError) return { kind: error.kind, message: error.message };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { kind: FAULT_OF_CODE[code] ?? 'SystemUnavailable', message: messageOf(error) };
}

/** Reads one family: at most one call in flight, given up after its deadline, never waited for. */
export class CollectorRunner {
  readonly family: FamilyDescriptor;
  readonly #collector: Collector<FamilyId, unknown>;
  readonly #clock: Clock;
  #due = Number.NEGATIVE_INFINITY;
  #outcome: ReadOutcome | null = null;
  #previous: { raw: unknown; mono: number } | null = null;
  #flight: { readonly since: number; readonly generation: number } | null = null;
  #generation = 0;
  #milliseconds: number | null = null;

  constructor(family: FamilyDescriptor, collector: AnyCollector, clock: Clock) {
    this.family = family;
    // A slot only ever gives a collector what that collector itself has read.
    this.#collector = collector;
    this.#clock = clock;
  }

  /** Mean milliseconds of a read, the last ones weighing most; null before the first. */
  get milliseconds(): number | null {
    return this.#milliseconds;
  }

  /** Forgets what rates would be made of; a read still in flight will count as a first one. */
  forget(): void {
    this.#previous = null;
    this.#generation += 1;
  }

  /** Makes the family due at the next tick. */
  hasten(): void {
    this.#due = Number.NEGATIVE_INFINITY;
  }

  /** Starts a read if one is due. `interval` null: not at this pace. `slack`: how early a tick may be, ms. */
  start(interval: number | null, slack: number): void {
    const mono = this.#clock.mono();
    if (this.#flight !== null) return this.#checkDeadline(mono);
    if (interval === null || mono < this.#due - slack) return;
    // From the time it was due, so that lateness does not add up; from now when whole turns were missed.
    this.#due = this.#due + interval > mono ? this.#due + interval : mono + interval;
    this.#read(mono);
  }

  /** Takes what is ready for a batch. */
  take(): ReadOutcome | null {
    const outcome = this.#outcome;
    this.#outcome = null;
    return outcome;
  }

  close(): void {
    this.forget();
    this.#collector.close?.();
  }

  #read(mono: number): void {
    const started = this.#clock.mono();
    try {
      const raw = this.#collector.read();
      if (raw instanceof Promise) this.#follow(raw, mono, started);
      else this.#understand(raw, mono, started);
    } catch (error) {
      this.#fail(error);
    }
  }

  #follow(promise: Promise<unknown>, mono: number, started: number): void {
    const flight = { since: mono, generation: this.#generation };
    this.#flight = flight;
    const land = (then: () => void): void => {
      const inTime = this.#flight === flight;
      this.#flight = null;
      if (inTime && flight.generation === this.#generation) then();
    };
    promise.then(
      (raw) => land(() => this.#guard(() => this.#understand(raw, mono, started))),
      (error: unknown) => land(() => this.#fail(error)),
    );
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #understand(raw: unknown, mono: number, started: number): void {
    const before = this.#previous;
    const seconds = before === null ? 0 : (mono - before.mono) / 1000;
    const previous: Previous<unknown> | null = before !== null && seconds > 0 ? { raw: before.raw, seconds } : null;
    this.#previous = { raw, mono };
    this.#outcome = { reading: this.#collector.toReading(raw, previous) };
    const took = this.#clock.mono() - started;
    this.#milliseconds = this.#milliseconds === null ? took : this.#milliseconds * 0.9 + took * 0.1;
  }

  #fail(error: unknown): void {
    this.#previous = null;
    this.#outcome = { fault: toFault(error) };
  }

  #checkDeadline(mono: number): void {
    const flight = this.#flight;
    if (flight === null || mono - flight.since <= this.family.deadline) return;
    const fault: Fault = { kind: 'Timeout', message: `no answer within ${this.family.deadline / 1000} s` };
    // The call may still hang: it stays the one in flight, but its answer no longer counts.
    if (flight.generation === this.#generation) this.#outcome = { fault };
    this.forget();
  }
}
