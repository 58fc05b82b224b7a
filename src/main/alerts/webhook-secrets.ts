/** The URLs of webhooks: stored encrypted where the system has a key store, never shown again, never logged. */
import * as z from 'zod';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';

/** Encrypts with a key of the operating system (Electron's safeStorage). */
export interface EncryptionService {
  /** False where the system has no key store, or only a key that is public. */
  isAvailable(): Promise<boolean>;
  /** Resolves to base64. */
  encrypt(text: string): Promise<string>;
  /** Rejects when it was encrypted with another key. */
  decrypt(encrypted: string): Promise<string>;
}

/** The keys are those of secrets.json. */
const secretSchema = z.strictObject({
  /** Host and last characters, which may be shown. */
  host: z.string(),
  tail: z.string(),
  kept: z.enum(['encrypted', 'plain']),
  value: z.string(),
});
const secretsSchema = z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), secretSchema) });

/** What may be shown of a secret URL: its host, its last characters, and how it is stored. */
type SecretHint = Pick<z.infer<typeof secretSchema>, 'host' | 'tail' | 'kept'>;

/** Longest URL, characters. */
const MAX_URL = 2000;
/** The last characters help to distinguish URLs; they are shown for long ones only, where they reveal nothing. */
const TAIL_LENGTH = 4;
const MIN_LENGTH_FOR_TAIL = 24;

/** The URLs by webhook id. */
export interface Secrets {
  /** Rejects with a CallError when the URL is invalid or cannot be stored. */
  set(id: string, url: string): Promise<SecretHint>;
  /** The URL. Rejects with a CallError that says why there is none. */
  get(id: string): Promise<string>;
  hint(id: string): SecretHint | null;
  remove(id: string): void;
  /** Removes the URLs of all other ids. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** What the secrets need. */
export interface SecretsParts {
  readonly path: string;
  readonly encryption: EncryptionService;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Validates the URL of a webhook. Throws a CallError that does not repeat it. */
export function parseWebhookUrl(text: string): URL {
  const trimmed = text.trim();
  if (trimmed.length > MAX_URL || !URL.canParse(trimmed)) throw new CallError('BadInput', 'url: not a URL such as https://hooks.example.com/…');
  const url = new URL(trimmed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new CallError('BadInput', 'url: must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw new CallError('BadInput', 'url: must not contain a user name or password');
  return url;
}

function hintOf({ host, pathname, search }: URL): Pick<SecretHint, 'host' | 'tail'> {
  const rest = pathname + search;
  return { host, tail: rest.length >= MIN_LENGTH_FOR_TAIL ? rest.slice(-TAIL_LENGTH) : '' };
}

/** Opens the file; an invalid one is quarantined. */
export function openSecrets({ path, encryption, clock, log }: SecretsParts): Secrets {
  const file = openStateFile({ path, schema: secretsSchema, initial: { version: 1 as const, secrets: {} }, clock, log });
  const change = (secrets: z.infer<typeof secretsSchema>['secrets']): boolean => file.put({ version: 1, secrets });
  const find = (id: string) => (Object.hasOwn(file.get().secrets, id) ? (file.get().secrets[id] ?? null) : null);
  const keepOnly = (isKept: (id: string) => boolean): void => {
    const all = Object.entries(file.get().secrets);
    const kept = all.filter(([id]) => isKept(id));
    if (kept.length < all.length) change(Object.fromEntries(kept));
  };
  return {
    async set(id, url) {
      const parsed = parseWebhookUrl(url);
      const encrypted = await encryption.isAvailable();
      const value = encrypted ? await encryption.encrypt(parsed.href) : parsed.href;
      const hint: SecretHint = { ...hintOf(parsed), kept: encrypted ? 'encrypted' : 'plain' };
      if (!change({ ...file.get().secrets, [id]: { ...hint, value } })) throw new CallError('Unavailable', 'the URL could not be saved');
      return hint;
    },
    async get(id) {
      const secret = find(id);
      if (secret === null) throw new CallError('NotFound', 'its URL is not stored on this machine: enter it again');
      if (secret.kept === 'plain') return secret.value;
      try {
        return await encryption.decrypt(secret.value);
      } catch (error) {
        log.warn('the URL of a webhook cannot be decrypted', { id, error: messageOf(error) });
        throw new CallError('Unavailable', 'its URL cannot be decrypted: enter it again');
      }
    },
    hint(id) {
      const secret = find(id);
      return secret === null ? null : { host: secret.host, tail: secret.tail, kept: secret.kept };
    },
    remove: (id) => keepOnly((other) => other !== id),
    keepOnly: (ids) => keepOnly((id) => ids.has(id)),
  };
}
