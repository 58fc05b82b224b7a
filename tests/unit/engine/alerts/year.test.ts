/** A year of seconds through the whole evaluator, judged by a second, plainer bookkeeping. */
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

/** Seconds in a row, without a hole, that a value was at or past a level; missing ones count neither way. */
class Streak {
  seconds = -1;
  readonly #holds: (value: number) => boolean;
  constructor(holds: (value: number) => boolean) {
    this.#holds = holds;
  }
  take(value: number | null, isHole: boolean): void {
    if (isHole) this.seconds = -1;
    if (value === null) {
      // Time goes on between two samples that are there, if there was one before.
      if (this.seconds >= 0) this.seconds += 1;
    } else this.seconds = this.#holds(value) ? this.seconds + 1 : -1;
  }
}

/** What the events say is open, by rule and series; says what is wrong. */
class Book {
  readonly open = new Map<string, Incident>();
  /** The last one of each place that ended. */
  readonly ended = new Map<string, Incident>();
  readonly wrong: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly #ids = new Set<string>();

  take({ kind, incident, rule, suppressed }: EvaluatedEvent): void {
    const place = `${incident.ruleId} ${incident.series}`;
    const before = this.open.get(place);
    const count = `${incident.ruleId} ${kind}${kind === 'fired' || kind === 'escalated' ? ` ${incident.severity}` : ''}${suppressed === undefined ? '' : ' (cooldown)'}`;
    this.counts[count] = (this.counts[count] ?? 0) + 1;
    if (rule === null) this.#say(`${place}: no rule`);
    if ((kind === 'fired') !== (before === undefined)) this.#say(`${place}: ${kind}, but it was ${before === undefined ? 'not ' : ''}open`);
    if (before !== undefined && before.id !== incident.id) this.#say(`${place}: two incidents at once`);
    if (kind === 'fired' && this.#ids.has(incident.id)) this.#say(`${place}: ${incident.id} fired twice`);
    this.#ids.add(incident.id);
    if (kind === 'escalated' && (before?.severity !== 'warning' || incident.severity !== 'critical')) this.#say(`${place}: escalated from ${before?.severity}`);
    if (kind === 'deescalated' && (before?.severity !== 'critical' || incident.severity !== 'warning')) this.#say(`${place}: deescalated from ${before?.severity}`);
    if ((incident.clearedAt === null) === (kind === 'resolved')) this.#say(`${place}: ${kind} at ${incident.clearedAt}`);
    if (incident.since > incident.firedAt) this.#say(`${place}: began after it fired`);
    if (kind === 'resolved') {
      this.open.delete(place);
      this.ended.set(place, incident);
    } else this.open.set(place, incident);
  }

  /** Puts down what is wrong, if anything is. */
  say(what: string | null, second: number): void {
    if (what !== null) this.wrong.push(`${what}, after ${second} s`);
  }

  #say(what: string): void {
    this.wrong.push(what);
  }
}

/** One rule of the fast families, looked at in the plainest way. */
class Witnessed {
  readonly rule: string;
  readonly metric: 'cpu' | 'memory';
  /** Under which its incident stands in the book. */
  readonly place: string;
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
    this.place = `${id} ${metric}.usage`;
    this.#warnFor = warning?.forSeconds ?? 0;
    this.#criticalFor = critical?.forSeconds ?? 0;
    this.#warning = new Streak((value) => value >= (warning?.threshold ?? 0));
    this.#critical = new Streak((value) => value >= (critical?.threshold ?? 0));
    this.#deescalated = new Streak((value) => value <= (critical?.recoverAt ?? 0));
    this.#back = new Streak((value) => value <= (warning?.recoverAt ?? 0));
  }

  take(value: number | null, isHole: boolean): void {
    this.#warning.take(value, isHole);
    this.#critical.take(value, isHole);
    this.#deescalated.take(value, isHole);
    this.#back.take(value, isHole);
  }

  /** What is wrong with an event, from what was seen. */
  classifyRefreshToken({ kind, incident }: EvaluatedEvent): string | null {
    const isDue = incident.severity === 'critical' ? this.#critical.seconds >= this.#criticalFor : this.#warning.seconds >= this.#warnFor;
    const isEarly = { fired: !isDue, escalated: !isDue, deescalated: this.#deescalated.seconds < 30, resolved: this.#back.seconds < 30, reminder: false }[kind];
    return isEarly ? `${this.rule} ${kind} ${incident.severity} too early` : null;
  }

  /** What should be open and is not, or the other way round. */
  missing(incident: Incident | undefined): string | null {
    if (this.#critical.seconds >= this.#criticalFor && incident?.severity !== 'critical') return `${this.rule} is not critical`;
    if (this.#warning.seconds >= this.#warnFor && incident === undefined) return `${this.rule} did not fire`;
    return this.#back.seconds >= 30 && incident !== undefined ? `${this.rule} did not clear` : null;
  }
}

describe('a simulated year', { timeout: 300_000 }, () => {
  it('of values each second keeps every promise', () => {
    const machine = new Laptop(2026, START, ZONE);
    const clock: Clock = { now: () => machine.wall, mono: () => machine.mono, boot: () => machine.mono + machine.slept };
    const book = new Book();
    const witnesses = [new Witnessed('cpu-usage', 'cpu'), new Witnessed('memory-usage', 'memory')];
    const changes = offsetsOf(ZONE, START).slice(1);
    const start = (): Evaluator => {
      const made = createEvaluator({ clock, rules: DEFAULT_RULES });
      for (const event of made.restore([...book.open.values(), ...book.ended.values()])) book.take(event);
      return made;
    };
    let evaluator = start();
    let judged = 0;
    const began = { wall: performance.now(), cpu: process.cpuUsage() };
    // By the clock that is never set: the year has its length however often the other one is.
    while (machine.mono + machine.slept < YEAR && book.wrong.length === 0) {
      const change = changes[0];
      if (change !== undefined && machine.mono + machine.slept >= change.from - START) {
        changes.shift();
        machine.changeSummerTime(changes.length % 2 === 0 ? -3_600_000 : 3_600_000);
      }
      const batch = machine.next();
      if (batch.gap === 'start') evaluator = start();
      const events = evaluator.evaluate(batch);
      const isHole = batch.gap !== undefined && batch.gap !== 'clock';
      for (const witness of witnesses) witness.take(machine[witness.metric]['usage'] ?? null, isHole);
      for (const event of events) {
        const witness = witnesses.find(({ rule }) => rule === event.incident.ruleId);
        if (witness !== undefined) judged += 1;
        book.say(witness?.classifyRefreshToken(event) ?? null, machine.counts.seconds);
        book.take(event);
      }
      for (const witness of witnesses) book.say(witness.missing(book.open.get(witness.place)), machine.counts.seconds);
    }
    const wall = ((performance.now() - began.wall) / 1000).toFixed(1);
    const cpu = (process.cpuUsage(began.cpu).user / 1e6).toFixed(1);
    console.log(`a year, lived through in ${wall} s (${cpu} s of processor time):`, machine.counts, book.counts, `${judged} events checked second by second, ${book.open.size} open at the end`);
    expect(book.wrong).toEqual([]);
    expect(machine.counts.seconds).toBeGreaterThan(15_000_000);
    expect(machine.counts.summerTimeChanges).toBe(2);
    expect(machine.counts.nights).toBeGreaterThan(300);
    expect(Math.min(machine.counts.naps, machine.counts.stalls, machine.counts.clockSteps, machine.counts.restarts)).toBeGreaterThan(20);
    expect(judged).toBeGreaterThan(1000);
    expect(['cpu-usage', 'memory-usage', 'disk-space', 'disk-forecast', 'temperature'].filter((id) => book.counts[`${id} fired warning`] === undefined)).toEqual([]);
    // What is open is what the events said.
    expect(evaluator.open().map(({ id }) => id).sort()).toEqual([...book.open.values()].map(({ id }) => id).sort());
  });
});
