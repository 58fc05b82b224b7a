/** The session of a browser on the LAN: pairing, sign-in with an account, renewal and sign-out. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Me, SignedInIdentity } from '../../../shared/sharing/sign-in-schemas';
import type { Result } from '../../../shared/result';
import type { Http, RenewalOutcome } from '../../data/http';
import { toMe, toPasswordRefusal, toPending, toRequestState } from './sign-in-responses';
import type { PasswordRefusal } from '../../app/app-types';
import type { Timers } from '../../data/timers';

/** State of the session. */
export type SignInState =
  /** Not known yet. */
  | { readonly kind: 'checking' }
  /** The server does not respond; the request is repeated. */
  | { readonly kind: 'unreachable' }
  /** Not signed in; `message` is why the last attempt failed or the session ended, `passwords` whether any account exists. */
  | { readonly kind: 'signedOut'; readonly passwords: boolean; readonly message: string | null; readonly busy: boolean }
  /** The access request `id` waits for approval on the machine `host`. */
  | { readonly kind: 'waiting'; readonly host: string; readonly id: string }
  | { readonly kind: 'signedIn'; readonly identity: SignedInIdentity };

/** Commands of the session. */
export interface SignIn {
  readonly store: StoreApi<SignInState>;
  /** Determines whether this browser is signed in, and repeats that while the server does not respond. */
  start(): void;
  /** Requests access with the six digits or with the secret of the QR code. */
  pair(proof: { readonly code: string } | { readonly secret: string }): Promise<void>;
  login(name: string, password: string): Promise<void>;
  /** Stops waiting for the approval. */
  cancelRequest(): void;
  logout(): Promise<void>;
  /** Changes the password of the account this browser signed in with; resolves to null on success. */
  changePassword(current: string, password: string): Promise<PasswordRefusal | null>;
  /** Requests a new access token; concurrent calls share one request. */
  renew(): Promise<RenewalOutcome>;
  /** Loads the identity again: its role may have changed. */
  check(): Promise<void>;
  stop(): void;
}

/** Dependencies of the controller. */
export interface SignInParts {
  readonly http: Http;
  readonly timers: Timers;
  /** Name of this browser, shown with its request. */
  readonly device: string;
}

/** Delays between attempts while the server does not respond, ms; the last one repeats. */
const RETRY_DELAYS = [1000, 2000, 5000] as const;
/** How long one request for the state of the access request stays open, s. */
const WAIT_SECONDS = 25;

const WRONG_CODE = 'Wrong or expired code. Create a new one.';
const WRONG_PASSWORD = 'Name or password is wrong.';
const EXPIRED = 'Request expired. Try again with a new code.';
const DENIED = 'Access denied.';
const ENDED = 'This browser has been signed out.';

class SignInController implements SignIn {
  readonly store = createStore<SignInState>(() => ({ kind: 'checking' }));
  #renewing: Promise<RenewalOutcome> | null = null;
  #cancelRetry = (): void => undefined;
  #stopped = false;
  /** Whether any account exists, as of the last response. */
  #passwords = false;

  constructor(private readonly parts: SignInParts) {}

  start(): void {
    void this.#identify(0);
  }

  async pair(proof: { readonly code: string } | { readonly secret: string }): Promise<void> {
    this.#signedOut(null, true);
    const response = await this.parts.http.post('/api/auth/pair', { ...proof, name: this.parts.device });
    const pending = toPending(response);
    if (pending === null) return this.#signedOut(response.ok || response.code === 'Forbidden' || response.code === 'BadInput' ? WRONG_CODE : response.message);
    const { id, host } = pending;
    this.#set({ kind: 'waiting', host, id });
    return this.#waitForApproval(id);
  }

  async login(name: string, password: string): Promise<void> {
    this.#signedOut(null, true);
    const response = await this.parts.http.post('/api/auth/login', { name, password, device: this.parts.device });
    const me = toMe(response);
    if (me !== null && me.identity !== null) this.#signedIn(me);
    else this.#signedOut(response.ok || response.code === 'Unauthorized' || response.code === 'BadInput' ? WRONG_PASSWORD : response.message);
  }

  cancelRequest(): void {
    if (this.store.getState().kind === 'waiting') this.#signedOut(null);
  }

  async logout(): Promise<void> {
    await this.parts.http.post('/api/auth/logout', {});
    this.#signedOut(null);
  }

  async changePassword(current: string, password: string): Promise<PasswordRefusal | null> {
    const request = (): Promise<Result<unknown>> => this.parts.http.post('/api/auth/password', { current, password });
    const first = await request();
    const response = !first.ok && first.code === 'Unauthorized' && (await this.renew()) === 'renewed' ? await request() : first;
    return response.ok ? null : toPasswordRefusal(response);
  }

  renew(): Promise<RenewalOutcome> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async check(): Promise<void> {
    const me = toMe(await this.parts.http.get('/api/auth/me'));
    if (me !== null && me.identity !== null) this.#signedIn(me);
    else if (me !== null && this.store.getState().kind === 'signedIn') await this.renew();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  /** Loads the identity with the present access token, then with a renewed one. */
  async #identify(attempt: number): Promise<void> {
    const me = toMe(await this.parts.http.get('/api/auth/me'));
    if (this.#stopped) return;
    if (me === null) {
      this.#set({ kind: 'unreachable' });
      this.#cancelRetry = this.parts.timers.after(RETRY_DELAYS[Math.min(attempt, RETRY_DELAYS.length - 1)] ?? 0, () => void this.#identify(attempt + 1));
      return;
    }
    this.#passwords = me.passwords;
    if (me.identity !== null) return this.#signedIn(me);
    const renewed = await this.renew();
    if (renewed === 'signedOut') this.#signedOut(null);
    else if (renewed === 'unreachable') await this.#identify(attempt + 1);
  }

  async #renew(): Promise<RenewalOutcome> {
    const response = await this.parts.http.post('/api/auth/refresh', {});
    const me = toMe(response);
    if (me !== null && me.identity !== null) {
      this.#signedIn(me);
      return 'renewed';
    }
    // Only a refusal by the server ends the session: an error page of a proxy, a full disk or a lost network does not.
    if (response.ok || response.code !== 'Unauthorized') return 'unreachable';
    if (this.store.getState().kind === 'signedIn') this.#signedOut(ENDED);
    return 'signedOut';
  }

  async #waitForApproval(id: string): Promise<void> {
    while (this.#isWaiting(id)) {
      const response = await this.parts.http.get(`/api/auth/pair/${id}?wait=${WAIT_SECONDS}`);
      if (!this.#isWaiting(id)) return;
      const state = toRequestState(response);
      if (state === 'approved') return this.#loadIdentity(id);
      if (state === 'denied') return this.#signedOut(DENIED);
      if (state === 'expired' || (!response.ok && response.code !== 'Unavailable')) return this.#signedOut(response.ok || response.code === 'NotFound' ? EXPIRED : response.message);
      // The connection was interrupted; the request still exists.
      if (state === null) await this.#delay(RETRY_DELAYS[0]);
    }
  }

  /** Loads the identity after the approval, whose response set the cookies. */
  async #loadIdentity(id: string): Promise<void> {
    while (this.#isWaiting(id)) {
      const me = toMe(await this.parts.http.get('/api/auth/me'));
      if (me === null) await this.#delay(RETRY_DELAYS[0]);
      else if (me.identity === null) this.#signedOut(EXPIRED);
      else this.#signedIn(me);
    }
  }

  #isWaiting(id: string): boolean {
    const state = this.store.getState();
    return !this.#stopped && state.kind === 'waiting' && state.id === id;
  }

  #delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.parts.timers.after(ms, resolve);
    });
  }

  #signedIn({ identity, passwords }: Me): void {
    this.#passwords = passwords;
    if (identity === null) return;
    const before = this.store.getState();
    // An unchanged identity must not mount the app again.
    const same = before.kind === 'signedIn' && JSON.stringify(before.identity) === JSON.stringify(identity);
    if (!same) this.#set({ kind: 'signedIn', identity });
  }

  #signedOut(message: string | null, busy = false): void {
    this.#set({ kind: 'signedOut', passwords: this.#passwords, message, busy });
  }

  #set(state: SignInState): void {
    if (!this.#stopped) this.store.setState(state, true);
  }
}

/** Creates it; no request is sent before `start`. */
export function createSignIn(parts: SignInParts): SignIn {
  return new SignInController(parts);
}
