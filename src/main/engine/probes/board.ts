/** What is known of all services: takes results, and tells what each of them is. Without time, network or timers of its own. */
import type { NotMeasured, ProbeResult, Service } from '../../../shared/services/service-schemas';
import { hostOf, isOfflineFault, isOverNetwork, isOwnFault, obstacleOf } from './conditions';
import type { MachineState } from './conditions';
import { LEAST_HOSTS, viewOf } from './network-guard';
import type { HostStanding } from './network-guard';
import type { NetworkState } from './network-state';
import type { ServiceRaw, ServicesRaw } from './types';
import { afterProbe, delayAfter, fallen, interrupted, isFalling, UNDECIDED } from './verdict';
import type { Verdict } from './verdict';

/** Ms between probes while the network is lost: the first that answers says that it is back. */
const LOST_INTERVAL = 60_000;

/** One service. */
interface Entry {
  readonly service: Service;
  /** Where the way to it leads through a network; else null. */
  readonly host: string | null;
  verdict: Verdict;
  result: ProbeResult | null;
  /** Why the last result says nothing of the service. */
  blame: Extract<NotMeasured, 'offline' | 'networkLost' | 'unable'> | null;
  /** It may not be probed now: it is not waited for. */
  isObstructed: boolean;
  /** Monotonic ms: of the last result, and of the first of the failures in a row. */
  lastAt: number;
  failingSince: number;
}

const newEntry = (service: Service): Entry => ({ service, host: isOverNetwork(service) ? hostOf(service) : null, verdict: UNDECIDED, result: null, blame: null, isObstructed: false, lastAt: 0, failingSince: 0 });

/** What was probed is the same: another name or interval changes nothing of that. */
function isSameTarget(a: Service, b: Service): boolean {
  if (a === b) return true;
  const target = ({ name: _name, intervalSeconds: _interval, maintenance: _maintenance, ...rest }: Service): string => JSON.stringify(rest);
  return target(a) === target(b);
}

/** What a heartbeat is now; null while it is not known. */
export type JudgeHeartbeat = (service: Extract<Service, { readonly kind: 'heartbeat' }>) => ProbeResult | null;

/** Empty at first. */
export class Board {
  #entries = new Map<string, Entry>();
  #isLost = false;

  /** Takes the list; what is known of a service stays while what is probed does. Returns the ids of those that are probed otherwise. */
  setServices(services: readonly Service[]): readonly string[] {
    const before = this.#entries;
    const changed = services.filter((service) => before.has(service.id) && !this.has(service)).map(({ id }) => id);
    this.#entries = new Map(
      services.map((service) => {
        const entry = before.get(service.id);
        return [service.id, entry !== undefined && isSameTarget(entry.service, service) ? { ...entry, service } : newEntry(service)];
      }),
    );
    this.#checkLoss();
    return changed;
  }

  /** True while a service is probed as it was then. */
  has(service: Service): boolean {
    const entry = this.#entries.get(service.id);
    return entry !== undefined && isSameTarget(entry.service, service);
  }

  /** True while this machine's network counts as lost. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** A service by its id. */
  serviceOf(id: string): Service | undefined {
    return this.#entries.get(id)?.service;
  }

  /** Nothing is measured for a while: what was known of now is not known any more. */
  interrupt(): void {
    for (const entry of this.#entries.values()) forget(entry);
    this.#isLost = false;
  }

  /** One is not probed when it was due. */
  obstruct(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    forget(entry);
    entry.isObstructed = true;
    this.#checkLoss();
  }

  /** Takes a result; `at` in monotonic ms. Returns the ids of services that are to be probed now. */
  take(id: string, result: ProbeResult, at: number, network: NetworkState): readonly string[] {
    const entry = this.#entries.get(id);
    if (entry === undefined) return [];
    const back = result.ok && entry.blame === 'networkLost' ? this.#endLoss() : [];
    if (!result.ok && entry.verdict.failures === 0) entry.failingSince = at;
    entry.result = result;
    entry.lastAt = at;
    entry.isObstructed = false;
    entry.blame = result.ok ? null : this.#blameOf(entry, result, network);
    entry.verdict = entry.blame === null ? afterProbe(entry.verdict, result.ok) : interrupted(entry.verdict);
    this.#checkLoss();
    return [...back.filter((other) => other !== id), ...this.#decide()];
  }

  /** Ms until a service is to be probed again; at its own interval null. */
  delayOf(id: string): number | null {
    const entry = this.#entries.get(id);
    if (entry === undefined) return null;
    const interval = entry.service.intervalSeconds * 1000;
    const delay = entry.blame === 'offline' || entry.blame === 'networkLost' ? Math.min(interval, LOST_INTERVAL) : delayAfter(entry.verdict, interval);
    return delay < interval ? delay : null;
  }

  /** All services, as they are with this machine as it is. */
  rows(machine: MachineState, judge: JudgeHeartbeat): ServicesRaw {
    const services = [...this.#entries.values()].map((entry) => (entry.service.kind === 'heartbeat' ? beatRow(entry.service, machine, judge(entry.service), this.#isLost) : rowOf(entry, machine)));
    const hosts = new Set([...this.#entries.values()].flatMap(({ host, result }) => (host === null || result === null ? [] : [host])));
    return { services, networkLost: this.#isLost ? true : hosts.size >= LEAST_HOSTS ? false : null };
  }

  #lostEntries(): Entry[] {
    return [...this.#entries.values()].filter(({ blame }) => blame === 'networkLost');
  }

  /** With the last that it was said of the loss has ended, too. */
  #checkLoss(): void {
    if (this.#lostEntries().length === 0) this.#isLost = false;
  }

  /** Why a failure is not the service's; null where it is. */
  #blameOf({ service, host }: Entry, result: ProbeResult, network: NetworkState): Entry['blame'] {
    if (isOwnFault(service.kind, result)) return 'unable';
    if (host === null) return null;
    return isOfflineFault(result, network) ? 'offline' : this.#isLost ? 'networkLost' : null;
  }

  /** One has answered: nothing is known of the others yet. Returns their ids. */
  #endLoss(): readonly string[] {
    const lost = this.#lostEntries();
    this.#isLost = false;
    for (const entry of lost) forget(entry);
    return lost.map(({ service }) => service.id);
  }

  /** Services that would fall: all of them, none, or not before others have been asked. */
  #decide(): readonly string[] {
    const ask = new Set<string>();
    for (const entry of this.#entries.values()) {
      if (entry.blame !== null || !isFalling(entry.verdict)) continue;
      const view = entry.host !== null ? viewOf(this.#hosts(), entry.failingSince) : 'there';
      if (view === 'there') entry.verdict = fallen(entry.verdict);
      else if (view === 'lost') this.#beginLoss();
      else for (const id of view.ask) ask.add(id);
    }
    return [...ask];
  }

  #beginLoss(): void {
    this.#isLost = true;
    for (const entry of this.#entries.values()) {
      if (entry.host === null || entry.blame !== null || entry.result === null || entry.result.ok) continue;
      entry.blame = 'networkLost';
      entry.verdict = interrupted(entry.verdict);
    }
  }

  /** Hosts that tell something, or may be asked; without those that were down before. */
  #hosts(): readonly HostStanding[] {
    const hosts = new Map<string, HostStanding>();
    for (const { service, host, verdict, result, blame, isObstructed, lastAt } of this.#entries.values()) {
      if (host === null || blame !== null || verdict.isUp === false || isObstructed || !service.enabled) continue;
      const before = hosts.get(host);
      const isFailing = result?.ok === false;
      hosts.set(host, {
        ask: isFailing ? (before?.ask ?? service.id) : service.id,
        answeredAt: Math.max(result?.ok === true ? lastAt : Number.NEGATIVE_INFINITY, before?.answeredAt ?? Number.NEGATIVE_INFINITY),
        isFailing: isFailing && (before?.isFailing ?? true),
      });
    }
    return [...hosts.values()];
  }
}

/** What was known of it is not known any more, but for whether it was up. */
function forget(entry: Entry): void {
  entry.verdict = interrupted(entry.verdict);
  entry.result = null;
  entry.blame = null;
  entry.isObstructed = false;
}

/** What a service is: not what its last result alone says, where something speaks against that. */
function toRow({ id: device, name: label, kind }: Service, notMeasured: NotMeasured | null, isUp: boolean | null, result: ProbeResult | null): ServiceRaw {
  const isTold = notMeasured === null || notMeasured === 'unable' || notMeasured === 'pending';
  return { device, label, kind, isUp: notMeasured === null ? isUp : null, notMeasured, result: isTold ? result : null };
}

function rowOf({ service, verdict: { isUp }, result, blame }: Entry, machine: MachineState): ServiceRaw {
  return toRow(service, obstacleOf(service, machine) ?? blame ?? (isUp === null || result === null ? 'pending' : null), isUp, result);
}

/** A call that did not come may not have come through. */
function beatRow(service: Service, machine: MachineState, result: ProbeResult | null, isLost: boolean): ServiceRaw {
  const blame = result?.ok !== false ? null : machine.network.routes === 'none' ? 'offline' : isLost ? 'networkLost' : null;
  return toRow(service, obstacleOf(service, machine) ?? blame ?? (result === null ? 'pending' : null), result?.ok ?? null, result);
}
