/** Letting people in, as a whole: who is in, how they come in, and how they are put out. */
import type { AccessSummary } from '../../shared/sharing/access-schemas';
import { CallError } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import type { Authenticator, Credentials, ClientIdentity } from './identity';
import { createAccounts } from './accounts';
import type { Accounts, PasswordChange } from './accounts';
import { createFailureAggregator } from './failure-aggregator';
import type { EventRecorder } from '../timeline/event-recorder';
import { accessCookie } from './cookies';
import { createDevices, isOfAccount } from './devices';
import { createExpiry } from './expiry';
import type { Devices } from './devices';
import { createPairing } from './pairing';
import type { Pairing } from './pairing';
import { createPasswords } from './passwords';
import type { Derive } from './passwords';
import type { StoredDevice } from './credential-schema';
import type { RandomBytes } from '../lib/ids';
import { createSessions } from './sessions';
import type { Sessions, SessionTokens } from './sessions';
import { createCredentialStore } from './credential-store';
import type { CredentialStore } from './credential-store';
import { createTokens, toScriptToken } from './tokens';
import type { Tokens } from './tokens';

/** What access is built from. */
export interface AccessControlParts {
  /** Where the rights are kept. */
  readonly path: string;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly record: EventRecorder;
  /** False only while the person has chosen plain HTTP: cookies are Secure otherwise. */
  isSecure(): boolean;
  /** scrypt but in tests. */
  readonly derive?: Derive;
}

/** What came of signing in. */
export type SignInResult =
  | { readonly kind: 'ok'; readonly tokens: SessionTokens; readonly identity: ClientIdentity }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly ms: number };

/** Everybody who is in, and the ways in and out. */
export interface AccessControl extends Authenticator {
  readonly pairing: Pairing;
  readonly accounts: Accounts;
  readonly devices: Devices;
  readonly tokens: Tokens;
  isSecure(): boolean;
  /** Everything, for the desktop's window. */
  view(): AccessSummary;
  onChange(listener: () => void): () => void;
  login(name: string, password: string, device: string, address: string): Promise<SignInResult>;
  /** Another password for the account a device signed in with; that device gets new tokens, all others of the account end. Throws a CallError. */
  changePassword(device: string, change: PasswordChange): Promise<SignInResult>;
  /** The tokens of an approved request; null while it is not. Throws a CallError. */
  claim(request: string, ticket: string, address: string): SignInResult | null;
  refresh(token: string, address: string): SignInResult;
  /** Puts out whoever holds either of the two. */
  logout(access: string | undefined, refresh: string | undefined): void;
  /** Takes the rights of devices away, and says why in the timeline; false when there were none such. */
  revoke(which: (device: StoredDevice) => boolean, why: string): boolean;
  /** Tells who listens that these have another right, or none, from now on. */
  announce(ids: readonly string[]): void;
  close(): void;
}

/** Who a device is to the rest of the program. */
function toIdentity({ id, name, role }: StoredDevice): ClientIdentity {
  return { id, name, role, scopes: null };
}

/** Things that are told to whoever listens. */
function createListeners<T>(): { readonly add: (listener: (value: T) => void) => () => void; readonly tell: (value: T) => void } {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (value) => [...listeners].forEach((listener) => listener(value)),
  };
}

/** The parts, and what they say when asked together. */
class AccessControlService implements AccessControl {
  readonly #changes = createListeners<null>();
  readonly #revoked = createListeners<string>();
  readonly #credentials: CredentialStore;
  readonly #sessions: Sessions;
  readonly #failedLogins;
  readonly #expiry;
  readonly pairing: Pairing;
  readonly accounts: Accounts;
  readonly devices: Devices;
  readonly tokens: Tokens;

  constructor(private readonly parts: AccessControlParts) {
    const { path, clock, timers, random, log, record, derive } = parts;
    const onChange = (): void => this.#changes.tell(null);
    this.#expiry = createExpiry(clock, timers, () => this.#credentials.get().tokens, (ids) => this.announce(ids));
    const credentials = createCredentialStore({ path, clock, timers, log, onChange });
    this.#credentials = credentials;
    this.#sessions = createSessions({ credentials, clock, random });
    this.pairing = createPairing({ clock, timers, random, record, onChange });
    this.accounts = createAccounts({ credentials, clock, passwords: createPasswords(random, derive) });
    this.devices = createDevices({ credentials, sessions: this.#sessions, clock, random });
    this.tokens = createTokens({ credentials, clock, random });
    this.onChange(() => this.#expiry.look());
    this.#failedLogins = createFailureAggregator({ timers, record, type: 'lan_login_failed', label: { one: 'failed login', many: 'failed logins' } });
  }

  isSecure(): boolean {
    return this.parts.isSecure();
  }

  authenticate({ cookies, authorization, address }: Credentials): Promise<ClientIdentity | null> {
    return Promise.resolve(this.#identify(cookies, authorization, address));
  }

  onRevoked(listener: (id: string) => void): () => void {
    return this.#revoked.add(listener);
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(() => listener());
  }

  announce(ids: readonly string[]): void {
    ids.forEach(this.#revoked.tell);
  }

  view(): AccessSummary {
    const { accounts, tokens } = this.#credentials.get();
    return {
      offer: this.pairing.offer(),
      requests: this.pairing.requests.pending(),
      devices: this.devices.list(),
      accounts: accounts.map(({ password: _password, ...account }) => account),
      tokens: tokens.map(toScriptToken),
      problem: this.#credentials.problem(),
    };
  }

  async login(name: string, password: string, device: string, address: string): Promise<SignInResult> {
    const came = await this.accounts.login(name, password, address);
    if (came.kind !== 'ok') {
      this.#failedLogins.add(address);
      return came;
    }
    const { account } = came;
    const { id, tokens } = this.devices.add({ name: device === '' ? account.name : `${account.name}, ${device}`, role: account.role, address, account: account.name });
    this.parts.record({ type: 'lan_login', message: `${account.name} signed in from ${address}`, user: account.name, details: { address, device } });
    return this.#admitted(id, tokens);
  }

  async changePassword(id: string, change: PasswordChange): Promise<SignInResult> {
    const { record } = this.parts;
    const { address } = change;
    const account = this.devices.find(id)?.account ?? null;
    if (account === null) throw new CallError('Forbidden', 'this browser was let in without an account and has no password');
    const came = await this.accounts.renew(account, change);
    if (came.kind !== 'ok') {
      this.#failedLogins.add(address);
      return came;
    }
    // It may have been put out while the hash was made.
    if (this.devices.find(id) === null) throw new CallError('Unauthorized', 'this browser has been signed out');
    const { gone, tokens } = this.devices.keepOnly(id, isOfAccount(account), came.change);
    // Streams opened with the old tokens end too; this browser's own come back by themselves.
    this.announce([id, ...gone.map((device) => device.id)]);
    record({ type: 'lan_password_changed', message: `${came.name} changed the password of this account, from ${address}`, user: came.name, details: { address, signedOut: gone.length } });
    this.#tellGone(gone, 'the password of its account was changed');
    return this.#admitted(id, tokens);
  }

  claim(request: string, ticket: string, address: string): SignInResult | null {
    const approval = this.pairing.requests.approval(request, ticket);
    if (approval === null) return null;
    const { role, request: { name }, device } = approval;
    if (device !== null && this.devices.find(device) === null) return { kind: 'wrong' };
    const { id, tokens } = device === null ? this.devices.add({ name, role, address, account: null }) : { id: device, tokens: this.devices.renew(device) };
    this.pairing.requests.complete(request, id);
    return this.#admitted(id, tokens);
  }

  refresh(token: string, address: string): SignInResult {
    const came = this.#sessions.refresh(token);
    if (came.kind === 'ok') {
      this.devices.seen(came.device, address);
      return { kind: 'ok', tokens: came.tokens, identity: toIdentity(came.device) };
    }
    if (came.kind === 'unknown') return { kind: 'wrong' };
    const { name, lastAddress } = came.device;
    this.#putOut((one) => one.id === came.device.id);
    if (came.kind === 'reuse') {
      this.parts.record({
        type: 'lan_refresh_token_reused',
        severity: 'warning',
        message: `An old sign-in of “${name}” was used again, from ${address}: somebody may have copied it. The device has been signed out.`,
        user: name,
        details: { address, lastAddress },
      });
    } else this.parts.record({ type: 'lan_device_revoked', message: `“${name}” was away for too long and has been signed out`, user: name });
    return { kind: 'wrong' };
  }

  logout(access: string | undefined, refresh: string | undefined): void {
    const holders = [access === undefined ? null : this.#sessions.deviceOf(access), refresh === undefined ? null : this.#sessions.holderOf(refresh)];
    const ids = new Set(holders.flatMap((device) => device?.id ?? []));
    for (const { name, lastAddress } of this.#putOut(({ id }) => ids.has(id))) {
      this.parts.record({ type: 'lan_logout', message: `“${name}” signed out`, user: name, details: { address: lastAddress } });
    }
  }

  revoke(which: (device: StoredDevice) => boolean, why: string): boolean {
    const gone = this.#putOut(which);
    this.#tellGone(gone, why);
    return gone.length > 0;
  }

  close(): void {
    this.#expiry.stop();
    this.#failedLogins.flush();
    this.pairing.close();
    this.#credentials.close();
  }

  #admitted(id: string, tokens: SessionTokens): SignInResult {
    const device = this.devices.find(id);
    return device === null ? { kind: 'wrong' } : { kind: 'ok', tokens, identity: toIdentity(device) };
  }

  #tellGone(gone: readonly StoredDevice[], why: string): void {
    for (const { name } of gone) this.parts.record({ type: 'lan_device_revoked', message: `“${name}” may no longer watch: ${why}`, user: name });
  }

  #putOut(which: (device: StoredDevice) => boolean): readonly StoredDevice[] {
    const gone = this.devices.remove(which);
    this.announce(gone.map(({ id }) => id));
    return gone;
  }

  #identify(cookies: Credentials['cookies'], authorization: string | undefined, address: string): ClientIdentity | null {
    // A script that brings a header means it: a wrong one is not made good by a cookie.
    if (authorization !== undefined) return this.tokens.identify(authorization);
    const access = cookies[accessCookie(this.isSecure()).name];
    const device = access === undefined ? null : this.#sessions.deviceOf(access);
    if (device === null) return null;
    this.devices.seen(device, address);
    return toIdentity(device);
  }
}

/** Builds it. Nothing is read before somebody asks. */
export function createAccessControl(parts: AccessControlParts): AccessControl {
  return new AccessControlService(parts);
}

/** Throws the CallError of something that is not there any more. */
export function orNotFound<T>(found: T | null, what: string): T {
  if (found === null) throw new CallError('NotFound', `${what} is gone`);
  return found;
}
