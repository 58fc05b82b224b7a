/** Addresses of webhooks: kept encrypted where the system has a key for it, shown to nobody again, written to no log. */
import * as z from 'zod';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from '../lib/state-file';

/** Encrypts with a key of the system's own. */
export interface EncryptionService {
  /** False where the system has no key, or one that everybody knows. */
  isAvailable(): Promise<boolean>;
  /** Gives base64. */
  seal(text: string): Promise<string>;
  /** Rejects when it was sealed with another key. */
  open(sealed: string): Promise<string>;
}

const secretSchema = z.strictObject({
  /** What may be shown of it. */
  host: z.string(),
  tail: z.string(),
  kept: z.enum(['encrypted', 'plain']),
  value: z.string(),
});
const secretsSchema = z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), secretSchema) });

/** What may be shown of a secret address: its host, its last characters, and how it is kept. */
type SecretTrace = Pick<z.infer<typeof secretSchema>, 'host' | 'tail' | 'kept'>;

/** Longest address, characters. */
const MAX_ADDRESS = 2000;
/** The last characters help a person tell addresses apart; they are shown of long ones only, where they give nothing away. */
const TAIL = 4;
const LONG_ENOUGH = 24;

/** The secrets. */
export interface Secrets {
  /** Throws a CallError when it is no address, or cannot be kept. */
  set(id: string, address: string): Promise<SecretTrace>;
  /** The address. Rejects with a CallError that says why there is none. */
  get(id: string): Promise<string>;
  trace(id: string): SecretTrace | null;
  remove(id: string): void;
  /** Removes those of any other id. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** What the secrets need. */
export interface SecretsParts {
  readonly path: string;
  readonly encryption: EncryptionService;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Checks an address. Throws a CallError that does not repeat it. */
export function parseAddress(address: string): URL {
  const text = address.trim();
  if (text.length > MAX_ADDRESS || !URL.canParse(text)) throw new CallError('BadInput', 'url: not an address such as https://hooks.example.com/…');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new CallError('BadInput', 'url: must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw new CallError('BadInput', 'url: must not hold a user name or a password');
  return url;
}

function traceOf({ host, pathname, search }: URL): Pick<SecretTrace, 'host' | 'tail'> {
  const rest = pathname + search;
  return { host, tail: rest.length >= LONG_ENOUGH ? rest.slice(-TAIL) : '' };
}

/** Opens the secrets. */
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
    async set(id, address) {
      const url = parseAddress(address);
      const encrypted = await encryption.isAvailable();
      const value = encrypted ? await encryption.seal(url.href) : url.href;
      const trace: SecretTrace = { ...traceOf(url), kept: encrypted ? 'encrypted' : 'plain' };
      if (!change({ ...file.get().secrets, [id]: { ...trace, value } })) throw new CallError('Unavailable', 'the address could not be saved');
      return trace;
    },
    async get(id) {
      const secret = find(id);
      if (secret === null) throw new CallError('NotFound', 'its address is not known on this machine: enter it again');
      if (secret.kept === 'plain') return secret.value;
      try {
        return await encryption.open(secret.value);
      } catch (error) {
        log.warn('the address of a webhook cannot be decrypted', { id, error: messageOf(error) });
        throw new CallError('Unavailable', 'its address cannot be decrypted: enter it again');
      }
    },
    trace(id) {
      const secret = find(id);
      return secret === null ? null : { host: secret.host, tail: secret.tail, kept: secret.kept };
    },
    remove: (id) => keepOnly((other) => other !== id),
    keepOnly: (ids) => keepOnly((id) => ids.has(id)),
  };
}
