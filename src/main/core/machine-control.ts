/** The calls about machines, and which machine a call is about: this one, or one that reports here. */
import { existsSync } from 'node:fs';
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
import type { MachineAlerts } from '../alerts/machine-alerts';
import type { Timers } from '../engine/clock';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Paths } from '../lib/paths';
import type { Machines, MachinesParts, WorstIncident } from '../machines/index';
import { usageOf, worstOf } from '../machines/summary';
import type { MachineTokens } from '../access/machine-tokens';
import type { MachineCallHandlers, MachineHandlerParts } from './machine-handlers';

/** Calls about machines. */
export type MachineHandlers = Pick<Handlers, 'machines' | 'saveMachine' | 'removeMachine'>;

/** What it needs of the core. */
export interface MachineControlParts extends Omit<MachineHandlerParts, 'watch' | 'settings'>, Pick<MachinesParts, 'record'> {
  readonly paths: Pick<Paths, 'machines' | 'machineFolder'>;
  readonly timers: Timers;
  readonly log: Log;
  readonly appVersion: string;
  readonly hub: Hub;
  readonly tokens: Pick<MachineTokens, 'find' | 'revoke' | 'rotate'>;
  readonly machineAlerts: MachineAlerts;
  hubSettings: MachineHandlerParts['settings'];
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
  /** True while a machine reports: nobody else can have its id. */
  isLive(machine: string): boolean;
  /** The worst open incident of all machines that report here; null for none. */
  worst(): WorstIncident | null;
  /** The last readings of each machine that reports here, for scrapes. */
  readings(): ReturnType<Machines['readings']>;
  /** A window or a stream has gone, or shows this machine: it watches no other any more. */
  leave(caller: string): void;
  /** Calls back with the list of machines after a change, at most every two seconds, and with what machines that are watched send. */
  onPush(listener: MachinePush): void;
  close(): void;
}

/** Sends an event about machines. */
type MachinePush = <N extends 'machines' | 'machineEvent'>(name: N, payload: EventPayload<N>) => void;

/** The room as it is loaded, with the handlers of each machine. */
interface Loaded {
  readonly machines: Machines;
  handlersOf(id: string): MachineCallHandlers;
}

/** Least time between two lists that are pushed, ms. */
const PUSH_INTERVAL = 2000;

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

class MachineControlService implements MachineControl {
  readonly handlers: MachineHandlers;
  readonly #parts: MachineControlParts;
  readonly #listeners = new Set<MachinePush>();
  #loading: Promise<Loaded> | null = null;
  #loaded: Loaded | null = null;
  /** Set from a change until the list is pushed. */
  #cancelPush: (() => void) | null = null;
  #isClosed = false;

  constructor(parts: MachineControlParts) {
    this.#parts = parts;
    this.handlers = {
      machines: () => this.#list(true),
      saveMachine: async ({ id, settings }) => {
        (await this.#known()).machines.save(id, settings);
        return this.#list(true);
      },
      removeMachine: async ({ id }) => {
        const { machines } = await this.#known();
        if (machines.get(id) === null) throw unknownMachine();
        // First of all it may not report any more: it would be added again.
        parts.tokens.revoke(id);
        machines.remove(id);
        return this.#list(true);
      },
    };
    if (existsSync(parts.paths.machines)) void this.#load().catch((error: unknown) => parts.log.error('machines that report here could not be loaded', { error }));
  }

  route(own: Handlers): Handlers {
    const routed = (name: CallName) => (input: unknown, caller: Caller): unknown =>
      caller.machine === undefined ? (own[name] as (input: unknown, caller: Caller) => unknown)(input, caller) : this.#callOf(caller.machine, name, input, caller);
    return Object.fromEntries((Object.keys(CALLS) as CallName[]).map((name) => [name, routed(name)])) as unknown as Handlers;
  }

  async take(machine: string, report: Report): Promise<ReportAnswer> {
    if (this.#isClosed) throw new CallError('Unavailable', 'this hub is ending');
    const { tokens } = this.#parts;
    const { machines } = await this.#load();
    // While it waited it may have been revoked.
    if (tokens.find(machine) === null) throw new CallError('Forbidden', 'this machine may not report here any more');
    const answer = await machines.take(machine, report);
    const isLast = report.state === 'stopping' || report.state === 'suspending';
    return isLast ? answer : { ...answer, token: tokens.rotate(machine) };
  }

  isLive(machine: string): boolean {
    return this.#loaded?.machines.isLive(machine) ?? false;
  }

  worst(): WorstIncident | null {
    return this.#loaded?.machines.worst() ?? null;
  }

  readings(): ReturnType<Machines['readings']> {
    return this.#loaded?.machines.readings() ?? [];
  }

  leave(caller: string): void {
    this.#loaded?.machines.leave(caller);
  }

  onPush(listener: MachinePush): void {
    this.#listeners.add(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelPush?.();
    this.#loaded?.machines.close();
  }

  async #callOf(machine: string, name: CallName, input: unknown, caller: Caller): Promise<unknown> {
    if (!isMachineCall(name)) throw new CallError('BadInput', `machine: ${name} is about this machine alone`);
    const { handlersOf } = await this.#known();
    return (handlersOf(machine)[name] as (input: unknown, caller: Caller) => unknown)(input, caller);
  }

  /** The machines; a NotFound CallError where none ever joined. */
  #known(): Promise<Loaded> {
    if (this.#loading === null) throw unknownMachine();
    return this.#loading;
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#create();
    return this.#loading;
  }

  async #create(): Promise<Loaded> {
    const [{ Machines }, { createMachineHandlers, machineAppState }] = await Promise.all([import('../machines/index'), import('./machine-handlers')]);
    const { paths, clock, timers, log, appVersion, databaseWorker, record, tokens, machineAlerts, hubSettings } = this.#parts;
    const handlers = new WeakMap<object, MachineCallHandlers>();
    const machines = new Machines({
      path: paths.machines,
      folder: paths.machineFolder,
      clock,
      timers,
      log: log.scoped('machines'),
      version: appVersion,
      compact: (path) => databaseWorker.compact(path),
      record,
      mayReport: (id) => tokens.find(id) !== null,
      onChange: () => this.#changed(),
      onEvent: (machine, name, payload) => this.#push('machineEvent', { machine, name, payload }),
      onState: (id, name) => {
        const machine = machines.get(id);
        if (machine === null) return;
        this.#push('machineEvent', { machine: id, name, payload: name === 'appState' ? machineAppState(machine, hubSettings()) : { incidents: machine.openIncidents(), snoozes: [] } });
      },
      onAlert(machine, incident, kind) {
        const rule = machine === null ? undefined : machines.get(machine.id)?.known.about?.rules.find(({ id }) => id === incident.ruleId);
        machineAlerts.tell({ machine: machine?.name ?? null, incident, kind, rule: rule ?? null });
      },
    });
    if (this.#isClosed) machines.close();
    const handlersOf = (id: string): MachineCallHandlers => {
      const machine = machines.get(id);
      if (machine === null) throw unknownMachine();
      const known = handlers.get(machine) ?? createMachineHandlers(machine, { ...this.#parts, settings: hubSettings, watch: (caller, isSeen) => (isSeen ? machines.watch(caller, id) : machines.leave(caller, id)) });
      handlers.set(machine, known);
      return known;
    };
    this.#loaded = { machines, handlersOf };
    return this.#loaded;
  }

  async #list(withSparks: boolean): Promise<readonly MachineSummary[]> {
    const loaded = await this.#loading;
    return [await ownSummary(this.#parts), ...(loaded?.machines.list(withSparks) ?? [])];
  }

  #push<N extends 'machines' | 'machineEvent'>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners) listener(name, payload);
  }

  #changed(): void {
    if (this.#isClosed || this.#cancelPush !== null || this.#listeners.size === 0) return;
    this.#cancelPush = this.#parts.timers.after(PUSH_INTERVAL, () => {
      this.#cancelPush = null;
      void this.#list(false).then((list) => this.#push('machines', list), (error: unknown) => this.#parts.log.error('the list of machines could not be made', { error }));
    });
  }
}

/** Creates it; nothing is loaded before a machine has joined. */
export function createMachineControl(parts: MachineControlParts): MachineControl {
  return new MachineControlService(parts);
}
