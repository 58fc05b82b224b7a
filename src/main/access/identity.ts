/** Who sends a request: the types by which the server uses access control without knowing devices, accounts and tokens. */

/** A viewer may read; an admin may also change things. */
export type Role = 'viewer' | 'admin';

/** The identity behind an authenticated request. */
export interface ClientIdentity {
  /** Id of the device, the API token or the machine's token: what is revoked. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  readonly role: Role;
  /** Scopes of a token; null for a browser session, which may do all its role may. */
  readonly scopes: readonly string[] | null;
  /** The account that a browser is signed in with; absent for one that was paired, and for a token. */
  readonly account?: string;
  /** The machine that reports here whose token this is; absent for all others. It may report, and nothing else. */
  readonly machine?: string;
}

/** What limits are counted on: all browsers of one account together, since anyone may sign in with it again. */
export function holderOf({ id, account }: Pick<ClientIdentity, 'id' | 'account'>): string {
  return account === undefined ? id : `account ${account}`;
}

/** What a request is authenticated by. */
export interface Credentials {
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** The Authorization header as sent. */
  readonly authorization: string | undefined;
  /** The client's IP address in canonical form (`plainAddress`). */
  readonly address: string;
  /** Whether the browser's connection is encrypted, which decides the cookies' names; by the settings where undefined. */
  readonly secure?: boolean | undefined;
}

/** Authenticates requests. */
export interface Authenticator {
  /** Null without credentials, and for wrong, expired or revoked ones. */
  authenticate(credentials: Credentials): Promise<ClientIdentity | null>;
  /** Calls the listener with the id of a device or token whose rights have changed or ended; returns the function that stops it. */
  onRevoked(listener: (id: string) => void): () => void;
}
