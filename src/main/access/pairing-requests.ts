/** Browsers that had the right code and now wait for the person at the desktop. */
import { toPlainName } from '../../shared/sharing/auth-policy';
import type { PairingRequest } from '../../shared/sharing/access-schemas';
import type { Clock, Timers } from '../engine/clock';
import type { Role } from './identity';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import { hashSecret, isSecretOf, newSecret } from './secrets';

/** So long a request waits for an answer, ms. */
export const REQUEST_LIFE = 3 * 60_000;
/** So long an answer waits to be fetched, ms: the browser asks all the time, but its network may be away. */
export const ANSWER_LIFE = 2 * 60_000;
/** Requests kept at a time, answered ones included. */
const MAX_REQUESTS = 8;

/** Where a request stands. */
type RequestState = 'pending' | 'approved' | 'denied' | 'expired';

/** A request, and what only its browser holds. */
interface Entry {
  readonly view: PairingRequest;
  readonly ticketHash: string;
  state: RequestState;
  role: Role;
  /** The device made of it; null before it was fetched. */
  device: string | null;
  /** On the boot clock. */
  until: number;
  cancel: () => void;
  /** Told of a change of state; at most one waits, a newer one sends the older away. */
  wake: (() => void) | null;
}

/** What a browser that asks is given: the number of its request, and the ticket that proves it is the one. */
export interface PairingTicket {
  readonly id: string;
  readonly ticket: string;
  readonly expiresAt: number;
}

/** Keeps the requests. */
export interface PairingRequests {
  /** Null when too many wait already. */
  add(name: string, address: string, via: 'code' | 'qr'): PairingTicket | null;
  /** Those that wait, oldest first. */
  pending(): readonly PairingRequest[];
  /** Answers one; null when none such waits. */
  answer(id: string, answer: Role | 'denied'): PairingRequest | null;
  /** Null for a request that is not there, or a ticket that is not its own. */
  state(id: string, ticket: string): RequestState | null;
  /** Resolves when the state is no longer pending, or after `ms`; at once where there is nothing to wait for. */
  wait(id: string, ticket: string, ms: number): Promise<RequestState | null>;
  /** What an approved request may become; null for anything else. */
  approval(id: string, ticket: string): { readonly request: PairingRequest; readonly role: Role; readonly device: string | null } | null;
  /** The device made of an approved request; should its answer be lost on the way, it is asked for again. */
  complete(id: string, device: string): void;
  close(): void;
}

/** What the requests are built from. */
export interface PairingRequestsParts {
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Told when a request comes, is answered or lapses. */
  onChange(): void;
}

class PairingRequestService implements PairingRequests {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly parts: PairingRequestsParts) {}

  add(name: string, address: string, via: 'code' | 'qr'): PairingTicket | null {
    if (this.#entries.size >= MAX_REQUESTS) return null;
    const { clock, random } = this.parts;
    const ticket = newSecret(random);
    const plain = toPlainName(name);
    const requestedAt = clock.now();
    const view: PairingRequest = { id: newId('r', random), name: plain === '' ? 'Unnamed browser' : plain, address, via, requestedAt, expiresAt: requestedAt + REQUEST_LIFE };
    const entry: Entry = { view, ticketHash: hashSecret(ticket), state: 'pending', role: 'viewer', device: null, until: 0, cancel: () => undefined, wake: null };
    this.#entries.set(view.id, entry);
    this.#live(entry, REQUEST_LIFE);
    this.parts.onChange();
    return { id: view.id, ticket, expiresAt: view.expiresAt };
  }

  pending(): readonly PairingRequest[] {
    return [...this.#entries.values()].filter((entry) => this.#stateOf(entry) === 'pending').map(({ view }) => view);
  }

  answer(id: string, answer: Role | 'denied'): PairingRequest | null {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#stateOf(entry) !== 'pending') return null;
    entry.state = answer === 'denied' ? 'denied' : 'approved';
    if (answer !== 'denied') entry.role = answer;
    this.#live(entry, ANSWER_LIFE);
    this.#wake(entry);
    this.parts.onChange();
    return entry.view;
  }

  state(id: string, ticket: string): RequestState | null {
    const entry = this.#find(id, ticket);
    return entry === null ? null : this.#stateOf(entry);
  }

  wait(id: string, ticket: string, ms: number): Promise<RequestState | null> {
    const entry = this.#find(id, ticket);
    if (entry === null || this.#stateOf(entry) !== 'pending' || ms <= 0) return Promise.resolve(this.state(id, ticket));
    this.#wake(entry);
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        if (entry.wake === done) entry.wake = null;
        resolve(this.#stateOf(entry));
      };
      const cancel = this.parts.timers.after(ms, done);
      entry.wake = done;
    });
  }

  approval(id: string, ticket: string): { request: PairingRequest; role: Role; device: string | null } | null {
    const entry = this.#find(id, ticket);
    if (entry === null || this.#stateOf(entry) !== 'approved') return null;
    return { request: entry.view, role: entry.role, device: entry.device };
  }

  complete(id: string, device: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.device = device;
  }

  close(): void {
    for (const entry of this.#entries.values()) {
      entry.cancel();
      this.#wake(entry);
    }
    this.#entries.clear();
  }

  #find(id: string, ticket: string): Entry | null {
    const entry = this.#entries.get(id);
    return entry !== undefined && isSecretOf(ticket, entry.ticketHash) ? entry : null;
  }

  /** A timer that comes late, after the machine slept say, must not make anything last longer. */
  #stateOf(entry: Entry): RequestState {
    return this.parts.clock.boot() < entry.until ? entry.state : 'expired';
  }

  #live(entry: Entry, ms: number): void {
    entry.cancel();
    entry.until = this.parts.clock.boot() + ms;
    entry.cancel = this.parts.timers.after(ms, () => {
      this.#entries.delete(entry.view.id);
      this.#wake(entry);
      this.parts.onChange();
    });
  }

  #wake(entry: Entry): void {
    entry.wake?.();
  }
}

/** Makes the keeper. */
export function createPairingRequests(parts: PairingRequestsParts): PairingRequests {
  return new PairingRequestService(parts);
}
