/**
 * Rules about names, passwords, scopes and paces that the window and the server both go by. No schema is here: a page that needs
 * the words alone does not load the checking of shapes.
 */

/** What a script's token can be given, each with the role it needs. Routes name the scope they ask for. */
export const SCOPES = {
  read: { label: 'Read everything a viewer sees', role: 'viewer' },
  'metrics:read': { label: 'Read /metrics only, for Prometheus', role: 'viewer' },
  'events:write': { label: 'Write to the timeline', role: 'viewer' },
  write: { label: 'Change settings, as an admin', role: 'admin' },
} as const satisfies Record<string, { readonly label: string; readonly role: 'viewer' | 'admin' }>;

/** A thing a script's token can be given. */
export type Scope = keyof typeof SCOPES;
/** Every scope. */
export const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];

/** Longest name of a device, an account or a token, characters. */
const MAX_NAME = 60;

/**
 * A name from outside as one line of visible text: control, format and other invisible characters go, among them those
 * that turn the direction of writing and could make one name look like another. Empty when nothing is left.
 */
export function toPlainName(text: string): string {
  const visible = text.normalize('NFC').replace(/[\p{C}\p{Z}\u2800\u115F\u1160\u3164\uFFA0]+/gu, ' ').trim();
  return Array.from(visible).slice(0, MAX_NAME).join('').trim();
}

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

/** Seconds between two pushes to a viewer that names no interval of its own. */
export const LAN_INTERVAL = { min: 1, max: 60, usual: 5 } as const;

/** Longest life of a script's token, days: each ends one day. */
export const MAX_TOKEN_DAYS = 366;
