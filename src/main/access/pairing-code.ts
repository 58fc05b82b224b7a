/** The one code and link that stand open at a time. Pure but for what it counts. */
import type { PairingCode } from '../../shared/sharing/access-schemas';
import type { Clock } from '../engine/clock';
import { networkOf } from './addresses';
import { hashSecret, isSecretOf, newDigits, newSecret, sameSecret } from './secrets';
import type { RandomBytes } from '../lib/ids';

/** Life of a code, ms. */
export const CODE_LIFE = 5 * 60_000;
/** Wrong codes after which a code is dead. */
export const CODE_TRIES = 5;
/**
 * Wrong codes one address may spend of them: so that nobody uses all of them up alone, and a code the desktop has just
 * made is good for whoever it was made for.
 */
export const TRIES_PER_ADDRESS = 3;
/** Wrong links one address may send; they cannot be guessed, so this only ends the noise. */
const LINKS_PER_ADDRESS = 10;

/** What a browser sends to be let in. */
export type PairingProof = { readonly code: string } | { readonly secret: string };

/** What came of it. */
type Attempt = { readonly kind: 'right'; readonly via: 'code' | 'qr' } | { readonly kind: 'wrong' } | { readonly kind: 'blocked'; readonly ms: number };

/** A code and a link, until they end. */
export interface PairingCodeHolder {
  view(): PairingCode;
  isOpen(): boolean;
  attempt(proof: PairingProof, address: string): Attempt;
}

/** Counts up in a map. */
function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** Makes a code and a link. They are good once: a right attempt ends both. */
export function createPairingCode(clock: Pick<Clock, 'now' | 'boot'>, random: RandomBytes): PairingCodeHolder {
  const code = newDigits(6, random);
  const secret = newSecret(random);
  const secretHash = hashSecret(secret);
  const until = clock.boot() + CODE_LIFE;
  const expiresAt = clock.now() + CODE_LIFE;
  const codesBy = new Map<string, number>();
  const linksBy = new Map<string, number>();
  let triesLeft = CODE_TRIES;
  let used = false;
  const isOpen = (): boolean => !used && clock.boot() < until;
  const left = (): number => Math.max(0, until - clock.boot());

  const tryLink = (given: string, from: string): Attempt => {
    if ((linksBy.get(from) ?? 0) >= LINKS_PER_ADDRESS) return { kind: 'blocked', ms: left() };
    if (isSecretOf(given, secretHash)) {
      used = true;
      return { kind: 'right', via: 'qr' };
    }
    if (linksBy.size < 1000) count(linksBy, from);
    return { kind: 'wrong' };
  };

  const tryCode = (given: string, from: string): Attempt => {
    if ((codesBy.get(from) ?? 0) >= TRIES_PER_ADDRESS) return { kind: 'blocked', ms: left() };
    if (triesLeft === 0) return { kind: 'wrong' };
    if (sameSecret(given, code)) {
      used = true;
      return { kind: 'right', via: 'code' };
    }
    triesLeft -= 1;
    count(codesBy, from);
    return { kind: 'wrong' };
  };

  return {
    view: () => ({ code, secret, expiresAt, triesLeft }),
    isOpen,
    attempt(proof, address) {
      if (!isOpen()) return { kind: 'wrong' };
      const from = networkOf(address);
      return 'secret' in proof ? tryLink(proof.secret, from) : tryCode(proof.code, from);
    },
  };
}
