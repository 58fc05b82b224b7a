/** Evaluates all rules on one series (or its forecast), with a fast path while all values are normal. */
import type { Thresholds } from '../../../shared/metrics/define';
import { seriesKey } from '../../../shared/metrics/index';
import type { FamilyId, SeriesKey } from '../../../shared/metrics/index';
import type { DeviceReading, Reading } from '../../../shared/metrics/reading';
import { judgeAlternatives } from './alternatives';
import type { Alternatives, Condition } from './alternatives';
import { Forecast } from './forecast';
import type { Comparison, LevelParams } from './rule-state-machine';
import type { CompiledRule } from './compile-rule';
import { AlertInstance } from './alert-instance';
import type { AlertSubject, WallClockSample } from './alert-instance';
import type { EvaluatedEvent } from '../../../shared/alerts/incident-event';

/** Rules on one metric, either on its value or on its forecast. */
export interface RuleGroup {
  readonly metric: string;
  readonly isForecast: boolean;
  readonly rules: readonly CompiledRule[];
}

/** Groups rules by metric and source. */
export function groupRules(rules: readonly CompiledRule[]): readonly RuleGroup[] {
  const groups = new Map<string, { metric: string; isForecast: boolean; rules: CompiledRule[] }>();
  for (const compiled of rules) {
    const { metric, source } = compiled.rule;
    const name = `${source} ${metric}`;
    const group = groups.get(name) ?? { metric, isForecast: source === 'timeToFull', rules: [] };
    group.rules.push(compiled);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Receives events. */
export type AlertSink = (event: EvaluatedEvent) => void;

/** A value; null if missing or not finite. */
function valueIn(values: Reading['values'], metric: string): number | null {
  const value = values[metric];
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}

/** The part of a reading that an evaluator uses: that of the machine, or of a device. */
export type ReadingPart = Pick<DeviceReading, 'values' | 'limits' | 'media'> & { readonly label?: string };

/** Hours until a percentage that is at `value` now reaches 100 at the trend of its history; Infinity without growth, null while unknown. */
export type TimeToFull = (series: SeriesKey, value: number) => number | null;

const NO_VALUES: ReadingPart = { values: {} };

/** The rules on one series. */
export class SeriesEvaluator {
  readonly subject: AlertSubject;
  readonly metric: string;
  readonly isForecast: boolean;
  readonly instances: AlertInstance[];
  forecast: Forecast | null;
  /** Number of instances that are not idle. */
  #active = 0;
  /** Values strictly between these cross no threshold. */
  #quietAbove = Number.NEGATIVE_INFINITY;
  #quietBelow = Number.POSITIVE_INFINITY;
  readonly #byDeviceLimits: boolean;
  #warningLimit: number | null = null;
  #criticalLimit: number | null = null;
  readonly #family: FamilyId;
  readonly #timeToFull: TimeToFull;
  /** The part that is evaluated now, and the alternatives of the levels under it; one object, reused for each sample. */
  #part = NO_VALUES;
  readonly #alternatives: { warning: Comparison | null; critical: Comparison | null } = { warning: null, critical: null };
  /** Sampled milliseconds of the family without the device, and monitored milliseconds without the value. */
  absentFor = 0;
  missingFor = 0;

  constructor(family: FamilyId, device: string | null, group: RuleGroup, timeToFull: TimeToFull) {
    this.#family = family;
    this.#timeToFull = timeToFull;
    this.subject = { series: seriesKey(family, group.metric, device ?? undefined), device };
    this.metric = group.metric;
    this.isForecast = group.isForecast;
    this.instances = group.rules.map((compiled) => new AlertInstance(compiled, this.subject));
    this.forecast = group.isForecast ? new Forecast(group.rules[0]?.resolution ?? 0) : null;
    this.#byDeviceLimits = group.rules.some(({ rule }) => rule.useDeviceLimits);
    this.refresh();
  }

  get isIdle(): boolean {
    return this.#active === 0;
  }

  /** Recomputes counts and the quiet range, after instances were changed from outside. */
  refresh(): void {
    this.#active = this.instances.reduce((count, instance) => count + (instance.isIdle ? 0 : 1), 0);
    this.#quietAbove = Number.NEGATIVE_INFINITY;
    this.#quietBelow = Number.POSITIVE_INFINITY;
    for (const { params } of this.instances) {
      this.#narrowQuietRange(params.warning);
      this.#narrowQuietRange(params.critical);
    }
  }

  /** Continues the forecast and the counts of the same series under the previous rules. */
  resume(before: SeriesEvaluator): void {
    this.forecast = before.forecast;
    this.absentFor = before.absentFor;
    this.missingFor = before.missingFor;
  }

  /** Replaces the instance at an index by one created under the previous rules with the same condition. */
  adoptInstance(at: number, instance: AlertInstance): void {
    const compiled = this.instances[at]?.compiled;
    if (compiled === undefined) return;
    instance.adopt(compiled);
    this.instances[at] = instance;
  }

  /** Evaluates a sample. Returns whether an instance is active afterwards. */
  take(part: ReadingPart, context: WallClockSample, emit: AlertSink): boolean {
    const raw = valueIn(part.values, this.metric);
    const value = this.forecast === null ? raw : this.forecast.add(context.steady, raw);
    if (this.#byDeviceLimits) this.#updateDeviceLimits(part.limits);
    if (this.#active === 0 && (value === null || (value > this.#quietAbove && value < this.#quietBelow))) return false;
    this.#step(value, part, context, emit);
    return this.#active > 0;
  }

  #step(value: number | null, part: ReadingPart, context: WallClockSample, emit: AlertSink): void {
    let active = 0;
    this.#part = part;
    for (const instance of this.instances) {
      const { rule, warningGuard, criticalGuard, warningAlternatives, criticalAlternatives } = instance.compiled;
      if (rule.exceptMedia && part.media !== undefined) {
        endExcepted(instance, context, emit);
        continue;
      }
      this.#alternatives.warning = this.#judge(warningAlternatives);
      this.#alternatives.critical = this.#judge(criticalAlternatives);
      const change = instance.take(
        value,
        warningGuard === null ? null : valueIn(part.values, warningGuard),
        criticalGuard === null ? null : valueIn(part.values, criticalGuard),
        context,
        value,
        this.#alternatives,
      );
      if (!instance.isIdle) active += 1;
      if (change === null) continue;
      const incident = instance.incidentAfter(change, part.label ?? null, context);
      if (incident === null) continue;
      const suppressed = change.suppressed ? ({ suppressed: 'cooldown' } as const) : {};
      emit({ kind: change.kind, incident, rule: instance.compiled.rule, at: context.time, ...suppressed });
    }
    this.#part = NO_VALUES;
    this.#active = active;
  }

  #judge(alternatives: Alternatives | null): Comparison | null {
    return alternatives === null ? null : judgeAlternatives(alternatives, this.#valueOf);
  }

  readonly #valueOf = ({ metric, isForecast }: Condition): number | null => {
    const value = valueIn(this.#part.values, metric);
    if (!isForecast || value === null) return value;
    const { series, device } = this.subject;
    return this.#timeToFull(metric === this.metric ? series : seriesKey(this.#family, metric, device ?? undefined), value);
  };

  /** Device limits are read with each value and may change. */
  #updateDeviceLimits(limits: Thresholds | undefined): void {
    const warning = limits?.warning ?? null;
    const critical = limits?.critical ?? null;
    if (warning === this.#warningLimit && critical === this.#criticalLimit) return;
    this.#warningLimit = warning;
    this.#criticalLimit = critical;
    for (const instance of this.instances) if (instance.compiled.rule.useDeviceLimits) instance.setDeviceLimits(limits ?? null);
    this.refresh();
  }

  #narrowQuietRange(level: LevelParams | null): void {
    if (level === null) return;
    if (level.sign > 0) this.#quietBelow = Math.min(this.#quietBelow, level.threshold);
    else this.#quietAbove = Math.max(this.#quietAbove, level.threshold);
  }
}

/** Ends what a rule had open on a device that turns out to be a medium it leaves out. */
function endExcepted(instance: AlertInstance, { time, steady }: WallClockSample, emit: AlertSink): void {
  const incident = instance.end('ruleChanged', time, steady);
  if (incident !== null) emit({ kind: 'resolved', incident, rule: instance.compiled.rule, at: time });
}
