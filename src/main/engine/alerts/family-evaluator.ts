/** Evaluates the rules of one family on all its series. Evaluators are created once, so that a normal sample allocates nothing. */
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Reading } from '../../../shared/metrics/reading';
import { ruleCovers, usualIntervalOf } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import type { WallClockSample } from './alert-instance';
import { groupRules, SeriesEvaluator } from './series-evaluator';
import type { AlertSink, RuleGroup, ReadingPart } from './series-evaluator';

const MINUTE = 60_000;

/** A device counts as removed after this much sampled time of its family without it, ms. */
const REMOVED_AFTER = 5 * MINUTE;
/** The same for a value that is missing while its device is present, ms: a sensor may sleep for long. */
const MISSING_AFTER = 60 * MINUTE;
/** A sample covers at most this many sampling intervals. */
const MAX_COVERED_INTERVALS = 2;
/** Devices remembered that are not present. */
const MAX_ABSENT = 64;

const NONE: readonly SeriesEvaluator[] = [];

/** The evaluators of one family. */
export class FamilyEvaluator {
  readonly family: FamilyId;
  /** True if there is a gap before the family's next sample. */
  gap = true;
  readonly #rules: readonly CompiledRule[];
  readonly #everyDevice: readonly RuleGroup[];
  readonly #machineEvaluators: readonly SeriesEvaluator[];
  readonly #devices = new Map<string, readonly SeriesEvaluator[]>();
  readonly #hasDevices: boolean;
  /** Evaluators with an open or pending incident or a cooldown. */
  readonly #active = new Set<SeriesEvaluator>();
  readonly #intervalMs: number;
  #last: number | null = null;

  constructor(family: FamilyId, rules: readonly CompiledRule[]) {
    this.family = family;
    this.#rules = rules;
    this.#machineEvaluators = groupRules(rules.filter(({ rule }) => ruleCovers(rule, null))).map((group) => new SeriesEvaluator(family, null, group));
    this.#everyDevice = groupRules(rules.filter(({ rule }) => rule.device === EVERY_DEVICE));
    this.#hasDevices = rules.some(({ rule }) => rule.device !== null);
    this.#intervalMs = usualIntervalOf(family);
  }

  /** All evaluators created so far. */
  *evaluators(): Generator<SeriesEvaluator> {
    yield* this.#machineEvaluators;
    for (const evaluators of this.#devices.values()) yield* evaluators;
  }

  /** Recomputes derived state, after instances were changed from outside. */
  refresh(): void {
    this.#active.clear();
    for (const seriesEvaluator of this.evaluators()) {
      seriesEvaluator.refresh();
      if (!seriesEvaluator.isIdle) this.#active.add(seriesEvaluator);
    }
  }

  /** Evaluators of a device, created if it is new; null: of the machine. */
  evaluatorsOf(device: string | null): readonly SeriesEvaluator[] {
    if (device === null) return this.#machineEvaluators;
    return this.#devices.get(device) ?? this.#addDevice(device);
  }

  /** Evaluates a reading. `context.gap` is that of this family. */
  take(reading: Reading, context: WallClockSample, emit: AlertSink): void {
    this.#evaluatePart(this.#machineEvaluators, reading, context, emit);
    let present = 0;
    if (this.#hasDevices) {
      for (const id in reading.devices) {
        const device = reading.devices[id];
        if (device === undefined) continue;
        present += 1;
        this.#evaluatePart(this.#devices.get(id) ?? this.#addDevice(id), device, context, emit);
      }
    }
    this.#endMissing(reading, context, emit);
    // Devices that come and go (containers, USB sticks) must not be remembered forever.
    if (this.#devices.size > 2 * present + MAX_ABSENT) this.#forgetAbsent(reading);
  }

  /** An index loop: an iterator per device and tick would be most of the engine's allocation. */
  #evaluatePart(evaluators: readonly SeriesEvaluator[], part: ReadingPart, context: WallClockSample, emit: AlertSink): void {
    for (let i = 0; i < evaluators.length; i += 1) {
      const seriesEvaluator = evaluators[i];
      if (seriesEvaluator?.take(part, context, emit) === true) this.#active.add(seriesEvaluator);
    }
  }

  #addDevice(device: string): readonly SeriesEvaluator[] {
    const hasOwnRule = this.#rules.some(({ rule }) => rule.device === device);
    const groups = hasOwnRule ? groupRules(this.#rules.filter(({ rule }) => ruleCovers(rule, device))) : this.#everyDevice;
    const evaluators = groups.length === 0 ? NONE : groups.map((group) => new SeriesEvaluator(this.family, device, group));
    this.#devices.set(device, evaluators);
    return evaluators;
  }

  /** Ends incidents whose device was removed or whose value stays missing. */
  #endMissing(reading: Reading, context: WallClockSample, emit: AlertSink): void {
    const passed = this.#last === null || context.gap ? 0 : Math.min(Math.max(0, context.steady - this.#last), MAX_COVERED_INTERVALS * this.#intervalMs);
    this.#last = context.steady;
    if (this.#active.size === 0) return;
    for (const seriesEvaluator of this.#active) {
      const { device } = seriesEvaluator.subject;
      trackAbsence(seriesEvaluator, device === null ? reading : reading.devices[device], passed, context, emit);
      if (seriesEvaluator.isIdle) this.#active.delete(seriesEvaluator);
    }
  }

  #forgetAbsent(reading: Reading): void {
    for (const [id, evaluators] of this.#devices) {
      if (reading.devices[id] === undefined && evaluators.every((seriesEvaluator) => seriesEvaluator.isIdle)) this.#devices.delete(id);
    }
  }
}

/** Counts the time without a device or its value; ends its incidents when that is too long. */
function trackAbsence(seriesEvaluator: SeriesEvaluator, part: Pick<Reading, 'values'> | undefined, passed: number, context: WallClockSample, emit: AlertSink): void {
  seriesEvaluator.absentFor = part === undefined ? seriesEvaluator.absentFor + passed : 0;
  seriesEvaluator.missingFor = typeof part?.values[seriesEvaluator.metric] === 'number' ? 0 : seriesEvaluator.missingFor + passed;
  if (seriesEvaluator.absentFor < REMOVED_AFTER && seriesEvaluator.missingFor < MISSING_AFTER) return;
  seriesEvaluator.absentFor = 0;
  seriesEvaluator.missingFor = 0;
  for (const instance of seriesEvaluator.instances) {
    const incident = instance.end('deviceGone', context.time, context.steady);
    if (incident !== null) emit({ kind: 'resolved', incident, rule: instance.compiled.rule, at: context.time });
  }
  seriesEvaluator.refresh();
}
