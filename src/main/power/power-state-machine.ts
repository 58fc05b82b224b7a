/**
 * Remote restart and shutdown as a state machine: idle → pending → countdown → executing → idle. Pure: (state, event, time) →
 * (state, effects). A request needs a confirmation and a countdown, and when anything is unclear nothing is executed.
 */
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerOutcome } from '../../shared/power/power-schemas';

/** Time to confirm a request, ms. */
export const CONFIRM_TIMEOUT = 60_000;
/** Wrong passwords that end a request. */
export const MAX_WRONG_PASSWORDS = 3;
/**
 * An action is not executed later than this after its countdown, ms: the machine slept meanwhile, and the user who woke it
 * has not seen the countdown.
 */
const MAX_DELAY = 10_000;

/** A request for an action. */
interface PowerRequest {
  readonly id: string;
  readonly action: PowerAction;
  /** Id of the requester. */
  readonly caller: string;
  /** Display name of the requester. */
  readonly by: string;
}

/** State of the machine. `until` in ms of the boot clock. */
export type PowerMachine =
  | { readonly state: 'idle'; readonly outcome: PowerOutcome | null }
  | { readonly state: 'pending'; readonly request: PowerRequest; readonly until: number; readonly wrongPasswords: number }
  | { readonly state: 'countdown'; readonly request: PowerRequest; readonly until: number }
  | { readonly state: 'executing'; readonly request: PowerRequest };

/** An event the machine reacts to. */
export type PowerEvent =
  | { readonly kind: 'request'; readonly request: PowerRequest }
  /** `how`: how it was confirmed, for the timeline. `countdown` in ms. */
  | { readonly kind: 'confirm'; readonly id: string; readonly how: string; readonly countdown: number }
  | { readonly kind: 'wrongPassword'; readonly id: string }
  | { readonly kind: 'cancel'; readonly id: string; readonly by: string }
  /** Time has passed. */
  | { readonly kind: 'time' }
  /** The settings or the rights that allowed the request have changed. */
  | { readonly kind: 'forbid'; readonly reason: string }
  | { readonly kind: 'failed'; readonly id: string; readonly reason: string };

/** A side effect to perform: an event for the timeline, whose message ends with `detail`, or the command itself. */
export type PowerEffect =
  | { readonly kind: 'record'; readonly type: 'power_requested' | 'power_confirmed' | 'power_cancelled' | 'power_started' | 'power_failed'; readonly request: PowerRequest; readonly detail: string }
  | { readonly kind: 'run'; readonly request: PowerRequest };

/** Result of one event. An event that is not accepted leaves the machine unchanged. */
export interface PowerStep {
  readonly machine: PowerMachine;
  readonly effects: readonly PowerEffect[];
  readonly accepted: boolean;
}

/** The initial state. */
export const IDLE: PowerMachine = { state: 'idle', outcome: null };

const rejected = (machine: PowerMachine): PowerStep => ({ machine, effects: [], accepted: false });

/** A sentence as the end of another one: "Not in time." becomes ": not in time". */
const toClause = (sentence: string): string => `: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;

function cancelled(request: PowerRequest, reason: string, detail = toClause(reason)): PowerStep {
  return ended(request, 'cancelled', reason, detail);
}

function ended(request: PowerRequest, result: PowerOutcome['result'], reason: string, detail: string): PowerStep {
  const { action } = request;
  return {
    machine: { state: 'idle', outcome: { action, result, reason } },
    effects: [{ kind: 'record', type: result === 'failed' ? 'power_failed' : 'power_cancelled', request, detail }],
    accepted: true,
  };
}

function onTime(machine: PowerMachine, now: number): PowerStep {
  if ((machine.state !== 'pending' && machine.state !== 'countdown') || now < machine.until) return rejected(machine);
  const { request, until } = machine;
  if (machine.state === 'pending') return cancelled(request, 'Not confirmed in time.');
  if (now - until > MAX_DELAY) return cancelled(request, 'The machine was asleep when the countdown ended.');
  return {
    machine: { state: 'executing', request },
    effects: [{ kind: 'record', type: 'power_started', request, detail: '' }, { kind: 'run', request }],
    accepted: true,
  };
}

function onWrongPassword(machine: Extract<PowerMachine, { state: 'pending' }>): PowerStep {
  const wrongPasswords = machine.wrongPasswords + 1;
  if (wrongPasswords >= MAX_WRONG_PASSWORDS) return cancelled(machine.request, 'Too many wrong passwords.');
  return { machine: { ...machine, wrongPasswords }, effects: [], accepted: true };
}

/** The machine after an event. `now` in ms of the boot clock. */
export function advance(before: PowerMachine, event: PowerEvent, now: number): PowerStep {
  const due = onTime(before, now);
  if (event.kind === 'time') return due;
  // What has expired can be neither confirmed nor cancelled any more.
  if (due.accepted) return rejected(before);
  if (event.kind === 'request') {
    if (before.state !== 'idle') return rejected(before);
    const { request } = event;
    return { machine: { state: 'pending', request, until: now + CONFIRM_TIMEOUT, wrongPasswords: 0 }, effects: [{ kind: 'record', type: 'power_requested', request, detail: '' }], accepted: true };
  }
  if (before.state === 'idle') return rejected(before);
  const { request } = before;
  if (event.kind === 'failed') return before.state === 'executing' && event.id === request.id ? ended(request, 'failed', event.reason, `: ${event.reason}`) : rejected(before);
  if (before.state === 'executing') return rejected(before);
  if (event.kind === 'forbid') return cancelled(request, event.reason);
  if (event.id !== request.id) return rejected(before);
  if (event.kind === 'cancel') return cancelled(request, `Cancelled by ${event.by}.`, ` by ${event.by}`);
  if (before.state !== 'pending') return rejected(before);
  if (event.kind === 'wrongPassword') return onWrongPassword(before);
  return {
    machine: { state: 'countdown', request, until: now + event.countdown },
    effects: [{ kind: 'record', type: 'power_confirmed', request, detail: ` ${event.how}` }],
    accepted: true,
  };
}
