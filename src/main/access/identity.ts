/** What the server asks of whoever knows devices, accounts and tokens. It knows nothing else of them. */

/** What somebody may do: watch, or change things as well. */
export type Role = 'viewer' | 'admin';

/** Somebody who has been let in. */
export interface ClientIdentity {
  /** Of the device, the account or the token: what is revoked. */
  readonly id: string;
  /** For a person. */
  readonly name: string;
  readonly role: Role;
  /** Null: a person's session, which may do all its role may; else only what a script's token was given. */
  readonly scopes: readonly string[] | null;
}

/** What a request brings to prove who sends it. */
export interface Credentials {
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** The Authorization header as sent. */
  readonly authorization: string | undefined;
  /** The other end's IP address, without a zone; an IPv4 address in its own form. */
  readonly address: string;
}

/** Tells who somebody is. */
export interface Authenticator {
  /** Null for nobody who is known: nothing brought, or it is wrong, expired or revoked. */
  authenticate(credentials: Credentials): Promise<ClientIdentity | null>;
  /** Called when a device, account or token loses its right; returns the function that ends it. */
  onRevoked(listener: (id: string) => void): () => void;
}
