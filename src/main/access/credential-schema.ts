/** Schema of access.json: devices, accounts, API tokens and machines that report here. It holds hashes only, no secrets. */
import * as z from 'zod';
import { describeValidationErrors } from '../../shared/api/validation-errors';
import { messageOf } from '../../shared/result';
import { machineIdSchema } from '../../shared/machines/machine-schemas';
import { accountSchema, deviceSchema, tokenSchema } from '../../shared/sharing/access-schemas';

/** Version of a file with machines. */
export const CREDENTIALS_VERSION = 3;
/** Version of a file without, which earlier versions of Traywatch read. */
const VERSION_WITHOUT_MACHINES = 2;

const hash = z.string().regex(/^[\w-]{43}$/, 'not a hash');

/**
 * The refresh tokens of one device, of which one is valid at a time. `family` is in all of them and distinguishes a token
 * that was valid once from a made-up one.
 */
const tokenFamilySchema = z.strictObject({
  family: hash,
  current: hash,
  /** Hash of the one before, until the browser is known to have received the current one. */
  previous: hash.nullable(),
  /** True once an access token issued with the current one was used. */
  confirmed: z.boolean(),
  /** Epoch ms, for display. */
  rotatedAt: z.number(),
  /** When it was last exchanged, on the run time of the file (`expiry.ts`). A file of version 1 has none: counting begins with this version. */
  seenAt: z.number().default(0),
});

/** A password hash and its parameters. */
const passwordHashSchema = z.strictObject({
  /** scrypt's cost, block size and parallelism. */
  n: z.int().min(1024).max(2 ** 20),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(16),
  salt: z.string().max(100),
  hash: z.string().max(200),
});

const storedTokenSchema = tokenSchema.extend({
  hash,
  /** The run time when it was created (`expiry.ts`); absent where an earlier version created it. */
  createdRun: z.number().min(0).optional(),
});

/** The token of a machine that reports here. */
const machineTokenSchema = z.strictObject({
  /** Of the token: a new one with each approval, the same while it is exchanged. */
  id: z.string(),
  machine: machineIdSchema,
  /** Name of the machine when it joined. */
  name: z.string(),
  /** Epoch ms, for display. */
  joinedAt: z.number(),
  hash,
  /** The run time when the token was made (`expiry.ts`). */
  issuedRun: z.number().min(0),
  /** Hash of the token that takes its place once the machine uses it; null for none. */
  next: hash.nullable(),
});

/** The whole file. The limits are far beyond a home's needs; they keep a loop from filling the disk. */
export const credentialsSchema = z.strictObject({
  version: z.literal(CREDENTIALS_VERSION),
  /** Time in which the app has run since the file was created, ms: no wall clock, so it cannot be set. */
  runTime: z.number().min(0).default(0),
  devices: z.array(deviceSchema.extend({ refresh: tokenFamilySchema })).max(200).readonly(),
  accounts: z.array(accountSchema.extend({ password: passwordHashSchema })).max(50).readonly(),
  tokens: z.array(storedTokenSchema).max(200).readonly(),
  machines: z.array(machineTokenSchema).max(200).readonly().default([]),
});

/** The refresh tokens of one device. */
export type TokenFamily = z.infer<typeof tokenFamilySchema>;
/** A password hash and its parameters. */
export type PasswordHash = z.infer<typeof passwordHashSchema>;
/** Content of the file. */
export type StoredCredentials = z.infer<typeof credentialsSchema>;
/** A device as stored. */
export type StoredDevice = StoredCredentials['devices'][number];
/** An account as stored. */
export type StoredAccount = StoredCredentials['accounts'][number];
/** An API token as stored. */
export type StoredToken = StoredCredentials['tokens'][number];

/** The token of a machine as stored. */
export type StoredMachine = StoredCredentials['machines'][number];

/** No devices, accounts, tokens or machines. */
export const NO_CREDENTIALS: StoredCredentials = { version: CREDENTIALS_VERSION, runTime: 0, devices: [], accounts: [], tokens: [], machines: [] };

/** Result of parsing the file. */
export type ParsedCredentials =
  | { readonly kind: 'valid'; readonly credentials: StoredCredentials }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'newer'; readonly version: number }
  /** Could not be checked: not even the example of a valid file passes. */
  | { readonly kind: 'unchecked'; readonly reason: string };

/** A valid file with one entry of each kind. */
function exampleCredentials(): StoredCredentials {
  const hash = 'x'.repeat(43);
  const refresh = { family: hash, current: hash, previous: hash, confirmed: true, rotatedAt: 0, seenAt: 0 };
  return {
    version: CREDENTIALS_VERSION,
    runTime: 0,
    devices: [{ id: 'd', name: 'd', role: 'viewer', createdAt: 0, lastSeen: 0, lastAddress: '::1', account: null, refresh }],
    accounts: [{ name: 'a', role: 'admin', createdAt: 0, password: { n: 1024, r: 8, p: 1, salt: '', hash: '' } }],
    tokens: [{ id: 't', label: 't', scopes: ['read'], createdAt: 0, expiresAt: 0, lastUsed: null, hash }],
    machines: [{ id: 'm', machine: '0'.repeat(32), name: 'm', joinedAt: 0, hash, issuedRun: 0, next: null }],
  };
}

/** Null, or why no file can be checked: something in memory is broken, such as `Object.prototype`. */
function brokenCheck(): string | null {
  try {
    const { error } = credentialsSchema.safeParse(exampleCredentials());
    return error === undefined ? null : describeValidationErrors(error).slice(0, 200);
  } catch (error) {
    return messageOf(error);
  }
}

/** Parses the text of access.json. Pure. */
export function parseCredentials(text: string): ParsedCredentials {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { kind: 'invalid', reason: `not JSON: ${messageOf(error)}` };
  }
  const version = typeof found === 'object' && found !== null && 'version' in found ? found.version : null;
  if (typeof version === 'number' && Number.isInteger(version) && version > CREDENTIALS_VERSION) return { kind: 'newer', version };
  const broken = brokenCheck();
  if (broken !== null) return { kind: 'unchecked', reason: broken };
  // Version 1 has no run time, and version 2 no machines; the defaults are right for them.
  const parsed = credentialsSchema.safeParse(version === 1 || version === VERSION_WITHOUT_MACHINES ? { ...(found as object), version: CREDENTIALS_VERSION } : found);
  return parsed.success ? { kind: 'valid', credentials: parsed.data } : { kind: 'invalid', reason: describeValidationErrors(parsed.error).slice(0, 500) };
}

/**
 * The text of access.json. As long as no machine reports here it is what earlier versions of Traywatch read; with one, they
 * leave the file alone and say that it is newer. Pure.
 */
export function formatCredentials(credentials: StoredCredentials): string {
  const { machines, ...others } = credentials;
  const file = machines.length === 0 ? { ...others, version: VERSION_WITHOUT_MACHINES } : credentials;
  return `${JSON.stringify(file, null, 2)}\n`;
}
