/** The rules of one family on its series: made once, so that a quiet sample makes nothing. */
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Reading } from '../../../shared/metrics/reading';
import { ruleCovers, usualIntervalOf } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import type { WallClockSample } from './alert-instance';
import { groupRules, SeriesEvaluator } from './series-evaluator';
import type { AlertSink, RuleGroup, ReadingPart } from './series-evaluator';

const MINUTE = 60_000;

/** A device is gone after so much of its family's time without it, ms. */
const GONE_AFTER = 5 * MINUTE;
/** A value that stays missing while the rest is read is given up much later: a sensor may sleep. */
const MISSING_AFTER = 60 * MINUTE;
/** A sample accounts for no more time than so many paces. */
const MAX_CREDIT = 2;
/** Devices remembered beyond those present. */
const MAX_STRANGERS = 64;

const NONE: readonly SeriesEvaluator[] = [];

/** Watches one family. */
export class FamilyEvaluator {
  readonly family: FamilyId;
  /** Set when a hole lies before the family's next sample. */
  gap = true;
  readonly #rules: readonly CompiledRule[];
  readonly #every: readonly RuleGroup[];
  readonly #own: readonly SeriesEvaluator[];
  readonly #devices = new Map<string, readonly SeriesEvaluator[]>();
  readonly #hasDevices: boolean;
  /** Watches with an incident, one that is coming, or a cooldown. */
  readonly #lively = new Set<SeriesEvaluator>();
  readonly #intervalMs: number;
  #last: number | null = null;

  constructor(family: FamilyId, rules: readonly CompiledRule[]) {
    this.family = family;
    this.#rules = rules;
    this.#own = groupRules(rules.filter(({ rule }) => ruleCovers(rule, null))).map((group) => new SeriesEvaluator(family, null, group));
    this.#every = groupRules(rules.filter(({ rule }) => rule.device === EVERY_DEVICE));
    this.#hasDevices = rules.some(({ rule }) => rule.device !== null);
    this.#intervalMs = usualIntervalOf(family);
  }

  /** All watches made so far. */
  *evaluators(): Generator<SeriesEvaluator> {
    yield* this.#own;
    for (const evaluators of this.#devices.values()) yield* evaluators;
  }

  /** Looks anew, after tracks were changed from outside. */
  refresh(): void {
    this.#lively.clear();
    for (const seriesEvaluator of this.evaluators()) {
      seriesEvaluator.refresh();
      if (!seriesEvaluator.isIdle) this.#lively.add(seriesEvaluator);
    }
  }

  /** Watches of a device, made where it was not met before; null: the machine itself. */
  evaluatorsOf(device: string | null): readonly SeriesEvaluator[] {
    if (device === null) return this.#own;
    return this.#devices.get(device) ?? this.#meet(device);
  }

  /** Takes a reading. `moment.gap` is this family's own. */
  take(reading: Reading, context: WallClockSample, tell: AlertSink): void {
    this.#takePart(this.#own, reading, context, tell);
    let present = 0;
    if (this.#hasDevices) {
      for (const id in reading.devices) {
        const device = reading.devices[id];
        if (device === undefined) continue;
        present += 1;
        this.#takePart(this.#devices.get(id) ?? this.#meet(id), device, context, tell);
      }
    }
    this.#missMissing(reading, context, tell);
    // What comes and goes (containers, sticks) must not be remembered for ever.
    if (this.#devices.size > 2 * present + MAX_STRANGERS) this.#forgetStrangers(reading);
  }

  /** Counts its way through: an iterator for each device of each tick would be most of what the engine allocates. */
  #takePart(evaluators: readonly SeriesEvaluator[], part: ReadingPart, context: WallClockSample, tell: AlertSink): void {
    for (let i = 0; i < evaluators.length; i += 1) {
      const seriesEvaluator = evaluators[i];
      if (seriesEvaluator?.take(part, context, tell) === true) this.#lively.add(seriesEvaluator);
    }
  }

  #meet(device: string): readonly SeriesEvaluator[] {
    const own = this.#rules.some(({ rule }) => rule.device === device);
    const groups = own ? groupRules(this.#rules.filter(({ rule }) => ruleCovers(rule, device))) : this.#every;
    const evaluators = groups.length === 0 ? NONE : groups.map((group) => new SeriesEvaluator(this.family, device, group));
    this.#devices.set(device, evaluators);
    return evaluators;
  }

  /** Ends incidents whose device went away, or whose value stays missing. */
  #missMissing(reading: Reading, context: WallClockSample, tell: AlertSink): void {
    const passed = this.#last === null || context.gap ? 0 : Math.min(Math.max(0, context.steady - this.#last), MAX_CREDIT * this.#intervalMs);
    this.#last = context.steady;
    if (this.#lively.size === 0) return;
    for (const seriesEvaluator of this.#lively) {
      const { device } = seriesEvaluator.subject;
      miss(seriesEvaluator, device === null ? reading : reading.devices[device], passed, context, tell);
      if (seriesEvaluator.isIdle) this.#lively.delete(seriesEvaluator);
    }
  }

  #forgetStrangers(reading: Reading): void {
    for (const [id, evaluators] of this.#devices) {
      if (reading.devices[id] === undefined && evaluators.every((seriesEvaluator) => seriesEvaluator.isIdle)) this.#devices.delete(id);
    }
  }
}

function miss(seriesEvaluator: SeriesEvaluator, part: Pick<Reading, 'values'> | undefined, passed: number, context: WallClockSample, tell: AlertSink): void {
  seriesEvaluator.absentFor = part === undefined ? seriesEvaluator.absentFor + passed : 0;
  seriesEvaluator.missingFor = typeof part?.values[seriesEvaluator.metric] === 'number' ? 0 : seriesEvaluator.missingFor + passed;
  if (seriesEvaluator.absentFor < GONE_AFTER && seriesEvaluator.missingFor < MISSING_AFTER) return;
  seriesEvaluator.absentFor = 0;
  seriesEvaluator.missingFor = 0;
  for (const instance of seriesEvaluator.instances) {
    const incident = instance.end('deviceGone', context.time, context.steady);
    if (incident !== null) tell({ kind: 'resolved', incident, rule: instance.compiled.rule, at: context.time });
  }
  seriesEvaluator.refresh();
}
