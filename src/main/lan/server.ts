/** The lifecycle of the server: certificate, app and listeners. Every problem is a state that is reported and retried, never an exception. */
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { LanState, MissingAddress } from '../../shared/sharing/lan-state';
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { createTransitionLog } from '../engine/log';
import type { Log, TransitionLog } from '../engine/log';
import { ownNames } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { CertificateError } from './certificate';
import { loadCustomCertificate, loadSelfSignedCertificate } from './certificate-file';
import type { LoadedCertificate } from './certificate-file';
import type { ServerLimits } from './server-limits';
import { createConnectionCounter, listen, errorReasonOf, listenErrorText } from './listener';
import type { Listener, RequestHandler } from './listener';
import { listeningState, noListenerError, StartError } from './listening-state';
import { announcementOf } from './mdns/announcement';
import type { Announcement, Announcer, MdnsState, MdnsSystem } from './mdns/announcement';
import { startAnnouncer } from './mdns/start-announcer';
import { createProxyRules } from './reverse-proxy';
import { staleListeners, resolveBindTargets } from './bind-addresses';
import type { BindTargets } from './bind-addresses';

/** Delays before retries, ms; the last one repeats. */
const RETRY_DELAYS = [2000, 5000, 10_000, 30_000, 60_000] as const;
/** Interval of the check of addresses and certificate, ms. */
const CHECK_INTERVAL = 60_000;
/** Time for open responses to end when the server stops, ms. */
const GRACE = 2000;

/** Handles requests while the server runs. */
export interface ServedApp {
  readonly handler: RequestHandler;
  /** Ends streams and everything else that belongs to requests. */
  close(): Promise<void>;
}

/** What the server is built from. */
export interface ServerParts {
  /** Folder of the self-signed certificate. */
  readonly folder: string;
  readonly platform?: NodeJS.Platform | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly limits: ServerLimits;
  localHost(): LocalHost;
  /** Creates the app; `names` returns the server's names. */
  open(settings: LanSettings, names: () => readonly string[]): Promise<ServedApp>;
  /** Number of open streams. */
  connections(): number;
  onState(state: LanState): void;
  /** Replaced in tests. */
  readonly mdns?: MdnsSystem | undefined;
}

/** The server from start to stop, with one set of settings. */
export class LanServer {
  #listeners: Listener[] = [];
  #missing: MissingAddress[] = [];
  #certificate: LoadedCertificate | null = null;
  #app: ServedApp | null = null;
  #announcer: Announcer | null = null;
  #mdns: MdnsState | 'off' = 'off';
  /** The label announced by multicast DNS. */
  #announced: string | null = null;
  #localHost: LocalHost;
  #cancel: (() => void) | null = null;
  #retryAt: number | null = null;
  #attempt = 0;
  #stopped = false;
  #work: Promise<void> = Promise.resolve();
  readonly #counter;
  readonly #problems: TransitionLog;

  constructor(
    private readonly parts: ServerParts,
    private readonly settings: LanSettings,
  ) {
    this.#localHost = parts.localHost();
    this.#counter = createConnectionCounter(parts.limits, createProxyRules(settings).trusts);
    this.#problems = createTransitionLog(parts.log);
  }

  /** Starts in the background; the result is reported as a state. */
  start(): void {
    this.parts.onState({ state: 'starting' });
    this.#enqueue(() => this.#startUp());
  }

  /** Stops; resolves when nothing listens any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    this.#enqueue(() => this.#shutDown());
    await this.#work;
  }

  /** Reports the state again, when the number of connections has changed. */
  emitState(): void {
    if (!this.#stopped && this.#listeners.length > 0) this.parts.onState(this.#listening());
  }

  /** Runs one task after the other. */
  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch((error: unknown) => this.parts.log.error('the server', { error }));
  }

  #schedule(ms: number, work: () => Promise<void>): void {
    this.#cancel?.();
    if (!this.#stopped) this.#cancel = this.parts.timers.after(ms, () => this.#enqueue(work));
  }

  async #startUp(): Promise<void> {
    if (this.#stopped) return;
    try {
      this.#localHost = this.#readLocalHost();
      this.#certificate = await this.#loadCertificate();
      this.#problems.report('the certificate file', this.#certificate?.problem ?? null);
      this.#app = await this.parts.open(this.settings, () => this.#names());
      await this.#listenAll(this.#bindTargets());
      if (this.#listeners.length === 0) throw noListenerError(this.#missing);
      this.#announce();
      this.#emitAndScheduleCheck();
    } catch (error) {
      await this.#shutDown();
      this.#fail(error);
    }
  }

  /** Reports that nothing listens, and schedules another attempt. */
  #fail(error: unknown, retry = (): Promise<void> => this.#startUp()): void {
    const reason = error instanceof StartError ? error.reason : error instanceof CertificateError ? 'certificate' : 'other';
    const message = messageOf(error);
    if (this.#attempt === 0) this.parts.log.warn('the LAN server does not listen', { reason, message });
    const delay = this.#retryDelay();
    this.parts.onState({ state: 'failed', reason, message, retryAt: this.parts.clock.now() + delay });
    this.#schedule(delay, retry);
  }

  #bindTargets(): BindTargets {
    return resolveBindTargets(this.settings.addresses, this.#localHost);
  }

  #retryDelay(): number {
    const delay = RETRY_DELAYS[Math.min(this.#attempt, RETRY_DELAYS.length - 1)] ?? CHECK_INTERVAL;
    this.#attempt += 1;
    return delay;
  }

  #loadCertificate(): Promise<LoadedCertificate> | LoadedCertificate | null {
    const { tls, certFile, keyFile } = this.settings;
    const { folder, log, clock } = this.parts;
    if (tls === 'off') return null;
    if (tls === 'custom') return loadCustomCertificate(certFile, keyFile, clock.now());
    return loadSelfSignedCertificate({ folder, log, now: () => clock.now() }, this.#localHost, this.#certificate);
  }

  #names(): readonly string[] {
    return [...ownNames(this.#localHost), ...(this.#certificate?.selfSigned === false ? this.#certificate.facts.names : [])];
  }

  /** Listens at every target where it does not listen yet. */
  async #listenAll({ choices, absent }: BindTargets): Promise<void> {
    const missing: MissingAddress[] = absent.map((name) => ({ address: name, reason: 'interfaceGone', message: `${name}: network interface not found` }));
    for (const choice of choices) {
      if (this.#listeners.some(({ address }) => choice.includes(address))) continue;
      const refused = await this.#listenAt(choice);
      if (refused !== null) missing.push(refused);
    }
    this.#missing = missing;
  }

  async #listenAt(choice: readonly string[]): Promise<MissingAddress | null> {
    let refused: MissingAddress | null = null;
    for (const address of choice) {
      try {
        this.#listeners.push(await this.#open(address));
        return null;
      } catch (error) {
        const reason = errorReasonOf(error, this.parts.platform);
        refused = { address, reason, message: listenErrorText(reason, address, this.settings.port, error) };
        if (reason !== 'addressGone') break;
      }
    }
    return refused;
  }

  #open(address: string): Promise<Listener> {
    const handler = this.#app?.handler;
    if (handler === undefined) throw new Error('there is nothing to serve');
    const { limits, log } = this.parts;
    const onFailed = (error: Error): void => log.error('a listening socket failed', { address, error });
    return listen({ address, port: this.settings.port, pair: this.#certificate, limits, counter: this.#counter, handler, onFailed });
  }

  #announcement(): Announcement | null {
    const [first] = this.#listeners;
    if (!this.settings.mdns || first === undefined) return null;
    const scheme = this.#certificate === null ? 'http' : 'https';
    return announcementOf(this.#localHost, this.settings.addresses, { scheme, port: first.port, addresses: this.#listeners.map(({ address }) => address) });
  }

  /** Announces the server by multicast DNS, or tells the announcer what has changed. */
  #announce(): void {
    const announcement = this.#announcement();
    if (announcement === null) return;
    if (this.#announcer !== null) {
      this.#announcer.update(announcement);
      return;
    }
    this.#mdns = 'announcing';
    const { mdns, clock, timers, log } = this.parts;
    const onState = (state: MdnsState, host: string): void => {
      this.#mdns = state;
      if (state === 'announced' && host !== this.#announced) this.#enqueue(() => this.#adoptName(host));
      this.emitState();
    };
    this.#announcer = startAnnouncer(announcement, { ...mdns, clock, timers, log, onState });
  }

  /** Takes over the name that is announced: another machine may have the own one. */
  async #adoptName(host: string): Promise<void> {
    if (this.#stopped) return;
    this.#announced = host;
    this.#localHost = this.#readLocalHost();
    await this.#reloadCertificate();
    this.emitState();
  }

  #readLocalHost(): LocalHost {
    return { ...this.parts.localHost(), ...(this.#announced === null ? {} : { announced: this.#announced }) };
  }

  #listening(): LanState {
    const bound = this.#listeners.map(({ address }) => address);
    const listening = { port: this.#listeners[0]?.port ?? this.settings.port, bound, certificate: this.#certificate, publicUrls: this.settings.publicUrls };
    return { ...listeningState(listening, this.#localHost), missing: this.#missing, retryAt: this.#retryAt, mdns: this.#mdns, connections: this.parts.connections() };
  }

  /** Reports the state and schedules the next check: sooner where an address is missing. */
  #emitAndScheduleCheck(): void {
    if (this.#missing.length === 0) this.#attempt = 0;
    const delay = this.#missing.length === 0 ? CHECK_INTERVAL : this.#retryDelay();
    this.#retryAt = this.#missing.length === 0 ? null : this.parts.clock.now() + delay;
    this.parts.onState(this.#listening());
    this.#schedule(delay, () => this.#check());
  }

  /** Adapts to addresses and certificates that have changed. */
  async #check(): Promise<void> {
    if (this.#stopped) return;
    this.#localHost = this.#readLocalHost();
    const bindTargets = this.#bindTargets();
    await this.#closeStale(bindTargets);
    await this.#listenAll(bindTargets);
    await this.#reloadCertificate();
    this.#announce();
    if (this.#listeners.length > 0) this.#emitAndScheduleCheck();
    else this.#fail(noListenerError(this.#missing), () => this.#check());
  }

  /** Closes listeners at lost addresses: such a socket gets no connections, and on some systems none when the address is back. */
  async #closeStale(bindTargets: BindTargets): Promise<void> {
    const stale = staleListeners(this.#listeners.map(({ address }) => address), bindTargets, this.#localHost);
    const closing = this.#listeners.filter(({ address }) => stale.includes(address));
    this.#listeners = this.#listeners.filter((listener) => !closing.includes(listener));
    await Promise.all(closing.map((listener) => listener.close(0)));
  }

  async #reloadCertificate(): Promise<void> {
    const before = this.#certificate;
    if (before === null) return;
    try {
      const loaded = await this.#loadCertificate();
      this.#certificate = loaded;
      this.#problems.report('the certificate file', loaded?.problem ?? null);
      if (loaded === null || loaded.cert === before.cert) return;
      this.#listeners.forEach((listener) => listener.setCertificate(loaded));
      this.parts.log.info('the certificate was replaced', { fingerprint: loaded.facts.fingerprint });
    } catch (error) {
      // The present certificate stays in use; a custom file may be in the middle of being replaced.
      this.#certificate = { ...before, problem: `${messageOf(error)}. The previous certificate stays in use` };
      this.#problems.report('the certificate file', messageOf(error));
    }
  }

  async #shutDown(): Promise<void> {
    const listeners = this.#listeners;
    const app = this.#app;
    this.#listeners = [];
    this.#app = null;
    await this.#announcer?.close();
    this.#announcer = null;
    this.#mdns = 'off';
    await app?.close();
    await Promise.all(listeners.map((listener) => listener.close(GRACE)));
  }
}
