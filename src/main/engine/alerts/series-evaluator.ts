/** All rules on one series (or on one share's time to full), with a fast way out while nothing is wrong. */
import type { Thresholds } from '../../../shared/metrics/define';
import { seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { DeviceReading, Reading } from '../../../shared/metrics/reading';
import { Forecast } from './forecast';
import type { LevelParams } from './rule-state-machine';
import type { CompiledRule } from './compile-rule';
import { AlertInstance } from './alert-instance';
import type { AlertSubject, WallClockSample } from './alert-instance';
import type { EvaluatedEvent } from '../../../shared/alerts/incident-event';

/** Rules that look at one metric in one way. */
export interface RuleGroup {
  readonly metric: string;
  readonly isForecast: boolean;
  readonly rules: readonly CompiledRule[];
}

/** Rules by the metric they look at, and how. */
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

/** Takes what happened. */
export type AlertSink = (event: EvaluatedEvent) => void;

/** A value as it can be judged. */
function valueIn(values: Reading['values'], metric: string): number | null {
  const value = values[metric];
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}

/** The part of a reading a watch looks at. */
export type ReadingPart = Pick<DeviceReading, 'values' | 'limits'> & { readonly label?: string };

/** Watches one series. */
export class SeriesEvaluator {
  readonly subject: AlertSubject;
  readonly metric: string;
  readonly isForecast: boolean;
  readonly instances: AlertInstance[];
  forecast: Forecast | null;
  /** Tracks that are not idle. */
  #lively = 0;
  /** Strictly between these no rule is crossed. */
  #quietAbove = Number.NEGATIVE_INFINITY;
  #quietBelow = Number.POSITIVE_INFINITY;
  readonly #byDeviceLimits: boolean;
  #warningLimit: number | null = null;
  #criticalLimit: number | null = null;
  /** Milliseconds of the family's samples without this one: the device was not there, or its value was missing. */
  absentFor = 0;
  missingFor = 0;

  constructor(family: FamilyId, device: string | null, group: RuleGroup) {
    this.subject = { series: seriesKey(family, group.metric, device ?? undefined), device };
    this.metric = group.metric;
    this.isForecast = group.isForecast;
    this.instances = group.rules.map((compiled) => new AlertInstance(compiled, this.subject));
    this.forecast = group.isForecast ? new Forecast(group.rules[0]?.resolution ?? 0) : null;
    this.#byDeviceLimits = group.rules.some(({ rule }) => rule.useDeviceLimits);
    this.refresh();
  }

  get isIdle(): boolean {
    return this.#lively === 0;
  }

  /** Counts and bounds anew, after tracks were changed from outside. */
  refresh(): void {
    this.#lively = this.instances.reduce((count, instance) => count + (instance.isIdle ? 0 : 1), 0);
    this.#quietAbove = Number.NEGATIVE_INFINITY;
    this.#quietBelow = Number.POSITIVE_INFINITY;
    for (const { params } of this.instances) {
      this.#narrow(params.warning);
      this.#narrow(params.critical);
    }
  }

  /** Puts a track made under rules no longer in force in the place of the one that judges alike. */
  inherit(at: number, instance: AlertInstance): void {
    const compiled = this.instances[at]?.compiled;
    if (compiled === undefined) return;
    instance.adopt(compiled);
    this.instances[at] = instance;
  }

  /** Takes the series' part of a reading. False when nothing came of it and nothing is under way. */
  take(part: ReadingPart, context: WallClockSample, tell: AlertSink): boolean {
    const raw = valueIn(part.values, this.metric);
    const value = this.forecast === null ? raw : this.forecast.add(context.steady, raw);
    if (this.#byDeviceLimits) this.#follow(part.limits);
    if (this.#lively === 0 && (value === null || (value > this.#quietAbove && value < this.#quietBelow))) return false;
    this.#step(value, part, context, tell);
    return this.#lively > 0;
  }

  #step(value: number | null, part: ReadingPart, context: WallClockSample, tell: AlertSink): void {
    let lively = 0;
    for (const instance of this.instances) {
      const { warningGuard, criticalGuard } = instance.compiled;
      const change = instance.take(
        value,
        warningGuard === null ? null : valueIn(part.values, warningGuard),
        criticalGuard === null ? null : valueIn(part.values, criticalGuard),
        context,
      );
      if (!instance.isIdle) lively += 1;
      if (change === null) continue;
      const incident = instance.incidentAfter(change, part.label ?? null, context);
      if (incident === null) continue;
      const suppressed = change.suppressed ? ({ suppressed: 'cooldown' } as const) : {};
      tell({ kind: change.kind, incident, rule: instance.compiled.rule, at: context.time, ...suppressed });
    }
    this.#lively = lively;
  }

  /** A device's marks are read with its value, and may change. */
  #follow(limits: Thresholds | undefined): void {
    const warning = limits?.warning ?? null;
    const critical = limits?.critical ?? null;
    if (warning === this.#warningLimit && critical === this.#criticalLimit) return;
    this.#warningLimit = warning;
    this.#criticalLimit = critical;
    for (const instance of this.instances) if (instance.compiled.rule.useDeviceLimits) instance.setDeviceLimits(limits ?? null);
    this.refresh();
  }

  #narrow(level: LevelParams | null): void {
    if (level === null) return;
    if (level.sign > 0) this.#quietBelow = Math.min(this.#quietBelow, level.threshold);
    else this.#quietAbove = Math.max(this.#quietAbove, level.threshold);
  }
}
