/** Rules, samples and a simulated machine for the tests of the rule engine. */
import type * as z from 'zod';
import { ruleSchema } from '../../src/shared/alerts/rule';
import type { Rule } from '../../src/shared/alerts/rule';
import type { Incident } from '../../src/shared/alerts/incident';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { DeviceReading, GapReason, Reading, SampleBatch, Value } from '../../src/shared/metrics/reading';
import { createEvaluator } from '../../src/main/engine/alerts/evaluator';
import type { Evaluator } from '../../src/main/engine/alerts/evaluator';
import type { TimeToFull } from '../../src/main/engine/alerts/series-evaluator';
import type { EvaluatedEvent } from '../../src/shared/alerts/incident-event';

/** Noon UTC. */
export const NOON = Date.UTC(2026, 10, 20, 12);

/** A rule on CPU usage, warning at 70 after 10 s by default. */
export function ruleOf(fields: Partial<z.input<typeof ruleSchema>> = {}): Rule {
  const base = { id: 'test', label: 'Test', family: 'cpu', metric: 'usage', warning: { threshold: 70, recoverAt: 60, forSeconds: 10 }, recoverSeconds: 0, cooldownSeconds: 0 } as const;
  return ruleSchema.parse({ ...base, ...fields });
}

/** A reading of a device with its values and limits. */
export function device(values: Record<string, Value>, limits?: { warning: number; critical: number }, label = 'a device'): DeviceReading {
  return { label, values, ...(limits === undefined ? {} : { limits }) };
}

/** A reading of a family. */
export function reading(values: Record<string, Value>, devices: Record<string, DeviceReading> = {}): Reading {
  return { values, devices };
}

/** An event as text: "120 fired warning", with the monotonic seconds since the start. */
function toLine(event: EvaluatedEvent, seconds: number): string {
  const end = event.kind === 'resolved' ? (event.incident.endedBy === 'recovered' ? '' : ` ${event.incident.endedBy}`) : ` ${event.incident.severity}`;
  return `${seconds} ${event.kind}${end}${event.suppressed === undefined ? '' : ` (${event.suppressed})`}`;
}

/** A machine with three clocks and an evaluator. */
export class SimulatedMachine {
  readonly events: EvaluatedEvent[] = [];
  /** Events as text, in order. */
  readonly lines: string[] = [];
  evaluator: Evaluator;
  wall = NOON;
  mono = 1000;
  slept = 0;
  /** The forecast of stored history. */
  timeToFull: TimeToFull = () => null;
  #rules: readonly Rule[];
  #seq = 0;

  constructor(...rules: Rule[]) {
    this.#rules = rules;
    this.evaluator = this.#create();
  }

  /** Monotonic seconds since the start. */
  get seconds(): number {
    return (this.mono - 1000) / 1000;
  }

  /** Advances time without a batch. */
  pass(seconds: number): this {
    this.mono += seconds * 1000;
    this.wall += seconds * 1000;
    return this;
  }

  /** Sleep: the monotonic clock does not advance. */
  sleep(seconds: number): this {
    this.slept += seconds * 1000;
    this.wall += seconds * 1000;
    return this;
  }

  /** Sets the wall clock. */
  stepClock(seconds: number): this {
    this.wall += seconds * 1000;
    return this;
  }

  /** Evaluates a batch now. */
  batch(readings: Partial<Record<FamilyId, Reading>>, gap?: GapReason, faults: SampleBatch['faults'] = {}): this {
    this.#seq += 1;
    const batch: SampleBatch = { seq: this.#seq, time: this.wall, readings, faults, ...(gap === undefined ? {} : { gap }) };
    return this.take(this.evaluator.evaluate(batch));
  }

  /** Records events. */
  take(events: readonly EvaluatedEvent[]): this {
    for (const event of events) {
      this.events.push(event);
      this.lines.push(toLine(event, this.seconds));
    }
    return this;
  }

  /** Evaluates batches of a family for a number of seconds, one every `every` seconds. */
  run(seconds: number, family: FamilyId, of: (at: number) => Reading, every = 1): this {
    for (let at = every; at <= seconds; at += every) this.pass(every).batch({ [family]: of(at) });
    return this;
  }

  /** Evaluates batches in which a family fails, one every `every` seconds. */
  fail(seconds: number, family: FamilyId, every = 1): this {
    for (let at = every; at <= seconds; at += every) this.pass(every).batch({}, undefined, { [family]: { kind: 'Timeout', message: 'no response', since: 0, nextAt: null } });
    return this;
  }

  /** Evaluates batches with CPU usage, one every `every` seconds. */
  cpu(seconds: number, usage: Value | ((at: number) => Value), every = 1): this {
    return this.run(seconds, 'cpu', (at) => reading({ usage: typeof usage === 'function' ? usage(at) : usage }), every);
  }

  /** Replaces the rules. */
  setRules(...rules: Rule[]): this {
    this.#rules = rules;
    return this.take(this.evaluator.setRules(rules));
  }

  /** Ends the app and starts it again after a number of seconds, with the stored incidents and rules. */
  restart(seconds: number, incidents: readonly Incident[] = this.evaluator.open(), rules = this.#rules): this {
    this.pass(seconds);
    this.#rules = rules;
    this.evaluator = this.#create();
    this.#seq = 0;
    return this.take(this.evaluator.restore(incidents));
  }

  #create(): Evaluator {
    return createEvaluator({ clock: { now: () => this.wall, mono: () => this.mono, boot: () => this.mono + this.slept }, rules: this.#rules, timeToFull: (series, value) => this.timeToFull(series, value) });
  }
}
