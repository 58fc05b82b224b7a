/** Which calls can be about another machine than the one Traywatch runs on, and what is pushed of another. */
import type { CallName, EventName } from '../api/contract';

/** Calls that answer for a machine that reports here from what it reported. Any other call is about this machine alone. */
const MACHINE_CALLS = [
  'snapshot',
  'series',
  'stats',
  'gaps',
  'events',
  'incidents',
  'processSnapshots',
  'backtestRule',
  'host',
  'status',
  'appState',
  'openAlerts',
  'setViewedFamilies',
  'exportHistory',
] as const satisfies readonly CallName[];
/** A call that can be about another machine. */
export type MachineCall = (typeof MACHINE_CALLS)[number];

/** True for a call that can be about another machine. */
export function isMachineCall(name: CallName): name is MachineCall {
  return (MACHINE_CALLS as readonly CallName[]).includes(name);
}

/** Events that are pushed of other machines, inside of a `machineEvent`. */
const MACHINE_EVENTS = ['batch', 'appState', 'event', 'incident', 'openAlerts'] as const satisfies readonly EventName[];
/** An event that is pushed of other machines. */
export type MachineEventName = (typeof MACHINE_EVENTS)[number];

/** True for the name of an event that is pushed of other machines. */
export function isMachineEvent(name: string): name is MachineEventName {
  return (MACHINE_EVENTS as readonly string[]).includes(name);
}
