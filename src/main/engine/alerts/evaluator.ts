/**
 * Evaluates all alert rules on each batch and emits the steps of incidents. It knows metric descriptors, no particular
 * metric. Setting the wall clock does not affect it, and a batch without changes allocates nothing.
 *
 * engine/alerts decides what is an incident (evaluator, state machine, forecast), whether it is notified (policy,
 * grouping), and backtests rules. It imports src/shared, engine/series, the sampler's gap rules, and types of the clock and
 * the store. No SQL, no Electron; delivery is src/main/alerts.
 */
import { ruleCovers } from '../../../shared/alerts/every-device';
import type { Incident, IncidentCause } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { parseSeriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { Clock } from '../clock';
import { leftOutOf } from '../sampler/gap';
import { FamilyEvaluator } from './family-evaluator';
import { levelAt, compileRule } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import { AlertInstance } from './alert-instance';
import type { WallClockSample } from './alert-instance';
import type { EvaluatedEvent } from '../../../shared/alerts/incident-event';
import type { SeriesEvaluator, TimeToFull } from './series-evaluator';

/** Dependencies of the evaluator. */
export interface EvaluatorParts {
  readonly clock: Clock;
  /** All active rules; disabled ones are ignored. */
  readonly rules: readonly Rule[];
  /** The forecast of stored history, for rules with a condition on it; must not compute it now. Without it none is known. */
  readonly timeToFull?: TimeToFull;
}

/** Evaluates rules on batches. */
export interface Evaluator {
  /** Evaluates a batch; returns the events in order. Mostly none: then always the same empty list. */
  evaluate(batch: SampleBatch): readonly EvaluatedEvent[];
  /** Replaces the rules. Incidents of rules that were removed, disabled or changed in their condition end with `ruleChanged`. */
  setRules(rules: readonly Rule[]): readonly EvaluatedEvent[];
  /**
   * Restores the incidents of the last run, before the first batch: open ones continue, recently resolved ones keep their
   * cooldown. Those without a matching rule end with `ruleChanged`. The time in between counts as a gap.
   */
  restore(incidents: readonly Incident[]): readonly EvaluatedEvent[];
  /**
   * Continues what holds on series under their present keys, by their former ones; `rules` where those of single devices
   * changed with them. An incident that no rule covers any more ends.
   */
  rename(renamed: ReadonlyMap<SeriesKey, SeriesKey>, rules: readonly Rule[] | null): readonly EvaluatedEvent[];
  /** Acknowledges an incident and returns it: no reminders until it escalates. Null if it is not open. */
  acknowledge(id: string): Incident | null;
  /** Sets the cause of an open incident, which later events include; returns it. Null if it is not open. */
  setCause(id: string, cause: IncidentCause): Incident | null;
  /** Open incidents with their current values, oldest first. */
  open(): readonly Incident[];
}

/** Longest monitored time between two batches, ms; the sampler reports a longer one as a gap. */
const MAX_BATCH_DISTANCE = 60_000;

const NO_EVENTS: readonly EvaluatedEvent[] = [];

/** Creates the evaluator. */
export function createEvaluator(parts: EvaluatorParts): Evaluator {
  return new RuleEvaluator(parts);
}

/** Times of the current batch; one object, reused for each batch. */
class CurrentSample implements WallClockSample {
  time = 0;
  steady = 0;
  gap = false;
  readonly span = 0;
}

class RuleEvaluator implements Evaluator {
  readonly #clock: Clock;
  readonly #timeToFull: TimeToFull;
  #rules: readonly Rule[];
  #families: readonly FamilyEvaluator[];
  #events: EvaluatedEvent[] | null = null;
  /** Time that the monotonic clock has left out since boot; read again after a gap only. */
  #leftOut: number;
  readonly #now = new CurrentSample();
  /** Steady time of the last batch. */
  #last: number | null = null;
  readonly #emit = (event: EvaluatedEvent): void => void (this.#events ??= []).push(event);

  constructor({ clock, rules, timeToFull = () => null }: EvaluatorParts) {
    this.#clock = clock;
    this.#timeToFull = timeToFull;
    this.#leftOut = leftOutOf(clock);
    this.#rules = rules;
    this.#families = familiesOf(rules, this.#timeToFull);
  }

  evaluate(batch: SampleBatch): readonly EvaluatedEvent[] {
    if (batch.gap !== undefined) this.#onGap(batch.gap);
    const now = this.#now;
    now.time = batch.time;
    now.steady = this.#steady();
    const passed = this.#monitoredUntil(now.steady, batch.gap);
    for (const family of this.#families) {
      const reading = batch.readings[family.family];
      if (reading === undefined) {
        family.skip(passed, now, this.#emit);
        continue;
      }
      now.gap = family.gap;
      family.gap = false;
      family.take(reading, now, this.#emit, passed);
    }
    return this.#takeEvents();
  }

  setRules(rules: readonly Rule[]): readonly EvaluatedEvent[] {
    const before = [...this.#evaluators()];
    const families = new Map(this.#families.map((family) => [family.family, family]));
    this.#rules = rules;
    this.#families = familiesOf(rules, this.#timeToFull);
    for (const family of this.#families) {
      const known = families.get(family.family);
      if (known !== undefined) family.resume(known);
    }
    for (const seriesEvaluator of before) this.#transfer(seriesEvaluator);
    for (const family of this.#families) family.refresh();
    return this.#takeEvents();
  }

  restore(incidents: readonly Incident[]): readonly EvaluatedEvent[] {
    for (const incident of incidents) {
      const instance = this.#instanceFor(incident);
      if (incident.clearedAt !== null) this.#restoreCooldown(instance, incident, incident.clearedAt);
      else if (instance !== null) instance.restore(incident, this.#steady());
      else this.#endUnclaimed(incident);
    }
    for (const family of this.#families) family.refresh();
    return this.#takeEvents();
  }

  rename(renamed: ReadonlyMap<SeriesKey, SeriesKey>, rules: readonly Rule[] | null): readonly EvaluatedEvent[] {
    // All are taken out first: a present key may be the former one of another.
    const moving = [...this.#evaluators()].flatMap((seriesEvaluator) => {
      const to = renamed.get(seriesEvaluator.subject.series);
      return to === undefined ? [] : seriesEvaluator.instances.flatMap((instance, at) => (instance.isIdle ? [] : [detachInstance(seriesEvaluator, at, instance, to)]));
    });
    if (moving.length === 0 && rules === null) return NO_EVENTS;
    const events = rules === null ? NO_EVENTS : this.setRules(rules);
    for (const { instance, to } of moving) this.#moveTo(instance, to);
    for (const family of this.#families) family.refresh();
    return [...events, ...this.#takeEvents()];
  }

  acknowledge(id: string): Incident | null {
    return this.#instanceOf(id)?.acknowledge(this.#clock.now()) ?? null;
  }

  setCause(id: string, cause: IncidentCause): Incident | null {
    return this.#instanceOf(id)?.setCause(cause) ?? null;
  }

  open(): readonly Incident[] {
    const incidents: Incident[] = [];
    for (const family of this.#families) {
      for (const seriesEvaluator of family.activeEvaluators()) for (const { incident } of seriesEvaluator.instances) if (incident !== null) incidents.push(incident);
    }
    return incidents.sort((a, b) => a.firedAt - b.firedAt);
  }

  #takeEvents(): readonly EvaluatedEvent[] {
    const events = this.#events ?? NO_EVENTS;
    this.#events = null;
    return events;
  }

  /** Monotonic milliseconds, including sleep. */
  #steady(): number {
    return this.#clock.mono() + this.#leftOut;
  }

  /** Monitored milliseconds from the last batch to this one: none in a gap. */
  #monitoredUntil(steady: number, gap: SampleBatch['gap']): number {
    const last = this.#last;
    this.#last = steady;
    if (last === null || (gap !== undefined && gap !== 'clock')) return 0;
    return Math.min(Math.max(0, steady - last), MAX_BATCH_DISTANCE);
  }

  #onGap(reason: NonNullable<SampleBatch['gap']>): void {
    this.#leftOut = leftOutOf(this.#clock);
    // A clock change is no gap for the rules: samples were taken as usual.
    if (reason === 'clock') return;
    for (const family of this.#families) family.gap = true;
  }

  *#evaluators(): Generator<SeriesEvaluator> {
    for (const family of this.#families) yield* family.evaluators();
  }

  #instanceOf(id: string): AlertInstance | null {
    for (const seriesEvaluator of this.#evaluators()) {
      for (const instance of seriesEvaluator.instances) if (instance.incident?.id === id) return instance;
    }
    return null;
  }

  /** Transfers the state of a series to its evaluator under the new rules. */
  #transfer(old: SeriesEvaluator): void {
    const parsed = parseSeriesKey(old.subject.series);
    const family = this.#families.find((one) => one.family === parsed?.family);
    const seriesEvaluator = family?.evaluatorsOf(old.subject.device).find((one) => one.metric === old.metric && one.isForecast === old.isForecast);
    seriesEvaluator?.resume(old);
    for (const instance of old.instances) {
      const index = seriesEvaluator?.instances.findIndex(({ compiled }) => compiled.rule.id === instance.compiled.rule.id && compiled.fingerprint === instance.compiled.fingerprint) ?? -1;
      if (seriesEvaluator === undefined || index < 0) this.#end(instance);
      else seriesEvaluator.adoptInstance(index, instance);
    }
  }

  #moveTo(instance: AlertInstance, to: SeriesKey): void {
    const { rule } = instance.compiled;
    const parsed = parseSeriesKey(to);
    const family = this.#families.find((one) => one.family === parsed?.family);
    const target = family?.evaluatorsOf(parsed?.device ?? null).find((one) => one.metric === rule.metric && one.isForecast === (rule.source === 'timeToFull'));
    const at = target?.instances.findIndex((other) => other.compiled.rule.id === rule.id && other.isIdle) ?? -1;
    if (target === undefined || at < 0) return this.#end(instance);
    instance.move(target.subject);
    target.adoptInstance(at, instance);
  }

  #end(instance: AlertInstance): void {
    const { rule } = instance.compiled;
    const at = this.#clock.now();
    const incident = instance.end('ruleChanged', at, this.#steady());
    if (incident !== null) this.#emit({ kind: 'resolved', incident, rule, at });
  }

  /** The alert instance of an incident; null if no active rule has the condition it fired under. */
  #instanceFor(incident: Incident): AlertInstance | null {
    const parsed = parseSeriesKey(incident.series);
    const family = this.#families.find((one) => one.family === parsed?.family);
    if (parsed === null || family === undefined || parsed.device !== incident.device) return null;
    for (const seriesEvaluator of family.evaluatorsOf(parsed.device)) {
      if (seriesEvaluator.metric !== parsed.metric) continue;
      for (const instance of seriesEvaluator.instances) if (isOf(instance.compiled, incident)) return instance;
    }
    return null;
  }

  #restoreCooldown(instance: AlertInstance | null, { worst }: Incident, clearedAt: number): void {
    if (instance === null) return;
    const left = clearedAt + instance.params.cooldownMs - this.#clock.now();
    // A clock set back while the app was not running must not extend the cooldown.
    if (left > 0) instance.restoreCooldown(worst, this.#steady() + Math.min(left, instance.params.cooldownMs));
  }

  #endUnclaimed(incident: Incident): void {
    const at = this.#clock.now();
    const rule = this.#rules.find(({ id }) => id === incident.ruleId) ?? null;
    this.#emit({ kind: 'resolved', incident: { ...incident, clearedAt: at, endedBy: 'ruleChanged' }, rule, at });
  }
}

/** Removes a rule's state from its series, which gets a new one. */
function detachInstance(from: SeriesEvaluator, at: number, instance: AlertInstance, to: SeriesKey): { readonly instance: AlertInstance; readonly to: SeriesKey } {
  from.instances[at] = new AlertInstance(instance.compiled, from.subject);
  return { instance, to };
}

/**
 * True if the rule still has the level that the incident crossed. With device limits, which are not known yet, the
 * threshold is not compared.
 */
function isOf({ rule, params }: CompiledRule, incident: Incident): boolean {
  if (rule.id !== incident.ruleId || !ruleCovers(rule, incident.device)) return false;
  if (rule.useDeviceLimits) return rule[incident.severity] !== null;
  return levelAt(params, incident.severity)?.threshold === incident.threshold;
}

/** Enabled rules by family, without those for metrics that this version does not know. */
function familiesOf(rules: readonly Rule[], timeToFull: TimeToFull): readonly FamilyEvaluator[] {
  const byFamily = new Map<FamilyId, CompiledRule[]>();
  for (const rule of rules) {
    const compiled = rule.enabled ? compileRule(rule) : null;
    if (compiled === null) continue;
    const list = byFamily.get(rule.family) ?? [];
    list.push(compiled);
    byFamily.set(rule.family, list);
  }
  return [...byFamily].map(([family, list]) => new FamilyEvaluator(family, list, timeToFull));
}
