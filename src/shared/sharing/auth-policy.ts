/**
 * Rules for names, passwords, scopes and update intervals that page and server share, without schemas: a page that needs
 * the rules does not load zod.
 */

import { toPlainLine } from '../plain-text';

/** Scopes of API tokens, each with the role it needs. read: everything a viewer sees; write: calls that change something. */
export const SCOPES = {
  read: { label: 'Read all data', role: 'viewer' },
  'metrics:read': { label: 'Read /metrics only (Prometheus)', role: 'viewer' },
  'events:write': { label: 'Post timeline events', role: 'viewer' },
  write: { label: 'Change settings (admin)', role: 'admin' },
} as const satisfies Record<string, { readonly label: string; readonly role: 'viewer' | 'admin' }>;

/** A scope of an API token. */
export type Scope = keyof typeof SCOPES;
/** Scope of the token of a machine that reports here. No API token can have it, and such a token has no other. */
export const REPORT_SCOPE = 'report';
/** Every scope of API tokens. */
export const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];

/** Longest name of a device, an account or a token, characters. */
const MAX_NAME = 60;

/**
 * A name from outside as one line of visible text. Control, format and other invisible characters are removed, among them
 * those that change the direction of writing and could make one name look like another. Empty when nothing is left.
 */
export function toPlainName(text: string): string {
  const visible = toPlainLine(text.normalize('NFC').replace(/[\p{C}\p{Z}\u2800\u115F\u1160\u3164\uFFA0]+/gu, ' '));
  return Array.from(visible).slice(0, MAX_NAME).join('').trim();
}

/** The key under which account names are compared: spellings of one name have the same key. */
export function accountKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Shortest and longest password, characters. The longest only bounds the work of hashing. */
export const PASSWORD_LENGTH = { min: 10, max: 200 } as const;
/** Fewest different characters of a password. */
const MIN_DISTINCT = 4;

/** Message why a password is not allowed; null when it is. */
export function passwordProblem(password: string, name: string): string | null {
  const characters = Array.from(password.normalize('NFKC'));
  if (characters.length < PASSWORD_LENGTH.min) return `must have at least ${PASSWORD_LENGTH.min} characters`;
  if (characters.length > PASSWORD_LENGTH.max) return `must have at most ${PASSWORD_LENGTH.max} characters`;
  if (accountKey(password).trim() === accountKey(name).trim()) return 'must not be the name';
  if (new Set(characters).size < MIN_DISTINCT) return `must have at least ${MIN_DISTINCT} different characters`;
  return null;
}

/** Update interval of remote clients, seconds: bounds, and the default. */
export const LAN_INTERVAL = { min: 1, max: 60, default: 5 } as const;

/** Longest validity of an API token, days. */
export const MAX_TOKEN_DAYS = 366;
