/** One pairing code with its link, and the counting of attempts to redeem it. Pure but for its counters. */
import type { PairingCode } from '../../shared/sharing/access-schemas';
import type { Clock } from '../engine/clock';
import type { RandomBytes } from '../lib/ids';
import { networkOf } from './addresses';
import { hashSecret, isSecretOf, newDigits, newSecret, sameSecret } from './secrets';

/** Lifetime of a code, ms. */
export const CODE_LIFETIME = 5 * 60_000;
/** Wrong codes after which the digits are no longer accepted; the link still is. */
export const MAX_CODE_ATTEMPTS = 5;
/** Wrong codes accepted from one network, so that no client can use up all attempts and block the browser the code is for. */
export const MAX_CODE_ATTEMPTS_PER_ADDRESS = 3;
/** Wrong links accepted from one network. They cannot be guessed; this only limits the load. */
const MAX_LINK_ATTEMPTS_PER_ADDRESS = 10;

/** What a browser redeems: the six digits, or the secret of the link in the QR code. */
export type PairingProof = { readonly code: string } | { readonly secret: string };

/** Result of an attempt. */
type AttemptResult = { readonly kind: 'correct'; readonly via: 'code' | 'qr' } | { readonly kind: 'wrong' } | { readonly kind: 'blocked'; readonly ms: number };

/** A code and a link until they are used or expire. */
export interface ActivePairingCode {
  details(): PairingCode;
  isActive(): boolean;
  redeem(proof: PairingProof, address: string): AttemptResult;
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Creates a code and a link for one use: a correct attempt with either ends both. */
export function createPairingCode(clock: Pick<Clock, 'now' | 'boot'>, random: RandomBytes): ActivePairingCode {
  const code = newDigits(6, random);
  const secret = newSecret(random);
  const secretHash = hashSecret(secret);
  const until = clock.boot() + CODE_LIFETIME;
  const expiresAt = clock.now() + CODE_LIFETIME;
  const wrongCodes = new Map<string, number>();
  const wrongLinks = new Map<string, number>();
  let triesLeft = MAX_CODE_ATTEMPTS;
  let used = false;
  const isActive = (): boolean => !used && clock.boot() < until;
  const remaining = (): number => Math.max(0, until - clock.boot());

  const redeemLink = (given: string, network: string): AttemptResult => {
    if ((wrongLinks.get(network) ?? 0) >= MAX_LINK_ATTEMPTS_PER_ADDRESS) return { kind: 'blocked', ms: remaining() };
    if (isSecretOf(given, secretHash)) {
      used = true;
      return { kind: 'correct', via: 'qr' };
    }
    if (wrongLinks.size < 1000) increment(wrongLinks, network);
    return { kind: 'wrong' };
  };

  const redeemCode = (given: string, network: string): AttemptResult => {
    if ((wrongCodes.get(network) ?? 0) >= MAX_CODE_ATTEMPTS_PER_ADDRESS) return { kind: 'blocked', ms: remaining() };
    if (triesLeft === 0) return { kind: 'wrong' };
    if (sameSecret(given, code)) {
      used = true;
      return { kind: 'correct', via: 'code' };
    }
    triesLeft -= 1;
    increment(wrongCodes, network);
    return { kind: 'wrong' };
  };

  return {
    details: () => ({ code, secret, expiresAt, triesLeft }),
    isActive,
    redeem(proof, address) {
      if (!isActive()) return { kind: 'wrong' };
      const network = networkOf(address);
      return 'secret' in proof ? redeemLink(proof.secret, network) : redeemCode(proof.code, network);
    },
  };
}
