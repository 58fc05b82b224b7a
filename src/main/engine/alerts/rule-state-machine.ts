/**
 * State machine of one rule on one series: (parameters, state, sample) → state, which includes the transition. Pure; states
 * are immutable. All times are steady milliseconds: monotonic, including sleep, independent of the wall clock.
 *
 * Each level has its own on/off state. It turns on when its condition held in every sample of its window, and off when
 * the value stayed at or past the recovery value long enough. Critical implies warning, so an incident escalates and
 * de-escalates without ending in between.
 */
import type { IncidentSeverity } from '../../../shared/alerts/rule';
import type { IncidentEventKind } from '../../../shared/alerts/incident-event';

/** A threshold with hysteresis. `sign` is 1 if high values are bad, -1 if low ones are. */
export interface Bound {
  readonly sign: 1 | -1;
  /** A value at or past it is bad. */
  readonly threshold: number;
  /** A value at or back past it is good again. */
  readonly recoverAt: number;
}

/** Parameters of one level. */
export interface LevelParams extends Bound {
  readonly forMs: number;
  readonly guard: Bound | null;
}

/** Whether one of the alternatives of each level holds; null for a level without alternatives. */
export interface AlternativesNow {
  readonly warning: Comparison | null;
  readonly critical: Comparison | null;
}

/** Parameters of a rule. */
export interface MachineParams {
  readonly warning: LevelParams | null;
  readonly critical: LevelParams | null;
  readonly recoverMs: number;
  readonly cooldownMs: number;
  /** Null: no reminders. */
  readonly repeatMs: number | null;
  /** Usual interval between samples. */
  readonly intervalMs: number;
}

/** Time of a sample and what precedes it. */
export interface SampleContext {
  /** Steady time of the sample; the end of the bucket if the value is a bucket's mean. */
  readonly steady: number;
  /** True for the first sample after a recorded gap. */
  readonly gap: boolean;
  /** Time before `steady` that the value covers: 0 for a sample, the bucket's width for a mean. */
  readonly span: number;
}

/** Consecutive samples with the same result. */
interface Streak {
  readonly since: number;
  /** Time covered by the samples. */
  readonly covered: number;
  readonly last: number;
}

/** State of one level. */
interface LevelState {
  readonly on: boolean;
  /** When the streak that led to this state began. */
  readonly since: number;
  /** Samples that lead towards the other state. */
  readonly streak: Streak | null;
}

/** A step of the incident. */
export interface Transition {
  readonly kind: IncidentEventKind;
  readonly suppressed: boolean;
  /** When its cause began: the condition, or the recovery. */
  readonly since: number;
}

/** State of a rule on a series. */
export interface MachineState {
  readonly warning: LevelState;
  readonly critical: LevelState;
  /** Of the open incident; null without one. */
  readonly severity: IncidentSeverity | null;
  readonly worst: IncidentSeverity | null;
  readonly acknowledged: boolean;
  /** The incident fired within a cooldown and is not notified. */
  readonly isSuppressed: boolean;
  /** Sampled time since the last event of the incident; used for reminders. */
  readonly sinceEmitted: number;
  /** Steady time up to which that was counted. */
  readonly countedUntil: number;
  /** After an incident: until when another one that is no worse is suppressed. */
  readonly cooling: { readonly until: number; readonly worst: IncidentSeverity } | null;
  /** Transition at the last sample; null without one. */
  readonly change: Transition | null;
}

/** A sample covers at most this many intervals: intervals double in power saving. */
const MAX_COVERED_INTERVALS = 2;
/** A pause longer than this many intervals is a gap. */
const MAX_PAUSE_INTERVALS = 4;

/**
 * Where none of a level's alternatives is known, the level counts without them, once that has lasted this long, ms: rates are
 * unknown for some seconds after a start and after each gap.
 */
const ALONE_AFTER = 60_000;

/** No level has alternatives. */
export const NO_ALTERNATIVES: AlternativesNow = { warning: null, critical: null };

const OFF: LevelState = { on: false, since: 0, streak: null };

/** No open or pending incident, no cooldown. */
export const IDLE_STATE: MachineState = {
  warning: OFF,
  critical: OFF,
  severity: null,
  worst: null,
  acknowledged: false,
  isSuppressed: false,
  sinceEmitted: 0,
  countedUntil: 0,
  cooling: null,
  change: null,
};

/** State of an incident that was open when the app ended. The rule must still have its level. */
export function openState(params: MachineParams, open: Pick<MachineState, 'worst' | 'acknowledged'> & { severity: IncidentSeverity }, steady: number): MachineState {
  const on: LevelState = { on: true, since: steady, streak: null };
  return { ...IDLE_STATE, ...open, warning: params.warning === null ? OFF : on, critical: open.severity === 'critical' ? on : OFF, countedUntil: steady };
}

/** State after an incident that ended outside the state machine: before the app started, or with its device. */
export function coolingState(worst: IncidentSeverity, until: number): MachineState {
  return { ...IDLE_STATE, cooling: { until, worst } };
}

/** True while a condition holds, but not yet long enough to fire. */
export function isPending(state: MachineState): boolean {
  return state.severity === null && (state.warning.streak !== null || state.critical.streak !== null);
}

/** A value compared with a bound: bad, between the thresholds, recovered, or missing. */
export type Comparison = 'crossed' | 'between' | 'recovered' | 'unknown';

/** The bound of a threshold in a direction; without a recovery value it is the threshold. */
export function boundOf({ direction, threshold, recoverAt }: { readonly direction: 'above' | 'below'; readonly threshold: number; readonly recoverAt: number | null }): Bound {
  return { sign: direction === 'above' ? 1 : -1, threshold, recoverAt: recoverAt ?? threshold };
}

/** Compares a value with a bound. */
export function classify({ sign, threshold, recoverAt }: Bound, value: number): Comparison {
  if ((value - threshold) * sign >= 0) return 'crossed';
  return (value - recoverAt) * sign <= 0 ? 'recovered' : 'between';
}

/**
 * A level is crossed if value, guard and one alternative are, recovered if the value is, the guard or every alternative, or
 * the rule has no such level, and unknown if a needed value is missing. Alternatives of which none is known restrict nothing:
 * a machine that never has their values must not be without alerts.
 */
function evaluateLevel(level: LevelParams | null, value: number | null, guard: number | null, alternatives: Comparison | null): Comparison {
  const own = evaluateGuarded(level, value, guard);
  if (value === null || own === 'recovered' || alternatives === null || alternatives === 'unknown' || alternatives === 'crossed') return own;
  return own === 'unknown' && alternatives === 'between' ? own : alternatives;
}

function evaluateGuarded(level: LevelParams | null, value: number | null, guard: number | null): Comparison {
  if (value === null) return 'unknown';
  if (level === null) return 'recovered';
  const own = classify(level, value);
  if (level.guard === null || own === 'recovered') return own;
  if (guard === null) return 'unknown';
  const other = classify(level.guard, guard);
  return other === 'crossed' ? own : other;
}

function isGap(streak: Streak, { steady, gap }: SampleContext, intervalMs: number): boolean {
  const pause = steady - streak.last;
  return gap || pause < 0 || pause > MAX_PAUSE_INTERVALS * intervalMs;
}

function extend(streak: Streak | null, { steady, span }: SampleContext, intervalMs: number): Streak {
  if (streak === null) return { since: steady - span, covered: span, last: steady };
  return { since: streak.since, covered: streak.covered + Math.min(steady - streak.last, MAX_COVERED_INTERVALS * intervalMs), last: steady };
}

function stepLevel(level: LevelParams | null, state: LevelState, comparison: Comparison, context: SampleContext, { recoverMs, intervalMs }: MachineParams, isAlone: boolean): LevelState {
  const streak = state.streak !== null && isGap(state.streak, context, intervalMs) ? null : state.streak;
  if (comparison === 'unknown') return streak === state.streak ? state : withoutStreak(state);
  if (comparison !== (state.on ? 'recovered' : 'crossed')) return withoutStreak(state);
  const longer = extend(streak, context, intervalMs);
  const needed = state.on ? recoverMs : Math.max(level?.forMs ?? Infinity, isAlone ? ALONE_AFTER : 0);
  return longer.covered >= needed ? { on: !state.on, since: longer.since, streak: null } : { on: state.on, since: state.since, streak: longer };
}

/** The same on/off state without a streak. */
function withoutStreak(state: LevelState): LevelState {
  if (!state.on) return OFF;
  return state.streak === null ? state : { on: true, since: state.since, streak: null };
}

function rank(severity: IncidentSeverity | null): number {
  return severity === null ? 0 : severity === 'warning' ? 1 : 2;
}

function worseOf(a: IncidentSeverity | null, b: IncidentSeverity | null): IncidentSeverity | null {
  return rank(b) > rank(a) ? b : a;
}

/** The state after a sample. Guard values are null if the level has no guard or the value is missing. */
export function transition(
  params: MachineParams,
  state: MachineState,
  value: number | null,
  warningGuard: number | null,
  criticalGuard: number | null,
  context: SampleContext,
  alternatives: AlternativesNow = NO_ALTERNATIVES,
): MachineState {
  const { warning: lesser, critical: worst } = alternatives;
  const critical = stepLevel(params.critical, state.critical, evaluateLevel(params.critical, value, criticalGuard, worst), context, params, worst === 'unknown');
  const own = stepLevel(params.warning, state.warning, evaluateLevel(params.warning, value, warningGuard, lesser), context, params, lesser === 'unknown');
  const isImplied = critical.on && !state.critical.on && !own.on && params.warning !== null;
  const warning = isImplied ? critical : own;
  if (warning === state.warning && critical === state.critical) {
    if (state.severity === null) return stepIdle(state, context.steady);
    // Fast path: most samples of an open incident change nothing.
    if (params.repeatMs === null && !state.isSuppressed && state.change === null) return state;
  }
  const severity = critical.on ? 'critical' : warning.on ? 'warning' : null;
  const next = { ...state, warning, critical, change: null };
  if (severity === null) return state.severity === null ? expireCooldown(next, context.steady) : resolved(params, next, context.steady);
  if (state.severity === null) return fired(next, severity, context.steady);
  if (severity !== state.severity) return changed(next, severity, context.steady);
  return continued(params, next, context);
}

/** Step without a level change and without an incident. */
function stepIdle(state: MachineState, steady: number): MachineState {
  if (state.cooling === null && state.change === null) return state;
  return expireCooldown(state.change === null ? state : { ...state, change: null }, steady);
}

/** Drops a cooldown that has passed; returns IDLE_STATE if nothing else is left. */
function expireCooldown(state: MachineState, steady: number): MachineState {
  if (state.cooling !== null && steady < state.cooling.until) return state;
  if (state.warning === OFF && state.critical === OFF) return IDLE_STATE;
  return state.cooling === null ? state : { ...state, cooling: null };
}

/** True if a cooldown suppresses the severity: it does not suppress a worse one than before. */
function isWithinCooldown({ cooling }: MachineState, severity: IncidentSeverity, steady: number): boolean {
  return cooling !== null && steady < cooling.until && rank(severity) <= rank(cooling.worst);
}

function fired(state: MachineState, severity: IncidentSeverity, steady: number): MachineState {
  const since = severity === 'critical' ? state.critical.since : state.warning.since;
  const isSuppressed = isWithinCooldown(state, severity, steady);
  const change: Transition = { kind: 'fired', suppressed: isSuppressed, since };
  return { ...state, severity, worst: severity, acknowledged: false, isSuppressed, sinceEmitted: 0, countedUntil: steady, change };
}

function changed(state: MachineState, severity: IncidentSeverity, steady: number): MachineState {
  const isWorse = severity === 'critical';
  const isSuppressed = isWorse ? state.isSuppressed && isWithinCooldown(state, severity, steady) : state.isSuppressed;
  const change: Transition = { kind: isWorse ? 'escalated' : 'deescalated', suppressed: isSuppressed, since: state.critical.since };
  // An acknowledged warning does not acknowledge its escalation.
  const acknowledged = state.acknowledged && !isWorse;
  return { ...state, severity, worst: worseOf(state.worst, severity), acknowledged, isSuppressed, sinceEmitted: 0, countedUntil: steady, change };
}

function resolved(params: MachineParams, state: MachineState, steady: number): MachineState {
  const worst = state.isSuppressed ? state.cooling?.worst : (state.worst ?? state.severity);
  const cooling = params.cooldownMs === 0 || worst === undefined || worst === null ? null : { until: steady + params.cooldownMs, worst };
  // Both levels may have turned off with this sample; the later one counts.
  const since = Math.max(state.warning.since, state.critical.since);
  return { ...IDLE_STATE, cooling, change: { kind: 'resolved', suppressed: state.isSuppressed, since } };
}

/** Step of an incident that continues: emits a reminder if one is due. */
function continued(params: MachineParams, state: MachineState, { steady, gap }: SampleContext): MachineState {
  const pause = gap ? 0 : Math.min(Math.max(0, steady - state.countedUntil), MAX_COVERED_INTERVALS * params.intervalMs);
  const next = { ...state, sinceEmitted: state.sinceEmitted + pause, countedUntil: steady };
  if (state.acknowledged) return next;
  // An incident that fired within a cooldown and outlasts it is notified by a reminder.
  const outlastsCooldown = state.isSuppressed && (state.cooling === null || steady >= state.cooling.until);
  const isDue = params.repeatMs !== null && next.sinceEmitted >= params.repeatMs;
  if (!outlastsCooldown && !isDue) return next;
  const isSuppressed = state.isSuppressed && !outlastsCooldown;
  return { ...next, isSuppressed, sinceEmitted: 0, change: { kind: 'reminder', suppressed: isSuppressed, since: steady } };
}
