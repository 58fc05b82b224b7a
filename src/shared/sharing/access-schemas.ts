/** Who may watch over the LAN: the words the desktop's window and the server share, and the rules both check. */
import * as z from 'zod';
import { MAX_TOKEN_DAYS, PASSWORD_LENGTH, SCOPE_NAMES, toPlainName } from './auth-policy';
import type { Scope } from './auth-policy';

/** What somebody let in may do. */
export const roleSchema = z.enum(['viewer', 'admin']);

/** A scope by its name. */
const scopeSchema = z.enum(SCOPE_NAMES as [Scope, ...Scope[]]);

/** A name a person gives at the desktop. */
export const nameSchema = z.string().max(400).overwrite(toPlainName).refine((name) => name !== '', 'must not be empty');

/** The name of an account: what is typed at the login. */
const accountNameSchema = z.string().regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}])?$/u, 'letters, digits, spaces, dots, hyphens and underscores, at most 40');

/** A password as it is sent; the rules are checked where the name is known. */
export const passwordSchema = z.string().min(1).max(2 * PASSWORD_LENGTH.max);

const time = z.number();

/** A code and a link that let one browser ask to be let in. */
const pairingCodeSchema = z.strictObject({
  /** Six digits. */
  code: z.string(),
  /** What the QR code carries behind the `#`, so that it never reaches a server's log. */
  secret: z.string(),
  expiresAt: time,
  triesLeft: z.int(),
});

/** A browser that waits to be let in. */
const pairingRequestSchema = z.strictObject({
  id: z.string(),
  /** What it calls itself; nothing to rely on. */
  name: z.string(),
  address: z.string(),
  via: z.enum(['code', 'qr']),
  requestedAt: time,
  expiresAt: time,
});

/** A browser that was let in. */
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

/** A script's token, without what it proves itself with. */
export const tokenSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  scopes: z.array(scopeSchema).readonly(),
  createdAt: time,
  expiresAt: time,
  lastUsed: time.nullable(),
});

/** Everybody who is in or wants in. */
export const accessSummarySchema = z.strictObject({
  pairingCode: pairingCodeSchema.nullable(),
  requests: z.array(pairingRequestSchema).readonly(),
  devices: z.array(deviceSchema).readonly(),
  accounts: z.array(accountSchema).readonly(),
  tokens: z.array(tokenSchema).readonly(),
  /** What is wrong with the file all this is kept in, for a person; null when nothing is. */
  problem: z.string().nullable(),
});

/** Everybody who is in or wants in. */
export type AccessSummary = z.infer<typeof accessSummarySchema>;
/** A code and a link that let one browser ask to be let in. */
export type PairingCode = z.infer<typeof pairingCodeSchema>;
/** A browser that waits to be let in. */
export type PairingRequest = z.infer<typeof pairingRequestSchema>;
/** A browser that was let in. */
export type Device = z.infer<typeof deviceSchema>;
/** An account with a password. */
export type LanAccount = z.infer<typeof accountSchema>;
/** A script's token. */
export type ApiToken = z.infer<typeof tokenSchema>;

/** What an account is to become; the password stays where none is given. */
export const setAccountSchema = z.strictObject({ name: accountNameSchema, role: roleSchema, password: passwordSchema.exactOptional() });
/** A token to be made. */
export const createTokenSchema = z.strictObject({
  label: nameSchema,
  scopes: z.array(scopeSchema).min(1).max(SCOPE_NAMES.length),
  days: z.int().min(1).max(MAX_TOKEN_DAYS),
});
