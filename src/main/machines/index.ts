/** The machines that report here: who they are, their pipelines, who looks at them, and whether they are silent. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Incident } from '../../shared/alerts/incident';
import { byUrgency } from '../../shared/alerts/severity';
import type { EventPayload } from '../../shared/api/contract';
import type { MachineEventName } from '../../shared/machines/machine-calls';
import type { MachineSettings, MachineSummary } from '../../shared/machines/machine-schemas';
import type { Report, ReportAnswer } from '../../shared/machines/report-schemas';
import type { Snapshot } from '../../shared/metrics/reading';
import { CallError, messageOf } from '../../shared/result';
import type { EventInput } from '../../shared/timeline/event-schemas';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';
import type { StateFile } from '../lib/state-file';
import type { AlertKind } from './live-incident';
import { Machine } from './machine';
import { machineFileSchema, newMachine, NO_MACHINES } from './machine-file';
import type { KnownMachine, MachineFile } from './machine-file';
import { openPipeline } from './pipeline';
import { LATE } from './presence';
import { returnEvent } from './return-event';
import { judgeSilence, silentIncident, SILENT_RULE } from './silence';
import { Watchers } from './watchers';

/** What the machines need of the core. */
export interface MachinesParts {
  /** `machines.json`, and the folder with a folder for each machine. */
  readonly path: string;
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** The hub's version of Traywatch. */
  readonly version: string;
  compact(path: string): Promise<void>;
  /** Writes to the hub's own timeline. */
  record(event: EventInput): void;
  /** Whether a machine has a token with which it may report. */
  mayReport(machine: string): boolean;
  /** Something of a machine has changed. */
  onChange(): void;
  /** Something of a machine that is watched. */
  onEvent<N extends MachineEventName>(machine: string, name: N, payload: EventPayload<N>): void;
  /** `openAlerts` and `appState` of a machine have changed. */
  onState(machine: string, name: 'openAlerts' | 'appState'): void;
  /** An incident of a machine is live: null is the hub itself, which lost most machines at once. */
  onAlert(machine: MachineName | null, incident: Incident, kind: AlertKind): void;
}

/** The worst open incident of all machines. */
export interface WorstIncident {
  /** Name of the machine. */
  readonly machine: string;
  readonly incident: Incident;
  /** Other open incidents. */
  readonly more: number;
}

/** A machine by id and name. */
interface MachineName {
  readonly id: string;
  readonly name: string;
}

/** Milliseconds between two reports of a machine that somebody looks at, and of any other. */
const INTERVAL = { watched: 1000, unwatched: 10_000 } as const;
/** Interval of the check for silence, ms; a check that is later than this by as much means that the hub itself stood still. */
const CHECK = 5000;
const STOOD_STILL = 20_000;
const MINUTE = 60_000;

/** All machines that report here. */
export class Machines {
  readonly #parts: MachinesParts;
  readonly #file: StateFile<MachineFile>;
  readonly #machines = new Map<string, Machine>();
  readonly #watchers: Watchers;
  #cancel: (() => void) | null = null;
  /** Since when the hub listens, and when it last looked for silence: boot and monotonic ms. */
  #listensSince: number;
  #checkedAt: number;
  #most: Incident | null = null;

  constructor(parts: MachinesParts) {
    this.#parts = parts;
    const { path, clock, log } = parts;
    this.#watchers = new Watchers(() => clock.mono());
    this.#listensSince = clock.mono();
    this.#checkedAt = clock.boot();
    this.#file = openStateFile({ path, schema: machineFileSchema, initial: NO_MACHINES, clock, log });
    for (const known of this.#file.get().machines) this.#open(known);
  }

  get(id: string): Machine | null {
    return this.#machines.get(id) ?? null;
  }

  list(withSparks: boolean): readonly MachineSummary[] {
    return [...this.#machines.values()].map((machine) => machine.summary(withSparks));
  }

  /** True while a machine reports: nobody else can have its id. */
  isLive(id: string): boolean {
    const last = this.get(id)?.lastReport ?? null;
    return last !== null && last.state !== 'stopping' && this.#parts.clock.mono() - last.mono < LATE;
  }

  /** The worst open incident of all machines; null for none. */
  worst(): WorstIncident | null {
    const all = [...this.#machines.values()].flatMap((machine) => machine.openIncidents().map((incident) => ({ machine: machine.known.settings.name, incident })));
    const [worst] = all.toSorted((a, b) => byUrgency(a.incident, b.incident));
    return worst === undefined ? null : { ...worst, more: all.length - 1 };
  }

  /** The last readings of each, under names of which no two are the same; `isUp`: its reports arrive. */
  readings(): readonly { readonly name: string; readonly isUp: boolean; readonly snapshot: Snapshot }[] {
    const names = new Set<string>();
    return [...this.#machines.values()].map((machine) => {
      const { id, settings } = machine.known;
      const name = names.has(settings.name) ? `${settings.name} ${id.slice(0, 6)}` : settings.name;
      names.add(name);
      return { name, isUp: this.isLive(id), snapshot: machine.pipeline.hub.snapshot() };
    });
  }

  watch(caller: string, machine: string): void {
    this.#watchers.watch(caller, machine);
  }

  leave(caller: string, machine?: string): void {
    this.#watchers.leave(caller, machine);
  }

  /** Takes a report of a machine, which is added with its first one. */
  async take(id: string, report: Report): Promise<ReportAnswer> {
    if (report.machine !== id) throw new CallError('Forbidden', 'machine: this token is of another machine');
    const machine = this.get(id) ?? this.#add(id, report.about?.host.hostname ?? '');
    const answer = await machine.take(report);
    this.#endSilence(machine);
    this.#parts.onChange();
    return answer;
  }

  /** Adds a machine under the name it gave itself. */
  #add(id: string, name: string): Machine {
    const { clock } = this.#parts;
    const known = newMachine(id, name, clock.now());
    this.#write([...this.#file.get().machines, known.settings.name === '' ? { ...known, settings: { ...known.settings, name: `Machine ${id.slice(0, 6)}` } } : known]);
    const added = this.#file.get().machines.find((one) => one.id === id);
    return this.#open(added ?? known);
  }

  save(id: string, settings: MachineSettings): void {
    const machine = this.#find(id);
    machine.setSettings(settings);
    this.#keep(machine.known);
    this.#parts.onChange();
  }

  /** Forgets a machine and deletes its files. */
  remove(id: string): void {
    const machine = this.#find(id);
    const { record, log, onChange } = this.#parts;
    machine.pipeline.close();
    this.#machines.delete(id);
    this.#write(this.#file.get().machines.filter((one) => one.id !== id));
    record({ type: 'machine_removed', message: `“${machine.known.settings.name}” does not report here any more; its history was deleted`, details: { machine: id } });
    try {
      rmSync(join(this.#parts.folder, id), { recursive: true, force: true });
    } catch (error) {
      log.error('files of a removed machine could not be deleted', { error });
      throw new CallError('Unavailable', `it was removed, and its files could not be deleted: ${messageOf(error)}`);
    } finally {
      onChange();
    }
  }

  close(): void {
    this.#cancel?.();
    for (const machine of this.#machines.values()) machine.pipeline.close();
    this.#machines.clear();
  }

  #find(id: string): Machine {
    const machine = this.get(id);
    if (machine === null) throw new CallError('NotFound', 'this machine does not report here');
    return machine;
  }

  #write(machines: readonly KnownMachine[]): void {
    this.#file.put({ version: 1, machines });
  }

  #keep(known: KnownMachine): void {
    this.#write(this.#file.get().machines.map((one) => (one.id === known.id ? known : one)));
  }

  #open(known: KnownMachine): Machine {
    const { id } = known;
    const { folder, clock, timers, log, version, compact, mayReport, record, onEvent, onState, onChange, onAlert } = this.#parts;
    const ifWatched = (tell: () => void): void => {
      if (this.#watchers.isWatched(id)) tell();
    };
    const pipeline = openPipeline({
      folder: join(folder, id),
      clock,
      timers,
      log: log.scoped(id.slice(0, 6)),
      settings: known.settings,
      compact,
      record,
      onEvent: (event) => ifWatched(() => onEvent(id, 'event', event)),
      onIncident: (incident) =>
        ifWatched(() => {
          onEvent(id, 'incident', incident);
          onState(id, 'openAlerts');
        }),
    });
    const machine: Machine = new Machine(known, {
      clock,
      pipeline,
      version,
      mayReport: () => mayReport(id),
      interval: () => (this.#watchers.isWatched(id) ? INTERVAL.watched : INTERVAL.unwatched),
      save: (changed) => this.#keep(changed),
      listener: {
        onBatch: (batch) => ifWatched(() => onEvent(id, 'batch', batch)),
        onAlert(incident, kind) {
          onAlert({ id, name: machine.known.settings.name }, incident, kind);
          onChange();
        },
        onPaused: () => ifWatched(() => onState(id, 'appState')),
        onReturn: (how) => record(returnEvent(how, id, machine.known.settings.name)),
      },
    });
    this.#machines.set(id, machine);
    this.#cancel ??= timers.after(CHECK, () => this.#check());
    return machine;
  }

  /** Looks for machines that are silent. */
  #check(): void {
    const { clock, timers, onChange } = this.#parts;
    this.#cancel = this.#machines.size === 0 ? null : timers.after(CHECK, () => this.#check());
    const boot = clock.boot();
    // A hub that slept or stood still heard nobody.
    if (boot - this.#checkedAt > STOOD_STILL) this.#listensSince = clock.mono();
    this.#checkedAt = boot;
    const { silent, isMost } = judgeSilence([...this.#machines.values()].map((machine) => this.#listened(machine)));
    if (isMost) this.#tellMost(silent.length);
    else for (const id of silent) this.#tellSilent(id);
    if (this.#most !== null && silent.length === 0) this.#endMost();
    onChange();
  }

  #listened(machine: Machine): Parameters<typeof judgeSilence>[0][number] {
    const { clock, mayReport } = this.#parts;
    const { id, settings: { alwaysOn, silentMinutes } } = machine.known;
    const last = machine.lastReport;
    const heard = Math.max(last?.mono ?? -Infinity, this.#listensSince);
    return { id, alwaysOn, silentMinutes, silentFor: clock.mono() - heard, isExcused: last?.state === 'suspending' || last?.state === 'stopping' || !mayReport(id) };
  }

  #tellSilent(id: string): void {
    const machine = this.get(id);
    const isTold = machine?.openIncidents().some(({ ruleId }) => ruleId === SILENT_RULE) ?? true;
    if (machine === null || isTold || this.#most !== null) return;
    const now = this.#parts.clock.now();
    machine.putIncident(silentIncident(machine.known.settings.silentMinutes, now - this.#listened(machine).silentFor, now));
  }

  #tellMost(count: number): void {
    if (this.#most !== null) return;
    const now = this.#parts.clock.now();
    const incident = silentIncident(1, now - MINUTE, now);
    this.#most = { ...incident, label: `${count} machines went silent at once`, state: 'most machines stopped reporting at the same time: the network of this machine may be away' };
    this.#parts.record({ type: 'machines_silent', severity: 'warning', message: 'Most machines stopped reporting at the same time: the network of this machine may be away' });
    this.#parts.onAlert(null, this.#most, 'fired');
  }

  #endMost(): void {
    const most = this.#most;
    this.#most = null;
    if (most !== null) this.#parts.onAlert(null, { ...most, clearedAt: this.#parts.clock.now(), endedBy: 'recovered' }, 'resolved');
  }

  #endSilence(machine: Machine): void {
    const now = this.#parts.clock.now();
    for (const incident of machine.openIncidents()) if (incident.ruleId === SILENT_RULE) machine.putIncident({ ...incident, clearedAt: now, endedBy: 'recovered' });
  }
}
