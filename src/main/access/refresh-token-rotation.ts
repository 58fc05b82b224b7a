/**
 * Rotation of refresh tokens with reuse detection (RFC 9700, section 4.14.2). Pure. Each refresh replaces the token; an old one
 * that comes back means that two hold it, and nobody can tell which of them is the thief: all of it ends.
 */
import type { TokenFamily } from './credential-schema';
import { isSecretOf } from './secrets';

/** So long after a rotation the token before it is still answered, with the same successor: two tabs refresh at once, ms. */
export const GRACE = 10_000;
/** A device that was away for longer has to be let in again, ms. */
export const IDLE_LIMIT = 30 * 86_400_000;

/** A refresh token in its parts. */
export interface RefreshToken {
  readonly device: string;
  /** The same in all tokens of a device. */
  readonly family: string;
  /** Of this one token. */
  readonly turn: string;
}

/** As the browser keeps it. */
export function formatRefresh({ device, family, turn }: RefreshToken): string {
  return `${device}.${family}.${turn}`;
}

/** Understands what a browser brought; null for anything else. */
export function parseRefresh(text: string): RefreshToken | null {
  const match = /^([a-z0-9]{1,40})\.([\w-]{43})\.([\w-]{43})$/.exec(text);
  const [, device, family, turn] = match ?? [];
  return device === undefined || family === undefined || turn === undefined ? null : { device, family, turn };
}

/**
 * What a token means. foreign: it never belonged to this device, which is no reason to end anything. repeat: the one just
 * replaced, asked for again. reissue: the one before, and its successor never arrived.
 */
export type RefreshTokenClass = 'foreign' | 'expired' | 'rotate' | 'repeat' | 'reissue' | 'reuse';

/** Judges a token. `now` in epoch ms. */
export function classifyRefreshToken(kept: TokenFamily, { family, turn }: RefreshToken, now: number): RefreshTokenClass {
  if (!isSecretOf(family, kept.family)) return 'foreign';
  if (now - kept.rotatedAt > IDLE_LIMIT) return 'expired';
  if (isSecretOf(turn, kept.current)) return 'rotate';
  if (kept.previous === null || !isSecretOf(turn, kept.previous)) return 'reuse';
  // A clock that was put back must not stretch the grace.
  const age = now - kept.rotatedAt;
  if (age >= 0 && age <= GRACE) return 'repeat';
  return kept.confirmed ? 'reuse' : 'reissue';
}

/** The family after its current token was replaced by one with the hash `next`. */
export function rotated(kept: TokenFamily, next: string, now: number): TokenFamily {
  return { ...kept, previous: kept.current, current: next, confirmed: false, rotatedAt: now };
}

/** The family after a successor that never arrived was replaced; the one before stays good until the new one is seen. */
export function reissued(kept: TokenFamily, next: string, now: number): TokenFamily {
  return { ...kept, current: next, confirmed: false, rotatedAt: now };
}
