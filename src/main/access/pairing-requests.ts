/** Access requests of browsers that redeemed a pairing code, until they are approved or denied and the result is fetched. */
import { toPlainName } from '../../shared/sharing/auth-policy';
import type { PairingRequest } from '../../shared/sharing/access-schemas';
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

/** Decision about a request: the role it is approved with, or its denial. */
export type PairingDecision = Role | 'denied';

/** State of a request. */
type PairingRequestState = 'pending' | 'approved' | 'denied' | 'expired';

interface Entry {
  readonly request: PairingRequest;
  readonly ticketHash: string;
  state: PairingRequestState;
  role: Role;
  /** Id of the device created from it; null before the result was fetched. */
  device: string | null;
  /** On the boot clock. */
  until: number;
  cancelExpiry: () => void;
  /** Ends the wait for a change of state. Only one wait is open: a newer one ends the older. */
  endWait: (() => void) | null;
}

/** What the requesting browser gets: the id of its request, and the secret that proves it is the one. */
export interface PairingTicket {
  readonly id: string;
  readonly ticket: string;
  readonly expiresAt: number;
}

/** The open access requests. */
export interface PairingRequests {
  /** Null when too many are open already. `announce` gets the request before `onChange`, which may decide it at once. */
  add(name: string, address: string, via: 'code' | 'qr', announce: (request: PairingRequest) => void): PairingTicket | null;
  /** Those without a decision, oldest first. */
  pending(): readonly PairingRequest[];
  /** Null when no such request is pending. */
  decide(id: string, decision: PairingDecision): PairingRequest | null;
  /** Null for an unknown request, or a ticket of another one. */
  state(id: string, ticket: string): PairingRequestState | null;
  /** Resolves when the state is no longer pending, or after `ms`; at once where there is nothing to wait for. */
  wait(id: string, ticket: string, ms: number): Promise<PairingRequestState | null>;
  /** An approved request with its role and, where it was fetched before, its device; null for any other. */
  approval(id: string, ticket: string): { readonly request: PairingRequest; readonly role: Role; readonly device: string | null } | null;
  /** Stores the device created from an approved request, for the case that the response is lost and fetched again. */
  complete(id: string, device: string): void;
  close(): void;
}

/** What the requests are built from. */
export interface PairingRequestsParts {
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Called when a request is added, decided or expires. */
  onChange(): void;
}

class PairingRequestService implements PairingRequests {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly parts: PairingRequestsParts) {}

  add(name: string, address: string, via: 'code' | 'qr', announce: (request: PairingRequest) => void): PairingTicket | null {
    if (this.#entries.size >= MAX_REQUESTS) return null;
    const { clock, random } = this.parts;
    const ticket = newSecret(random);
    const plain = toPlainName(name);
    const requestedAt = clock.now();
    const request: PairingRequest = { id: newId('r', random), name: plain === '' ? 'Unnamed browser' : plain, address, via, requestedAt, expiresAt: requestedAt + REQUEST_LIFETIME };
    const entry: Entry = { request, ticketHash: hashSecret(ticket), state: 'pending', role: 'viewer', device: null, until: 0, cancelExpiry: () => undefined, endWait: null };
    this.#entries.set(request.id, entry);
    this.#expireAfter(entry, REQUEST_LIFETIME);
    announce(request);
    this.parts.onChange();
    return { id: request.id, ticket, expiresAt: request.expiresAt };
  }

  pending(): readonly PairingRequest[] {
    return [...this.#entries.values()].filter((entry) => this.#stateOf(entry) === 'pending').map(({ request }) => request);
  }

  decide(id: string, decision: PairingDecision): PairingRequest | null {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#stateOf(entry) !== 'pending') return null;
    entry.state = decision === 'denied' ? 'denied' : 'approved';
    if (decision !== 'denied') entry.role = decision;
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

  approval(id: string, ticket: string): { request: PairingRequest; role: Role; device: string | null } | null {
    const entry = this.#find(id, ticket);
    if (entry === null || this.#stateOf(entry) !== 'approved') return null;
    return { request: entry.request, role: entry.role, device: entry.device };
  }

  complete(id: string, device: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.device = device;
  }

  close(): void {
    for (const entry of this.#entries.values()) {
      entry.cancelExpiry();
      entry.endWait?.();
    }
    this.#entries.clear();
  }

  #find(id: string, ticket: string): Entry | null {
    const entry = this.#entries.get(id);
    return entry !== undefined && isSecretOf(ticket, entry.ticketHash) ? entry : null;
  }

  /** Compares with the clock as well: a timer that is late, after the machine slept say, must not extend a request. */
  #stateOf(entry: Entry): PairingRequestState {
    return this.parts.clock.boot() < entry.until ? entry.state : 'expired';
  }

  #expireAfter(entry: Entry, ms: number): void {
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
export function createPairingRequests(parts: PairingRequestsParts): PairingRequests {
  return new PairingRequestService(parts);
}
