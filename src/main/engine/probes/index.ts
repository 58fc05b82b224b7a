/** Probes of services, put together: list, schedule, probers, and the state of this machine. */
import type { ProbeResult, Service } from '../../../shared/services/service-schemas';
import type { Clock } from '../clock';
import { createDeadlines } from '../deadlines';
import { excludesSleep, sleptOf } from '../sampler/gap';
import { Board } from './board';
import { obstacleOf } from './conditions';
import type { MachineState } from './conditions';
import type { NetworkState } from './network-state';
import { runProbe } from './run-probe';
import type { Probers, RunParts } from './run-probe';
import { createSchedule } from './schedule';
import type { ServiceSource } from './types';

export { systemLookup } from './lookup';
export { networkReader } from './network-reader';

/** What is known of a heartbeat. Times in epoch ms. */
export interface BeatFacts {
  /** The last call; null before the first. */
  readonly lastBeat: number | null;
  /** Since when one could have come: before, this machine slept, or nobody listened. */
  readonly since: number;
  readonly now: number;
}

/** What a heartbeat is; null while nothing can be said: it was never called and is not missed yet. Pure. */
export type HeartbeatJudge = (service: Extract<Service, { readonly kind: 'heartbeat' }>, facts: BeatFacts) => ProbeResult | null;

/** What probes need. */
export interface ProbesParts extends Omit<RunParts, 'clock'> {
  readonly clock: Clock;
  /** How the network of this machine is; called at most each few seconds. */
  readonly network: () => NetworkState;
  /** Secrets of a service: values of headers by name, or `password`. Asked at each probe, kept nowhere. */
  secretsOf(id: string): Promise<Readonly<Record<string, string>>>;
  /** Kinds whose probers are elsewhere. */
  readonly probers: Pick<Probers, 'postgresql'>;
  readonly heartbeat: HeartbeatJudge;
}

/** Probes services in the background. */
export interface Probes extends ServiceSource {
  /** Takes the list; what is known of services that are probed as before stays. */
  setServices(services: readonly Service[]): void;
  /** Probes once, now, with these secrets; it does not count. */
  test(service: Service, secrets: Readonly<Record<string, string>>): Promise<ProbeResult>;
  /** Probes a service now, and counts it: what it depends on has changed, such as its password. */
  probeSoon(id: string): void;
  /** When a service is probed next, epoch ms; null while that is not planned. */
  nextAt(id: string): number | null;
  /** A heartbeat was called at a time (epoch ms; now by default). False if there is none with this id. */
  beat(id: string, at?: number): boolean;
  /** Monitoring is paused, or goes on. */
  setPaused(isPaused: boolean): void;
  /** The machine is about to sleep. */
  suspend(): void;
  /** The machine has woken. */
  resume(): void;
  /** Ends what runs. */
  close(): void;
}

/** After waking nothing is judged for so long, ms: the network comes back later than the machine. */
const WAKE_GRACE = 30_000;
/** How old what is known of the network may be, ms. */
const NETWORK_AGE = 5000;
/** How soon a service that may not be probed now is looked at again, ms: the end of a maintenance window is not waited for a day. */
const OBSTACLE_MS = 60_000;
/** Uncertainty of the clocks that tell sleep, ms. */
const SLEEP_GRAIN = 2000;

/** Loads once: what is loaded already would still be looked up by its path for each probe. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    }));
}

class ServiceProbes implements Probes {
  readonly #parts: ProbesParts;
  /** What probes run with: they share a timer. */
  readonly #shared: RunParts;
  readonly #probers: Probers;
  readonly #board = new Board();
  readonly #schedule;
  readonly #beats = new Map<string, number>();
  readonly #closing = new AbortController();
  /** Ends what runs: renewed whenever results from before do not count any more. */
  #running = new AbortController();
  #power: MachineState['power'] = 'awake';
  #isPaused = false;
  #endGrace = (): void => undefined;
  /** Since when nothing kept calls from coming, epoch ms: this machine awake, its network there. */
  #since: number;
  #slept: number | null;
  /** The wall clock less the monotonic one when `#slept` was read, ms. */
  #drift: number;
  #network: NetworkState | null = null;
  #networkAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ProbesParts) {
    const { clock, timers } = parts;
    this.#parts = parts;
    this.#shared = { ...parts, timers: createDeadlines(timers, clock) };
    this.#probers = {
      http: once(async () => (await import('./http')).probeHttp),
      tcp: once(async () => (await import('./tcp')).probeTcp),
      ping: once(async () => (await import('./ping')).createPinger()),
      ...parts.probers,
    };
    this.#since = clock.now();
    this.#slept = sleptOf(clock);
    this.#drift = clock.now() - clock.mono();
    this.#schedule = createSchedule({ clock, timers, run: (id) => this.#run(id) });
  }

  setServices(services: readonly Service[]): void {
    const changed = this.#board.setServices(services);
    const asked = services.filter(({ enabled, kind }) => enabled && kind !== 'heartbeat');
    this.#schedule.set(new Map(asked.map(({ id, intervalSeconds }) => [id, intervalSeconds * 1000])));
    this.#schedule.ask(changed);
    const ids = new Set(services.map(({ id }) => id));
    for (const id of this.#beats.keys()) if (!ids.has(id)) this.#beats.delete(id);
  }

  async test(service: Service, secrets: Readonly<Record<string, string>>): Promise<ProbeResult> {
    if (service.kind !== 'heartbeat') return runProbe(service, this.#probers, this.#shared, () => Promise.resolve(secrets), this.#closing.signal);
    return this.#judge(service) ?? this.#parts.heartbeat(service, { lastBeat: null, since: 0, now: this.#parts.clock.now() }) ?? Promise.reject(new Error('nothing is known of it yet'));
  }

  probeSoon(id: string): void {
    this.#schedule.ask([id]);
  }

  nextAt(id: string): number | null {
    const due = this.#schedule.dueAt(id);
    const { clock } = this.#parts;
    return due === null ? null : clock.now() + Math.max(0, due - clock.mono());
  }

  beat(id: string, at = this.#parts.clock.now()): boolean {
    if (this.#board.serviceOf(id)?.kind !== 'heartbeat') return false;
    this.#beats.set(id, Math.max(at, this.#beats.get(id) ?? at));
    return true;
  }

  read(): ReturnType<Probes['read']> {
    return this.#board.rows(this.#machine(), (service) => this.#judge(service));
  }

  setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#interrupt();
  }

  suspend(): void {
    this.#endGrace();
    this.#power = 'asleep';
    this.#interrupt();
  }

  resume(): void {
    this.#endGrace();
    this.#power = 'woken';
    this.#slept = sleptOf(this.#parts.clock);
    this.#endGrace = this.#parts.timers.after(WAKE_GRACE, () => {
      this.#power = 'awake';
      this.#interrupt();
    });
    this.#interrupt();
  }

  close(): void {
    this.#endGrace();
    this.#schedule.close();
    this.#closing.abort();
    this.#running.abort();
  }

  /** What was known is not known any more; what runs does not count. */
  #interrupt(): void {
    this.#running.abort();
    this.#running = new AbortController();
    this.#board.interrupt();
    this.#since = this.#parts.clock.now();
    this.#networkAt = Number.NEGATIVE_INFINITY;
    if (this.#isPaused || this.#power !== 'awake') this.#schedule.hold();
    else this.#schedule.release();
  }

  /** This machine as it is now. */
  #machine(): MachineState {
    const { clock, network } = this.#parts;
    this.#noticeSleep();
    const before = this.#network;
    const isKnown = before !== null && clock.mono() - this.#networkAt < NETWORK_AGE;
    const current = isKnown ? before : network();
    if (!isKnown) this.#networkAt = clock.mono();
    this.#network = current;
    if (before?.routes === 'none' && current.routes !== 'none') {
      this.#since = clock.now();
      // Nobody waits for a probe that is due in a day.
      this.#schedule.restart();
    }
    return { power: this.#power, isPaused: this.#isPaused, network: current, now: clock.now() };
  }

  /**
   * Not every system tells when it slept; its clocks do. Where the monotonic one stands still in sleep the wall clock leaves it
   * behind, so the clock of the boot time, which is a file, is read only then.
   */
  #noticeSleep(): void {
    const { clock } = this.#parts;
    const drift = clock.now() - clock.mono();
    if (excludesSleep(clock) && Math.abs(drift - this.#drift) < SLEEP_GRAIN / 2) return;
    this.#drift = drift;
    const slept = sleptOf(clock);
    const before = this.#slept;
    this.#slept = slept;
    if (slept !== null && before !== null && slept - before > SLEEP_GRAIN) this.resume();
  }

  #judge(service: Extract<Service, { readonly kind: 'heartbeat' }>): ProbeResult | null {
    const now = this.#parts.clock.now();
    const lastBeat = this.#beats.get(service.id) ?? null;
    // A clock that was ahead has been set back: until it were there again no call would be missed.
    if (lastBeat !== null && lastBeat > now) this.#beats.set(service.id, now);
    this.#since = Math.min(this.#since, now);
    return this.#parts.heartbeat(service, { lastBeat: lastBeat === null ? null : Math.min(lastBeat, now), since: this.#since, now });
  }

  async #run(id: string): Promise<number | null> {
    const service = this.#board.serviceOf(id);
    const machine = this.#machine();
    if (service === undefined || service.kind === 'heartbeat') return null;
    if (obstacleOf(service, machine) !== null) {
      this.#board.obstruct(id);
      return Math.min(OBSTACLE_MS, service.intervalSeconds * 1000);
    }
    const running = this.#running;
    const result = await runProbe(service, this.#probers, this.#shared, () => this.#parts.secretsOf(id), running.signal);
    // What was known of the network may be older than the failure.
    if (!result.ok) this.#networkAt = Number.NEGATIVE_INFINITY;
    const { network, now } = this.#machine();
    // Asleep, paused or edited meanwhile: it is asked again when that is over.
    if (running.signal.aborted || !this.#board.has(service)) return 0;
    const wasLost = this.#board.isLost;
    this.#schedule.ask(this.#board.take(id, result, this.#parts.clock.mono(), network));
    if (wasLost && !this.#board.isLost) this.#since = now;
    return this.#board.delayOf(id);
  }
}

/** Creates the probes; nothing is probed before `setServices`. */
export function createProbes(parts: ProbesParts): Probes {
  return new ServiceProbes(parts);
}
