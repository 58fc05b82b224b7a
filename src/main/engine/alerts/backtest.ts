/**
 * Backtests a rule on stored data with the state machine used for live samples. Older data are means of buckets; each
 * counts as one value that covers the bucket's width. The range is read in windows, yielding to the event loop in between.
 */
import { ruleCovers } from '../../../shared/alerts/every-device';
import type { BacktestResult, BacktestIncident, BacktestSeries, BacktestQuery } from '../../../shared/alerts/backtest-schemas';
import type { Thresholds } from '../../../shared/metrics/define';
import { parseSeriesKey, seriesKey } from '../../../shared/metrics/index';
import type { SeriesKey } from '../../../shared/metrics/index';
import { intervalOf } from '../series/interval';
import { queryWindows } from '../series/query-windows';
import type { QueryWindow } from '../series/query-windows';
import type { DeviceReading } from '../../../shared/metrics/reading';
import type { SeriesPoints } from '../../../shared/series/types';
import type { Store } from '../store/store-types';
import { BacktestConditions, conditionWarmUp, lookupIn } from './backtest-conditions';
import { Forecast } from './forecast';
import { compileRule } from './compile-rule';
import type { CompiledRule } from './compile-rule';
import { AlertInstance } from './alert-instance';
import type { AlertSubject } from './alert-instance';
import type { AlternativesNow } from './rule-state-machine';

/** Maximum number of series for a rule on every device. */
const MAX_SERIES = 32;
/** Maximum number of incidents listed per series: the latest. */
const MAX_LISTED = 500;
/** Points per window: each takes a few milliseconds, even before the code is compiled. */
const POINTS_PER_WINDOW = 500;
/** Data before the range that a forecast needs, ms. */
const FORECAST_WARM_UP = 4 * 3_600_000;

/** Current label and limits of a device. */
interface DeviceFacts {
  readonly label: string | null;
  readonly deviceLimits: Thresholds | null;
  /** What a medium is; absent: of a device that is not connected, so that it is not known. */
  readonly media?: DeviceReading['media'] | 'absent';
}

/** Dependencies of a backtest. */
export interface BacktestParts {
  readonly store: Pick<Store, 'query'>;
  /** All series that may be stored; if there are too many for a rule, the first ones are used. */
  keys(): readonly SeriesKey[];
  facts(subject: AlertSubject): DeviceFacts;
  /** Current time, epoch ms; determines the stored resolution of a time. */
  readonly now: number;
  /** Called between windows. Rejects to cancel the backtest. */
  yieldToEventLoop(): Promise<void>;
}

type ResolutionPart = BacktestResult['resolution'][number];

/** The stored series that a rule applies to. */
function subjectsOf({ rule }: CompiledRule, keys: readonly SeriesKey[]): readonly AlertSubject[] {
  if (rule.device === null) return [{ series: seriesKey(rule.family, rule.metric), device: null }];
  return keys.flatMap((series) => {
    const parsed = parseSeriesKey(series);
    if (parsed === null || parsed.family !== rule.family || parsed.metric !== rule.metric) return [];
    return ruleCovers(rule, parsed.device) ? [{ series, device: parsed.device }] : [];
  });
}

/** The backtest of one series. */
class SeriesBacktest {
  readonly #compiled: CompiledRule;
  readonly #instance: AlertInstance;
  readonly #forecast: Forecast | null;
  readonly #conditions: BacktestConditions;
  readonly #keys: readonly SeriesKey[];
  readonly #guards: readonly [number, number];
  readonly #intervalMs: number;
  readonly #from: number;
  /** Resolved incidents; an open one is added by result(). */
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
    this.#conditions = new BacktestConditions(compiled, subject);
    this.#keys = [...new Set([subject.series, ...keyOf(compiled.warningGuard), ...keyOf(compiled.criticalGuard), ...this.#conditions.keys])];
    const indexOf = (guard: string | null): number => (guard === null ? -1 : this.#keys.indexOf(keyOf(guard)[0] ?? ''));
    this.#guards = [indexOf(compiled.warningGuard), indexOf(compiled.criticalGuard)];
  }

  /** Prepares for the range. */
  begin(store: BacktestParts['store'], to: number): void {
    this.#conditions.look(store, this.#from, to);
  }

  /** Evaluates one window; returns its resolution. */
  take(store: BacktestParts['store'], window: QueryWindow): ResolutionPart {
    const { step, series } = store.query({ series: this.#keys, ...window });
    const means = step > this.#intervalMs;
    this.#instance.setSampleInterval(Math.max(this.#intervalMs, step));
    const [warning, critical] = this.#guards.map((at) => lookupIn(series[at]));
    this.#conditions.open((key) => series[this.#keys.indexOf(key)]);
    const points = series[0];
    for (let i = 0; i < (points?.time.length ?? 0); i += 1) {
      if (points === undefined) break;
      const time = points.time[i] ?? 0;
      if (points.count[i] === 0) this.#gap = true;
      else this.#evaluatePoint(points, i, means ? step : 0, warning?.(time) ?? null, critical?.(time) ?? null, this.#conditions.at(time, points.count[i] ?? 1));
    }
    return { from: window.from, to: window.to, step, means };
  }

  result(subject: AlertSubject, label: string | null): BacktestSeries {
    const open = this.#instance.incident;
    const incidents = open === null ? this.#incidents : [...this.#incidents, this.#toIncident(open)];
    return { ...subject, deviceLabel: label, fired: this.#fired, silent: this.#silentCount, series: subject.series, incidents: incidents.slice(-MAX_LISTED) };
  }

  #evaluatePoint(points: SeriesPoints, i: number, span: number, warningGuard: number | null, criticalGuard: number | null, alternatives: AlternativesNow): void {
    const start = points.time[i] ?? 0;
    const mean = points.avg[i] ?? null;
    const time = start + span;
    const context = { time, steady: time, gap: this.#gap, span };
    this.#gap = false;
    const value = this.#forecast === null ? mean : this.#forecast.add(start, mean);
    const extreme = this.#forecast !== null ? value : ((this.#compiled.rule.direction === 'above' ? points.max[i] : points.min[i]) ?? value);
    const change = this.#instance.take(value, warningGuard, criticalGuard, context, extreme, alternatives);
    if (change === null) return;
    if (change.kind === 'fired') this.#silent = change.suppressed;
    const incident = this.#instance.incidentAfter(change, null, context);
    if (incident === null) return;
    if (change.kind === 'fired' && time >= this.#from) this.#count();
    // Incidents resolved before the range are evaluated for the cooldown only.
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

/** Merges consecutive parts of one resolution. */
function mergeParts(parts: readonly ResolutionPart[]): readonly ResolutionPart[] {
  const joined: ResolutionPart[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last.step === part.step && last.means === part.means) joined[joined.length - 1] = { ...last, to: part.to };
    else joined.push(part);
  }
  return joined;
}

/** The series of a rule that are backtested, and the number of devices left out: too many, or not known to be no media. */
function chosenOf(parts: BacktestParts, compiled: CompiledRule): { readonly subjects: readonly AlertSubject[]; readonly leftOut: number } {
  const all = subjectsOf(compiled, parts.keys()).map((subject) => ({ subject, media: compiled.rule.exceptMedia ? parts.facts(subject).media : undefined }));
  const subjects = all.filter(({ media }) => media === undefined).map(({ subject }) => subject);
  const unknown = all.filter(({ media }) => media === 'absent').length;
  return { subjects: subjects.slice(0, MAX_SERIES), leftOut: unknown + Math.max(0, subjects.length - MAX_SERIES) };
}

/** Backtests a rule. Rejects if `yieldToEventLoop` does. A rule on an unknown metric has no series. */
export async function backtest(parts: BacktestParts, { rule, from, to }: BacktestQuery): Promise<BacktestResult> {
  const compiled = compileRule(rule);
  if (compiled === null) return { fired: 0, silent: 0, series: [], leftOut: 0, resolution: [] };
  const { subjects, leftOut } = chosenOf(parts, compiled);
  const longest = 1000 * Math.max(rule.warning?.forSeconds ?? 0, rule.critical?.forSeconds ?? 0);
  // Start early enough to know a condition that began before the range.
  const warmUp = longest + Math.max(rule.source === 'timeToFull' ? FORECAST_WARM_UP : 0, conditionWarmUp(compiled));
  const series: BacktestSeries[] = [];
  let resolution: readonly ResolutionPart[] = [];
  for (const subject of subjects) {
    const { label, deviceLimits } = parts.facts(subject);
    const one = new SeriesBacktest(compiled, subject, deviceLimits, from);
    const finest = intervalOf(subject.series)?.shortest ?? 1000;
    const windowParts: ResolutionPart[] = [];
    one.begin(parts.store, to);
    for (const window of queryWindows(Math.max(0, from - warmUp), to, parts.now, finest, POINTS_PER_WINDOW)) {
      await parts.yieldToEventLoop();
      windowParts.push(one.take(parts.store, window));
    }
    resolution = mergeParts(windowParts.filter((part) => part.to > from).map((part) => ({ ...part, from: Math.max(from, part.from), to: Math.min(to, part.to) })));
    series.push(one.result(subject, label));
  }
  const sum = (of: (one: BacktestSeries) => number): number => series.reduce((total, one) => total + of(one), 0);
  return { fired: sum((one) => one.fired), silent: sum((one) => one.silent), series, leftOut, resolution };
}
