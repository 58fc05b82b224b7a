/**
 * The state machine of one rule on one series: (parameters, state, sample) → state, with what happened in it. Pure, and
 * states are never changed. All times are steady milliseconds: they only grow, and no clock that is set moves them.
 *
 * Each level is a switch of its own. It goes on when its condition held in every sample of its window, and off when the
 * value stayed back past the clear value long enough. Critical being on implies warning, so an incident worsens and
 * eases but never ends half way.
 */
import type { IncidentSeverity } from '../../../shared/alerts/rule';
import type { IncidentEventKind } from '../../../shared/alerts/incident-event';

/** A bound with hysteresis. `sign` is 1 where more is worse and -1 where less is. */
export interface Bound {
  readonly sign: 1 | -1;
  /** At or past it the bound is crossed. */
  readonly threshold: number;
  /** At or back past it the bound is left. */
  readonly recoverAt: number;
}

/** One level, ready for use. */
export interface LevelParams extends Bound {
  readonly forMs: number;
  readonly guard: Bound | null;
}

/** A rule as the machine needs it. */
export interface MachineParams {
  readonly warning: LevelParams | null;
  readonly critical: LevelParams | null;
  readonly recoverMs: number;
  readonly cooldownMs: number;
  /** Null: no reminders. */
  readonly repeatMs: number | null;
  /** Usual time between two samples. */
  readonly intervalMs: number;
}

/** When and how a value came. */
export interface SampleContext {
  /** Steady time of the sample; the end of the bucket where the value is a bucket's. */
  readonly steady: number;
  /** True for the first sample after a hole whose cause is known. */
  readonly gap: boolean;
  /** Time before `steady` that the value stands for: 0 for a sample, a bucket's width for its mean. */
  readonly span: number;
}

/** A stretch of samples that all say the same. */
interface Streak {
  readonly since: number;
  /** Time covered by samples. */
  readonly held: number;
  readonly last: number;
}

/** One switch. */
interface LevelState {
  readonly on: boolean;
  /** When what brought it to where it is began. */
  readonly since: number;
  /** Samples that speak for the other position. */
  readonly run: Streak | null;
}

/** What happened with a sample. */
export interface Transition {
  readonly kind: IncidentEventKind;
  readonly suppressed: boolean;
  /** When what led to it began: the condition, or the recovery. */
  readonly since: number;
}

/** State of a rule on a series. */
export interface MachineState {
  readonly warning: LevelState;
  readonly critical: LevelState;
  /** Of the open incident; null while there is none. */
  readonly severity: IncidentSeverity | null;
  readonly worst: IncidentSeverity | null;
  readonly acknowledged: boolean;
  /** The incident is not announced: it came in a cooldown. */
  readonly silent: boolean;
  /** Time covered since it fired or a reminder was given. */
  readonly emittedFor: number;
  readonly emittedAt: number;
  /** After an incident: until when another one, no worse, stays silent. */
  readonly cooling: { readonly until: number; readonly worst: IncidentSeverity } | null;
  readonly happened: Transition | null;
}

/** A sample stands for no more than so many paces: every pace doubles while the machine is spared. */
const MAX_CREDIT = 2;
/** A pause longer than so many paces is a hole. */
const MAX_PAUSE = 4;

const OFF: LevelState = { on: false, since: 0, run: null };

/** No incident, none coming, and nothing to remember. */
export const IDLE_STATE: MachineState = {
  warning: OFF,
  critical: OFF,
  severity: null,
  worst: null,
  acknowledged: false,
  silent: false,
  emittedFor: 0,
  emittedAt: 0,
  cooling: null,
  happened: null,
};

/** The state of an incident that was open when the app ended. The rule must still have the level it stands at. */
export function openState(params: MachineParams, open: Pick<MachineState, 'worst' | 'acknowledged'> & { severity: IncidentSeverity }, steady: number): MachineState {
  const on: LevelState = { on: true, since: steady, run: null };
  return { ...IDLE_STATE, ...open, warning: params.warning === null ? OFF : on, critical: open.severity === 'critical' ? on : OFF, emittedAt: steady };
}

/** The state after an incident that ended elsewhere: before the app started, or with its device. */
export function coolingState(worst: IncidentSeverity, until: number): MachineState {
  return { ...IDLE_STATE, cooling: { until, worst } };
}

/** True when samples speak for an incident that is not yet one. */
export function isPending(state: MachineState): boolean {
  return state.severity === null && (state.warning.run !== null || state.critical.run !== null);
}

type Verdict = 'crossed' | 'between' | 'back' | 'unknown';

function classify({ sign, threshold, recoverAt }: Bound, value: number): Verdict {
  if ((value - threshold) * sign >= 0) return 'crossed';
  return (value - recoverAt) * sign <= 0 ? 'back' : 'between';
}

/** A level counts while value and guard are crossed, and is left when either is back, or when there is no such level any more; missing says nothing. */
function judgeLevel(level: LevelParams | null, value: number | null, guard: number | null): Verdict {
  if (value === null) return 'unknown';
  if (level === null) return 'back';
  const own = classify(level, value);
  if (level.guard === null || own === 'back') return own;
  if (guard === null) return 'unknown';
  const other = classify(level.guard, guard);
  return other === 'crossed' ? own : other;
}

function isGap(run: Streak, { steady, gap }: SampleContext, intervalMs: number): boolean {
  const pause = steady - run.last;
  return gap || pause < 0 || pause > MAX_PAUSE * intervalMs;
}

function extend(run: Streak | null, { steady, span }: SampleContext, intervalMs: number): Streak {
  if (run === null) return { since: steady - span, held: span, last: steady };
  return { since: run.since, held: run.held + Math.min(steady - run.last, MAX_CREDIT * intervalMs), last: steady };
}

function stepLevel(level: LevelParams | null, state: LevelState, verdict: Verdict, context: SampleContext, { recoverMs, intervalMs }: MachineParams): LevelState {
  const run = state.run !== null && isGap(state.run, context, intervalMs) ? null : state.run;
  if (verdict === 'unknown') return run === state.run ? state : settled(state);
  if (verdict !== (state.on ? 'back' : 'crossed')) return settled(state);
  const longer = extend(run, context, intervalMs);
  const needed = state.on ? recoverMs : (level?.forMs ?? Infinity);
  return longer.held >= needed ? { on: !state.on, since: longer.since, run: null } : { on: state.on, since: state.since, run: longer };
}

/** The same position, with nothing that speaks against it. */
function settled(state: LevelState): LevelState {
  if (!state.on) return OFF;
  return state.run === null ? state : { on: true, since: state.since, run: null };
}

function rank(severity: IncidentSeverity | null): number {
  return severity === null ? 0 : severity === 'warning' ? 1 : 2;
}

function worseOf(a: IncidentSeverity | null, b: IncidentSeverity | null): IncidentSeverity | null {
  return rank(b) > rank(a) ? b : a;
}

/** What follows a sample. `guards` are the values of the levels' guards; null where there is none, or it is missing. */
export function transition(params: MachineParams, state: MachineState, value: number | null, warningGuard: number | null, criticalGuard: number | null, context: SampleContext): MachineState {
  const critical = stepLevel(params.critical, state.critical, judgeLevel(params.critical, value, criticalGuard), context, params);
  const own = stepLevel(params.warning, state.warning, judgeLevel(params.warning, value, warningGuard), context, params);
  const isImplied = critical.on && !state.critical.on && !own.on && params.warning !== null;
  const warning = isImplied ? critical : own;
  if (warning === state.warning && critical === state.critical) {
    if (state.severity === null) return resting(state, context.steady);
    // An incident that just goes on, with nothing to be said again, is most of what there is in trouble.
    if (params.repeatMs === null && !state.silent && state.happened === null) return state;
  }
  const severity = critical.on ? 'critical' : warning.on ? 'warning' : null;
  const next = { ...state, warning, critical, happened: null };
  if (severity === null) return state.severity === null ? cooled(next, context.steady) : resolved(params, next, context.steady);
  if (state.severity === null) return fired(next, severity, context.steady);
  if (severity !== state.severity) return changed(next, severity, context.steady);
  return lasting(params, next, context);
}

/** Nothing new, and no incident. */
function resting(state: MachineState, steady: number): MachineState {
  if (state.cooling === null && state.happened === null) return state;
  return cooled(state.happened === null ? state : { ...state, happened: null }, steady);
}

/** Forgets a cooldown that is over; a state with nothing left in it is the idle one. */
function cooled(state: MachineState, steady: number): MachineState {
  if (state.cooling !== null && steady < state.cooling.until) return state;
  if (state.warning === OFF && state.critical === OFF) return IDLE_STATE;
  return state.cooling === null ? state : { ...state, cooling: null };
}

/** A cooldown silences what was told already, not something worse. */
function isSilenced({ cooling }: MachineState, severity: IncidentSeverity, steady: number): boolean {
  return cooling !== null && steady < cooling.until && rank(severity) <= rank(cooling.worst);
}

function fired(state: MachineState, severity: IncidentSeverity, steady: number): MachineState {
  const since = severity === 'critical' ? state.critical.since : state.warning.since;
  const silent = isSilenced(state, severity, steady);
  const happened: Transition = { kind: 'fired', suppressed: silent, since };
  return { ...state, severity, worst: severity, acknowledged: false, silent, emittedFor: 0, emittedAt: steady, happened };
}

function changed(state: MachineState, severity: IncidentSeverity, steady: number): MachineState {
  const isWorse = severity === 'critical';
  const silent = isWorse ? state.silent && isSilenced(state, severity, steady) : state.silent;
  const happened: Transition = { kind: isWorse ? 'escalated' : 'deescalated', suppressed: silent, since: state.critical.since };
  // Who acknowledged a warning has not seen the critical.
  const acknowledged = state.acknowledged && !isWorse;
  return { ...state, severity, worst: worseOf(state.worst, severity), acknowledged, silent, emittedFor: 0, emittedAt: steady, happened };
}

function resolved(params: MachineParams, state: MachineState, steady: number): MachineState {
  const worst = state.silent ? state.cooling?.worst : (state.worst ?? state.severity);
  const cooling = params.cooldownMs === 0 || worst === undefined || worst === null ? null : { until: steady + params.cooldownMs, worst };
  // Both levels may have been left with this sample; the one left last ends it.
  const since = Math.max(state.warning.since, state.critical.since);
  return { ...IDLE_STATE, cooling, happened: { kind: 'resolved', suppressed: state.silent, since } };
}

/** An incident goes on: perhaps it is time to say so again. */
function lasting(params: MachineParams, state: MachineState, { steady, gap }: SampleContext): MachineState {
  const pause = gap ? 0 : Math.min(Math.max(0, steady - state.emittedAt), MAX_CREDIT * params.intervalMs);
  const next = { ...state, emittedFor: state.emittedFor + pause, emittedAt: steady };
  if (state.acknowledged) return next;
  // What came in a cooldown and outlasts it is told after all.
  const isOut = state.silent && (state.cooling === null || steady >= state.cooling.until);
  const isDue = params.repeatMs !== null && next.emittedFor >= params.repeatMs;
  if (!isOut && !isDue) return next;
  const silent = state.silent && !isOut;
  return { ...next, silent, emittedFor: 0, happened: { kind: 'reminder', suppressed: silent, since: steady } };
}
