/** Sessions of people's browsers: access tokens of fifteen minutes, and the refresh tokens that bring new ones. */
import type { Clock } from '../engine/clock';
import { formatRefresh, GRACE, classifyRefreshToken, parseRefresh, reissued, rotated } from './refresh-token-rotation';
import type { RefreshToken } from './refresh-token-rotation';
import type { TokenFamily, StoredDevice, StoredCredentials } from './credential-schema';
import { hashSecret, newSecret } from './secrets';
import type { RandomBytes } from '../lib/ids';
import type { CredentialStore } from './credential-store';

/** Life of an access token, ms. */
export const ACCESS_LIFE = 15 * 60_000;
/** Access tokens of one device at a time: tabs that refreshed side by side. */
const MAX_ACCESS = 8;

/** What a browser is given. */
export interface SessionTokens {
  readonly access: string;
  readonly refresh: string;
}

/** What came of a refresh. */
type Refreshed =
  | { readonly kind: 'ok'; readonly device: StoredDevice; readonly tokens: SessionTokens }
  | { readonly kind: 'reuse'; readonly device: StoredDevice }
  | { readonly kind: 'expired'; readonly device: StoredDevice }
  | { readonly kind: 'unknown' };

/** An access token that was given out, under its hash. */
interface AccessToken {
  readonly device: string;
  /** On the boot clock, which no one can put back. */
  readonly until: number;
  /** Hash of the refresh token given with it. */
  readonly turn: string;
}

/** The successor just given out, in case it is asked for once more. */
interface Repeatable {
  readonly refresh: string;
  readonly until: number;
}

/** Keeps the sessions. */
export interface Sessions {
  /** A family for a device that has none, and the first tokens of it. */
  begin(device: string): { readonly family: TokenFamily; readonly tokens: SessionTokens };
  refresh(presented: string): Refreshed;
  /** The device an access token belongs to; null for anything that is not good now. */
  deviceOf(access: string): StoredDevice | null;
  /** The device of a refresh token that is or was good; for a logout. */
  holderOf(refresh: string): StoredDevice | null;
  /** Forgets what was given to a device. */
  forget(device: string): void;
}

/** What the sessions are built from. */
export interface SessionParts {
  readonly credentials: CredentialStore;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly random: RandomBytes;
}

/** Replaces the family of one device. */
export function withTokenFamily(id: string, refresh: TokenFamily): (credentials: StoredCredentials) => StoredCredentials {
  return (credentials) => ({ ...credentials, devices: credentials.devices.map((device) => (device.id === id ? { ...device, refresh } : device)) });
}

/** Access tokens in memory, by hash: opaque, so that taking a right away needs no list of exceptions. */
class AccessTokens {
  readonly #byHash = new Map<string, AccessToken>();

  constructor(
    private readonly clock: Pick<Clock, 'boot'>,
    private readonly random: RandomBytes,
  ) {}

  give(device: string, turn: string): string {
    const own = [...this.#byHash].filter(([, access]) => access.device === device);
    for (const [hash, { until }] of own.slice(0, -1)) if (until <= this.clock.boot()) this.#byHash.delete(hash);
    for (const [hash] of own.slice(0, Math.max(0, own.length - MAX_ACCESS + 1))) this.#byHash.delete(hash);
    const access = newSecret(this.random);
    this.#byHash.set(hashSecret(access), { device, turn, until: this.clock.boot() + ACCESS_LIFE });
    return access;
  }

  find(access: string): AccessToken | null {
    const hash = hashSecret(access);
    const found = this.#byHash.get(hash);
    if (found === undefined) return null;
    if (found.until > this.clock.boot()) return found;
    this.#byHash.delete(hash);
    return null;
  }

  forget(device: string): void {
    for (const [hash, access] of this.#byHash) if (access.device === device) this.#byHash.delete(hash);
  }
}

/** Makes the keeper. */
export function createSessions({ credentials, clock, random }: SessionParts): Sessions {
  const accesses = new AccessTokens(clock, random);
  const repeatable = new Map<string, Repeatable>();
  const find = (id: string): StoredDevice | undefined => credentials.get().devices.find((device) => device.id === id);

  const give = (token: RefreshToken): SessionTokens => {
    const refresh = formatRefresh(token);
    repeatable.set(token.device, { refresh, until: clock.boot() + GRACE });
    return { access: accesses.give(token.device, hashSecret(token.turn)), refresh };
  };

  /** Two tabs at once: both get the same refresh token, each an access token. */
  const repeat = (device: StoredDevice): SessionTokens | null => {
    const last = repeatable.get(device.id);
    if (last === undefined || last.until < clock.boot()) return null;
    return { access: accesses.give(device.id, device.refresh.current), refresh: last.refresh };
  };

  const next = (device: StoredDevice, presented: RefreshToken, change: typeof rotated): Refreshed => {
    const token = { ...presented, turn: newSecret(random) };
    credentials.update(withTokenFamily(device.id, change(device.refresh, hashSecret(token.turn), clock.now())));
    return { kind: 'ok', device, tokens: give(token) };
  };

  return {
    begin(device) {
      const token = { device, family: newSecret(random), turn: newSecret(random) };
      const family: TokenFamily = { family: hashSecret(token.family), current: hashSecret(token.turn), previous: null, confirmed: false, rotatedAt: clock.now() };
      return { family, tokens: give(token) };
    },

    refresh(presented) {
      const token = parseRefresh(presented);
      const device = token === null ? undefined : find(token.device);
      if (token === null || device === undefined) return { kind: 'unknown' };
      const verdict = classifyRefreshToken(device.refresh, token, clock.now());
      if (verdict === 'foreign') return { kind: 'unknown' };
      if (verdict === 'expired' || verdict === 'reuse') return { kind: verdict, device };
      if (verdict === 'rotate') return next(device, token, rotated);
      const again = verdict === 'repeat' ? repeat(device) : null;
      if (again !== null) return { kind: 'ok', device, tokens: again };
      // After a restart the successor is not remembered; where it was used already, this is an old token like any other.
      return device.refresh.confirmed ? { kind: 'reuse', device } : next(device, token, reissued);
    },

    deviceOf(presented) {
      const access = accesses.find(presented);
      const device = access === null ? undefined : find(access.device);
      if (access === null || device === undefined) return null;
      const { refresh } = device;
      // The browser uses what came with its refresh token: that has arrived, so the one before is retired. Where this
      // cannot be saved at once it is saved later; it takes a right away, it gives none.
      if (!refresh.confirmed && access.turn === refresh.current) credentials.revoke(withTokenFamily(device.id, { ...refresh, confirmed: true }));
      return device;
    },

    holderOf(presented) {
      const token = parseRefresh(presented);
      const device = token === null ? undefined : find(token.device);
      return token !== null && device !== undefined && classifyRefreshToken(device.refresh, token, clock.now()) !== 'foreign' ? device : null;
    },

    forget(device) {
      accesses.forget(device);
      repeatable.delete(device);
    },
  };
}
