/** One rule on one series: the state of its state machine, and its open incident. */
import type { Incident, IncidentCause } from '../../../shared/alerts/incident';
import type { Thresholds } from '../../../shared/metrics/define';
import type { SeriesKey } from '../../../shared/metrics/index';
import { coolingState, IDLE_STATE, isPending, NO_ALTERNATIVES, openState, transition } from './rule-state-machine';
import type { AlternativesNow, Transition, MachineParams, MachineState, SampleContext } from './rule-state-machine';
import { levelAt, paramsOf } from './compile-rule';
import type { CompiledRule } from './compile-rule';

/** The series an instance evaluates. */
export interface AlertSubject {
  readonly series: SeriesKey;
  readonly device: string | null;
}

/** Times of a sample, including the wall clock. */
export interface WallClockSample extends SampleContext {
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Maximum length of the series key in an incident id, characters: device ids may be as long as paths. */
const MAX_SERIES_IN_ID = 480;

function idOf(ruleId: string, series: SeriesKey, firedAt: number): string {
  const part = series.length <= MAX_SERIES_IN_ID ? series : `${series.slice(0, MAX_SERIES_IN_ID / 2)}…${series.slice(1 - MAX_SERIES_IN_ID / 2)}`;
  return `${ruleId}:${part}:${firedAt}`;
}

/** JSON has no infinity, the forecast of a value that never reaches 100 %. */
const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

/** The state of one rule on one series. */
export class AlertInstance {
  subject: AlertSubject;
  compiled: CompiledRule;
  #params: MachineParams;
  #state: MachineState = IDLE_STATE;
  /** The incident at its last event; what changes with each sample is in the fields below. */
  #incident: Incident | null = null;
  #value: number | null = null;
  #peak = 0;
  #peakAt = 0;

  constructor(compiled: CompiledRule, subject: AlertSubject) {
    this.compiled = compiled;
    this.subject = subject;
    this.#params = compiled.params;
  }

  /** True without an open or pending incident and without a cooldown. */
  get isIdle(): boolean {
    return this.#state === IDLE_STATE;
  }

  get params(): MachineParams {
    return this.#params;
  }

  /** The open incident with its current values. */
  get incident(): Incident | null {
    if (this.#incident === null) return null;
    return { ...this.#incident, value: finiteOrNull(this.#value), peak: this.#peak, peakAt: this.#peakAt };
  }

  /** Continues under a changed rule with the same fingerprint. Device limits come with the next sample. */
  adopt(compiled: CompiledRule): void {
    this.compiled = compiled;
    this.setDeviceLimits(null);
  }

  /** Continues on a series under its present key. */
  move(subject: AlertSubject): void {
    this.subject = subject;
    if (this.#incident !== null) this.#incident = { ...this.#incident, ...subject };
  }

  /** Changes the interval between samples, ms. */
  setSampleInterval(intervalMs: number): void {
    this.#params = { ...this.#params, intervalMs };
  }

  /** Sets the device limits, for rules that use them. */
  setDeviceLimits(deviceLimits: Thresholds | null): void {
    this.#params = paramsOf(this.compiled.rule, deviceLimits, this.#params.intervalMs);
  }

  /**
   * Evaluates a sample. Returns the transition it caused, or null; `incidentAfter` then gives the incident. `extreme` is the
   * worst sample behind the value if that is a mean.
   */
  take(value: number | null, warningGuard: number | null, criticalGuard: number | null, context: WallClockSample, extreme = value, alternatives: AlternativesNow = NO_ALTERNATIVES): Transition | null {
    const before = this.#state;
    const state = transition(this.#params, before, value, warningGuard, criticalGuard, context, alternatives);
    this.#state = state;
    if (state !== before || state !== IDLE_STATE) this.#trackPeak(value, extreme, before, context.time);
    return state.change;
  }

  /** The incident after a transition at this sample; closed if the transition resolved it. */
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

  /** Continues an incident that was open when the app ended. */
  restore(incident: Incident, steady: number): void {
    const { severity, worst, acknowledgedAt } = incident;
    this.#state = openState(this.#params, { severity, worst, acknowledged: acknowledgedAt !== null }, steady);
    this.#incident = incident;
    this.#value = incident.value;
    this.#peak = incident.peak;
    this.#peakAt = incident.peakAt;
  }

  /** Continues the cooldown of an incident that was resolved before the app ended. */
  restoreCooldown(worst: Incident['worst'], until: number): void {
    if (this.isIdle) this.#state = coolingState(worst, until);
  }

  /** Ends the open incident for a reason other than recovery. */
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

  setCause(cause: IncidentCause): Incident | null {
    if (this.#incident !== null) this.#incident = { ...this.#incident, ...cause };
    return this.incident;
  }

  /** Records the latest value, and the peak since the condition began. */
  #trackPeak(value: number | null, extreme: number | null, before: MachineState, time: number): void {
    this.#value = value;
    if (extreme === null) return;
    const isFirst = before.severity === null && !isPending(before);
    const { sign } = this.#params.warning ?? this.#params.critical ?? { sign: 1 };
    if (!isFirst && (extreme - this.#peak) * sign <= 0) return;
    this.#peak = extreme;
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
      value: finiteOrNull(this.#value),
      peak: this.#peak,
      peakAt: this.#peakAt,
      acknowledgedAt: null,
      culprits: [],
    };
  }
}
