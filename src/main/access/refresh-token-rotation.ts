/**
 * Rotation of refresh tokens with reuse detection (RFC 9700, section 4.14.2). Pure. Each refresh replaces the token. An old one
 * that is presented again means that two parties have it; which of them stole it cannot be known, so the session ends.
 */
import type { TokenFamily } from './credential-schema';
import { isIdle } from './expiry';
import { isSecretOf } from './secrets';

/** How long after a rotation the replaced token still gets the same successor, ms: two tabs may refresh at once. */
export const GRACE = 10_000;

/** When a token is exchanged: by the wall clock, for display, and by the run time. */
export type RotationTime = Pick<TokenFamily, 'rotatedAt' | 'seenAt'>;

/** The parts of a refresh token. */
export interface RefreshToken {
  readonly device: string;
  /** The same in all tokens of a device. */
  readonly family: string;
  /** Different in each token. */
  readonly nonce: string;
}

/** The token as text, as it is sent in a cookie. */
export function formatRefreshToken({ device, family, nonce }: RefreshToken): string {
  return `${device}.${family}.${nonce}`;
}

/** The parts of a token's text; null for anything else. */
export function parseRefreshToken(text: string): RefreshToken | null {
  const match = /^([a-z0-9]{1,40})\.([\w-]{43})\.([\w-]{43})$/.exec(text);
  const [, device, family, nonce] = match ?? [];
  return device === undefined || family === undefined || nonce === undefined ? null : { device, family, nonce };
}

/**
 * What a presented token is. foreign: never belonged to this device, so nothing ends. rotate: the current one. repeat: the
 * one just replaced, presented again. reissue: the one before, whose successor was never received. reuse: an older one.
 */
export type RefreshTokenClass = 'foreign' | 'expired' | 'rotate' | 'repeat' | 'reissue' | 'reuse';

/** Classifies a token against the stored family. `runTime` in ms (`expiry.ts`): a clock that is set ages nothing. */
export function classifyRefreshToken(stored: TokenFamily, { family, nonce }: RefreshToken, runTime: number): RefreshTokenClass {
  if (!isSecretOf(family, stored.family)) return 'foreign';
  if (isIdle(stored, runTime)) return 'expired';
  if (isSecretOf(nonce, stored.current)) return 'rotate';
  if (stored.previous === null || !isSecretOf(nonce, stored.previous)) return 'reuse';
  const age = runTime - stored.seenAt;
  if (age >= 0 && age <= GRACE) return 'repeat';
  return stored.confirmed ? 'reuse' : 'reissue';
}

/** The family after its current token was replaced by one with the hash `next`. */
export function rotated(stored: TokenFamily, next: string, at: RotationTime): TokenFamily {
  return { ...stored, previous: stored.current, current: next, confirmed: false, ...at };
}

/** The family after a successor that was never received was replaced; the token before stays valid until the new one is used. */
export function reissued(stored: TokenFamily, next: string, at: RotationTime): TokenFamily {
  return { ...stored, current: next, confirmed: false, ...at };
}
