/** API tokens for scripts: a label, scopes and an expiry each. The token is shown once; only its hash is stored. */
import { SCOPES } from '../../shared/sharing/auth-policy';
import type { ApiToken } from '../../shared/sharing/access-schemas';
import type { Scope } from '../../shared/sharing/auth-policy';
import type { Clock } from '../engine/clock';
import { newId } from '../lib/ids';
import type { RandomBytes } from '../lib/ids';
import { tokenExpiry } from './expiry';
import type { ClientIdentity } from './identity';
import type { StoredToken, StoredCredentials } from './credential-schema';
import { hashSecret, isSecretOf, newSecret } from './secrets';
import type { CredentialStore } from './credential-store';

const DAY = 86_400_000;
/** Requests closer together than this update `lastUsed` once, ms. */
const USE_STEP = 60_000;

/** Creates, removes and identifies API tokens. */
export interface Tokens {
  /** `token` is what the script sends; it cannot be shown again. Throws a CallError when it cannot be saved. */
  create(label: string, scopes: readonly Scope[], days: number): { readonly token: string; readonly stored: ApiToken };
  /** Returns the removed token; null when there is no such token. */
  remove(id: string): ApiToken | null;
  /** All tokens, each with the time at which it expires. */
  list(): readonly ApiToken[];
  /** The identity of an Authorization header; null when it is not valid. */
  identify(authorization: string): ClientIdentity | null;
}

/** What the tokens are built from. */
export interface TokenParts {
  readonly credentials: CredentialStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: RandomBytes;
}

/** The parts of `Bearer tw.<id>.<secret>`; null for anything else. */
function parseBearer(authorization: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = /^Bearer +tw\.(t[a-f0-9]{16})\.([\w-]{43})$/i.exec(authorization) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** A stored token without its hash. */
function toApiToken({ hash: _hash, createdRun: _createdRun, ...token }: StoredToken): ApiToken {
  return token;
}

/** Creates the tokens over a credential store. */
export function createTokens({ credentials, clock, random }: TokenParts): Tokens {
  const find = (id: string): StoredToken | undefined => credentials.get().tokens.find((token) => token.id === id);
  const expiryOf = (token: StoredToken): number => tokenExpiry(token, clock.now(), credentials.runTime());
  const recordUse = (token: StoredToken): void => {
    const now = clock.now();
    if (token.lastUsed !== null && Math.abs(now - token.lastUsed) < USE_STEP) return;
    credentials.updateLazily((all): StoredCredentials => ({ ...all, tokens: all.tokens.map((one) => (one.id === token.id ? { ...one, lastUsed: now } : one)) }));
  };
  return {
    create(label, scopes, days) {
      const id = newId('t', random);
      const secret = newSecret(random);
      const now = clock.now();
      const stored: StoredToken = { id, label, scopes: [...new Set(scopes)], createdAt: now, expiresAt: now + days * DAY, lastUsed: null, hash: hashSecret(secret), createdRun: credentials.runTime() };
      credentials.update((all) => ({ ...all, tokens: [...all.tokens, stored] }));
      return { token: `tw.${id}.${secret}`, stored: toApiToken(stored) };
    },

    remove(id) {
      const token = find(id);
      if (token === undefined) return null;
      credentials.revoke((all) => ({ ...all, tokens: all.tokens.filter((one) => one.id !== id) }));
      return toApiToken(token);
    },

    list: () => credentials.get().tokens.map((token) => ({ ...toApiToken(token), expiresAt: expiryOf(token) })),

    identify(authorization) {
      const given = parseBearer(authorization);
      const token = given === null ? undefined : find(given.id);
      if (given === null || token === undefined || !isSecretOf(given.secret, token.hash)) return null;
      if (clock.now() >= expiryOf(token)) return null;
      recordUse(token);
      const role = token.scopes.some((scope) => SCOPES[scope].role === 'admin') ? 'admin' : 'viewer';
      return { id: token.id, name: token.label, role, scopes: token.scopes };
    },
  };
}
