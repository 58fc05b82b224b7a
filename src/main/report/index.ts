/**
 * The room report: this machine reports to another Traywatch, its hub. Joining it, and reports of what is read and stored
 * here; nothing that a hub could make this machine do.
 *
 * It may import src/shared, the engine and lib. It may not import core, desktop, lan, transports, the other rooms or Electron.
 * core/report-control.ts loads it by import(), once this machine joins a hub or has joined one.
 *
 * This file holds which hub that is, and joins and leaves it.
 */
import { randomBytes } from 'node:crypto';
import type { HostInfo } from '../../shared/host-info';
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import type { Reporting } from '../../shared/machines/machine-schemas';
import { CallError, messageOf } from '../../shared/result';
import type { EventInput } from '../../shared/timeline/event-schemas';
import type { Clock, Timers } from '../engine/clock';
import { readBootId } from '../engine/host/index';
import type { SystemDeps } from '../engine/collectors/deps';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Store } from '../engine/store/store-types';
import { startDeadline } from '../lib/request-deadline';
import type { StateFile } from '../lib/state-file';
import { toFingerprint } from './certificate-pin';
import type { Pin } from './certificate-pin';
import { toHubAddress } from './hub-address';
import { createHubConnection, lookAtCertificate, OtherCertificateError } from './hub-connection';
import type { HubConnection } from './hub-connection';
import { hubEvent, NOTHING_TOLD } from './hub-events';
import { requestJoin, waitForApproval } from './join';
import type { JoinPending } from './join';
import { Reporter } from './reporter';
import type { ReporterStatus } from './reporter';
import { machineIdOf, openReportState } from './report-state';
import type { KnownHub, ReportState } from './report-state';

/** What reporting needs of the core. */
export interface ReportingParts {
  /** Of the file with the id, the hub and the token. */
  readonly path: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly hub: Hub;
  readonly store: Store;
  readonly system: Pick<SystemDeps, 'platform' | 'root'>;
  host(): Promise<HostInfo>;
  rules(): readonly Rule[];
  record(event: EventInput): void;
  onChange(): void;
}

/** A wish to join: see joinSchema. */
export interface JoinWish {
  readonly url: string;
  readonly code: string;
  readonly fingerprint: string | null;
}

/** Where no certificate is shown, on this machine itself. */
const NO_CERTIFICATE = 'not encrypted';
const LOOK_TIMEOUT = 10_000;

type State = { readonly state: 'off'; readonly reason?: string } | Extract<Reporting, { state: 'confirm' | 'joining' }> | { readonly state: 'on' };

/** Reporting to one hub at most. */
export class HubReporting {
  readonly #parts: ReportingParts;
  readonly #file: StateFile<ReportState>;
  /** Of this run of the program. */
  readonly #run = randomBytes(8).toString('hex');
  readonly #boot: string | null;
  #state: State = { state: 'off' };
  #joining: AbortController | null = null;
  #reporter: Reporter | null = null;
  #told = NOTHING_TOLD;
  #isClosed = false;

  /** `boot`: id of the start of the system; null where it is not known. */
  private constructor(parts: ReportingParts, boot: string | null) {
    this.#parts = parts;
    this.#boot = boot;
    this.#file = openReportState(parts.path, parts.clock, parts.log);
    const { hub } = this.#file.get();
    if (hub !== null) this.#start(hub);
  }

  /** Begins to report, where this machine has joined a hub. */
  static async open(parts: ReportingParts): Promise<HubReporting> {
    return new HubReporting(parts, await readBootId(parts.system));
  }

  state(): Reporting {
    const { hub } = this.#file.get();
    if (this.#state.state !== 'on') return this.#state;
    if (hub === null || this.#reporter === null) return { state: 'off' };
    const { state, reportedAt, behind, reason } = this.#reporter.status;
    return { state, url: hub.url, hub: hub.name, fingerprint: hub.pin?.fingerprint ?? NO_CERTIFICATE, reportedAt, behind, reason };
  }

  /** Without a fingerprint the certificate is told; with one the hub is asked, and approval is waited for. Throws a CallError. */
  async join(wish: JoinWish): Promise<Reporting> {
    const address = toHubAddress(wish.url);
    const pin = await this.#look(address);
    const fingerprint = pin?.fingerprint ?? NO_CERTIFICATE;
    if (wish.fingerprint === null) return { state: 'confirm', url: address.href, hub: address.host, fingerprint };
    if (pin !== null && toFingerprint(wish.fingerprint) !== pin.fingerprint) throw new CallError('BadInput', `The hub shows another certificate than that: ${pin.fingerprint}. Nothing was sent. Compare it with the one that the hub shows under Sharing.`);
    this.#joining?.abort();
    const joining = new AbortController();
    this.#joining = joining;
    if (this.#state.state === 'joining') this.#set(this.#reporter === null ? { state: 'off' } : { state: 'on' });
    const connection = createHubConnection(address, pin, () => undefined);
    try {
      const { hostname, appVersion } = await this.#parts.host();
      const pending = await requestJoin(this.#joinParts(connection, joining.signal), { code: wish.code, machine: machineIdOf(this.#file), name: hostname, version: appVersion });
      this.#set({ state: 'joining', url: address.href, hub: pending.hub, fingerprint });
      void this.#wait(connection, joining, pending, { url: address.href, name: pending.hub, pin });
    } catch (error) {
      connection.close();
      throw this.#toCallError(error);
    }
    return this.state();
  }

  /** Ends reporting, and forgets the hub. Its copy of the history stays there. */
  leave(): Reporting {
    const { machine, hub } = this.#file.get();
    this.#joining?.abort();
    const isCopy = this.#reporter?.status.isCopy === true;
    this.#reporter?.close(true);
    this.#reporter = null;
    // A copy of another machine's folder becomes a machine of its own.
    this.#file.put({ machine: isCopy ? null : machine, hub: null });
    if (hub !== null) this.#parts.record({ type: 'hub_left', message: `This machine reports to ${hub.name} no more`, details: { hub: hub.name } });
    this.#set({ state: 'off' });
    return this.state();
  }

  onIncident(incident: Incident): void {
    this.#reporter?.onIncident(incident);
  }

  /** The host or the rules have changed. */
  onAbout(): void {
    this.#reporter?.onAbout();
  }

  suspend(): void {
    this.#reporter?.suspend();
  }

  resume(): void {
    this.#reporter?.resume();
  }

  running(): readonly string[] {
    return this.#reporter?.running() ?? [];
  }

  close(): void {
    this.#isClosed = true;
    this.#joining?.abort();
    this.#reporter?.close(true);
  }

  async #look(address: URL): Promise<Pin | null> {
    const deadline = startDeadline(this.#parts.timers, LOOK_TIMEOUT, new AbortController().signal);
    try {
      return await deadline.race(lookAtCertificate(address, deadline.signal));
    } catch (error) {
      const why = deadline.isTimedOut() ? 'it does not answer' : messageOf(error);
      throw new CallError('Unavailable', `There is no hub at ${address.host} (${why}). Check the address, that the hub shares over HTTPS, and that no firewall is between.`);
    } finally {
      deadline.end();
    }
  }

  #joinParts(connection: HubConnection, signal: AbortSignal): Parameters<typeof requestJoin>[0] {
    const { timers, clock } = this.#parts;
    return { connection, timers, mono: () => clock.mono(), signal };
  }

  #toCallError(error: unknown): CallError {
    if (error instanceof CallError) return error;
    if (error instanceof OtherCertificateError) return new CallError('Unavailable', 'The hub changed its certificate just now, so nothing was sent. Try again.');
    return new CallError('Unavailable', `The hub cannot be reached (${messageOf(error)}). Try again.`);
  }

  async #wait(connection: HubConnection, joining: AbortController, pending: JoinPending, found: Omit<KnownHub, 'token'>): Promise<void> {
    try {
      const result = await waitForApproval(this.#joinParts(connection, joining.signal), pending);
      if (joining.signal.aborted) return;
      if (result.state === 'approved') return this.#onApproved({ ...found, token: result.token });
      const reason = result.state === 'denied' ? `${found.name} denied it.` : `Nobody approved it at ${found.name} in time. Make a new code there.`;
      this.#set(this.#reporter === null ? { state: 'off', reason } : { state: 'on' });
    } catch (error) {
      if (!joining.signal.aborted) this.#parts.log.error('joining a hub failed', { error });
    } finally {
      connection.close();
    }
  }

  #onApproved(hub: KnownHub): void {
    this.#reporter?.close(true);
    this.#file.put({ ...this.#file.get(), hub });
    this.#parts.record({ type: 'hub_joined', message: `This machine reports to ${hub.name}`, details: { hub: hub.name, url: hub.url } });
    this.#start(hub);
  }

  #start({ url, pin }: KnownHub): void {
    const { clock, timers, log, hub, store } = this.#parts;
    this.#told = NOTHING_TOLD;
    const connection = createHubConnection(new URL(url), pin, (shown) => this.#onShown(shown));
    this.#reporter = new Reporter({
      clock,
      timers,
      log,
      hub,
      store,
      connection,
      machine: machineIdOf(this.#file),
      run: this.#run,
      boot: () => this.#boot,
      token: () => this.#file.get().hub?.token ?? '',
      onToken: (token) => this.#change({ token }),
      about: async () => ({ host: { ...(await this.#parts.host()), databasePath: null }, rules: this.#parts.rules() }),
      random: Math.random,
      onStatus: (status) => this.#onStatus(status),
    });
    this.#set({ state: 'on' });
  }

  /** The hub's certificate was issued again for the same key, for other addresses. */
  #onShown(shown: Pin): void {
    if (this.#file.get().hub?.pin?.fingerprint !== shown.fingerprint) this.#change({ pin: shown });
  }

  #change(change: Partial<KnownHub>): void {
    const state = this.#file.get();
    if (state.hub !== null) this.#file.put({ ...state, hub: { ...state.hub, ...change } });
  }

  #onStatus(status: ReporterStatus): void {
    const { event, told } = hubEvent(this.#told, status, this.#file.get().hub?.name ?? '', this.#parts.clock.mono());
    this.#told = told;
    if (event !== null) this.#parts.record(event);
    this.#parts.onChange();
  }

  #set(state: State): void {
    this.#state = state;
    if (!this.#isClosed) this.#parts.onChange();
  }
}
