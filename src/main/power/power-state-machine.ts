/**
 * Restarting and shutting down as a state machine. Pure: (state, what happens, time) → (state, what to do). It asks twice,
 * counts down in the open, and when anything is unclear it does nothing.
 */
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerOutcome } from '../../shared/power/power-schemas';

/** So long somebody has to confirm, ms. */
export const CONFIRM_LIFE = 60_000;
/** Wrong passwords that end a request. */
export const MAX_WRONG = 3;
/**
 * A deed that comes later than this after its moment is not done, ms: the machine slept meanwhile, and whoever sits at it
 * now was never asked.
 */
const TOO_LATE = 10_000;

/** Somebody's request. */
interface Request {
  readonly id: string;
  readonly action: PowerAction;
  /** Who asked: an id for the program, a name for a person. */
  readonly caller: string;
  readonly by: string;
}

/** How it stands. `until` in ms of the boot clock. */
export type PowerMachine =
  | { readonly state: 'idle'; readonly outcome: PowerOutcome | null }
  | { readonly state: 'asked'; readonly request: Request; readonly until: number; readonly wrong: number }
  | { readonly state: 'counting'; readonly request: Request; readonly until: number }
  | { readonly state: 'started'; readonly request: Request };

/** What happens to it. */
export type PowerEvent =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'confirm'; readonly id: string; readonly how: string; readonly countdown: number }
  | { readonly kind: 'wrongPassword'; readonly id: string }
  | { readonly kind: 'cancel'; readonly id: string; readonly why: string }
  /** A timer went off, or somebody looked at the clock. */
  | { readonly kind: 'time' }
  /** The settings or the rights behind it are gone. */
  | { readonly kind: 'forbid'; readonly why: string }
  | { readonly kind: 'failed'; readonly id: string; readonly why: string };

/** What is to be done about it. */
export type Effect =
  | { readonly kind: 'tell'; readonly type: 'power_requested' | 'power_confirmed' | 'power_cancelled' | 'power_started' | 'power_failed'; readonly request: Request; readonly detail: string }
  | { readonly kind: 'run'; readonly request: Request };

/** The machine after it, what is to be done, and whether it was taken; a refusal leaves the machine as it was. */
export interface Step {
  readonly machine: PowerMachine;
  readonly effects: readonly Effect[];
  readonly taken: boolean;
}

/** Nothing is going on. */
export const IDLE: PowerMachine = { state: 'idle', outcome: null };

const refused = (machine: PowerMachine): Step => ({ machine, effects: [], taken: false });

function ended(request: Request, type: 'power_cancelled' | 'power_failed', why: string): Step {
  const outcome: PowerOutcome = { action: request.action, result: type === 'power_failed' ? 'failed' : 'cancelled', reason: why };
  return { machine: { state: 'idle', outcome }, effects: [{ kind: 'tell', type, request, detail: why }], taken: true };
}

function onTime(machine: PowerMachine, now: number): Step {
  if ((machine.state !== 'asked' && machine.state !== 'counting') || now < machine.until) return refused(machine);
  const { request, until } = machine;
  if (machine.state === 'asked') return ended(request, 'power_cancelled', 'Nobody confirmed it in time.');
  if (now - until > TOO_LATE) return ended(request, 'power_cancelled', 'The machine slept meanwhile.');
  return {
    machine: { state: 'started', request },
    effects: [{ kind: 'tell', type: 'power_started', request, detail: '' }, { kind: 'run', request }],
    taken: true,
  };
}

function onWrong(machine: Extract<PowerMachine, { state: 'asked' }>): Step {
  const wrong = machine.wrong + 1;
  return wrong >= MAX_WRONG ? ended(machine.request, 'power_cancelled', 'The password was wrong too often.') : { machine: { ...machine, wrong }, effects: [], taken: true };
}

/** One step. `now` in ms of the boot clock. */
export function advance(before: PowerMachine, powerEvent: PowerEvent, now: number): Step {
  const due = onTime(before, now);
  if (powerEvent.kind === 'time') return due;
  // What time has ended by itself can be neither confirmed nor called off any more.
  if (due.taken) return refused(before);
  if (powerEvent.kind === 'request') {
    if (before.state !== 'idle') return refused(before);
    const { request } = powerEvent;
    return { machine: { state: 'asked', request, until: now + CONFIRM_LIFE, wrong: 0 }, effects: [{ kind: 'tell', type: 'power_requested', request, detail: '' }], taken: true };
  }
  if (before.state === 'idle') return refused(before);
  const { request } = before;
  if (powerEvent.kind === 'failed') return before.state === 'started' && powerEvent.id === request.id ? ended(request, 'power_failed', powerEvent.why) : refused(before);
  if (before.state === 'started') return refused(before);
  if (powerEvent.kind === 'forbid') return ended(request, 'power_cancelled', powerEvent.why);
  if (powerEvent.id !== request.id) return refused(before);
  if (powerEvent.kind === 'cancel') return ended(request, 'power_cancelled', powerEvent.why);
  if (before.state !== 'asked') return refused(before);
  if (powerEvent.kind === 'wrongPassword') return onWrong(before);
  return {
    machine: { state: 'counting', request, until: now + powerEvent.countdown },
    effects: [{ kind: 'tell', type: 'power_confirmed', request, detail: powerEvent.how }],
    taken: true,
  };
}
