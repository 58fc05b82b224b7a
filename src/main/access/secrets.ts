/** Creates, hashes and compares secrets. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../lib/ids';

/** Bytes of a secret that is never typed: 256 bits. */
const SECRET_BYTES = 32;

/** A new secret of 256 bits as 43 characters of base64url. */
export function newSecret(random: RandomBytes): string {
  return random(SECRET_BYTES).toString('base64url');
}

/**
 * SHA-256 in base64url: the form in which secrets are stored. A secret of 256 random bits cannot be guessed from it, so it
 * needs none of the slowness of a password hash.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares two texts in constant time: both are hashed to one length first. */
export function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** True when `hash` is the stored hash of `secret`. */
export function isSecretOf(secret: string, hash: string): boolean {
  return sameSecret(hashSecret(secret), hash);
}

/** `count` random decimal digits, uniformly distributed: bytes that would favor the low digits are discarded. */
export function newDigits(count: number, random: RandomBytes): string {
  let digits = '';
  while (digits.length < count) {
    for (const byte of random(count)) if (byte < 250 && digits.length < count) digits += String(byte % 10);
  }
  return digits;
}
