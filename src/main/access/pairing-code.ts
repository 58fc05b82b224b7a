/** One pairing code with its link, and the counting of attempts to redeem it. Pure but for its counters. */
import type { PairingCode } from '../../shared/sharing/access-schemas';
import type { Clock } from '../engine/clock';
import type { RandomBytes } from '../lib/ids';
import { isLoopback, networkOf } from './addresses';
import { hashSecret, isSecretOf, newDigits, newSecret, sameSecret } from './secrets';

/** Lifetime of a code, ms. */
export const CODE_LIFETIME = 5 * 60_000;
/** Wrong codes after which six digits are no longer accepted. */
export const MAX_CODE_ATTEMPTS = 18;

/**
 * Digits of a code, and the wrong codes after which digits are no longer accepted; the link still is. One machine has
 * several addresses, each with tries of its own, and must not use them all up: an IPv4 address, loopback, and as many IPv6
 * networks as it likes, which therefore get no more than half of all tries together. Longer codes bear more tries: where
 * nobody approves, eight digits stand against 60 guesses, 0.6 in a million.
 */
export const CODE_LENGTHS = { short: { digits: 6, attempts: MAX_CODE_ATTEMPTS }, long: { digits: 8, attempts: 60 } } as const;
/** A length of codes. */
export type CodeLength = keyof typeof CODE_LENGTHS;
/** Wrong codes accepted from one network, so that no client can use up all attempts and block the browser the code is for. */
export const MAX_CODE_ATTEMPTS_PER_ADDRESS = 3;
/** Wrong links accepted from one network. They cannot be guessed; this only limits the load. */
const MAX_LINK_ATTEMPTS_PER_ADDRESS = 10;

/** What a browser redeems: the digits, or the secret of the link in the QR code. */
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
export function createPairingCode(clock: Pick<Clock, 'now' | 'boot'>, random: RandomBytes, length: CodeLength): ActivePairingCode {
  const { digits, attempts } = CODE_LENGTHS[length];
  const code = newDigits(digits, random);
  const secret = newSecret(random);
  const secretHash = hashSecret(secret);
  const until = clock.boot() + CODE_LIFETIME;
  const expiresAt = clock.now() + CODE_LIFETIME;
  const wrongCodes = new Map<string, number>();
  const wrongLinks = new Map<string, number>();
  let triesLeft: number = attempts;
  let triesLeftV6 = attempts / 2;
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
    const isV6 = network.includes(':');
    if ((wrongCodes.get(network) ?? 0) >= MAX_CODE_ATTEMPTS_PER_ADDRESS || (isV6 && triesLeftV6 === 0)) return { kind: 'blocked', ms: remaining() };
    if (triesLeft === 0) return { kind: 'wrong' };
    if (sameSecret(given, code)) {
      used = true;
      return { kind: 'correct', via: 'code' };
    }
    triesLeft -= 1;
    if (isV6) triesLeftV6 -= 1;
    increment(wrongCodes, network);
    return { kind: 'wrong' };
  };

  return {
    details: () => ({ code, secret, expiresAt, triesLeft }),
    isActive,
    redeem(proof, address) {
      if (!isActive()) return { kind: 'wrong' };
      // Both loopback addresses are this machine.
      const network = isLoopback(address) ? 'loopback' : networkOf(address);
      return 'secret' in proof ? redeemLink(proof.secret, network) : redeemCode(proof.code, network);
    },
  };
}
