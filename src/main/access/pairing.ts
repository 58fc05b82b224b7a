/** Pairing: a code made at the desktop lets a browser ask, and a person at the desktop lets it in. */
import type { PairingCode, PairingRequest } from '../../shared/sharing/access-schemas';
import type { Clock, Timers } from '../engine/clock';
import type { Role } from './identity';
import { createFailureAggregator } from './failure-aggregator';
import type { EventRecorder } from '../timeline/event-recorder';
import { networkOf } from './addresses';
import { createRateLimiter } from './rate-limiter';
import { createPairingCode, CODE_LIFE, CODE_TRIES } from './pairing-code';
import type { PairingCodeHolder, PairingProof } from './pairing-code';
import { createPairingRequests } from './pairing-requests';
import type { PairingRequests, PairingTicket } from './pairing-requests';
import type { RandomBytes } from '../lib/ids';

/** What came of an attempt. A wrong code, a spent one, an old one and none at all are one answer. */
type Paired = { readonly kind: 'pending'; readonly ticket: PairingTicket } | { readonly kind: 'wrong' } | { readonly kind: 'wait'; readonly ms: number };

/** Lets browsers ask. */
export interface Pairing {
  /** A new code; the one before is dead. */
  start(): PairingCode;
  cancel(): void;
  /** The code that is open; null when there is none. */
  offer(): PairingCode | null;
  attempt(proof: PairingProof, name: string, address: string): Paired;
  /** Answers a request; null when none such waits. */
  answer(id: string, answer: Role | 'denied'): PairingRequest | null;
  readonly requests: PairingRequests;
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
 * Attempts of any kind: twenty of one address and two hundred of all together, then one each three seconds and ten each
 * second. The code's own five tries are what keeps it safe; this keeps the noise down. A new code forgives everybody.
 */
const LIMITS = { perKey: { burst: 20, every: 3000 }, overall: { burst: 200, every: 100 } } as const;

/** Makes it. */
export function createPairing({ clock, timers, random, record, onChange }: PairingParts): Pairing {
  const requests = createPairingRequests({ clock, timers, random, onChange });
  const limiter = createRateLimiter({ clock, ...LIMITS });
  const tally = createFailureAggregator({ timers, record, type: 'lan_pairing_failed', label: { one: 'wrong pairing code', many: 'wrong pairing codes' } });
  let open: PairingCodeHolder | null = null;
  let cancelEnd = (): void => undefined;

  const end = (): void => {
    cancelEnd();
    open = null;
    onChange();
  };

  const ask = (via: 'code' | 'qr', name: string, address: string): Paired => {
    end();
    const ticket = requests.add(name, address, via);
    if (ticket === null) return { kind: 'wait', ms: CODE_LIFE };
    const shown = requests.pending().at(-1)?.name ?? '';
    record({ type: 'lan_pairing_requested', message: `“${shown}” at ${address} asks to watch`, user: shown, details: { address, via } });
    return { kind: 'pending', ticket };
  };

  return {
    requests,

    start() {
      cancelEnd();
      limiter.resetAll();
      open = createPairingCode(clock, random);
      cancelEnd = timers.after(CODE_LIFE, end);
      record({ type: 'lan_pairing_started', message: 'A pairing code was made' });
      onChange();
      return open.view();
    },

    cancel: end,
    offer: () => (open?.isOpen() === true ? open.view() : null),

    attempt(proof, name, address) {
      const ms = limiter.take(networkOf(address));
      if (ms > 0) {
        tally.add(address);
        return { kind: 'wait', ms };
      }
      const before = open?.view().triesLeft ?? CODE_TRIES;
      const came = open?.attempt(proof, address) ?? { kind: 'wrong' };
      if (came.kind === 'right') return ask(came.via, name, address);
      tally.add(address);
      if (open !== null && open.view().triesLeft !== before) onChange();
      return came.kind === 'wrong' ? came : { kind: 'wait', ms: came.ms };
    },

    answer(id, answer) {
      const request = requests.answer(id, answer);
      if (request === null) return null;
      const { name, address, via } = request;
      if (answer === 'denied') record({ type: 'lan_pairing_denied', message: `“${name}” at ${address} was not let in`, user: name, details: { address, via } });
      else record({ type: 'lan_pairing_approved', message: `“${name}” at ${address} was let in as ${answer}`, user: name, details: { address, via, role: answer } });
      return request;
    },

    close() {
      cancelEnd();
      tally.flush();
      requests.close();
    },
  };
}
