/** One rule on one series: the machine's state, and the incident it stands for. */
import type { Culprit, Incident } from '../../../shared/alerts/incident';
import type { Thresholds } from '../../../shared/metrics/define';
import type { SeriesKey } from '../../../shared/metrics/index';
import { coolingState, IDLE_STATE, isPending, openState, transition } from './rule-state-machine';
import type { Transition, MachineParams, MachineState, SampleContext } from './rule-state-machine';
import { levelAt, paramsOf } from './compile-rule';
import type { CompiledRule } from './compile-rule';

/** What a track watches. */
export interface AlertSubject {
  readonly series: SeriesKey;
  readonly device: string | null;
}

/** A moment as the wall clock tells it, too. */
export interface WallClockSample extends SampleContext {
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Longest part of a series' name in an incident's id: device ids may be as long as paths. */
const ID_SERIES = 480;

function idOf(ruleId: string, series: SeriesKey, firedAt: number): string {
  const part = series.length <= ID_SERIES ? series : `${series.slice(0, ID_SERIES / 2)}…${series.slice(1 - ID_SERIES / 2)}`;
  return `${ruleId}:${part}:${firedAt}`;
}

/** JSON has no infinity, which stands for a share that never becomes full. */
const plain = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

/** Follows one series for one rule. */
export class AlertInstance {
  readonly subject: AlertSubject;
  compiled: CompiledRule;
  #params: MachineParams;
  #state: MachineState = IDLE_STATE;
  /** As it was at its last event; what changes with each sample stands in the fields below. */
  #incident: Incident | null = null;
  #value: number | null = null;
  #peak = 0;
  #peakAt = 0;

  constructor(compiled: CompiledRule, subject: AlertSubject) {
    this.compiled = compiled;
    this.subject = subject;
    this.#params = compiled.params;
  }

  /** True when there is no incident, none coming, and no cooldown: a sample that crosses nothing changes nothing. */
  get isIdle(): boolean {
    return this.#state === IDLE_STATE;
  }

  get params(): MachineParams {
    return this.#params;
  }

  /** The open incident as it stands now. */
  get incident(): Incident | null {
    if (this.#incident === null) return null;
    return { ...this.#incident, value: plain(this.#value), peak: this.#peak, peakAt: this.#peakAt };
  }

  /** The same track under a rule whose essence is the same. A device's marks come with its next sample. */
  adopt(compiled: CompiledRule): void {
    this.compiled = compiled;
    this.setDeviceLimits(null);
  }

  /** Samples come at another pace from here on. */
  setSampleInterval(intervalMs: number): void {
    this.#params = { ...this.#params, intervalMs };
  }

  /** The device's own marks, for rules that go by them. */
  setDeviceLimits(deviceLimits: Thresholds | null): void {
    this.#params = paramsOf(this.compiled.rule, deviceLimits, this.#params.intervalMs);
  }

  /**
   * Takes a sample. What happened, or null; the incident is then told by `incidentAfter`. `furthest` is the worst of what
   * the value stands for, where that is a mean.
   */
  take(value: number | null, warningGuard: number | null, criticalGuard: number | null, context: WallClockSample, furthest = value): Transition | null {
    const before = this.#state;
    const state = transition(this.#params, before, value, warningGuard, criticalGuard, context);
    this.#state = state;
    if (state !== before || state !== IDLE_STATE) this.#note(value, furthest, before, context.time);
    return state.happened;
  }

  /** The incident after something happened at this moment; it is closed when that was its end. */
  incidentAfter(change: Transition, label: string | null, context: WallClockSample): Incident | null {
    const since = context.time - (context.steady - change.since);
    if (change.kind === 'fired') this.#incident = this.#open(label, since, context.time);
    const incident = this.incident;
    const { severity, worst, acknowledged } = this.#state;
    if (incident === null) return null;
    if (severity === null || worst === null) {
      this.#incident = null;
      return { ...incident, clearedAt: since, endedBy: 'recovered' };
    }
    const threshold = levelAt(this.#params, severity)?.threshold ?? incident.threshold;
    this.#incident = { ...incident, severity, worst, threshold, acknowledgedAt: acknowledged ? incident.acknowledgedAt : null };
    return this.#incident;
  }

  /** Takes up an incident that was open when the app ended. */
  restore(incident: Incident, steady: number): void {
    const { severity, worst, acknowledgedAt } = incident;
    this.#state = openState(this.#params, { severity, worst, acknowledged: acknowledgedAt !== null }, steady);
    this.#incident = incident;
    this.#value = incident.value;
    this.#peak = incident.peak;
    this.#peakAt = incident.peakAt;
  }

  /** Takes up the cooldown of an incident that ended before the app did. */
  cool(worst: Incident['worst'], until: number): void {
    if (this.isIdle) this.#state = coolingState(worst, until);
  }

  /** Ends the open incident without a recovery. */
  end(reason: 'ruleChanged' | 'deviceGone', time: number, steady: number): Incident | null {
    const { incident } = this;
    if (incident === null) return null;
    this.#incident = null;
    this.#state = reason === 'ruleChanged' || this.#params.cooldownMs === 0 ? IDLE_STATE : coolingState(incident.worst, steady + this.#params.cooldownMs);
    return { ...incident, clearedAt: time, endedBy: reason };
  }

  acknowledge(time: number): Incident | null {
    const { incident } = this;
    if (incident === null || incident.acknowledgedAt !== null) return incident;
    this.#incident = { ...incident, acknowledgedAt: time };
    this.#state = { ...this.#state, acknowledged: true };
    return this.#incident;
  }

  setCulprits(culprits: readonly Culprit[]): Incident | null {
    if (this.#incident !== null) this.#incident = { ...this.#incident, culprits };
    return this.incident;
  }

  /** Keeps the latest value and the furthest, from when the condition began. */
  #note(value: number | null, furthest: number | null, before: MachineState, time: number): void {
    this.#value = value;
    if (furthest === null) return;
    const isFirst = before.severity === null && !isPending(before);
    const { sign } = this.#params.warning ?? this.#params.critical ?? { sign: 1 };
    if (!isFirst && (furthest - this.#peak) * sign <= 0) return;
    this.#peak = furthest;
    this.#peakAt = time;
  }

  #open(deviceLabel: string | null, since: number, time: number): Incident | null {
    const { severity, worst } = this.#state;
    if (severity === null || worst === null) return null;
    const { rule } = this.compiled;
    return {
      id: idOf(rule.id, this.subject.series, time),
      ruleId: rule.id,
      label: rule.label,
      device: this.subject.device,
      deviceLabel: this.subject.device === null ? null : (deviceLabel ?? this.subject.device),
      series: this.subject.series,
      severity,
      worst,
      since,
      firedAt: time,
      clearedAt: null,
      endedBy: null,
      threshold: levelAt(this.#params, severity)?.threshold ?? this.#peak,
      valueAtFire: this.#value ?? this.#peak,
      value: plain(this.#value),
      peak: this.#peak,
      peakAt: this.#peakAt,
      acknowledgedAt: null,
      culprits: [],
    };
  }
}
