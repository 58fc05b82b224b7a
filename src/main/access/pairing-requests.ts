/**
 * Access requests that redeemed a pairing code, until they are approved or denied and the result is fetched. A list holds
 * requests of one kind: those of browsers are granted a role, those of machines that want to report here nothing but that.
 */
import { toPlainName } from '../../shared/sharing/auth-policy';
import type { PairingRequest, ReportingMachine } from '../../shared/sharing/access-schemas';
import type { Clock, Timers } from '../engine/clock';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import type { Role } from './identity';
import { hashSecret, isSecretOf, newSecret } from './secrets';

/** How long a request waits for a decision, ms. */
export const REQUEST_LIFETIME = 3 * 60_000;
/** How long a decision can be fetched, ms: the browser polls all the time, but its network may be away. */
export const DECISION_LIFETIME = 2 * 60_000;
/** Requests at the same time, decided ones included. */
const MAX_REQUESTS = 8;

/** A request of a browser. */
export type BrowserRequest = Omit<PairingRequest, 'machine'>;
/** What requests of machines hold besides. */
export interface OfMachine {
  readonly machine: ReportingMachine;
}
/** A request of a machine. */
export type MachineRequest = BrowserRequest & OfMachine;

/** Decision about a request of a browser: the role it is approved with, or its denial. */
export type PairingDecision = Role | 'denied';
/** Decision about a request of a machine. */
export type MachineDecision = 'report' | 'denied';

/** State of a request. */
export type PairingRequestState = 'pending' | 'approved' | 'denied' | 'expired';

interface Entry<E, G> {
  readonly request: BrowserRequest & E;
  readonly ticketHash: string;
  state: PairingRequestState;
  /** What it was granted; null unless it is approved. */
  grant: G | null;
  /** Id of the device or token created from it; null before the result was fetched. */
  created: string | null;
  /** On the boot clock. */
  until: number;
  cancelExpiry: () => void;
  /** Ends the wait for a change of state. Only one wait is open: a newer one ends the older. */
  endWait: (() => void) | null;
}

/** What the requester gets: the id of its request, and the secret that proves it is the one. */
export interface PairingTicket {
  readonly id: string;
  readonly ticket: string;
  readonly expiresAt: number;
}

/** What is known of a requester; `name` is self-reported. */
type Requester<E> = Pick<BrowserRequest, 'name' | 'address' | 'via'> & E;

/** An approved request. */
interface Approval<E, G> {
  readonly request: BrowserRequest & E;
  readonly grant: G;
  /** Id of the device or token created from it; null before the result was fetched. */
  readonly created: string | null;
}

/** The open access requests of one kind; `E`: what they hold besides, `G`: what they can be granted. */
export interface PairingRequests<E extends object, G extends string> {
  /** Null when too many are open already. `announce` gets the request before `onChange`, which may decide it at once. */
  add(requester: Requester<E>, announce: (request: BrowserRequest & E) => void): PairingTicket | null;
  /** Those without a decision, oldest first. */
  pending(): readonly (BrowserRequest & E)[];
  /** Null when no such request is pending. */
  decide(id: string, decision: G | 'denied'): (BrowserRequest & E) | null;
  /** Null for an unknown request, or a ticket of another one. */
  state(id: string, ticket: string): PairingRequestState | null;
  /** Resolves when the state is no longer pending, or after `ms`; at once where there is nothing to wait for. */
  wait(id: string, ticket: string, ms: number): Promise<PairingRequestState | null>;
  /** An approved request with what it was granted and, where it was fetched before, what was created from it; null for any other. */
  approval(id: string, ticket: string): Approval<E, G> | null;
  /** Stores what was created from an approved request, for the case that the response is lost and fetched again. */
  complete(id: string, created: string): void;
  /** Ends requests, whatever was decided about them. */
  withdraw(matches: (request: BrowserRequest & E) => boolean): void;
  close(): void;
}

/** What the requests are built from. */
export interface PairingRequestsParts {
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Name of a requester that has none. */
  readonly nameless: string;
  /** Called when a request is added, decided or expires. */
  onChange(): void;
}

class PairingRequestService<E extends object, G extends string> implements PairingRequests<E, G> {
  readonly #entries = new Map<string, Entry<E, G>>();

  constructor(private readonly parts: PairingRequestsParts) {}

  add(requester: Requester<E>, announce: (request: BrowserRequest & E) => void): PairingTicket | null {
    if (this.#entries.size >= MAX_REQUESTS) return null;
    const { clock, random, nameless } = this.parts;
    const ticket = newSecret(random);
    const plain = toPlainName(requester.name);
    const requestedAt = clock.now();
    const request = { ...requester, id: newId('r', random), name: plain === '' ? nameless : plain, requestedAt, expiresAt: requestedAt + REQUEST_LIFETIME };
    const entry: Entry<E, G> = { request, ticketHash: hashSecret(ticket), state: 'pending', grant: null, created: null, until: 0, cancelExpiry: () => undefined, endWait: null };
    this.#entries.set(request.id, entry);
    this.#expireAfter(entry, REQUEST_LIFETIME);
    announce(request);
    this.parts.onChange();
    return { id: request.id, ticket, expiresAt: request.expiresAt };
  }

  pending(): readonly (BrowserRequest & E)[] {
    return [...this.#entries.values()].filter((entry) => this.#stateOf(entry) === 'pending').map(({ request }) => request);
  }

  decide(id: string, decision: G | 'denied'): (BrowserRequest & E) | null {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#stateOf(entry) !== 'pending') return null;
    entry.state = decision === 'denied' ? 'denied' : 'approved';
    if (decision !== 'denied') entry.grant = decision;
    this.#expireAfter(entry, DECISION_LIFETIME);
    entry.endWait?.();
    this.parts.onChange();
    return entry.request;
  }

  state(id: string, ticket: string): PairingRequestState | null {
    const entry = this.#find(id, ticket);
    return entry === null ? null : this.#stateOf(entry);
  }

  wait(id: string, ticket: string, ms: number): Promise<PairingRequestState | null> {
    const entry = this.#find(id, ticket);
    if (entry === null || this.#stateOf(entry) !== 'pending' || ms <= 0) return Promise.resolve(this.state(id, ticket));
    entry.endWait?.();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        if (entry.endWait === done) entry.endWait = null;
        resolve(this.#stateOf(entry));
      };
      const cancel = this.parts.timers.after(ms, done);
      entry.endWait = done;
    });
  }

  approval(id: string, ticket: string): Approval<E, G> | null {
    const entry = this.#find(id, ticket);
    if (entry === null || entry.grant === null || this.#stateOf(entry) !== 'approved') return null;
    return { request: entry.request, grant: entry.grant, created: entry.created };
  }

  complete(id: string, created: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.created = created;
  }

  withdraw(matches: (request: BrowserRequest & E) => boolean): void {
    const ended = [...this.#entries.values()].filter(({ request }) => matches(request));
    ended.forEach((entry) => this.#remove(entry));
    if (ended.length > 0) this.parts.onChange();
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#remove(entry);
  }

  #remove(entry: Entry<E, G>): void {
    this.#entries.delete(entry.request.id);
    entry.cancelExpiry();
    entry.until = 0;
    entry.endWait?.();
  }

  #find(id: string, ticket: string): Entry<E, G> | null {
    const entry = this.#entries.get(id);
    return entry !== undefined && isSecretOf(ticket, entry.ticketHash) ? entry : null;
  }

  /** Compares with the clock as well: a timer that is late, after the machine slept say, must not extend a request. */
  #stateOf(entry: Entry<E, G>): PairingRequestState {
    return this.parts.clock.boot() < entry.until ? entry.state : 'expired';
  }

  #expireAfter(entry: Entry<E, G>, ms: number): void {
    entry.cancelExpiry();
    entry.until = this.parts.clock.boot() + ms;
    entry.cancelExpiry = this.parts.timers.after(ms, () => {
      this.#entries.delete(entry.request.id);
      entry.endWait?.();
      this.parts.onChange();
    });
  }
}

/** Creates the list of requests; empty at first. */
export function createPairingRequests<E extends object, G extends string>(parts: PairingRequestsParts): PairingRequests<E, G> {
  return new PairingRequestService<E, G>(parts);
}
