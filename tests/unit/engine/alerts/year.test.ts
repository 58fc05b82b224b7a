/** A simulated year, second by second, through the evaluator; checked by a second, simpler implementation. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../../src/shared/alerts/default-rules';
import type { Incident } from '../../../../src/shared/alerts/incident';
import { createEvaluator } from '../../../../src/main/engine/alerts/evaluator';
import type { Evaluator } from '../../../../src/main/engine/alerts/evaluator';
import type { EvaluatedEvent } from '../../../../src/shared/alerts/incident-event';
import type { Clock } from '../../../../src/main/engine/clock';
import { Laptop, offsetsOf } from '../../../support/simulated-year';

const START = Date.UTC(2026, 0, 1);
const YEAR = 365 * 86_400_000;
const ZONE = 'Europe/Berlin';

/** Consecutive seconds, without a gap, in which a value was at or past a level; missing values are ignored. */
class Streak {
  seconds = -1;
  readonly #holds: (value: number) => boolean;
  constructor(holds: (value: number) => boolean) {
    this.#holds = holds;
  }
  take(value: number | null, isGap: boolean): void {
    if (isGap) this.seconds = -1;
    if (value === null) {
      // Time passes during missing values, if there was a value before.
      if (this.seconds >= 0) this.seconds += 1;
    } else this.seconds = this.#holds(value) ? this.seconds + 1 : -1;
  }
}

/** Open incidents according to the events, by rule and series; records inconsistencies. */
class EventLedger {
  readonly open = new Map<string, Incident>();
  /** The last resolved incident of each rule and series. */
  readonly ended = new Map<string, Incident>();
  readonly wrong: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly #ids = new Set<string>();

  take({ kind, incident, rule, suppressed }: EvaluatedEvent): void {
    const key = `${incident.ruleId} ${incident.series}`;
    const before = this.open.get(key);
    const count = `${incident.ruleId} ${kind}${kind === 'fired' || kind === 'escalated' ? ` ${incident.severity}` : ''}${suppressed === undefined ? '' : ' (cooldown)'}`;
    this.counts[count] = (this.counts[count] ?? 0) + 1;
    if (rule === null) this.#report(`${key}: no rule`);
    if ((kind === 'fired') !== (before === undefined)) this.#report(`${key}: ${kind}, but it was ${before === undefined ? 'not ' : ''}open`);
    if (before !== undefined && before.id !== incident.id) this.#report(`${key}: two incidents at once`);
    if (kind === 'fired' && this.#ids.has(incident.id)) this.#report(`${key}: ${incident.id} fired twice`);
    this.#ids.add(incident.id);
    if (kind === 'escalated' && (before?.severity !== 'warning' || incident.severity !== 'critical')) this.#report(`${key}: escalated from ${before?.severity}`);
    if (kind === 'deescalated' && (before?.severity !== 'critical' || incident.severity !== 'warning')) this.#report(`${key}: deescalated from ${before?.severity}`);
    if ((incident.clearedAt === null) === (kind === 'resolved')) this.#report(`${key}: ${kind} at ${incident.clearedAt}`);
    if (incident.since > incident.firedAt) this.#report(`${key}: began after it fired`);
    if (kind === 'resolved') {
      this.open.delete(key);
      this.ended.set(key, incident);
    } else this.open.set(key, incident);
  }

  /** Records an inconsistency, if there is one. */
  report(what: string | null, second: number): void {
    if (what !== null) this.wrong.push(`${what}, after ${second} s`);
  }

  #report(what: string): void {
    this.wrong.push(what);
  }
}

/** A simple implementation of one rule on CPU or memory. */
class ReferenceRule {
  readonly rule: string;
  readonly metric: 'cpu' | 'memory';
  /** Key of its incident in the ledger. */
  readonly key: string;
  readonly #warnFor: number;
  readonly #criticalFor: number;
  readonly #warning: Streak;
  readonly #critical: Streak;
  readonly #deescalated: Streak;
  readonly #back: Streak;

  constructor(id: string, metric: 'cpu' | 'memory') {
    const { warning, critical } = DEFAULT_RULES.find((rule) => rule.id === id) ?? { warning: null, critical: null };
    this.rule = id;
    this.metric = metric;
    this.key = `${id} ${metric}.usage`;
    this.#warnFor = warning?.forSeconds ?? 0;
    this.#criticalFor = critical?.forSeconds ?? 0;
    this.#warning = new Streak((value) => value >= (warning?.threshold ?? 0));
    this.#critical = new Streak((value) => value >= (critical?.threshold ?? 0));
    this.#deescalated = new Streak((value) => value <= (critical?.recoverAt ?? 0));
    this.#back = new Streak((value) => value <= (warning?.recoverAt ?? 0));
  }

  take(value: number | null, isGap: boolean): void {
    this.#warning.take(value, isGap);
    this.#critical.take(value, isGap);
    this.#deescalated.take(value, isGap);
    this.#back.take(value, isGap);
  }

  /** Checks an event against the streaks; null if it is correct. */
  check({ kind, incident }: EvaluatedEvent): string | null {
    const isDue = incident.severity === 'critical' ? this.#critical.seconds >= this.#criticalFor : this.#warning.seconds >= this.#warnFor;
    const isEarly = { fired: !isDue, escalated: !isDue, deescalated: this.#deescalated.seconds < 30, resolved: this.#back.seconds < 30, reminder: false }[kind];
    return isEarly ? `${this.rule} ${kind} ${incident.severity} too early` : null;
  }

  /** Checks that the incident is open exactly when it must be; null if so. */
  missing(incident: Incident | undefined): string | null {
    if (this.#critical.seconds >= this.#criticalFor && incident?.severity !== 'critical') return `${this.rule} is not critical`;
    if (this.#warning.seconds >= this.#warnFor && incident === undefined) return `${this.rule} did not fire`;
    return this.#back.seconds >= 30 && incident !== undefined ? `${this.rule} did not resolve` : null;
  }
}

describe('a simulated year', { timeout: 300_000 }, () => {
  it('matches the reference implementation in every second', () => {
    const machine = new Laptop(2026, START, ZONE);
    const clock: Clock = { now: () => machine.wall, mono: () => machine.mono, boot: () => machine.mono + machine.slept };
    const ledger = new EventLedger();
    const references = [new ReferenceRule('cpu-usage', 'cpu'), new ReferenceRule('memory-usage', 'memory')];
    const changes = offsetsOf(ZONE, START).slice(1);
    const start = (): Evaluator => {
      const made = createEvaluator({ clock, rules: DEFAULT_RULES });
      for (const event of made.restore([...ledger.open.values(), ...ledger.ended.values()])) ledger.take(event);
      return made;
    };
    let evaluator = start();
    let checked = 0;
    const began = { wall: performance.now(), cpu: process.cpuUsage() };
    // By the steady clock: the year has its length however often the wall clock is set.
    while (machine.mono + machine.slept < YEAR && ledger.wrong.length === 0) {
      const change = changes[0];
      if (change !== undefined && machine.mono + machine.slept >= change.from - START) {
        changes.shift();
        machine.changeSummerTime(changes.length % 2 === 0 ? -3_600_000 : 3_600_000);
      }
      const batch = machine.next();
      if (batch.gap === 'start') evaluator = start();
      const events = evaluator.evaluate(batch);
      const isGap = batch.gap !== undefined && batch.gap !== 'clock';
      for (const reference of references) reference.take(machine[reference.metric]['usage'] ?? null, isGap);
      for (const event of events) {
        const reference = references.find(({ rule }) => rule === event.incident.ruleId);
        if (reference !== undefined) checked += 1;
        ledger.report(reference?.check(event) ?? null, machine.counts.seconds);
        ledger.take(event);
      }
      for (const reference of references) ledger.report(reference.missing(ledger.open.get(reference.key)), machine.counts.seconds);
    }
    const wall = ((performance.now() - began.wall) / 1000).toFixed(1);
    const cpu = (process.cpuUsage(began.cpu).user / 1e6).toFixed(1);
    console.log(`a year simulated in ${wall} s (${cpu} s of CPU time):`, machine.counts, ledger.counts, `${checked} events checked second by second, ${ledger.open.size} open at the end`);
    expect(ledger.wrong).toEqual([]);
    expect(machine.counts.seconds).toBeGreaterThan(15_000_000);
    expect(machine.counts.summerTimeChanges).toBe(2);
    expect(machine.counts.nights).toBeGreaterThan(300);
    expect(Math.min(machine.counts.naps, machine.counts.stalls, machine.counts.clockSteps, machine.counts.restarts)).toBeGreaterThan(20);
    expect(checked).toBeGreaterThan(1000);
    expect(['cpu-usage', 'memory-usage', 'disk-space', 'disk-forecast', 'temperature'].filter((id) => ledger.counts[`${id} fired warning`] === undefined)).toEqual([]);
    // The open incidents are those of the events.
    expect(evaluator.open().map(({ id }) => id).sort()).toEqual([...ledger.open.values()].map(({ id }) => id).sort());
  });
});
