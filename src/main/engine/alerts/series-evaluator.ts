/** All rules on one series (or on one share's time to full), with a fast way out while nothing is wrong. */
import type { Thresholds } from '../../../shared/metrics/define';
import { seriesKey } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { DeviceReading, Reading } from '../../../shared/metrics/reading';
import { Forecast } from './forecast';
import type { LevelParams } from './rule-state-machine';
import type { Prepared } from './compile-rule';
import { Track } from './alert-instance';
import type { Subject, WallMoment } from './alert-instance';
import type { AlertEvent } from './evaluator-types';

/** Rules that look at one metric in one way. */
export interface Group {
  readonly metric: string;
  readonly isForecast: boolean;
  readonly rules: readonly Prepared[];
}

/** Rules by the metric they look at, and how. */
export function groupsOf(rules: readonly Prepared[]): readonly Group[] {
  const groups = new Map<string, { metric: string; isForecast: boolean; rules: Prepared[] }>();
  for (const prepared of rules) {
    const { metric, source } = prepared.rule;
    const name = `${source} ${metric}`;
    const group = groups.get(name) ?? { metric, isForecast: source === 'timeToFull', rules: [] };
    group.rules.push(prepared);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Takes what happened. */
export type AlertSink = (event: AlertEvent) => void;

/** A value as it can be judged. */
function valueIn(values: Reading['values'], metric: string): number | null {
  const value = values[metric];
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}

/** The part of a reading a watch looks at. */
export type Part = Pick<DeviceReading, 'values' | 'limits'> & { readonly label?: string };

/** Watches one series. */
export class Watch {
  readonly subject: Subject;
  readonly metric: string;
  readonly isForecast: boolean;
  readonly tracks: Track[];
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

  constructor(family: FamilyId, device: string | null, group: Group) {
    this.subject = { series: seriesKey(family, group.metric, device ?? undefined), device };
    this.metric = group.metric;
    this.isForecast = group.isForecast;
    this.tracks = group.rules.map((prepared) => new Track(prepared, this.subject));
    this.forecast = group.isForecast ? new Forecast(group.rules[0]?.resolution ?? 0) : null;
    this.#byDeviceLimits = group.rules.some(({ rule }) => rule.ownLimits);
    this.refresh();
  }

  get isIdle(): boolean {
    return this.#lively === 0;
  }

  /** Counts and bounds anew, after tracks were changed from outside. */
  refresh(): void {
    this.#lively = this.tracks.reduce((count, track) => count + (track.isIdle ? 0 : 1), 0);
    this.#quietAbove = Number.NEGATIVE_INFINITY;
    this.#quietBelow = Number.POSITIVE_INFINITY;
    for (const { params } of this.tracks) {
      this.#narrow(params.warning);
      this.#narrow(params.critical);
    }
  }

  /** Puts a track made under rules no longer in force in the place of the one that judges alike. */
  inherit(at: number, track: Track): void {
    const prepared = this.tracks[at]?.prepared;
    if (prepared === undefined) return;
    track.adopt(prepared);
    this.tracks[at] = track;
  }

  /** Takes the series' part of a reading. False when nothing came of it and nothing is under way. */
  take(part: Part, moment: WallMoment, tell: AlertSink): boolean {
    const raw = valueIn(part.values, this.metric);
    const value = this.forecast === null ? raw : this.forecast.add(moment.steady, raw);
    if (this.#byDeviceLimits) this.#follow(part.limits);
    if (this.#lively === 0 && (value === null || (value > this.#quietAbove && value < this.#quietBelow))) return false;
    this.#step(value, part, moment, tell);
    return this.#lively > 0;
  }

  #step(value: number | null, part: Part, moment: WallMoment, tell: AlertSink): void {
    let lively = 0;
    for (const track of this.tracks) {
      const { warningGuard, criticalGuard } = track.prepared;
      const happening = track.take(
        value,
        warningGuard === null ? null : valueIn(part.values, warningGuard),
        criticalGuard === null ? null : valueIn(part.values, criticalGuard),
        moment,
      );
      if (!track.isIdle) lively += 1;
      if (happening === null) continue;
      const incident = track.incidentAfter(happening, part.label ?? null, moment);
      if (incident === null) continue;
      const suppressed = happening.suppressed ? ({ suppressed: 'cooldown' } as const) : {};
      tell({ kind: happening.kind, incident, rule: track.prepared.rule, at: moment.time, ...suppressed });
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
    for (const track of this.tracks) if (track.prepared.rule.ownLimits) track.setDeviceLimits(limits ?? null);
    this.refresh();
  }

  #narrow(level: LevelParams | null): void {
    if (level === null) return;
    if (level.sign > 0) this.#quietBelow = Math.min(this.#quietBelow, level.threshold);
    else this.#quietAbove = Math.max(this.#quietAbove, level.threshold);
  }
}
