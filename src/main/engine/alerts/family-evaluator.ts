/** Evaluates the rules of one family on all its series. Evaluators are created once, so that a normal sample allocates nothing. */
import { ruleCovers } from '../../../shared/alerts/every-device';
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Reading } from '../../../shared/metrics/reading';
import { usualIntervalOf } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import type { WallClockSample } from './alert-instance';
import { groupRules, SeriesEvaluator } from './series-evaluator';
import type { AlertSink, RuleGroup, ReadingPart, TimeToFull } from './series-evaluator';

const MINUTE = 60_000;

/** A device counts as removed after this much sampled time of its family without it, ms. */
const REMOVED_AFTER = 5 * MINUTE;
/**
 * A value counts as unreadable after this much monitored time without it, ms, whether its family is read without it, fails
 * or is not read at all: a sensor may sleep for long.
 */
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
  readonly #timeToFull: TimeToFull;
  #last: number | null = null;
  /** Monitored milliseconds since the family's last reading. */
  #unread = 0;

  constructor(family: FamilyId, rules: readonly CompiledRule[], timeToFull: TimeToFull = () => null) {
    this.family = family;
    this.#rules = rules;
    this.#timeToFull = timeToFull;
    this.#machineEvaluators = groupRules(rules.filter(({ rule }) => ruleCovers(rule, null))).map((group) => new SeriesEvaluator(family, null, group, timeToFull));
    this.#everyDevice = groupRules(rules.filter(({ rule }) => rule.device === EVERY_DEVICE));
    this.#hasDevices = rules.some(({ rule }) => rule.device !== null);
    this.#intervalMs = usualIntervalOf(family);
  }

  /** Continues the counts of the same family under the previous rules. */
  resume(before: FamilyEvaluator): void {
    this.gap = before.gap;
    this.#last = before.#last;
    this.#unread = before.#unread;
  }

  /** All evaluators created so far. */
  *evaluators(): Generator<SeriesEvaluator> {
    yield* this.#machineEvaluators;
    for (const evaluators of this.#devices.values()) yield* evaluators;
  }

  /** Those that may have an open incident: of many series few have one. */
  activeEvaluators(): Iterable<SeriesEvaluator> {
    return this.#active;
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

  /** Evaluates a reading. `context.gap` is that of this family; `passed`: monitored ms since the last batch. */
  take(reading: Reading, context: WallClockSample, emit: AlertSink, passed = 0): void {
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
    this.#endMissing(reading, context, emit, passed);
    // Devices that come and go (containers, USB sticks) must not be remembered forever.
    if (this.#devices.size > 2 * present + MAX_ABSENT) this.#forgetAbsent(reading);
  }

  /**
   * Counts monitored time in which the family was not read: it failed, or was not due. `passed`: ms since the last batch.
   * Ends incidents that have had no value for too long.
   */
  skip(passed: number, context: WallClockSample, emit: AlertSink): void {
    this.#unread += passed;
    // Between two samples of a family that is read as usual there is nothing to look for.
    if (this.#active.size === 0 || this.#unread <= MAX_COVERED_INTERVALS * this.#intervalMs) return;
    for (const seriesEvaluator of this.#active) {
      if (seriesEvaluator.missingFor + this.#unread >= MISSING_AFTER) this.#endActive(seriesEvaluator, 'unreadable', context, emit);
    }
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
    const evaluators = groups.length === 0 ? NONE : groups.map((group) => new SeriesEvaluator(this.family, device, group, this.#timeToFull));
    this.#devices.set(device, evaluators);
    return evaluators;
  }

  /** Ends incidents whose device was removed or is ignored, or whose value stays missing. */
  #endMissing(reading: Reading, context: WallClockSample, emit: AlertSink, sinceBatch: number): void {
    const sampled = this.#last === null || context.gap ? 0 : Math.min(Math.max(0, context.steady - this.#last), MAX_COVERED_INTERVALS * this.#intervalMs);
    const passed = Math.max(sampled, this.#unread + sinceBatch);
    this.#last = context.steady;
    this.#unread = 0;
    if (this.#active.size === 0) return;
    for (const seriesEvaluator of this.#active) {
      const { device } = seriesEvaluator.subject;
      const isIgnored = device !== null && reading.ignored?.includes(device) === true;
      const end = isIgnored ? 'ignored' : trackAbsence(seriesEvaluator, device === null ? reading : reading.devices[device], sampled, passed);
      if (end !== null) this.#endActive(seriesEvaluator, end, context, emit);
      if (seriesEvaluator.isIdle) this.#active.delete(seriesEvaluator);
    }
  }

  /** Ends the incidents of a series whose device is gone or ignored, or whose value cannot be read. */
  #endActive(seriesEvaluator: SeriesEvaluator, cause: 'absent' | 'ignored' | 'unreadable', context: WallClockSample, emit: AlertSink): void {
    seriesEvaluator.absentFor = 0;
    seriesEvaluator.missingFor = 0;
    for (const instance of seriesEvaluator.instances) {
      const incident = instance.end('deviceGone', context.time, context.steady);
      if (incident === null) continue;
      emit({ kind: 'resolved', incident, rule: instance.compiled.rule, at: context.time, ...(cause === 'absent' ? {} : { cause }) });
    }
    seriesEvaluator.refresh();
    if (seriesEvaluator.isIdle) this.#active.delete(seriesEvaluator);
  }

  #forgetAbsent(reading: Reading): void {
    for (const [id, evaluators] of this.#devices) {
      if (reading.devices[id] === undefined && evaluators.every((seriesEvaluator) => seriesEvaluator.isIdle)) this.#devices.delete(id);
    }
  }
}

/**
 * Counts the time without a device (`sampled`: that of its family's samples) or its value (`passed`: all monitored time);
 * whether one of them is too long.
 */
function trackAbsence(seriesEvaluator: SeriesEvaluator, part: Pick<Reading, 'values'> | undefined, sampled: number, passed: number): 'absent' | 'unreadable' | null {
  seriesEvaluator.absentFor = part === undefined ? seriesEvaluator.absentFor + sampled : 0;
  seriesEvaluator.missingFor = Number.isFinite(part?.values[seriesEvaluator.metric]) ? 0 : seriesEvaluator.missingFor + passed;
  if (seriesEvaluator.absentFor >= REMOVED_AFTER) return 'absent';
  return seriesEvaluator.missingFor >= MISSING_AFTER ? 'unreadable' : null;
}
