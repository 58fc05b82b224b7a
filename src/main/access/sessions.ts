/** Sessions of browsers: access tokens valid for fifteen minutes, and refresh tokens that are exchanged for new ones. */
import type { Clock } from '../engine/clock';
import type { RandomBytes } from '../lib/ids';
import { classifyRefreshToken, formatRefreshToken, GRACE, parseRefreshToken, reissued, rotated } from './refresh-token-rotation';
import type { RefreshToken, RotationTime } from './refresh-token-rotation';
import type { TokenFamily, StoredDevice, StoredCredentials } from './credential-schema';
import { hashSecret, newSecret } from './secrets';
import type { CredentialStore } from './credential-store';

/** Lifetime of an access token, ms. */
export const ACCESS_TOKEN_LIFETIME = 15 * 60_000;
/** Access tokens of one device at a time: several tabs may have refreshed at once. */
const MAX_ACCESS_TOKENS = 8;

/** The two tokens a browser gets, as sent in its cookies. */
export interface SessionTokens {
  readonly access: string;
  readonly refresh: string;
}

/** Result of a refresh. */
type RefreshResult =
  | { readonly kind: 'ok'; readonly device: StoredDevice; readonly tokens: SessionTokens }
  | { readonly kind: 'reuse'; readonly device: StoredDevice }
  | { readonly kind: 'expired'; readonly device: StoredDevice }
  | { readonly kind: 'unknown' };

/** An issued access token, stored under its hash. */
interface AccessToken {
  readonly device: string;
  /** On the boot clock, which cannot be set back. */
  readonly until: number;
  /** Hash of the nonce of the refresh token issued with it. */
  readonly nonceHash: string;
}

/** The last issued refresh token, in case it is requested once more. */
interface RepeatableToken {
  readonly refresh: string;
  readonly until: number;
}

/** Issues, refreshes and looks up session tokens. */
export interface Sessions {
  /** A token family for a device that has none, with its first tokens. The caller saves the family. */
  start(device: string): { readonly family: TokenFamily; readonly tokens: SessionTokens };
  refresh(token: string): RefreshResult;
  /** The device an access token belongs to; null unless the token is valid now. */
  deviceOfAccessToken(token: string): StoredDevice | null;
  /** The device of a refresh token that is or was valid, for a logout. */
  deviceOfRefreshToken(token: string): StoredDevice | null;
  /** Drops the access tokens of a device. */
  forget(device: string): void;
}

/** What the sessions are built from. */
export interface SessionParts {
  readonly credentials: CredentialStore;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly random: RandomBytes;
}

/** A change that replaces the token family of one device. */
export function withTokenFamily(id: string, refresh: TokenFamily): (credentials: StoredCredentials) => StoredCredentials {
  return (credentials) => ({ ...credentials, devices: credentials.devices.map((device) => (device.id === id ? { ...device, refresh } : device)) });
}

/** Access tokens in memory, by hash: opaque ones, so that revoking needs no list of exceptions. */
class AccessTokens {
  readonly #byHash = new Map<string, AccessToken>();

  constructor(
    private readonly clock: Pick<Clock, 'boot'>,
    private readonly random: RandomBytes,
  ) {}

  issue(device: string, nonceHash: string): string {
    const own = [...this.#byHash].filter(([, token]) => token.device === device);
    for (const [hash, { until }] of own.slice(0, -1)) if (until <= this.clock.boot()) this.#byHash.delete(hash);
    for (const [hash] of own.slice(0, Math.max(0, own.length - MAX_ACCESS_TOKENS + 1))) this.#byHash.delete(hash);
    const token = newSecret(this.random);
    this.#byHash.set(hashSecret(token), { device, nonceHash, until: this.clock.boot() + ACCESS_TOKEN_LIFETIME });
    return token;
  }

  find(token: string): AccessToken | null {
    const hash = hashSecret(token);
    const found = this.#byHash.get(hash);
    if (found === undefined) return null;
    if (found.until > this.clock.boot()) return found;
    this.#byHash.delete(hash);
    return null;
  }

  forget(device: string): void {
    for (const [hash, token] of this.#byHash) if (token.device === device) this.#byHash.delete(hash);
  }
}

/** Creates the sessions over a credential store. */
export function createSessions({ credentials, clock, random }: SessionParts): Sessions {
  const accessTokens = new AccessTokens(clock, random);
  const repeatable = new Map<string, RepeatableToken>();
  const rotationTime = (): RotationTime => ({ rotatedAt: clock.now(), seenAt: credentials.runTime() });
  const find = (id: string): StoredDevice | undefined => credentials.get().devices.find((device) => device.id === id);

  const issue = (token: RefreshToken): SessionTokens => {
    const refresh = formatRefreshToken(token);
    repeatable.set(token.device, { refresh, until: clock.boot() + GRACE });
    return { access: accessTokens.issue(token.device, hashSecret(token.nonce)), refresh };
  };

  /** For two tabs at once: both get the same refresh token, each an access token of its own. */
  const repeat = (device: StoredDevice): SessionTokens | null => {
    const last = repeatable.get(device.id);
    if (last === undefined || last.until < clock.boot()) return null;
    return { access: accessTokens.issue(device.id, device.refresh.current), refresh: last.refresh };
  };

  const issueNext = (device: StoredDevice, presented: RefreshToken, change: typeof rotated): RefreshResult => {
    const token = { ...presented, nonce: newSecret(random) };
    credentials.update(withTokenFamily(device.id, change(device.refresh, hashSecret(token.nonce), rotationTime())));
    return { kind: 'ok', device, tokens: issue(token) };
  };

  return {
    start(device) {
      const token = { device, family: newSecret(random), nonce: newSecret(random) };
      const family: TokenFamily = { family: hashSecret(token.family), current: hashSecret(token.nonce), previous: null, confirmed: false, ...rotationTime() };
      return { family, tokens: issue(token) };
    },

    refresh(presented) {
      const token = parseRefreshToken(presented);
      const device = token === null ? undefined : find(token.device);
      if (token === null || device === undefined) return { kind: 'unknown' };
      const tokenClass = classifyRefreshToken(device.refresh, token, credentials.runTime());
      if (tokenClass === 'foreign') return { kind: 'unknown' };
      if (tokenClass === 'expired' || tokenClass === 'reuse') return { kind: tokenClass, device };
      if (tokenClass === 'rotate') return issueNext(device, token, rotated);
      const repeated = tokenClass === 'repeat' ? repeat(device) : null;
      if (repeated !== null) return { kind: 'ok', device, tokens: repeated };
      // After a restart the successor is not remembered. Where it was used already, this is an old token like any other.
      return device.refresh.confirmed ? { kind: 'reuse', device } : issueNext(device, token, reissued);
    },

    deviceOfAccessToken(presented) {
      const token = accessTokens.find(presented);
      const device = token === null ? undefined : find(token.device);
      if (token === null || device === undefined) return null;
      const { refresh } = device;
      // The browser uses what was issued with its refresh token, so that has arrived and the one before is retired. Where
      // this cannot be saved at once it is saved later: it only takes a right away.
      if (!refresh.confirmed && token.nonceHash === refresh.current) credentials.revoke(withTokenFamily(device.id, { ...refresh, confirmed: true }));
      return device;
    },

    deviceOfRefreshToken(presented) {
      const token = parseRefreshToken(presented);
      const device = token === null ? undefined : find(token.device);
      return token !== null && device !== undefined && classifyRefreshToken(device.refresh, token, credentials.runTime()) !== 'foreign' ? device : null;
    },

    forget(device) {
      accessTokens.forget(device);
      repeatable.delete(device);
    },
  };
}
