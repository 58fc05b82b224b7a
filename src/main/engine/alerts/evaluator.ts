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
import { FamilyWatch } from './family-evaluator';
import { covers, levelAt, prepare } from './compile-rule';
import type { Prepared } from './compile-rule';
import type { Track, WallMoment } from './alert-instance';
import type { AlertEvent } from './evaluator-types';
import type { Watch } from './series-evaluator';

/** What the evaluator is built from. */
export interface EvaluatorParts {
  readonly clock: Clock;
  /** The rules in force; those switched off may be among them. */
  readonly rules: readonly Rule[];
}

/** Watches the batches by rules. */
export interface Evaluator {
  /** Takes a batch; what happened, in order. Almost always nothing, and then always the same empty list. */
  evaluate(batch: SampleBatch): readonly AlertEvent[];
  /** Puts other rules in force. Incidents of rules that are gone, off, or judge otherwise now end with `ruleChanged`. */
  setRules(rules: readonly Rule[]): readonly AlertEvent[];
  /**
   * Takes up the incidents of the last run, before the first batch: open ones go on, those that ended lately keep their
   * cooldown. What could not be taken up ends with `ruleChanged`. The time in between counts as a hole.
   */
  restore(incidents: readonly Incident[]): readonly AlertEvent[];
  /** The incident after a person took note of it: no reminders until it worsens. Null when it is not open. */
  acknowledge(id: string): Incident | null;
  /** Puts down who caused an open incident; later events carry them. Null when it is not open. */
  setCulprits(id: string, culprits: readonly Culprit[]): Incident | null;
  /** Open incidents as they stand now, oldest first. */
  open(): readonly Incident[];
}

const NOTHING: readonly AlertEvent[] = [];

/** Builds the evaluator. */
export function createEvaluator(parts: EvaluatorParts): Evaluator {
  return new RuleEvaluator(parts);
}

/** The moment of a batch, used again for each. */
class Now implements WallMoment {
  time = 0;
  steady = 0;
  gap = false;
  readonly span = 0;
}

class RuleEvaluator implements Evaluator {
  readonly #clock: Clock;
  #rules: readonly Rule[];
  #families: readonly FamilyWatch[];
  #events: AlertEvent[] | null = null;
  /** Time asleep since the machine started; read anew only after a hole. */
  #slept: number;
  readonly #now = new Now();
  readonly #tell = (event: AlertEvent): void => void (this.#events ??= []).push(event);

  constructor({ clock, rules }: EvaluatorParts) {
    this.#clock = clock;
    this.#slept = sleptOf(clock);
    this.#rules = rules;
    this.#families = familiesOf(rules);
  }

  evaluate(batch: SampleBatch): readonly AlertEvent[] {
    if (batch.gap !== undefined) this.#noteGap(batch.gap);
    const now = this.#now;
    now.time = batch.time;
    now.steady = this.#steady();
    for (const watch of this.#families) {
      const reading = batch.readings[watch.family];
      if (reading === undefined) continue;
      now.gap = watch.gap;
      watch.gap = false;
      watch.take(reading, now, this.#tell);
    }
    return this.#told();
  }

  setRules(rules: readonly Rule[]): readonly AlertEvent[] {
    const before = [...this.#watches()];
    const gaps = new Map(this.#families.map(({ family, gap }) => [family, gap]));
    this.#rules = rules;
    this.#families = familiesOf(rules);
    for (const family of this.#families) family.gap = gaps.get(family.family) ?? true;
    for (const watch of before) this.#moveOver(watch);
    for (const family of this.#families) family.refresh();
    return this.#told();
  }

  restore(incidents: readonly Incident[]): readonly AlertEvent[] {
    for (const incident of incidents) {
      const track = this.#place(incident);
      if (incident.clearedAt !== null) this.#cool(track, incident, incident.clearedAt);
      else if (track !== null) track.restore(incident, this.#steady());
      else this.#endUnplaced(incident);
    }
    for (const family of this.#families) family.refresh();
    return this.#told();
  }

  acknowledge(id: string): Incident | null {
    return this.#trackOf(id)?.acknowledge(this.#clock.now()) ?? null;
  }

  setCulprits(id: string, culprits: readonly Culprit[]): Incident | null {
    return this.#trackOf(id)?.setCulprits(culprits) ?? null;
  }

  open(): readonly Incident[] {
    const incidents: Incident[] = [];
    for (const watch of this.#watches()) for (const { incident } of watch.tracks) if (incident !== null) incidents.push(incident);
    return incidents.sort((a, b) => a.firedAt - b.firedAt);
  }

  #told(): readonly AlertEvent[] {
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
    for (const watch of this.#families) watch.gap = true;
  }

  *#watches(): Generator<Watch> {
    for (const family of this.#families) yield* family.watches();
  }

  #trackOf(id: string): Track | null {
    for (const watch of this.#watches()) {
      for (const track of watch.tracks) if (track.incident?.id === id) return track;
    }
    return null;
  }

  /** Moves what is known of a series to the rules now in force. */
  #moveOver(old: Watch): void {
    const parsed = parseSeriesKey(old.subject.series);
    const family = this.#families.find((one) => one.family === parsed?.family);
    const watch = family?.watchesOf(old.subject.device).find((one) => one.metric === old.metric && one.isForecast === old.isForecast);
    if (watch !== undefined) watch.forecast = old.forecast;
    for (const track of old.tracks) {
      const heir = watch?.tracks.findIndex(({ prepared }) => prepared.rule.id === track.prepared.rule.id && prepared.essence === track.prepared.essence) ?? -1;
      if (watch === undefined || heir < 0) this.#end(track);
      else watch.inherit(heir, track);
    }
  }

  #end(track: Track): void {
    const { rule } = track.prepared;
    const at = this.#clock.now();
    const incident = track.end('ruleChanged', at, this.#steady());
    if (incident !== null) this.#tell({ kind: 'cleared', incident, rule, at });
  }

  /** The track an incident belongs to; null when no rule in force judges as the incident was judged. */
  #place(incident: Incident): Track | null {
    const parsed = parseSeriesKey(incident.series);
    const family = this.#families.find((one) => one.family === parsed?.family);
    if (parsed === null || family === undefined || parsed.device !== incident.device) return null;
    for (const watch of family.watchesOf(parsed.device)) {
      if (watch.metric !== parsed.metric) continue;
      for (const track of watch.tracks) if (isOf(track.prepared, incident)) return track;
    }
    return null;
  }

  #cool(track: Track | null, { worst }: Incident, clearedAt: number): void {
    if (track === null) return;
    const left = clearedAt + track.params.cooldownMs - this.#clock.now();
    // A clock set back while the app was away must not make a cooldown longer than it is.
    if (left > 0) track.cool(worst, this.#steady() + Math.min(left, track.params.cooldownMs));
  }

  #endUnplaced(incident: Incident): void {
    const at = this.#clock.now();
    const rule = this.#rules.find(({ id }) => id === incident.ruleId) ?? null;
    this.#tell({ kind: 'cleared', incident: { ...incident, clearedAt: at, endedBy: 'ruleChanged' }, rule, at });
  }
}

/** True when this rule would still judge the incident by the level it crossed. A device's own marks are not known yet. */
function isOf({ rule, params }: Prepared, incident: Incident): boolean {
  if (rule.id !== incident.ruleId || !covers(rule, incident.device)) return false;
  if (rule.ownLimits) return rule[incident.severity] !== null;
  return levelAt(params, incident.severity)?.threshold === incident.threshold;
}

/** Rules that are switched on, by family; those of metrics this version does not know are left out. */
function familiesOf(rules: readonly Rule[]): readonly FamilyWatch[] {
  const byFamily = new Map<FamilyId, Prepared[]>();
  for (const rule of rules) {
    const prepared = rule.enabled ? prepare(rule) : null;
    if (prepared === null) continue;
    const list = byFamily.get(rule.family) ?? [];
    list.push(prepared);
    byFamily.set(rule.family, list);
  }
  return [...byFamily].map(([family, list]) => new FamilyWatch(family, list));
}
