/** Bearer tokens for scripts: each with a label, what it may do, and an end. Shown once, kept as a hash. */
import { SCOPES } from '../../shared/sharing/auth-policy';
import type { ScriptToken } from '../../shared/sharing/access-schemas';
import type { Scope } from '../../shared/sharing/auth-policy';
import type { Clock } from '../engine/clock';
import type { ClientIdentity } from './identity';
import type { StoredToken, StoredCredentials } from './credential-schema';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import { hashSecret, isSecretOf, newSecret } from './secrets';
import type { CredentialStore } from './credential-store';

const DAY = 86_400_000;
/** Uses nearer together than this are one, for `lastUsed`, ms. */
const USE_STEP = 60_000;

/** Keeps the tokens. */
export interface Tokens {
  /** The token as the script sends it; it is never to be had again. Throws a CallError when it cannot be saved. */
  create(label: string, scopes: readonly Scope[], days: number): { readonly token: string; readonly kept: ScriptToken };
  /** The token that was removed; null when there is none such. */
  remove(id: string): ScriptToken | null;
  /** Who an Authorization header speaks for; null for nobody. */
  identify(authorization: string): ClientIdentity | null;
}

/** What the tokens are built from. */
export interface TokenParts {
  readonly credentials: CredentialStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
}

/** A token in its parts, from `Bearer tw.<id>.<secret>`; null for anything else. */
function parseBearer(authorization: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = /^Bearer +tw\.(t[a-f0-9]{16})\.([\w-]{43})$/i.exec(authorization) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** A kept token without its hash. */
export function toScriptToken({ hash: _hash, ...token }: StoredToken): ScriptToken {
  return token;
}

/** Makes the keeper. */
export function createTokens({ credentials, clock, random }: TokenParts): Tokens {
  const find = (id: string): StoredToken | undefined => credentials.get().tokens.find((token) => token.id === id);
  const used = (token: StoredToken): void => {
    const now = clock.now();
    if (token.lastUsed !== null && Math.abs(now - token.lastUsed) < USE_STEP) return;
    credentials.updateLazily((all): StoredCredentials => ({ ...all, tokens: all.tokens.map((one) => (one.id === token.id ? { ...one, lastUsed: now } : one)) }));
  };
  return {
    create(label, scopes, days) {
      const id = newId('t', random);
      const secret = newSecret(random);
      const now = clock.now();
      const kept: StoredToken = { id, label, scopes: [...new Set(scopes)], createdAt: now, expiresAt: now + days * DAY, lastUsed: null, hash: hashSecret(secret) };
      credentials.update((all) => ({ ...all, tokens: [...all.tokens, kept] }));
      return { token: `tw.${id}.${secret}`, kept: toScriptToken(kept) };
    },

    remove(id) {
      const token = find(id);
      if (token === undefined) return null;
      credentials.revoke((all) => ({ ...all, tokens: all.tokens.filter((one) => one.id !== id) }));
      return toScriptToken(token);
    },

    identify(authorization) {
      const given = parseBearer(authorization);
      const token = given === null ? undefined : find(given.id);
      if (given === null || token === undefined || !isSecretOf(given.secret, token.hash)) return null;
      if (clock.now() >= token.expiresAt) return null;
      used(token);
      const role = token.scopes.some((scope) => SCOPES[scope].role === 'admin') ? 'admin' : 'viewer';
      return { id: token.id, name: token.label, role, scopes: token.scopes };
    },
  };
}
