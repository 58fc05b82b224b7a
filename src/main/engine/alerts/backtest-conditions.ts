/** The alternatives of a rule in a backtest: the stored values of their conditions, and the trend of stored history. */
import { parseSeriesKey, seriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';
import type { SeriesPoints } from '../../../shared/series/types';
import type { Store } from '../store/store-types';
import type { AlertSubject } from './alert-instance';
import { conditionsOf, judgeAlternatives } from './alternatives';
import type { Alternatives, Condition } from './alternatives';
import type { CompiledRule } from './compile-rule';
import { FILL_HOURS, HourlyMeans, hoursToFull } from './fill-trend';
import type { AlternativesNow, Comparison } from './rule-state-machine';

/** The value of a series at a time; times must ascend from call to call. */
export type Lookup = (time: number) => number | null;

/** A lookup in the means of points; null for a time without one. */
export function lookupIn(points: SeriesPoints | undefined): Lookup {
  let at = 0;
  return (time) => {
    if (points === undefined) return null;
    while ((points.time[at] ?? Infinity) < time) at += 1;
    return points.time[at] === time ? (points.avg[at] ?? null) : null;
  };
}

/** History before a range that the conditions of a rule need, ms. */
export function conditionWarmUp({ warningAlternatives, criticalAlternatives }: CompiledRule): number {
  return conditionsOf(warningAlternatives, criticalAlternatives).some(({ isForecast }) => isForecast) ? FILL_HOURS * 3_600_000 : 0;
}

/** The conditions of one rule on one series. */
export class BacktestConditions {
  readonly #warning: Alternatives | null;
  readonly #critical: Alternatives | null;
  /** The series of each metric, and its values in the window. */
  readonly #keys = new Map<string, SeriesKey>();
  readonly #lookups = new Map<string, Lookup>();
  /** Trends of the metrics whose forecast is asked for. */
  readonly #trends = new Map<string, HourlyMeans>();
  /** Series with values somewhere in the range: missing ones are missing there, not unknown to the machine. */
  readonly #known = new Set<string>();
  readonly #now = new Map<string, number | null>();

  constructor({ rule, warningAlternatives, criticalAlternatives }: CompiledRule, { device }: AlertSubject) {
    this.#warning = warningAlternatives;
    this.#critical = criticalAlternatives;
    for (const { metric, isForecast } of conditionsOf(warningAlternatives, criticalAlternatives)) {
      const key = seriesKey(rule.family, metric, device ?? undefined);
      this.#keys.set(metric, key);
      if (isForecast) this.#trends.set(metric, new HourlyMeans(parseSeriesKey(key)?.descriptor.resolution ?? 0));
    }
  }

  /** The series to query with each window. */
  get keys(): readonly SeriesKey[] {
    return [...this.#keys.values()];
  }

  /** Finds out which of the series have values in the range. */
  look(store: Pick<Store, 'query'>, from: number, to: number): void {
    if (this.#keys.size === 0) return;
    const { series } = store.query({ series: this.keys, from, to, points: 1 });
    [...this.#keys.keys()].forEach((metric, at) => {
      if (series[at]?.count.some((count) => count > 0) === true) this.#known.add(metric);
    });
  }

  /** Takes the points of the next window. */
  open(pointsOf: (key: SeriesKey) => SeriesPoints | undefined): void {
    for (const [metric, key] of this.#keys) this.#lookups.set(metric, lookupIn(pointsOf(key)));
  }

  /** Whether the alternatives hold in the point that begins at `time` and has `count` samples. */
  at(time: number, count: number): AlternativesNow {
    for (const [metric, lookup] of this.#lookups) {
      const value = lookup(time);
      this.#now.set(metric, value);
      if (value !== null) this.#trends.get(metric)?.add(time, value, count);
    }
    return { warning: this.#judge(this.#warning), critical: this.#judge(this.#critical) };
  }

  #judge(alternatives: Alternatives | null): Comparison | null {
    if (alternatives === null) return null;
    const found = judgeAlternatives(alternatives, this.#valueOf);
    // Values that are known at other times do not make the level count alone, and resolve nothing.
    return found === 'unknown' && conditionsOf(alternatives).some(({ metric }) => this.#known.has(metric)) ? 'between' : found;
  }

  readonly #valueOf = ({ metric, isForecast }: Condition): number | null => {
    const value = this.#now.get(metric) ?? null;
    if (!isForecast || value === null) return value;
    return hoursToFull(value, this.#trends.get(metric)?.trend ?? null);
  };
}
