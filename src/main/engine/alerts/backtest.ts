/**
 * Tries a rule on what is stored, through the very machine that judges live samples. Older parts are means of buckets;
 * each counts as one value that stands for its whole width. Works in slices, and lets others have their turn in between.
 */
import type { BacktestResult, BacktestIncident, BacktestSeries, BacktestQuery } from '../../../shared/alerts/backtest-schemas';
import type { Thresholds } from '../../../shared/metrics/define';
import { parseSeriesKey, seriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';
import { intervalOf } from '../series/interval';
import { queryWindows } from '../series/query-windows';
import type { QueryWindow } from '../series/query-windows';
import type { SeriesPoints } from '../../../shared/series/types';
import type { Store } from '../store/store-types';
import { Forecast } from './forecast';
import { ruleCovers, compileRule } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import { AlertInstance } from './alert-instance';
import type { AlertSubject } from './alert-instance';

/** Series a rule for every device is tried on at most. */
const MAX_SERIES = 32;
/** Incidents listed for each series at most: the latest. */
const MAX_LISTED = 500;
/** Points of a slice: half as many as an export takes, so that one is over in a few milliseconds even the first time. */
const SLICE = 500;
/** A trend needs the hours before, ms. */
const FORECAST_WARM_UP = 4 * 3_600_000;

/** What a device is called and which marks it has, as far as is known now. */
interface DeviceFacts {
  readonly label: string | null;
  readonly deviceLimits: Thresholds | null;
}

/** What a replay needs. */
export interface BacktestParts {
  readonly store: Pick<Store, 'query'>;
  /** Every series that may have something stored; where there are too many, the first ones are tried. */
  keys(): readonly SeriesKey[];
  facts(subject: AlertSubject): DeviceFacts;
  /** Present time, which tells how fine the store keeps a time, epoch ms. */
  readonly now: number;
  /** Resolves when others had their turn. Rejects to end the replay. */
  yieldToEventLoop(): Promise<void>;
}

type ResolutionPart = BacktestResult['resolution'][number];

/** Series a rule watches among those stored. */
function subjectsOf({ rule }: CompiledRule, keys: readonly SeriesKey[]): readonly AlertSubject[] {
  if (rule.device === null) return [{ series: seriesKey(rule.family, rule.metric), device: null }];
  return keys.flatMap((series) => {
    const parsed = parseSeriesKey(series);
    if (parsed === null || parsed.family !== rule.family || parsed.metric !== rule.metric) return [];
    return ruleCovers(rule, parsed.device) ? [{ series, device: parsed.device }] : [];
  });
}

/** Values of a guard by the times of the series it guards; times ascend from call to call. */
function follow(points: SeriesPoints | undefined): (time: number) => number | null {
  let at = 0;
  return (time) => {
    if (points === undefined) return null;
    while ((points.time[at] ?? Infinity) < time) at += 1;
    return points.time[at] === time ? (points.avg[at] ?? null) : null;
  };
}

/** The replay of one series. */
class SeriesBacktest {
  readonly #compiled: CompiledRule;
  readonly #instance: AlertInstance;
  readonly #forecast: Forecast | null;
  readonly #keys: readonly SeriesKey[];
  readonly #guards: readonly [number, number];
  readonly #intervalMs: number;
  readonly #from: number;
  /** What has ended; the open one is added at the end. */
  readonly #incidents: BacktestIncident[] = [];
  #fired = 0;
  #silentCount = 0;
  #silent = false;
  #gap = true;

  constructor(compiled: CompiledRule, subject: AlertSubject, deviceLimits: Thresholds | null, from: number) {
    this.#compiled = compiled;
    this.#instance = new AlertInstance(compiled, subject);
    if (compiled.rule.useDeviceLimits) this.#instance.setDeviceLimits(deviceLimits);
    this.#forecast = compiled.rule.source === 'timeToFull' ? new Forecast(compiled.resolution) : null;
    this.#intervalMs = compiled.params.intervalMs;
    this.#from = from;
    const { family } = compiled.rule;
    const keyOf = (guard: string | null): SeriesKey[] => (guard === null ? [] : [seriesKey(family, guard, subject.device ?? undefined)]);
    this.#keys = [...new Set([subject.series, ...keyOf(compiled.warningGuard), ...keyOf(compiled.criticalGuard)])];
    const place = (guard: string | null): number => (guard === null ? -1 : this.#keys.indexOf(keyOf(guard)[0] ?? ''));
    this.#guards = [place(compiled.warningGuard), place(compiled.criticalGuard)];
  }

  /** Takes one slice of what is stored; tells how fine it was. */
  take(store: BacktestParts['store'], window: QueryWindow): ResolutionPart {
    const { step, series } = store.query({ series: this.#keys, ...window });
    const means = step > this.#intervalMs;
    this.#instance.setSampleInterval(Math.max(this.#intervalMs, step));
    const [warning, critical] = this.#guards.map((at) => follow(series[at]));
    const points = series[0];
    for (let i = 0; i < (points?.time.length ?? 0); i += 1) {
      if (points === undefined) break;
      const time = points.time[i] ?? 0;
      if (points.count[i] === 0) this.#gap = true;
      else this.#evaluatePoint(points, i, means ? step : 0, warning?.(time) ?? null, critical?.(time) ?? null);
    }
    return { from: window.from, to: window.to, step, means };
  }

  result(subject: AlertSubject, label: string | null): BacktestSeries {
    const open = this.#instance.incident;
    const incidents = open === null ? this.#incidents : [...this.#incidents, this.#toIncident(open)];
    return { ...subject, deviceLabel: label, fired: this.#fired, silent: this.#silentCount, series: subject.series, incidents: incidents.slice(-MAX_LISTED) };
  }

  #evaluatePoint(points: SeriesPoints, i: number, span: number, warningGuard: number | null, criticalGuard: number | null): void {
    const start = points.time[i] ?? 0;
    const mean = points.avg[i] ?? null;
    const time = start + span;
    const context = { time, steady: time, gap: this.#gap, span };
    this.#gap = false;
    const value = this.#forecast === null ? mean : this.#forecast.add(start, mean);
    const furthest = this.#forecast !== null ? value : ((this.#compiled.rule.direction === 'above' ? points.max[i] : points.min[i]) ?? value);
    const change = this.#instance.take(value, warningGuard, criticalGuard, context, furthest);
    if (change === null) return;
    if (change.kind === 'fired') this.#silent = change.suppressed;
    const incident = this.#instance.incidentAfter(change, null, context);
    if (incident === null) return;
    if (change.kind === 'fired' && time >= this.#from) this.#count();
    // What was over before the range began only had to be known for what follows.
    if (incident.clearedAt !== null && incident.clearedAt > this.#from) this.#incidents.push(this.#toIncident(incident));
    if (this.#incidents.length > 2 * MAX_LISTED) this.#incidents.splice(0, MAX_LISTED);
  }

  #count(): void {
    this.#fired += 1;
    if (this.#silent) this.#silentCount += 1;
  }

  #toIncident({ since, firedAt, clearedAt, worst, peak, peakAt }: Pick<NonNullable<AlertInstance['incident']>, 'since' | 'firedAt' | 'clearedAt' | 'worst' | 'peak' | 'peakAt'>): BacktestIncident {
    return { since, firedAt, clearedAt, severity: worst, peak, peakAt, silent: this.#silent };
  }
}

/** Joins neighbours of one step. */
function mergeParts(parts: readonly ResolutionPart[]): readonly ResolutionPart[] {
  const joined: ResolutionPart[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last.step === part.step && last.means === part.means) joined[joined.length - 1] = { ...last, to: part.to };
    else joined.push(part);
  }
  return joined;
}

/** Tries a rule. Rejects when `breathe` does. A rule about a metric nobody knows meets no series. */
export async function backtest(parts: BacktestParts, { rule, from, to }: BacktestQuery): Promise<BacktestResult> {
  const compiled = compileRule(rule);
  const subjects = compiled === null ? [] : subjectsOf(compiled, parts.keys());
  const longest = 1000 * Math.max(rule.warning?.forSeconds ?? 0, rule.critical?.forSeconds ?? 0);
  // A condition that began before the range is known when it begins.
  const warmUp = longest + (rule.source === 'timeToFull' ? FORECAST_WARM_UP : 0);
  const series: BacktestSeries[] = [];
  let resolution: readonly ResolutionPart[] = [];
  for (const subject of subjects.slice(0, MAX_SERIES)) {
    if (compiled === null) break;
    const { label, deviceLimits } = parts.facts(subject);
    const one = new SeriesBacktest(compiled, subject, deviceLimits, from);
    const finest = intervalOf(subject.series)?.shortest ?? 1000;
    const seen: ResolutionPart[] = [];
    for (const window of queryWindows(Math.max(0, from - warmUp), to, parts.now, finest, SLICE)) {
      await parts.yieldToEventLoop();
      seen.push(one.take(parts.store, window));
    }
    resolution = mergeParts(seen.filter((part) => part.to > from).map((part) => ({ ...part, from: Math.max(from, part.from), to: Math.min(to, part.to) })));
    series.push(one.result(subject, label));
  }
  const sum = (of: (one: BacktestSeries) => number): number => series.reduce((total, one) => total + of(one), 0);
  return { fired: sum((one) => one.fired), silent: sum((one) => one.silent), series, leftOut: Math.max(0, subjects.length - MAX_SERIES), resolution };
}
