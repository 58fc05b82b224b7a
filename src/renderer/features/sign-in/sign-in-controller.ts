/** Being let in by the LAN server: who this browser is, and how it becomes somebody. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Me, SignedInIdentity } from '../../../shared/sharing/sign-in-schemas';
import type { Result } from '../../../shared/result';
import type { Http, RenewalOutcome } from '../../data/http';
import { toMe, toPasswordRefusal, toPending, toRequestState } from './sign-in-responses';
import type { PasswordRefusal } from '../../app/app';
import type { Timers } from '../../data/timers';

/** How it stands. */
export type SignInState =
  /** Nothing is known yet. */
  | { readonly kind: 'checking' }
  /** The server does not answer; tried again all the time. */
  | { readonly kind: 'away' }
  /** Nobody; `told` is why the last try did not work, or what has become of the session. */
  | { readonly kind: 'out'; readonly passwords: boolean; readonly told: string | null; readonly busy: boolean }
  /** Waits for the person at the desktop of `host`. */
  | { readonly kind: 'waiting'; readonly host: string; readonly id: string }
  | { readonly kind: 'in'; readonly identity: SignedInIdentity };

/** Signs in and out. */
export interface SignIn {
  readonly store: StoreApi<SignInState>;
  /** Finds out who this browser is, and keeps trying while the server does not answer. */
  start(): void;
  /** With the six digits, or with what the QR code carried. */
  pair(proof: { readonly code: string } | { readonly secret: string }): Promise<void>;
  login(name: string, password: string): Promise<void>;
  /** Stops waiting for the desktop. */
  giveUp(): void;
  logout(): Promise<void>;
  /** Replaces the password of the account this browser signed in with; null when that is done. */
  changePassword(current: string, password: string): Promise<PasswordRefusal | null>;
  /** Gets a new access token; one question at a time, however many need it. */
  renew(): Promise<RenewalOutcome>;
  /** Asks who this is now: the role may have changed. */
  check(): Promise<void>;
  stop(): void;
}

/** What it is built from. */
export interface SignInParts {
  readonly http: Http;
  readonly timers: Timers;
  /** What this browser calls itself, for the person at the desktop. */
  readonly device: string;
}

/** Pauses between tries while the server does not answer, ms; the last one repeats. */
const RETRY = [1000, 2000, 5000] as const;
/** One question for the desktop's answer stays open so long, s. */
const WAIT = 25;

const WRONG_CODE = 'This code is wrong, or no longer valid. Ask for a new one at the desktop.';
const WRONG_PASSWORD = 'Name or password is wrong.';
const LAPSED = 'Nobody answered at the desktop in time. Ask for a new code there.';
const DENIED = 'The desktop did not let this browser in.';
const ENDED = 'This browser has been signed out.';

class SignInController implements SignIn {
  readonly store = createStore<SignInState>(() => ({ kind: 'checking' }));
  #renewing: Promise<RenewalOutcome> | null = null;
  #cancelRetry = (): void => undefined;
  #stopped = false;
  /** Whether passwords are taken, as last heard. */
  #passwords = false;

  constructor(private readonly parts: SignInParts) {}

  start(): void {
    void this.#find(0);
  }

  async pair(proof: { readonly code: string } | { readonly secret: string }): Promise<void> {
    this.#out(null, true);
    const answer = await this.parts.http.post('/api/auth/pair', { ...proof, name: this.parts.device });
    const pending = toPending(answer);
    if (pending === null) return this.#out(answer.ok || answer.code === 'Forbidden' || answer.code === 'BadInput' ? WRONG_CODE : answer.message);
    const { id, host } = pending;
    this.#set({ kind: 'waiting', host, id });
    return this.#wait(id);
  }

  async login(name: string, password: string): Promise<void> {
    this.#out(null, true);
    const answer = await this.parts.http.post('/api/auth/login', { name, password, device: this.parts.device });
    const me = toMe(answer);
    if (me !== null && me.identity !== null) this.#take(me);
    else this.#out(answer.ok || answer.code === 'Unauthorized' || answer.code === 'BadInput' ? WRONG_PASSWORD : answer.message);
  }

  giveUp(): void {
    if (this.store.getState().kind === 'waiting') this.#out(null);
  }

  async logout(): Promise<void> {
    await this.parts.http.post('/api/auth/logout', {});
    this.#out(null);
  }

  async changePassword(current: string, password: string): Promise<PasswordRefusal | null> {
    const ask = (): Promise<Result<unknown>> => this.parts.http.post('/api/auth/password', { current, password });
    const first = await ask();
    const answer = !first.ok && first.code === 'Unauthorized' && (await this.renew()) === 'in' ? await ask() : first;
    return answer.ok ? null : toPasswordRefusal(answer);
  }

  renew(): Promise<RenewalOutcome> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async check(): Promise<void> {
    const me = toMe(await this.parts.http.get('/api/auth/me'));
    if (me !== null && me.identity !== null) this.#take(me);
    else if (me !== null && this.store.getState().kind === 'in') await this.renew();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  /** Who is this? First by what the browser has, then with a new access token. */
  async #find(attempt: number): Promise<void> {
    const me = toMe(await this.parts.http.get('/api/auth/me'));
    if (this.#stopped) return;
    if (me === null) {
      this.#set({ kind: 'away' });
      this.#cancelRetry = this.parts.timers.after(RETRY[Math.min(attempt, RETRY.length - 1)] ?? 0, () => void this.#find(attempt + 1));
      return;
    }
    this.#passwords = me.passwords;
    if (me.identity !== null) return this.#take(me);
    const renewed = await this.renew();
    if (renewed === 'out') this.#out(null);
    else if (renewed === 'away') await this.#find(attempt + 1);
  }

  async #renew(): Promise<RenewalOutcome> {
    const answer = await this.parts.http.post('/api/auth/refresh', {});
    const me = toMe(answer);
    if (me !== null && me.identity !== null) {
      this.#take(me);
      return 'in';
    }
    // Only the server's own no ends a session: a proxy's error page, a full disk or no network does not.
    if (answer.ok || answer.code !== 'Unauthorized') return 'away';
    if (this.store.getState().kind === 'in') this.#out(ENDED);
    return 'out';
  }

  async #wait(id: string): Promise<void> {
    while (this.#isWaiting(id)) {
      const answer = await this.parts.http.get(`/api/auth/pair/${id}?wait=${WAIT}`);
      if (!this.#isWaiting(id)) return;
      const state = toRequestState(answer);
      if (state === 'approved') return this.#arrive(id);
      if (state === 'denied') return this.#out(DENIED);
      if (state === 'expired' || (!answer.ok && answer.code !== 'Unavailable')) return this.#out(answer.ok || answer.code === 'NotFound' ? LAPSED : answer.message);
      // The network was away for a moment; the request is still there.
      if (state === null) await this.#pause(RETRY[0]);
    }
  }

  /** The cookies have come; now the browser learns what it may do. */
  async #arrive(id: string): Promise<void> {
    while (this.#isWaiting(id)) {
      const me = toMe(await this.parts.http.get('/api/auth/me'));
      if (me === null) await this.#pause(RETRY[0]);
      else if (me.identity === null) this.#out(LAPSED);
      else this.#take(me);
    }
  }

  #isWaiting(id: string): boolean {
    const state = this.store.getState();
    return !this.#stopped && state.kind === 'waiting' && state.id === id;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.parts.timers.after(ms, resolve);
    });
  }

  #take({ identity, passwords }: Me): void {
    this.#passwords = passwords;
    if (identity === null) return;
    const before = this.store.getState();
    // The same again must not build the page anew.
    const same = before.kind === 'in' && JSON.stringify(before.identity) === JSON.stringify(identity);
    if (!same) this.#set({ kind: 'in', identity });
  }

  #out(told: string | null, busy = false): void {
    this.#set({ kind: 'out', passwords: this.#passwords, told, busy });
  }

  #set(state: SignInState): void {
    if (!this.#stopped) this.store.setState(state, true);
  }
}

/** Makes it; nothing is asked before `start`. */
export function createSignIn(parts: SignInParts): SignIn {
  return new SignInController(parts);
}
