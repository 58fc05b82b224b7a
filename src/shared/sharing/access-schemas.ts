/** Schemas of access over the network: pairing, devices, accounts and API tokens, as access.json stores and the Sharing page shows them. */
import * as z from 'zod';
import { machineIdSchema } from '../machines/machine-schemas';
import { MAX_TOKEN_DAYS, PASSWORD_LENGTH, SCOPE_NAMES, toPlainName } from './auth-policy';
import type { Scope } from './auth-policy';

/** A viewer may read; an admin may also change things. */
export const roleSchema = z.enum(['viewer', 'admin']);

/** A scope of an API token. */
const scopeSchema = z.enum(SCOPE_NAMES as [Scope, ...Scope[]]);

/** A display name entered on the Sharing page. */
export const nameSchema = z.string().max(400).overwrite(toPlainName).refine((name) => name !== '', 'Enter a name');

/** The name of an account, as entered to sign in. */
const accountNameSchema = z.string().regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}])?$/u, 'letters, digits, spaces, dots, hyphens and underscores, at most 40').refine((name) => toPlainName(name) === name.normalize('NFC'), 'must be visible characters');

/** A password as sent; the policy is checked where the account's name is known. */
export const passwordSchema = z.string().min(1).max(2 * PASSWORD_LENGTH.max);

const time = z.number();

/** A pairing code with its link, for one access request. */
const pairingCodeSchema = z.strictObject({
  /** Six digits; eight where nobody approves the request. */
  code: z.string(),
  /** Secret of the link in the QR code. It follows the `#`, so that it never reaches a server's log. */
  secret: z.string(),
  expiresAt: time,
  triesLeft: z.int(),
});

/** A machine that wants to report here. */
const reportingMachineSchema = z.strictObject({ id: machineIdSchema, version: z.string() });

/** A browser that waits for approval, or a machine that wants to report here. */
const pairingRequestSchema = z.strictObject({
  id: z.string(),
  /** Self-reported, so not to be relied on. */
  name: z.string(),
  address: z.string(),
  via: z.enum(['code', 'qr']),
  requestedAt: time,
  expiresAt: time,
  /** Of a machine that wants to report here; it gets no role. */
  machine: reportingMachineSchema.extend({ /** It reports here already: its token would be replaced. */ isKnown: z.boolean() }).exactOptional(),
});

/** A browser with access. */
export const deviceSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  createdAt: time,
  lastSeen: time,
  lastAddress: z.string(),
  /** The account it signed in with; null for one that was paired. */
  account: z.string().nullable(),
});

/** An account with a password. */
export const accountSchema = z.strictObject({ name: z.string(), role: roleSchema, createdAt: time });

/** An API token, without its secret. */
export const tokenSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  scopes: z.array(scopeSchema).readonly(),
  createdAt: time,
  expiresAt: time,
  lastUsed: time.nullable(),
});

/** Everything about access, for the Sharing page. */
export const accessSummarySchema = z.strictObject({
  pairingCode: pairingCodeSchema.nullable(),
  requests: z.array(pairingRequestSchema).readonly(),
  devices: z.array(deviceSchema).readonly(),
  accounts: z.array(accountSchema).readonly(),
  tokens: z.array(tokenSchema).readonly(),
  /** Message about a problem with access.json; null when there is none. */
  problem: z.string().nullable(),
});

/** Everything about access, for the Sharing page. */
export type AccessSummary = z.infer<typeof accessSummarySchema>;
/** A pairing code with its link, for one access request. */
export type PairingCode = z.infer<typeof pairingCodeSchema>;
/** A browser that waits for approval, or a machine that wants to report here. */
export type PairingRequest = z.infer<typeof pairingRequestSchema>;
/** A machine that wants to report here. */
export type ReportingMachine = z.infer<typeof reportingMachineSchema>;
/** A browser with access. */
export type Device = z.infer<typeof deviceSchema>;
/** An account with a password. */
export type LanAccount = z.infer<typeof accountSchema>;
/** An API token, without its secret. */
export type ApiToken = z.infer<typeof tokenSchema>;

/** An account to create or change; without a password the present one stays. */
export const setAccountSchema = z.strictObject({ name: accountNameSchema, role: roleSchema, password: passwordSchema.exactOptional() });
/** An API token to create. */
export const createTokenSchema = z.strictObject({
  label: nameSchema,
  scopes: z.array(scopeSchema).min(1).max(SCOPE_NAMES.length),
  days: z.int().min(1).max(MAX_TOKEN_DAYS),
});
