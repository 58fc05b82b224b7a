/** Where a copy asks for updates: an address and the key that signs the answers, written into its package.json when it is made. Pure. */
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Id of the application in documents: a document of another application is refused. */
export const APP_ID = 'io.traywatch.app';

/** The place to ask. */
export interface UpdateSource {
  /** Of the document; it has no query. */
  readonly url: URL;
  /** Ed25519; only what it has signed is believed. */
  readonly key: KeyObject;
  /** Only documents of this channel are taken. */
  readonly channel: string;
  /** Whether this copy was signed with a certificate when it was made. */
  readonly isSigned: boolean;
}

/** True for https, and for http on this machine, where nobody is in between. */
export function isTrustedTransport({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean {
  return protocol === 'https:' || (protocol === 'http:' && (hostname === '127.0.0.1' || hostname === '[::1]'));
}

/** Ed25519 in a SubjectPublicKeyInfo (RFC 8410): a fixed head, then the 32 bytes of the key. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** The key from its 32 bytes in base64; null where it is not that. */
function toPublicKey(base64: string): KeyObject | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== base64) return null;
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, bytes]), format: 'der', type: 'spki' });
}

/**
 * Reads `updates` of a package.json: `{ "url": "https://…/stable.json", "key": "<base64>", "channel": "stable",
 * "isSigned": false }`. Null where
 * there is none. Throws an Error where there is one that is wrong: a release that can never be updated must not be made.
 */
export function parseUpdateSource(value: unknown): UpdateSource | null {
  if (value === undefined || value === null) return null;
  const { url, key, channel, isSigned } = value as Partial<Record<string, unknown>>;
  if (typeof url !== 'string' || typeof key !== 'string' || typeof channel !== 'string') throw new Error('updates: url, key and channel must be texts');
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !isTrustedTransport(parsed)) throw new Error(`updates: ${url} is no https address`);
  if (parsed.search !== '' || parsed.hash !== '' || parsed.username !== '') throw new Error('updates: the address must have no query, fragment or user');
  const publicKey = toPublicKey(key);
  if (publicKey === null) throw new Error('updates: the key must be 32 bytes in base64 (Ed25519)');
  if (!/^[a-z][a-z0-9]{0,19}$/.test(channel)) throw new Error('updates: the channel must be a short word');
  return { url: parsed, key: publicKey, channel, isSigned: isSigned === true };
}
