/** Access control over the network as a whole: pairing, accounts, sessions and API tokens behind one interface. */
import type { AccessSummary, PairingRequest } from '../../shared/sharing/access-schemas';
import { CallError } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import type { RandomBytes } from '../lib/ids';
import type { EventRecorder } from '../timeline/event-recorder';
import type { Authenticator, ClientIdentity, Credentials } from './identity';
import { createAccounts } from './accounts';
import type { Accounts, PasswordChange } from './accounts';
import { accessCookie } from './cookies';
import { createCredentialStore } from './credential-store';
import type { CredentialStore } from './credential-store';
import type { StoredDevice } from './credential-schema';
import { createDevices, isOfAccount } from './devices';
import type { Devices } from './devices';
import { createExpiryTimer, IDLE_LIMIT } from './expiry';
import { createFailureAggregator } from './failure-aggregator';
import { createPairing } from './pairing';
import type { Pairing } from './pairing';
import { createPasswords } from './passwords';
import type { Derive } from './passwords';
import { createSessions } from './sessions';
import type { Sessions, SessionTokens } from './sessions';
import { createMachineTokens } from './machine-tokens';
import type { MachineTokens } from './machine-tokens';
import { createTokens } from './tokens';
import type { Tokens } from './tokens';

/** What access control is built from. */
export interface AccessControlParts {
  /** File of the stored credentials. */
  readonly path: string;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly record: EventRecorder;
  /** False only while plain HTTP is set: cookies are Secure otherwise. */
  isSecure(): boolean;
  /** scrypt by default; replaced in tests. */
  readonly derive?: Derive;
}

/** Result of signing in. `ms`: time until another attempt is allowed. */
export type SignInResult =
  | { readonly kind: 'ok'; readonly tokens: SessionTokens; readonly identity: ClientIdentity }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly ms: number };

/** Signs browsers and scripts in, identifies them, and ends their access. */
export interface AccessControl extends Authenticator {
  readonly pairing: Pairing;
  readonly accounts: Accounts;
  readonly devices: Devices;
  readonly tokens: Tokens;
  /** Of machines that report here. */
  readonly machines: MachineTokens;
  isSecure(): boolean;
  /** Everything the Sharing page shows; no secret but the active pairing code. */
  summary(): AccessSummary;
  onChange(listener: () => void): () => void;
  login(name: string, password: string, device: string, address: string): Promise<SignInResult>;
  /**
   * Changes the password of the account a device signed in with. That device gets new tokens, all other devices of the
   * account are signed out. Throws a CallError.
   */
  changePassword(device: string, change: PasswordChange): Promise<SignInResult>;
  /** The tokens of an approved request; null while it is not approved. Throws a CallError. */
  claim(request: string, ticket: string, address: string): SignInResult | null;
  refresh(token: string, address: string): SignInResult;
  /** Removes the devices that either of the two tokens belongs to. */
  logout(access: string | undefined, refresh: string | undefined): void;
  /** Removes devices and records the reason in the timeline; false when none matched. */
  revoke(matches: (device: StoredDevice) => boolean, reason: string): boolean;
  /** Calls the `onRevoked` listeners for ids whose rights have changed or ended. */
  emitRevoked(ids: readonly string[]): void;
  close(): void;
}

const DAY = 86_400_000;

function toIdentity({ id, name, role, account }: StoredDevice): ClientIdentity {
  return { id, name, role, scopes: null, ...(account === null ? {} : { account }) };
}

/** A set of listeners with one argument. */
function createListeners<T>(): { readonly add: (listener: (value: T) => void) => () => void; readonly emit: (value: T) => void } {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (value) => [...listeners].forEach((listener) => listener(value)),
  };
}

class AccessControlService implements AccessControl {
  readonly #changes = createListeners<null>();
  readonly #revoked = createListeners<string>();
  readonly #credentials: CredentialStore;
  readonly #sessions: Sessions;
  readonly #failedLogins;
  readonly #tokenExpiry;
  readonly pairing: Pairing;
  readonly accounts: Accounts;
  readonly devices: Devices;
  readonly tokens: Tokens;
  readonly machines: MachineTokens;

  constructor(private readonly parts: AccessControlParts) {
    const { path, clock, timers, random, log, record, derive } = parts;
    const onChange = (): void => this.#changes.emit(null);
    this.#tokenExpiry = createExpiryTimer(clock, timers, () => this.tokens.list(), (ids) => this.emitRevoked(ids));
    const credentials = createCredentialStore({ path, clock, timers, log, onChange });
    this.#credentials = credentials;
    this.#sessions = createSessions({ credentials, clock, random });
    this.pairing = createPairing({ clock, timers, random, record, onChange });
    this.accounts = createAccounts({ credentials, clock, passwords: createPasswords(random, derive) });
    this.devices = createDevices({ credentials, sessions: this.#sessions, clock, random });
    this.tokens = createTokens({ credentials, clock, random });
    this.machines = createMachineTokens({ credentials, requests: this.pairing.machineRequests, clock, random, record, onEnded: (id) => this.emitRevoked([id]) });
    this.onChange(() => this.#tokenExpiry.reschedule());
    this.#failedLogins = createFailureAggregator({ timers, record, type: 'lan_login_failed', label: { one: 'failed sign-in', many: 'failed sign-ins' } });
  }

  isSecure(): boolean {
    return this.parts.isSecure();
  }

  authenticate(credentials: Credentials): Promise<ClientIdentity | null> {
    return Promise.resolve(this.#identify(credentials));
  }

  onRevoked(listener: (id: string) => void): () => void {
    return this.#revoked.add(listener);
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(() => listener());
  }

  emitRevoked(ids: readonly string[]): void {
    ids.forEach(this.#revoked.emit);
  }

  summary(): AccessSummary {
    const { accounts } = this.#credentials.get();
    return {
      pairingCode: this.pairing.activeCode(),
      requests: this.#pendingRequests(),
      devices: this.devices.list(),
      accounts: accounts.map(({ password: _password, ...account }) => account),
      tokens: this.tokens.list(),
      problem: this.#credentials.problem(),
    };
  }

  async login(name: string, password: string, device: string, address: string): Promise<SignInResult> {
    const checked = await this.accounts.checkPassword(name, password, address);
    if (checked.kind !== 'ok') {
      this.#failedLogins.add(address);
      return checked;
    }
    const { account } = checked;
    const { id, tokens, removed } = this.devices.add({ name: device === '' ? account.name : `${account.name}, ${device}`, role: account.role, address, account: account.name });
    this.parts.record({ type: 'lan_login', message: `${account.name} signed in from ${address}`, user: account.name, details: { address, device } });
    this.#gaveWay(removed);
    return this.#signInResult(id, tokens);
  }

  async changePassword(id: string, change: PasswordChange): Promise<SignInResult> {
    const { record } = this.parts;
    const { address } = change;
    const account = this.devices.find(id)?.account ?? null;
    if (account === null) throw new CallError('Forbidden', 'this browser was paired without an account and has no password');
    const prepared = await this.accounts.preparePasswordChange(account, change);
    if (prepared.kind !== 'ok') {
      this.#failedLogins.add(address);
      return prepared;
    }
    // The device may have been removed while the hash was computed.
    if (this.devices.find(id) === null) throw new CallError('Unauthorized', 'this browser has been signed out');
    const { removed, tokens } = this.devices.replaceSessions(id, isOfAccount(account), prepared.change);
    // Streams opened with the old tokens end too; those of this browser reconnect by themselves.
    this.emitRevoked([id, ...removed.map((device) => device.id)]);
    record({ type: 'lan_password_changed', message: `Password of the account ${prepared.name} changed, from ${address}`, user: prepared.name, details: { address, signedOut: removed.length } });
    this.#recordRevoked(removed, 'the password of the account was changed');
    return this.#signInResult(id, tokens);
  }

  claim(request: string, ticket: string, address: string): SignInResult | null {
    const approval = this.pairing.requests.approval(request, ticket);
    if (approval === null) return null;
    const { grant: role, request: { name }, created: device } = approval;
    if (device !== null && this.devices.find(device) === null) return { kind: 'wrong' };
    const { id, tokens, removed } = device === null ? this.devices.add({ name, role, address, account: null }) : { id: device, tokens: this.devices.restartSession(device), removed: [] };
    this.#gaveWay(removed);
    this.pairing.requests.complete(request, id);
    return this.#signInResult(id, tokens);
  }

  refresh(token: string, address: string): SignInResult {
    const refreshed = this.#sessions.refresh(token);
    if (refreshed.kind === 'ok') {
      this.devices.recordSeen(refreshed.device, address);
      return { kind: 'ok', tokens: refreshed.tokens, identity: toIdentity(refreshed.device) };
    }
    if (refreshed.kind === 'unknown') return { kind: 'wrong' };
    const { name, lastAddress } = refreshed.device;
    this.#removeDevices((one) => one.id === refreshed.device.id);
    if (refreshed.kind === 'reuse') {
      this.parts.record({
        type: 'lan_refresh_token_reused',
        severity: 'warning',
        message: `An old sign-in token of “${name}” was reused from ${address} and may be stolen. The browser was signed out.`,
        user: name,
        details: { address, lastAddress },
      });
    } else this.parts.record({ type: 'lan_device_revoked', message: `“${name}” signed out after ${IDLE_LIMIT / DAY} days of inactivity`, user: name });
    return { kind: 'wrong' };
  }

  logout(access: string | undefined, refresh: string | undefined): void {
    const devices = [access === undefined ? null : this.#sessions.deviceOfAccessToken(access), refresh === undefined ? null : this.#sessions.deviceOfRefreshToken(refresh)];
    const ids = new Set(devices.flatMap((device) => device?.id ?? []));
    for (const { name, lastAddress } of this.#removeDevices(({ id }) => ids.has(id))) {
      this.parts.record({ type: 'lan_logout', message: `“${name}” signed out`, user: name, details: { address: lastAddress } });
    }
  }

  revoke(matches: (device: StoredDevice) => boolean, reason: string): boolean {
    const removed = this.#removeDevices(matches);
    this.#recordRevoked(removed, reason);
    return removed.length > 0;
  }

  close(): void {
    this.#tokenExpiry.stop();
    this.#failedLogins.flush();
    this.pairing.close();
    this.#credentials.close();
  }

  #pendingRequests(): readonly PairingRequest[] {
    const { requests, machineRequests } = this.pairing;
    const ofMachines = machineRequests.pending().map((request) => ({ ...request, machine: { ...request.machine, isKnown: this.machines.find(request.machine.id) !== null } }));
    return [...requests.pending(), ...ofMachines];
  }

  #signInResult(id: string, tokens: SessionTokens): SignInResult {
    const device = this.devices.find(id);
    return device === null ? { kind: 'wrong' } : { kind: 'ok', tokens, identity: toIdentity(device) };
  }

  #recordRevoked(removed: readonly StoredDevice[], reason: string): void {
    for (const { name } of removed) this.parts.record({ type: 'lan_device_revoked', message: `“${name}” signed out: ${reason}`, user: name });
  }

  /** Devices whose place was needed: of an account that is signed in too often, or of one that holds most places. */
  #gaveWay(removed: readonly StoredDevice[]): void {
    this.emitRevoked(removed.map(({ id }) => id));
    this.#recordRevoked(removed, 'its place was needed for another browser');
  }

  #removeDevices(matches: (device: StoredDevice) => boolean): readonly StoredDevice[] {
    const removed = this.devices.remove(matches);
    this.emitRevoked(removed.map(({ id }) => id));
    return removed;
  }

  #identify({ cookies, authorization, address, secure = this.isSecure() }: Credentials): ClientIdentity | null {
    // A script that sends the header relies on it: a cookie must not stand in for a wrong token.
    if (authorization !== undefined) return this.tokens.identify(authorization) ?? this.machines.identify(authorization);
    const access = cookies[accessCookie(secure).name];
    const device = access === undefined ? null : this.#sessions.deviceOfAccessToken(access);
    if (device === null) return null;
    this.devices.recordSeen(device, address);
    return toIdentity(device);
  }
}

/** Creates access control. No file is read before the first call that needs one. */
export function createAccessControl(parts: AccessControlParts): AccessControl {
  return new AccessControlService(parts);
}

/** Returns `found`; throws a NotFound CallError about `what` when it is null. */
export function orNotFound<T>(found: T | null, what: string): T {
  if (found === null) throw new CallError('NotFound', `${what} not found`);
  return found;
}
