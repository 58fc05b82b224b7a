/**
 * Holds the state of every rule on every series and takes batch after batch. Knows descriptors, not metrics; no clock
 * that is set moves it, and a batch with nothing in it that matters makes nothing.
 */
import type { Culprit, Incident } from '../../../shared/alerts/incident';
import type { Rule } from '../../../shared/alerts/rule';
import { parseSeriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { SampleBatch } from '../../../shared/metrics/reading';
import type { Clock } from '../clock';
import { sleptOf } from '../sampler/gap';
import { FamilyEvaluator } from './family-evaluator';
import { ruleCovers, levelAt, compileRule } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import type { AlertInstance, WallClockSample } from './alert-instance';
import type { EvaluatedEvent } from '../../../shared/alerts/incident-event';
import type { SeriesEvaluator } from './series-evaluator';

/** What the evaluator is built from. */
export interface EvaluatorParts {
  readonly clock: Clock;
  /** The rules in force; those switched off may be among them. */
  readonly rules: readonly Rule[];
}

/** Watches the batches by rules. */
export interface Evaluator {
  /** Takes a batch; what happened, in order. Almost always nothing, and then always the same empty list. */
  evaluate(batch: SampleBatch): readonly EvaluatedEvent[];
  /** Puts other rules in force. Incidents of rules that are gone, off, or judge otherwise now end with `ruleChanged`. */
  setRules(rules: readonly Rule[]): readonly EvaluatedEvent[];
  /**
   * Takes up the incidents of the last run, before the first batch: open ones go on, those that ended lately keep their
   * cooldown. What could not be taken up ends with `ruleChanged`. The time in between counts as a hole.
   */
  restore(incidents: readonly Incident[]): readonly EvaluatedEvent[];
  /** The incident after a person took note of it: no reminders until it worsens. Null when it is not open. */
  acknowledge(id: string): Incident | null;
  /** Puts down who caused an open incident; later events carry them. Null when it is not open. */
  setCulprits(id: string, culprits: readonly Culprit[]): Incident | null;
  /** Open incidents as they stand now, oldest first. */
  open(): readonly Incident[];
}

const NOTHING: readonly EvaluatedEvent[] = [];

/** Builds the evaluator. */
export function createEvaluator(parts: EvaluatorParts): Evaluator {
  return new RuleEvaluator(parts);
}

/** The moment of a batch, used again for each. */
class Now implements WallClockSample {
  time = 0;
  steady = 0;
  gap = false;
  readonly span = 0;
}

class RuleEvaluator implements Evaluator {
  readonly #clock: Clock;
  #rules: readonly Rule[];
  #families: readonly FamilyEvaluator[];
  #events: EvaluatedEvent[] | null = null;
  /** Time asleep since the machine started; read anew only after a hole. */
  #slept: number;
  readonly #now = new Now();
  readonly #tell = (event: EvaluatedEvent): void => void (this.#events ??= []).push(event);

  constructor({ clock, rules }: EvaluatorParts) {
    this.#clock = clock;
    this.#slept = sleptOf(clock);
    this.#rules = rules;
    this.#families = familiesOf(rules);
  }

  evaluate(batch: SampleBatch): readonly EvaluatedEvent[] {
    if (batch.gap !== undefined) this.#noteGap(batch.gap);
    const now = this.#now;
    now.time = batch.time;
    now.steady = this.#steady();
    for (const seriesEvaluator of this.#families) {
      const reading = batch.readings[seriesEvaluator.family];
      if (reading === undefined) continue;
      now.gap = seriesEvaluator.gap;
      seriesEvaluator.gap = false;
      seriesEvaluator.take(reading, now, this.#tell);
    }
    return this.#told();
  }

  setRules(rules: readonly Rule[]): readonly EvaluatedEvent[] {
    const before = [...this.#evaluators()];
    const gaps = new Map(this.#families.map(({ family, gap }) => [family, gap]));
    this.#rules = rules;
    this.#families = familiesOf(rules);
    for (const family of this.#families) family.gap = gaps.get(family.family) ?? true;
    for (const seriesEvaluator of before) this.#moveOver(seriesEvaluator);
    for (const family of this.#families) family.refresh();
    return this.#told();
  }

  restore(incidents: readonly Incident[]): readonly EvaluatedEvent[] {
    for (const incident of incidents) {
      const instance = this.#place(incident);
      if (incident.clearedAt !== null) this.#cool(instance, incident, incident.clearedAt);
      else if (instance !== null) instance.restore(incident, this.#steady());
      else this.#endUnclaimed(incident);
    }
    for (const family of this.#families) family.refresh();
    return this.#told();
  }

  acknowledge(id: string): Incident | null {
    return this.#instanceOf(id)?.acknowledge(this.#clock.now()) ?? null;
  }

  setCulprits(id: string, culprits: readonly Culprit[]): Incident | null {
    return this.#instanceOf(id)?.setCulprits(culprits) ?? null;
  }

  open(): readonly Incident[] {
    const incidents: Incident[] = [];
    for (const seriesEvaluator of this.#evaluators()) for (const { incident } of seriesEvaluator.instances) if (incident !== null) incidents.push(incident);
    return incidents.sort((a, b) => a.firedAt - b.firedAt);
  }

  #told(): readonly EvaluatedEvent[] {
    const events = this.#events ?? NOTHING;
    this.#events = null;
    return events;
  }

  /** Grows always, and also while the machine sleeps. */
  #steady(): number {
    return this.#clock.mono() + this.#slept;
  }

  #noteGap(reason: NonNullable<SampleBatch['gap']>): void {
    this.#slept = sleptOf(this.#clock);
    // A clock that was set is no hole: time went on as ever.
    if (reason === 'clock') return;
    for (const seriesEvaluator of this.#families) seriesEvaluator.gap = true;
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

  /** Moves what is known of a series to the rules now in force. */
  #moveOver(old: SeriesEvaluator): void {
    const parsed = parseSeriesKey(old.subject.series);
    const family = this.#families.find((one) => one.family === parsed?.family);
    const seriesEvaluator = family?.evaluatorsOf(old.subject.device).find((one) => one.metric === old.metric && one.isForecast === old.isForecast);
    if (seriesEvaluator !== undefined) seriesEvaluator.forecast = old.forecast;
    for (const instance of old.instances) {
      const heir = seriesEvaluator?.instances.findIndex(({ compiled }) => compiled.rule.id === instance.compiled.rule.id && compiled.fingerprint === instance.compiled.fingerprint) ?? -1;
      if (seriesEvaluator === undefined || heir < 0) this.#end(instance);
      else seriesEvaluator.inherit(heir, instance);
    }
  }

  #end(instance: AlertInstance): void {
    const { rule } = instance.compiled;
    const at = this.#clock.now();
    const incident = instance.end('ruleChanged', at, this.#steady());
    if (incident !== null) this.#tell({ kind: 'resolved', incident, rule, at });
  }

  /** The track an incident belongs to; null when no rule in force judges as the incident was judged. */
  #place(incident: Incident): AlertInstance | null {
    const parsed = parseSeriesKey(incident.series);
    const family = this.#families.find((one) => one.family === parsed?.family);
    if (parsed === null || family === undefined || parsed.device !== incident.device) return null;
    for (const seriesEvaluator of family.evaluatorsOf(parsed.device)) {
      if (seriesEvaluator.metric !== parsed.metric) continue;
      for (const instance of seriesEvaluator.instances) if (isOf(instance.compiled, incident)) return instance;
    }
    return null;
  }

  #cool(instance: AlertInstance | null, { worst }: Incident, clearedAt: number): void {
    if (instance === null) return;
    const left = clearedAt + instance.params.cooldownMs - this.#clock.now();
    // A clock set back while the app was away must not make a cooldown longer than it is.
    if (left > 0) instance.cool(worst, this.#steady() + Math.min(left, instance.params.cooldownMs));
  }

  #endUnclaimed(incident: Incident): void {
    const at = this.#clock.now();
    const rule = this.#rules.find(({ id }) => id === incident.ruleId) ?? null;
    this.#tell({ kind: 'resolved', incident: { ...incident, clearedAt: at, endedBy: 'ruleChanged' }, rule, at });
  }
}

/** True when this rule would still judge the incident by the level it crossed. A device's own marks are not known yet. */
function isOf({ rule, params }: CompiledRule, incident: Incident): boolean {
  if (rule.id !== incident.ruleId || !ruleCovers(rule, incident.device)) return false;
  if (rule.useDeviceLimits) return rule[incident.severity] !== null;
  return levelAt(params, incident.severity)?.threshold === incident.threshold;
}

/** Rules that are switched on, by family; those of metrics this version does not know are left out. */
function familiesOf(rules: readonly Rule[]): readonly FamilyEvaluator[] {
  const byFamily = new Map<FamilyId, CompiledRule[]>();
  for (const rule of rules) {
    const compiled = rule.enabled ? compileRule(rule) : null;
    if (compiled === null) continue;
    const list = byFamily.get(rule.family) ?? [];
    list.push(compiled);
    byFamily.set(rule.family, list);
  }
  return [...byFamily].map(([family, list]) => new FamilyEvaluator(family, list));
}
