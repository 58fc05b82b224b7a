/** Runs the collector of one family for the sampler: when it is due, its read in flight, its previous result. */
import type { FamilyDescriptor } from '../../../shared/metrics/define';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Failure, Reading } from '../../../shared/metrics/reading';
import { codeOf, messageOf } from '../../../shared/result';
import { CollectorError } from '../collectors/collector';
import type { AnyCollector, Collector, Previous } from '../collectors/collector';
import type { Clock } from '../clock';
import { ProgramError } from '../programs/programs';

/** What a runner adds to the next batch. */
export type ReadOutcome = { readonly reading: Reading } | { readonly failure: Failure };

/** Fault kinds by system error code. */
const FAULT_BY_CODE: Readonly<Record<string, Failure['kind']>> = {
  EACCES: 'PermissionDenied',
  EPERM: 'PermissionDenied',
  ETIMEDOUT: 'Timeout',
};

/** Anything thrown, as a failure. */
function toFailure(error: unknown): Failure {
  if (error instanceof CollectorError || error instanceof ProgramError) return { kind: error.kind, message: error.message };
  const code = codeOf(error) ?? '';
  return { kind: FAULT_BY_CODE[code] ?? 'SystemUnavailable', message: messageOf(error) };
}

/** Reads one family: at most one call in flight, abandoned after its deadline, never awaited by the tick. */
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
    // Safe: a collector only ever gets what it read itself.
    this.#collector = collector;
    this.#clock = clock;
  }

  /** Mean milliseconds of a read, exponentially weighted; null before the first. */
  get milliseconds(): number | null {
    return this.#milliseconds;
  }

  /** Drops the previous read, so that no rate spans a gap; the result of a read still in flight is discarded. */
  resetRates(): void {
    this.#previous = null;
    this.#generation += 1;
  }

  /** Makes the family due at the next tick. */
  setDue(): void {
    this.#due = Number.NEGATIVE_INFINITY;
  }

  /** Starts a read if one is due at `tick`, monotonic ms. `interval` in ms, null: not sampled now. `slack`: how early a tick may be, ms. */
  start(interval: number | null, slack: number, tick: number): void {
    if (this.#flight !== null) return this.#checkDeadline(tick);
    if (interval === null || tick < this.#due - slack) return;
    const mono = this.#clock.mono();
    // Counted from when it was due, so that lateness does not add up; from now when whole intervals were missed.
    const pace = Math.max(interval, this.#collector.leastInterval ?? 0);
    this.#due = this.#due + pace > mono ? this.#due + pace : mono + pace;
    this.#read(mono);
  }

  /** Milliseconds until the next read is due, at least 0; null while a call is in flight, which no other may join. */
  dueIn(): number | null {
    return this.#flight === null ? Math.max(0, this.#due - this.#clock.mono()) : null;
  }

  /** Removes and returns the result for the next batch. */
  take(): ReadOutcome | null {
    const outcome = this.#outcome;
    this.#outcome = null;
    return outcome;
  }

  close(): void {
    this.resetRates();
    this.#collector.close?.();
  }

  /** `mono` is the time of the read. */
  #read(mono: number): void {
    try {
      const raw = this.#collector.read();
      if (raw instanceof Promise) this.#awaitResult(raw, mono);
      else this.#process(raw, mono);
    } catch (error) {
      this.#fail(error);
    }
  }

  #awaitResult(promise: Promise<unknown>, mono: number): void {
    const flight = { since: mono, generation: this.#generation };
    this.#flight = flight;
    const settle = (then: () => void): void => {
      const inTime = this.#flight === flight;
      this.#flight = null;
      if (inTime && flight.generation === this.#generation) then();
    };
    promise.then(
      (raw) => settle(() => this.#guard(() => this.#process(raw, mono))),
      (error: unknown) => settle(() => this.#fail(error)),
    );
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #process(raw: unknown, mono: number): void {
    const before = this.#previous;
    const seconds = before === null ? 0 : (mono - before.mono) / 1000;
    const previous: Previous<unknown> | null = before !== null && seconds > 0 ? { raw: before.raw, seconds } : null;
    this.#previous = { raw, mono };
    const reading = this.#collector.toReading(raw, previous);
    this.#outcome = { reading: previous === null ? { ...reading, isFirst: true } : reading };
    const took = this.#clock.mono() - mono;
    this.#milliseconds = this.#milliseconds === null ? took : this.#milliseconds * 0.9 + took * 0.1;
  }

  #fail(error: unknown): void {
    this.#previous = null;
    this.#outcome = { failure: toFailure(error) };
  }

  #checkDeadline(mono: number): void {
    const flight = this.#flight;
    if (flight === null || mono - flight.since <= this.family.deadline) return;
    const failure: Failure = { kind: 'Timeout', message: `no response within ${this.family.deadline / 1000} s` };
    // The call may still hang: it remains the one in flight, but its result is discarded.
    if (flight.generation === this.#generation) this.#outcome = { failure };
    this.resetRates();
  }
}
