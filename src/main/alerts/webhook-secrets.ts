/** The URLs of webhooks, as secrets: of each, host and last characters may be shown. */
import * as z from 'zod';
import { CallError } from '../../shared/result';
import { openSecretStore, storedSecretSchema } from '../lib/secret-store';
import type { SecretStoreParts } from '../lib/secret-store';

/** The keys are those of secrets.json. */
const secretSchema = storedSecretSchema.extend({
  /** Host and last characters, which may be shown. */
  host: z.string(),
  tail: z.string(),
});

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
type SecretsParts = Pick<SecretStoreParts<z.infer<typeof secretSchema>>, 'path' | 'encryption' | 'clock' | 'log'>;

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
export function openSecrets(parts: SecretsParts): Secrets {
  const store = openSecretStore({ ...parts, schema: secretSchema, words: { secret: 'URL', owner: 'webhook' } });
  const toHint = ({ host, tail, kept }: SecretHint): SecretHint => ({ host, tail, kept });
  return {
    async set(id, url) {
      const parsed = parseWebhookUrl(url);
      return toHint(await store.set(id, parsed.href, (stored) => ({ ...hintOf(parsed), ...stored })));
    },
    get: (id) => store.get(id),
    hint(id) {
      const secret = store.find(id);
      return secret === null ? null : toHint(secret);
    },
    remove: (id) => store.keepOnly((other) => other !== id),
    keepOnly: (ids) => store.keepOnly((id) => ids.has(id)),
  };
}
