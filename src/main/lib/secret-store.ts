/**
 * Secrets that are stored: encrypted where the system has a key store, never shown again, never logged. Used for the URLs of
 * webhooks and for what services are probed with.
 */
import * as z from 'zod';
import { CallError, messageOf } from '../../shared/result';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import { openStateFile } from './state-file';

/** Encrypts with a key of the operating system (Electron's safeStorage). */
export interface EncryptionService {
  /** False where the system has no key store, or only a key that is public. */
  isAvailable(): Promise<boolean>;
  /** Resolves to base64. */
  encrypt(text: string): Promise<string>;
  /** Rejects when it was encrypted with another key. */
  decrypt(encrypted: string): Promise<string>;
}

/** A secret as it is stored; what may be shown of it stands beside. The keys are those of the files. */
export const storedSecretSchema = z.strictObject({ kept: z.enum(['encrypted', 'plain']), value: z.string() });
/** A secret as it is stored. */
type StoredSecret = z.infer<typeof storedSecretSchema>;

/** What may be stored with it or in its place: a hash of a secret, for one. */
type Entry = { readonly kept: string; readonly value: string };

/** The secrets by id. */
export interface SecretStore<S extends Entry> {
  /** `toStored` adds what may be shown. Rejects with a CallError where it cannot be stored. */
  set(id: string, secret: string, toStored: (stored: StoredSecret) => S): Promise<S>;
  /** The secret. Rejects with a CallError that says why there is none. */
  get(id: string): Promise<string>;
  /** As it is stored; null where there is none. */
  find(id: string): S | null;
  /** Stores it as it is. False where that fails. */
  put(id: string, stored: S): boolean;
  ids(): readonly string[];
  keepOnly(isKept: (id: string) => boolean): void;
}

/** What a store needs. */
export interface SecretStoreParts<S extends Entry> {
  readonly path: string;
  readonly schema: z.ZodType<S>;
  /** What it is and whose: "URL", "webhook". */
  readonly words: { readonly secret: string; readonly owner: string };
  readonly encryption: EncryptionService;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Opens the file; an invalid one is quarantined. */
export function openSecretStore<S extends Entry>({ path, schema, words, encryption, clock, log }: SecretStoreParts<S>): SecretStore<S> {
  const { secret: what, owner } = words;
  const none: Record<string, S> = {};
  const file = openStateFile({ path, schema: z.strictObject({ version: z.literal(1), secrets: z.record(z.string(), schema) }), initial: { version: 1 as const, secrets: none }, clock, log });
  const change = (secrets: Record<string, S>): boolean => file.put({ version: 1, secrets });
  const put = (id: string, stored: S): boolean => change({ ...file.get().secrets, [id]: stored });
  const find = (id: string): S | null => (Object.hasOwn(file.get().secrets, id) ? (file.get().secrets[id] ?? null) : null);
  return {
    find,
    put,
    ids: () => Object.keys(file.get().secrets),
    async set(id, secret, toStored) {
      const encrypted = await encryption.isAvailable();
      const stored = toStored({ kept: encrypted ? 'encrypted' : 'plain', value: encrypted ? await encryption.encrypt(secret) : secret });
      if (!put(id, stored)) throw new CallError('Unavailable', `the ${what} could not be saved`);
      return stored;
    },
    async get(id) {
      const stored = find(id);
      if (stored === null) throw new CallError('NotFound', `its ${what} is not stored on this machine: enter it again`);
      if (stored.kept === 'plain') return stored.value;
      try {
        return await encryption.decrypt(stored.value);
      } catch (error) {
        log.warn(`the ${what} of a ${owner} cannot be decrypted`, { id, error: messageOf(error) });
        // As without a desktop, of which the key store is a part.
        const why = (await encryption.isAvailable()) ? 'cannot be decrypted' : 'was encrypted with a key store that is not available now';
        throw new CallError('Unavailable', `its ${what} ${why}: enter it again`);
      }
    },
    keepOnly(isKept) {
      const all = Object.entries(file.get().secrets);
      const kept = all.filter(([id]) => isKept(id));
      if (kept.length < all.length) change(Object.fromEntries(kept));
    },
  };
}
