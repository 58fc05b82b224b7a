/** The calls about machines, and which machine a call is about: this one, or one that reports here. */
import { CALLS } from '../../shared/api/contract';
import type { CallName, EventPayload } from '../../shared/api/contract';
import type { Report, ReportAnswer } from '../../shared/machines/report-schemas';
import type { Caller, Handlers } from '../../shared/api/dispatch';
import type { Incident } from '../../shared/alerts/incident';
import type { HostInfo } from '../../shared/host-info';
import { isMachineCall } from '../../shared/machines/machine-calls';
import { THIS_MACHINE } from '../../shared/machines/this-machine';
import type { MachineSummary } from '../../shared/machines/machine-schemas';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Hub } from '../engine/hub';
import { usageOf, worstOf } from '../machines/summary';

/** Calls about machines. */
export type MachineHandlers = Pick<Handlers, 'machines' | 'saveMachine' | 'removeMachine'>;

/** What it needs of the core. */
export interface MachineControlParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly hub: Hub;
  openIncidents(): readonly Incident[];
  host(): Promise<HostInfo>;
}

/** Machines, seen from the core. */
export interface MachineControl {
  readonly handlers: MachineHandlers;
  /** The handlers that answer for the machine a call is about. */
  route(own: Handlers): Handlers;
  /** A machine reports. Throws a CallError where the report is refused. */
  take(machine: string, report: Report, address: string): Promise<ReportAnswer>;
  /** A window or a stream has gone: it watches no machine any more. */
  leave(caller: string): void;
  /** Calls back with the list of machines after a change, at most every two seconds, and with what machines that are watched send. */
  onPush(listener: MachinePush): void;
  close(): void;
}

/** Sends an event about machines. */
export type MachinePush = <N extends 'machines' | 'machineEvent'>(name: N, payload: EventPayload<N>) => void;

const unknownMachine = (): CallError => new CallError('NotFound', 'this machine does not report here');

/** This machine, as its card shows it. */
async function ownSummary({ clock, hub, openIncidents, host }: MachineControlParts): Promise<MachineSummary> {
  const facts = await host();
  const snapshot = hub.snapshot();
  const open = openIncidents();
  const sampledAt = snapshot.seq > 0 ? snapshot.time : null;
  return {
    id: THIS_MACHINE,
    state: snapshot.paused ? 'paused' : 'live',
    settings: null,
    name: facts.hostname,
    hostname: facts.hostname,
    os: facts.os,
    version: facts.appVersion,
    age: 'same',
    reportedAt: sampledAt,
    sampledAt,
    behind: null,
    clockOff: null,
    usage: usageOf(snapshot),
    spark: null,
    open: open.length,
    worst: worstOf(open, clock.now()),
    problem: null,
    bytes: null,
  };
}

/** Creates it. */
export function createMachineControl(parts: MachineControlParts): MachineControl {
  return {
    handlers: {
      machines: async () => [await ownSummary(parts)],
      saveMachine: () => {
        throw unknownMachine();
      },
      removeMachine: () => {
        throw unknownMachine();
      },
    },
    route(own) {
      const routed = (name: CallName) => (input: unknown, caller: Caller): unknown => {
        if (caller.machine === undefined) return (own[name] as (input: unknown, caller: Caller) => unknown)(input, caller);
        if (!isMachineCall(name)) throw new CallError('BadInput', `machine: ${name} is about this machine alone`);
        throw unknownMachine();
      };
      return Object.fromEntries((Object.keys(CALLS) as CallName[]).map((name) => [name, routed(name)])) as unknown as Handlers;
    },
    take: () => Promise.reject(unknownMachine()),
    leave: () => undefined,
    onPush: () => undefined,
    close: () => undefined,
  };
}
