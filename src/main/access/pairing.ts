/**
 * Pairing: a code created on the machine lets one browser request access, or another machine ask to report here, and a user
 * on the machine approves or denies it. Requests of the two are kept apart: neither can be given what the other gets.
 */
import type { PairingCode, ReportingMachine } from '../../shared/sharing/access-schemas';
import type { Clock, Timers } from '../engine/clock';
import type { RandomBytes } from '../lib/ids';
import type { EventRecorder } from '../timeline/event-recorder';
import { networkOf } from './addresses';
import { createFailureAggregator } from './failure-aggregator';
import { CODE_LIFETIME, createPairingCode } from './pairing-code';
import type { ActivePairingCode, CodeLength, PairingProof } from './pairing-code';
import { createPairingRequests } from './pairing-requests';
import type { BrowserRequest, MachineDecision, MachineRequest, OfMachine, PairingDecision, PairingRequests, PairingTicket } from './pairing-requests';
import { createRateLimiter } from './rate-limiter';
import type { Role } from './identity';

/** Result of redeeming a code. A wrong, used, expired or missing code all give the same result. */
type RedeemResult = { readonly kind: 'pending'; readonly ticket: PairingTicket } | { readonly kind: 'wrong' } | { readonly kind: 'wait'; readonly ms: number };

type Via = BrowserRequest['via'];

/** Creates pairing codes and turns redeemed ones into access requests. */
export interface Pairing {
  /** Creates a code; the previous one ends. `long`: with eight digits, where nobody approves what redeems it. */
  createCode(length?: CodeLength): PairingCode;
  cancelCode(): void;
  /** Null when no code is active. */
  activeCode(): PairingCode | null;
  redeem(proof: PairingProof, name: string, address: string): RedeemResult;
  /** A machine redeems a code, under the same limits as browsers. */
  redeemFor(machine: ReportingMachine, code: string, name: string, address: string): RedeemResult;
  /** Approves or denies a request of a browser; null when no such request is pending. */
  decide(id: string, decision: PairingDecision): BrowserRequest | null;
  /** Approves or denies a request of a machine; null when no such request is pending. */
  decideMachine(id: string, decision: MachineDecision): MachineRequest | null;
  /** Of browsers. */
  readonly requests: PairingRequests<object, Role>;
  readonly machineRequests: PairingRequests<OfMachine, 'report'>;
  close(): void;
}

/** What pairing is built from. */
export interface PairingParts {
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly record: EventRecorder;
  onChange(): void;
}

/**
 * Attempts of any kind. Per network: 20, then one every 3 s; over all networks: 2000, then a hundred a second, for IPv4 and
 * IPv6 apart, since one machine may use any number of IPv6 networks and must not keep the others waiting. What keeps a code
 * safe are its own few attempts; this only limits the load. A new code resets the limits.
 */
const LIMITS = { perKey: { burst: 20, every: 3000 }, overall: { burst: 2000, every: 10 } } as const;

/** What pairing offers about requests, once they are made. */
type OfRequests = Pick<Pairing, 'requests' | 'machineRequests' | 'decide' | 'decideMachine'>;

/** The requests of both kinds, and the decisions about them, which are recorded. */
function createRequests({ clock, timers, random, record, onChange }: PairingParts): OfRequests {
  const requests = createPairingRequests<object, Role>({ clock, timers, random, nameless: 'Unnamed browser', onChange });
  const machineRequests = createPairingRequests<OfMachine, 'report'>({ clock, timers, random, nameless: 'Unnamed machine', onChange });
  return {
    requests,
    machineRequests,

    decide(id, decision) {
      const request = requests.decide(id, decision);
      if (request === null) return null;
      const { name, address, via } = request;
      if (decision === 'denied') record({ type: 'lan_pairing_denied', message: `“${name}” denied`, user: name, details: { address, via } });
      else record({ type: 'lan_pairing_approved', message: `“${name}” approved as ${decision}`, user: name, details: { address, via, role: decision } });
      return request;
    },

    decideMachine(id, decision) {
      const request = machineRequests.decide(id, decision);
      if (request === null) return null;
      const { name, address, via, machine } = request;
      const details = { address, via, machine: machine.id };
      if (decision === 'denied') record({ type: 'lan_pairing_denied', message: `The machine “${name}” denied: it does not report here`, user: name, details });
      else record({ type: 'lan_pairing_approved', message: `The machine “${name}” approved: it may report here`, user: name, details });
      return request;
    },
  };
}

/** Creates pairing; no code is active at first. */
export function createPairing(parts: PairingParts): Pairing {
  const { clock, timers, random, record, onChange } = parts;
  const ofRequests = createRequests(parts);
  const limiters = { v4: createRateLimiter({ clock, ...LIMITS }), v6: createRateLimiter({ clock, ...LIMITS }) };
  const failures = createFailureAggregator({ timers, record, type: 'lan_pairing_failed', label: { one: 'wrong pairing code', many: 'wrong pairing codes' } });
  let active: ActivePairingCode | null = null;
  let cancelExpiry = (): void => undefined;

  const endCode = (): void => {
    cancelExpiry();
    active = null;
    onChange();
  };

  const addBrowser = (via: Via, name: string, address: string): PairingTicket | null =>
    ofRequests.requests.add({ name, address, via }, (request) => record({ type: 'lan_pairing_requested', message: `“${request.name}” (${address}) requests access`, user: request.name, details: { address, via } }));

  const addMachine = (machine: ReportingMachine, via: Via, name: string, address: string): PairingTicket | null =>
    ofRequests.machineRequests.add({ name, address, via, machine }, (request) =>
      record({ type: 'lan_pairing_requested', message: `The machine “${request.name}” (${address}) asks to report here`, user: request.name, details: { address, via, machine: machine.id } }),
    );

  /** `add` is called with what was redeemed, after that has ended. */
  const redeemThen = (proof: PairingProof, address: string, add: (via: Via) => PairingTicket | null): RedeemResult => {
    const network = networkOf(address);
    const ms = limiters[network.includes(':') ? 'v6' : 'v4'].take(network);
    if (ms > 0) {
      failures.add(address);
      return { kind: 'wait', ms };
    }
    const triesBefore = active?.details().triesLeft;
    const result = active?.redeem(proof, address) ?? { kind: 'wrong' };
    if (result.kind === 'correct') {
      endCode();
      const ticket = add(result.via);
      return ticket === null ? { kind: 'wait', ms: CODE_LIFETIME } : { kind: 'pending', ticket };
    }
    failures.add(address);
    if (active !== null && active.details().triesLeft !== triesBefore) onChange();
    return result.kind === 'wrong' ? result : { kind: 'wait', ms: result.ms };
  };

  return {
    ...ofRequests,

    createCode(length = 'short') {
      cancelExpiry();
      for (const limiter of Object.values(limiters)) limiter.resetAll();
      active = createPairingCode(clock, random, length);
      cancelExpiry = timers.after(CODE_LIFETIME, endCode);
      record({ type: 'lan_pairing_started', message: 'Pairing code created' });
      onChange();
      return active.details();
    },

    cancelCode: endCode,
    activeCode: () => (active?.isActive() === true ? active.details() : null),

    redeem: (proof, name, address) => redeemThen(proof, address, (via) => addBrowser(via, name, address)),
    redeemFor: (machine, code, name, address) => redeemThen({ code }, address, (via) => addMachine(machine, via, name, address)),

    close() {
      cancelExpiry();
      failures.flush();
      ofRequests.requests.close();
      ofRequests.machineRequests.close();
    },
  };
}
