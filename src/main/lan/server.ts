/** The server's life: certificate, app, sockets; each trouble is a state that is told and tried again, never an exception. */
import type { LanSettings } from '../../shared/sharing/lan-settings';
import type { LanState, LanErrorReason, MissingAddress } from '../../shared/sharing/lan-state';
import { messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import { createTransitionLog } from '../engine/log';
import type { Log, TransitionLog } from '../engine/log';
import { mdnsName, ownNames, urlsOf } from '../access/addresses';
import type { LocalHost } from '../access/addresses';
import { CertificateError } from './certificate';
import { loadCustomCertificate, loadOwnCertificate } from './certificate-file';
import type { LoadedCertificate } from './certificate-file';
import type { Limits } from './server-limits';
import { countConnections, listen, errorReasonOf, troubleText } from './listener';
import type { Listener, RequestHandler } from './listener';
import { announce } from './mdns';
import type { Announcer, MdnsState } from './mdns';
import { mdnsInterfaces, staleListeners, resolveBindTargets } from './bind-addresses';
import type { BindTargets } from './bind-addresses';

/** Pauses before another try, ms; the last one repeats. */
const RETRY = [2000, 5000, 10_000, 30_000, 60_000] as const;
/** Pause between two looks at addresses and certificate, ms. */
const CHECK_EVERY = 60_000;
/** Answers that are on their way may take so long to end, ms. */
const GRACE = 2000;

/** What answers requests while the server runs. */
export interface ServedApp {
  readonly handler: RequestHandler;
  /** Ends streams and everything else that belongs to requests. */
  close(): Promise<void>;
}

/** What the server is built from. */
export interface ServerParts {
  /** Folder for the own certificate. */
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly limits: Limits;
  localHost(): LocalHost;
  /** Builds the app; `names` tells what the server goes by. */
  open(settings: LanSettings, names: () => readonly string[]): Promise<ServedApp>;
  /** Number of open streams. */
  connections(): number;
  onState(state: LanState): void;
}

/** Thrown while starting: the state it leads to. */
class StartError extends Error {
  constructor(
    readonly reason: LanErrorReason,
    message: string,
  ) {
    super(message);
  }
}

/** One life of the server, from start to stop, with one set of settings. */
export class LanServer {
  #listeners: Listener[] = [];
  #missing: MissingAddress[] = [];
  #certificate: LoadedCertificate | null = null;
  #app: ServedApp | null = null;
  #announcer: Announcer | null = null;
  #mdns: MdnsState | 'off' = 'off';
  #localHost: LocalHost;
  #cancel: (() => void) | null = null;
  #retryAt: number | null = null;
  #attempt = 0;
  #stopped = false;
  #work: Promise<void> = Promise.resolve();
  readonly #count;
  readonly #troubles: TransitionLog;

  constructor(
    private readonly parts: ServerParts,
    private readonly settings: LanSettings,
  ) {
    this.#localHost = parts.localHost();
    this.#count = countConnections(parts.limits);
    this.#troubles = createTransitionLog(parts.log);
  }

  /** Starts; what becomes of it is told by states. */
  start(): void {
    this.parts.onState({ state: 'starting' });
    this.#next(() => this.#begin());
  }

  /** Ends everything; resolves when nothing listens any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    this.#next(() => this.#end());
    await this.#work;
  }

  /** Tells the state anew: the number of viewers has changed. */
  tell(): void {
    if (!this.#stopped && this.#listeners.length > 0) this.parts.onState(this.#listening());
  }

  /** One piece of work after the other. */
  #next(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => this.parts.log.error('the server', { error }));
  }

  #later(ms: number, work: () => Promise<void>): void {
    this.#cancel?.();
    if (!this.#stopped) this.#cancel = this.parts.timers.after(ms, () => this.#next(work));
  }

  async #begin(): Promise<void> {
    if (this.#stopped) return;
    try {
      this.#localHost = this.parts.localHost();
      this.#certificate = await this.#loadCertificate();
      this.#troubles.report('the certificate file', this.#certificate?.problem ?? null);
      this.#app = await this.parts.open(this.settings, () => this.#names());
      await this.#listenAll(this.#places());
      if (this.#listeners.length === 0) throw this.#nowhere();
      this.#announce();
      this.#settle();
    } catch (error) {
      await this.#end();
      this.#fail(error);
    }
  }

  /** Tells that nothing listens, and tries `again` after a while. */
  #fail(error: unknown, again = (): Promise<void> => this.#begin()): void {
    const reason = error instanceof StartError ? error.reason : error instanceof CertificateError ? 'certificate' : 'other';
    const message = messageOf(error);
    if (this.#attempt === 0) this.parts.log.warn('the LAN server does not listen', { reason, message });
    const pause = this.#pause();
    this.parts.onState({ state: 'failed', reason, message, retryAt: this.parts.clock.now() + pause });
    this.#later(pause, again);
  }

  /** None of what was chosen is there. */
  #nowhere(): StartError {
    return new StartError(this.#missing[0]?.reason ?? 'other', this.#missing.map(({ message }) => message).join('; '));
  }

  #places(): BindTargets {
    return resolveBindTargets(this.settings.addresses, this.#localHost);
  }

  #pause(): number {
    const pause = RETRY[Math.min(this.#attempt, RETRY.length - 1)] ?? CHECK_EVERY;
    this.#attempt += 1;
    return pause;
  }

  #loadCertificate(): Promise<LoadedCertificate> | LoadedCertificate | null {
    const { tls, certFile, keyFile } = this.settings;
    const { folder, log, clock } = this.parts;
    if (tls === 'off') return null;
    if (tls === 'custom') return loadCustomCertificate(certFile, keyFile, clock.now());
    return loadOwnCertificate({ folder, log, now: () => clock.now() }, this.#localHost, this.#certificate);
  }

  #names(): readonly string[] {
    return [...ownNames(this.#localHost), ...(this.#certificate?.own === false ? this.#certificate.facts.names : [])];
  }

  /** Listens at every place that is set and does not listen yet. */
  async #listenAll({ choices, absent }: BindTargets): Promise<void> {
    const missing: MissingAddress[] = absent.map((name) => ({ address: name, reason: 'interfaceGone', message: `${name}: this machine does not have this network interface now` }));
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
        const reason = errorReasonOf(error);
        refused = { address, reason, message: troubleText(reason, address, this.settings.port, error) };
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
    return listen({ address, port: this.settings.port, pair: this.#certificate, limits, count: this.#count, handler, onFailed });
  }

  #announce(): void {
    const [first] = this.#listeners;
    const name = mdnsName(this.#localHost);
    if (!this.settings.mdns || first === undefined || name === null) return;
    this.#mdns = 'announcing';
    this.#announcer = announce(
      {
        name: `Traywatch on ${name.replace(/\.local$/, '')}`,
        hostname: name.replace(/\.local$/, ''),
        scheme: this.#certificate === null ? 'http' : 'https',
        port: first.port,
        addresses: mdnsInterfaces(this.settings.addresses, this.#listeners.map(({ address }) => address)),
      },
      this.parts.log,
      (state) => {
        this.#mdns = state;
        this.tell();
      },
    );
  }

  #listening(): LanState {
    const scheme = this.#certificate === null ? 'http' : 'https';
    const port = this.#listeners[0]?.port ?? this.settings.port;
    const certificate = this.#certificate;
    return {
      state: 'listening',
      urls: urlsOf(scheme, port, this.#listeners.map(({ address }) => address), this.#localHost),
      certificate: certificate === null ? null : { own: certificate.own, fingerprint: certificate.facts.fingerprint, validFrom: certificate.facts.validFrom, validTo: certificate.facts.validTo, problem: certificate.problem },
      missing: this.#missing,
      retryAt: this.#retryAt,
      mdns: this.#mdns,
      connections: this.parts.connections(),
    };
  }

  /** Tells how it stands, and looks again later: sooner where an address is missing. */
  #settle(): void {
    if (this.#missing.length === 0) this.#attempt = 0;
    const pause = this.#missing.length === 0 ? CHECK_EVERY : this.#pause();
    this.#retryAt = this.#missing.length === 0 ? null : this.parts.clock.now() + pause;
    this.parts.onState(this.#listening());
    this.#later(pause, () => this.#check());
  }

  /** Addresses come and go, certificates end. */
  async #check(): Promise<void> {
    if (this.#stopped) return;
    this.#localHost = this.parts.localHost();
    const places = this.#places();
    await this.#leaveGone(places);
    await this.#listenAll(places);
    await this.#renew();
    if (this.#listeners.length > 0) this.#settle();
    else this.#fail(this.#nowhere(), () => this.#check());
  }

  /** A socket at an address that the machine has lost hears nothing, and would not hear again on every system. */
  async #leaveGone(places: BindTargets): Promise<void> {
    const left = staleListeners(this.#listeners.map(({ address }) => address), places, this.#localHost);
    const gone = this.#listeners.filter(({ address }) => left.includes(address));
    this.#listeners = this.#listeners.filter((listener) => !gone.includes(listener));
    await Promise.all(gone.map((listener) => listener.close(0)));
  }

  async #renew(): Promise<void> {
    const before = this.#certificate;
    if (before === null) return;
    try {
      const now = await this.#loadCertificate();
      this.#certificate = now;
      this.#troubles.report('the certificate file', now?.problem ?? null);
      if (now === null || now.cert === before.cert) return;
      this.#listeners.forEach((listener) => listener.renew(now));
      this.parts.log.info('another certificate is in force', { fingerprint: now.facts.fingerprint });
    } catch (error) {
      // The one in force serves on; a person's own file may be amid being replaced.
      this.#certificate = { ...before, problem: `${messageOf(error)}. The certificate from before stays in use` };
      this.#troubles.report('the certificate file', messageOf(error));
    }
  }

  async #end(): Promise<void> {
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
