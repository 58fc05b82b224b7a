/** Who may watch over the LAN: the words the desktop's window and the server share, and the rules both check. */
import * as z from 'zod';

/** What somebody let in may do. */
export const roleSchema = z.enum(['viewer', 'admin']);

/** What a script's token can be given, each with the role it needs. Routes name the scope they ask for. */
export const SCOPES = {
  read: { label: 'Read everything a viewer sees', role: 'viewer' },
  'metrics:read': { label: 'Read /metrics only, for Prometheus', role: 'viewer' },
  'events:write': { label: 'Write to the timeline', role: 'viewer' },
  write: { label: 'Change settings, as an admin', role: 'admin' },
} as const satisfies Record<string, { readonly label: string; readonly role: z.infer<typeof roleSchema> }>;

/** A thing a script's token can be given. */
export type Scope = keyof typeof SCOPES;
/** Every scope. */
export const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];
/** A scope by its name. */
export const scopeSchema = z.enum(SCOPE_NAMES as [Scope, ...Scope[]]);

/** Longest name of a device, an account or a token, characters. */
export const MAX_NAME = 60;

/**
 * A name from outside as one line of visible text: control, format and other invisible characters go, among them those
 * that turn the direction of writing and could make one name look like another. Empty when nothing is left.
 */
export function toPlainName(text: string): string {
  const visible = text.normalize('NFC').replace(/[\p{C}\p{Z}\u2800\u115F\u1160\u3164\uFFA0]+/gu, ' ').trim();
  return Array.from(visible).slice(0, MAX_NAME).join('').trim();
}

/** A name a person gives at the desktop. */
export const nameSchema = z.string().max(400).overwrite(toPlainName).refine((name) => name !== '', 'must not be empty');

/** The name of an account: what is typed at the login. */
export const accountNameSchema = z.string().regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}])?$/u, 'letters, digits, spaces, dots, hyphens and underscores, at most 40');

/** Two spellings of one account's name come to the same key. */
export function accountKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Shortest and longest password, characters. The longest bounds the work of hashing, nothing else. */
export const PASSWORD_LENGTH = { min: 10, max: 200 } as const;
/** Fewer different characters than this are a pattern, not a password. */
const DISTINCT = 4;

/** Why a password will not do, for a person; null when it will. */
export function passwordProblem(password: string, name: string): string | null {
  const characters = Array.from(password.normalize('NFKC'));
  if (characters.length < PASSWORD_LENGTH.min) return `must have at least ${PASSWORD_LENGTH.min} characters`;
  if (characters.length > PASSWORD_LENGTH.max) return `must have at most ${PASSWORD_LENGTH.max} characters`;
  if (accountKey(password).trim() === accountKey(name).trim()) return 'must not be the name';
  if (new Set(characters).size < DISTINCT) return `must have at least ${DISTINCT} different characters`;
  return null;
}

/** A password as it is sent; the rules are checked where the name is known. */
export const passwordSchema = z.string().min(1).max(2 * PASSWORD_LENGTH.max);

/** Longest life of a script's token, days: each ends one day. */
export const MAX_TOKEN_DAYS = 366;

const time = z.number();

/** A code and a link that let one browser ask to be let in. */
export const pairingOfferSchema = z.strictObject({
  /** Six digits. */
  code: z.string(),
  /** What the QR code carries behind the `#`, so that it never reaches a server's log. */
  secret: z.string(),
  expiresAt: time,
  triesLeft: z.int(),
});

/** A browser that waits to be let in. */
export const pairingRequestSchema = z.strictObject({
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
export const lanAccessSchema = z.strictObject({
  offer: pairingOfferSchema.nullable(),
  requests: z.array(pairingRequestSchema).readonly(),
  devices: z.array(deviceSchema).readonly(),
  accounts: z.array(accountSchema).readonly(),
  tokens: z.array(tokenSchema).readonly(),
  /** What is wrong with the file all this is kept in, for a person; null when nothing is. */
  problem: z.string().nullable(),
});

/** Everybody who is in or wants in. */
export type LanAccess = z.infer<typeof lanAccessSchema>;
/** A code and a link that let one browser ask to be let in. */
export type PairingOffer = z.infer<typeof pairingOfferSchema>;
/** A browser that waits to be let in. */
export type PairingRequest = z.infer<typeof pairingRequestSchema>;
/** A browser that was let in. */
export type Device = z.infer<typeof deviceSchema>;
/** An account with a password. */
export type Account = z.infer<typeof accountSchema>;
/** A script's token. */
export type ScriptToken = z.infer<typeof tokenSchema>;

/** What an account is to become; the password stays where none is given. */
export const setAccountSchema = z.strictObject({ name: accountNameSchema, role: roleSchema, password: passwordSchema.exactOptional() });
/** A token to be made. */
export const createTokenSchema = z.strictObject({
  label: nameSchema,
  scopes: z.array(scopeSchema).min(1).max(SCOPE_NAMES.length),
  days: z.int().min(1).max(MAX_TOKEN_DAYS),
});
