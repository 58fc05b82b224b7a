/** Secrets that services are probed with, and the hashes of the tokens with which jobs call in. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { placeOf } from '../../shared/services/service-place';
import type { Service } from '../../shared/services/service-schemas';
import { CallError } from '../../shared/result';
import type { Timers } from '../engine/clock';
import { openSecretStore, storedSecretSchema } from '../lib/secret-store';
import type { SecretStoreParts } from '../lib/secret-store';

/** The place of what is sent nowhere; and of secrets that were stored before places were. */
const ANYWHERE = '';

/** A hash of a token is no secret, and compared at each call: it is not encrypted. */
const entrySchema = storedSecretSchema.extend({ kept: z.enum(['encrypted', 'plain', 'hash']), place: z.string().default(ANYWHERE) });
type Entry = z.infer<typeof entrySchema>;

const isFor = (entry: Entry | null, place: string): boolean => entry !== null && (entry.place === ANYWHERE || entry.place === place);

/** Name of the hash of a heartbeat's token. */
const TOKEN = 'token';
const HEADER = 'header:';
/** How long the secrets of a service that was removed can be had back, ms. */
const UNDO_TIME = 60_000;
/** What a header may hold (RFC 9110, 5.5), as far as Node sends it. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The names of the secrets that a service may have. */
function secretNames(service: Service): readonly string[] {
  if (service.kind === 'postgresql') return ['password'];
  if (service.kind === 'heartbeat') return [TOKEN];
  return service.kind === 'http' ? service.headers.map((name) => HEADER + name) : [];
}

/** Secrets under the names that probers know: values of headers by the header's name. */
export function toProbeSecrets(secrets: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name.startsWith(HEADER) ? name.slice(HEADER.length) : name, value]));
}

/** Throws a CallError for secrets that a service has no place for, or cannot send. Does not repeat them. */
export function checkSecrets(service: Service, secrets: Readonly<Record<string, string>>): void {
  const names = new Set(service.kind === 'heartbeat' ? [] : secretNames(service));
  for (const [name, value] of Object.entries(secrets)) {
    if (!names.has(name)) throw new CallError('BadInput', `secrets: "${service.name}" has none of the name ${name}`);
    if (name.startsWith(HEADER) && !HEADER_VALUE.test(value)) throw new CallError('BadInput', `secrets: ${name.slice(HEADER.length)} has characters that no header can have`);
  }
}

/** The place that a secret was given for: it goes nowhere else. A hash, since the certificate of an authority belongs to it. */
const hashOf = (service: Service): string => createHash('sha256').update(placeOf(service)).digest('hex').slice(0, 32);

/** Secrets that were given, ready to be stored; null removes one. */
export type SealedSecrets = ReadonlyMap<string, Entry | null>;

/** True where one is not encrypted. */
export const isAnyPlain = (sealed: SealedSecrets): boolean => [...sealed.values()].some((entry) => entry?.kept === 'plain');

/** Secrets by service and name. Each belongs to the place that its service had when it was given, and is not there for another. */
export interface ServiceSecrets {
  /** Makes what is stored of secrets that are given for a service; an empty one is removed. Stores nothing. Rejects where the key store fails. */
  seal(service: Service, secrets: Readonly<Record<string, string>>): Promise<SealedSecrets>;
  /** Stores all of them; returns what takes that back. Throws a CallError where it cannot, and then all is as it was. */
  store(sealed: SealedSecrets): () => void;
  /** Those of a service but for hashes. Rejects with a CallError where one cannot be read. */
  get(service: Service): Promise<Readonly<Record<string, string>>>;
  /** Their names. */
  names(service: Service): readonly string[];
  setTokenHash(id: string, hash: string): void;
  /** Hashes of all tokens by the id of their service. */
  tokenHashes(): ReadonlyMap<string, string>;
  /** Those that are not used by any of these are removed; for a minute they come back with their service, or its place. */
  keepFor(services: readonly Service[]): void;
  close(): void;
}

/** What they need. */
export interface ServiceSecretsParts extends Pick<SecretStoreParts<Entry>, 'path' | 'encryption' | 'clock' | 'log'> {
  readonly timers: Timers;
}

/** Neither part has a slash: ids by their schema, and names of headers as they are no token with one. */
const keyOf = (id: string, name: string): string => `${id}/${name}`;
const idOf = (key: string): string => key.slice(0, key.indexOf('/'));
const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** Opens the file. */
export function openServiceSecrets({ timers, ...parts }: ServiceSecretsParts): ServiceSecrets {
  const store = openSecretStore<Entry>({ ...parts, schema: entrySchema, words: { secret: 'secret', owner: 'service' } });
  /** Removed ones as they were stored, by key, with what forgets them. */
  const removed = new Map<string, { readonly entry: Entry; readonly forget: () => void }>();
  const drop = (key: string): void => {
    removed.get(key)?.forget();
    removed.delete(key);
  };
  const setAside = (key: string): void => {
    const entry = store.find(key);
    drop(key);
    if (entry !== null) removed.set(key, { entry, forget: timers.after(UNDO_TIME, () => removed.delete(key)) });
  };
  const keysOf = (service: Service): readonly string[] => {
    const place = hashOf(service);
    return store.ids().filter((key) => idOf(key) === service.id && isFor(store.find(key), place));
  };
  const put = (key: string, entry: Entry): void => {
    if (!store.put(key, entry)) throw new CallError('Unavailable', 'the secret could not be saved');
  };
  return {
    async seal(service, secrets) {
      const place = hashOf(service);
      const sealed = Object.entries(secrets).map(async ([name, value]) => [keyOf(service.id, name), value === '' ? null : { ...(await store.seal(value)), place }] as const);
      return new Map(await Promise.all(sealed));
    },
    store(sealed) {
      if (sealed.size === 0) return () => undefined;
      const before = new Map([...sealed.keys()].map((key) => [key, store.find(key)]));
      if (!store.putAll(sealed)) throw new CallError('Unavailable', 'the secrets could not be saved');
      return () => void store.putAll(before);
    },
    async get(service) {
      const names = keysOf(service).filter((key) => store.find(key)?.kept !== 'hash');
      return Object.fromEntries(await Promise.all(names.map(async (key) => [nameOf(key), await store.get(key)] as const)));
    },
    names: (service) => keysOf(service).map(nameOf),
    setTokenHash: (id, hash) => put(keyOf(id, TOKEN), { kept: 'hash', value: hash, place: ANYWHERE }),
    tokenHashes: () => new Map(store.ids().flatMap((key) => (nameOf(key) === TOKEN ? [[idOf(key), store.find(key)?.value ?? '']] : []))),
    keepFor(services) {
      const places = new Map(services.flatMap((service) => secretNames(service).map((name) => [keyOf(service.id, name), hashOf(service)])));
      const isWanted = (key: string, entry: Entry | null): boolean => places.has(key) && isFor(entry, places.get(key) ?? '');
      for (const key of store.ids()) if (!isWanted(key, store.find(key))) setAside(key);
      store.keepOnly((key) => isWanted(key, store.find(key)));
      for (const [key, { entry }] of removed) {
        if (!isWanted(key, entry)) continue;
        if (store.find(key) === null) store.put(key, entry);
        drop(key);
      }
    },
    close: () => [...removed.keys()].forEach(drop),
  };
}
