/** What is kept of people's rights, and how it stands in the file. No secret is in it, only hashes. */
import * as z from 'zod';
import { describeValidationErrors } from '../../shared/api/validation-errors';
import { messageOf } from '../../shared/result';
import { accountSchema, deviceSchema, tokenSchema } from '../../shared/sharing/access-schemas';

/** Version of the file this program writes. */
export const CREDENTIALS_VERSION = 1;

const hash = z.string().regex(/^[\w-]{43}$/, 'not a hash');

/**
 * The refresh tokens of one device, of which one is good at a time. `family` is in all of them and tells a token that
 * was good once from one that never was.
 */
const tokenFamilySchema = z.strictObject({
  family: hash,
  current: hash,
  /** The one before, until the browser is known to have received the current one. */
  previous: hash.nullable(),
  /** True once something issued with the current one was used. */
  confirmed: z.boolean(),
  /** Epoch ms. */
  rotatedAt: z.number(),
});

/** A password's hash, with what it was made with. */
const passwordHashSchema = z.strictObject({
  /** scrypt's cost, block size and parallelism. */
  n: z.int().min(1024).max(2 ** 20),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(16),
  salt: z.string().max(100),
  hash: z.string().max(200),
});

/** The whole file. The bounds are far beyond a home's needs; they keep a loop from filling the disk. */
export const credentialsSchema = z.strictObject({
  version: z.literal(CREDENTIALS_VERSION),
  devices: z.array(deviceSchema.extend({ refresh: tokenFamilySchema })).max(200).readonly(),
  accounts: z.array(accountSchema.extend({ password: passwordHashSchema })).max(50).readonly(),
  tokens: z.array(tokenSchema.extend({ hash })).max(200).readonly(),
});

/** The refresh tokens of one device. */
export type TokenFamily = z.infer<typeof tokenFamilySchema>;
/** A password's hash, with what it was made with. */
export type PasswordHash = z.infer<typeof passwordHashSchema>;
/** Everything that is kept. */
export type StoredCredentials = z.infer<typeof credentialsSchema>;
/** A device as it is kept. */
export type StoredDevice = StoredCredentials['devices'][number];
/** An account as it is kept. */
export type StoredAccount = StoredCredentials['accounts'][number];
/** A script's token as it is kept. */
export type StoredToken = StoredCredentials['tokens'][number];

/** Nobody is in. */
export const NO_CREDENTIALS: StoredCredentials = { version: CREDENTIALS_VERSION, devices: [], accounts: [], tokens: [] };

/** What a file's text comes to. */
export type ParsedCredentials =
  | { readonly kind: 'good'; readonly credentials: StoredCredentials }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'newer'; readonly version: number }
  /** It could not be checked: not even a file known to be good is accepted. */
  | { readonly kind: 'unchecked'; readonly reason: string };

/** A file with one of each, which is good. */
function exampleCredentials(): StoredCredentials {
  const hash = 'x'.repeat(43);
  const refresh = { family: hash, current: hash, previous: hash, confirmed: true, rotatedAt: 0 };
  return {
    version: CREDENTIALS_VERSION,
    devices: [{ id: 'd', name: 'd', role: 'viewer', createdAt: 0, lastSeen: 0, lastAddress: '::1', account: null, refresh }],
    accounts: [{ name: 'a', role: 'admin', createdAt: 0, password: { n: 1024, r: 8, p: 1, salt: '', hash: '' } }],
    tokens: [{ id: 't', label: 't', scopes: ['read'], createdAt: 0, expiresAt: 0, lastUsed: null, hash }],
  };
}

/** Null, or why a file cannot be checked: something in memory is broken, such as what all objects share. */
function brokenCheck(): string | null {
  try {
    const { error } = credentialsSchema.safeParse(exampleCredentials());
    return error === undefined ? null : describeValidationErrors(error).slice(0, 200);
  } catch (error) {
    return messageOf(error);
  }
}

/** Understands the text of a rights file. Pure. */
export function parseCredentials(text: string): ParsedCredentials {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { kind: 'wrong', reason: `not JSON: ${messageOf(error)}` };
  }
  const version = typeof found === 'object' && found !== null && 'version' in found ? found.version : null;
  if (typeof version === 'number' && Number.isInteger(version) && version > CREDENTIALS_VERSION) return { kind: 'newer', version };
  const broken = brokenCheck();
  if (broken !== null) return { kind: 'unchecked', reason: broken };
  const checked = credentialsSchema.safeParse(found);
  return checked.success ? { kind: 'good', credentials: checked.data } : { kind: 'wrong', reason: describeValidationErrors(checked.error).slice(0, 500) };
}
