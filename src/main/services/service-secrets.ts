/** Secrets that services are probed with, and the hashes of the tokens with which jobs call in. */
import * as z from 'zod';
import type { Service } from '../../shared/services/service-schemas';
import { CallError } from '../../shared/result';
import type { Timers } from '../engine/clock';
import { openSecretStore, storedSecretSchema } from '../lib/secret-store';
import type { SecretStoreParts } from '../lib/secret-store';

/** A hash of a token is no secret, and compared at each call: it is not encrypted. */
const entrySchema = storedSecretSchema.extend({ kept: z.enum(['encrypted', 'plain', 'hash']) });
type Entry = z.infer<typeof entrySchema>;

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

/** Whom a service is asked, and how it is made sure that it is the right one: only there its secrets may go. */
function placeOf(service: Service): string {
  if (service.kind === 'heartbeat' || service.kind === 'ping') return service.kind;
  const { kind, certificate, ca } = service;
  const address = kind === 'http' ? new URL(service.url).origin : `${service.host}:${service.port} ${String(service.tls)}`;
  return [kind, address, certificate, ca ?? ''].join(' ');
}

/** True where the secrets of one would go to somebody else with the other. */
export const isElsewhere = (before: Service, after: Service): boolean => placeOf(before) !== placeOf(after);

/** Secrets by service and name. */
export interface ServiceSecrets {
  /** Stores them; an empty one is removed. True where one is stored without encryption. Rejects with a CallError. */
  set(id: string, secrets: Readonly<Record<string, string>>): Promise<boolean>;
  /** All of a service but for hashes. Rejects with a CallError where one cannot be read. */
  get(id: string): Promise<Readonly<Record<string, string>>>;
  /** Their names. */
  names(id: string): readonly string[];
  setTokenHash(id: string, hash: string): void;
  /** Hashes of all tokens by the id of their service. */
  tokenHashes(): ReadonlyMap<string, string>;
  /** Those that are not used by any of these are removed; for a minute they come back with their service. */
  keepFor(services: readonly Service[]): void;
  /** Those of a service are removed for good. */
  forget(id: string): void;
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
  const keysOf = (id: string): readonly string[] => store.ids().filter((key) => idOf(key) === id);
  const put = (key: string, entry: Entry): void => {
    if (!store.put(key, entry)) throw new CallError('Unavailable', 'the secret could not be saved');
  };
  return {
    async set(id, secrets) {
      let isPlain = false;
      for (const [name, value] of Object.entries(secrets)) {
        const key = keyOf(id, name);
        drop(key);
        if (value === '') store.keepOnly((other) => other !== key);
        else isPlain = (await store.set(key, value, (stored) => stored)).kept === 'plain' || isPlain;
      }
      return isPlain;
    },
    async get(id) {
      const names = keysOf(id).filter((key) => store.find(key)?.kept !== 'hash');
      return Object.fromEntries(await Promise.all(names.map(async (key) => [nameOf(key), await store.get(key)] as const)));
    },
    names: (id) => keysOf(id).map(nameOf),
    setTokenHash: (id, hash) => put(keyOf(id, TOKEN), { kept: 'hash', value: hash }),
    tokenHashes: () => new Map(store.ids().flatMap((key) => (nameOf(key) === TOKEN ? [[idOf(key), store.find(key)?.value ?? '']] : []))),
    keepFor(services) {
      const wanted = new Set(services.flatMap((service) => secretNames(service).map((name) => keyOf(service.id, name))));
      for (const key of store.ids()) if (!wanted.has(key)) setAside(key);
      store.keepOnly((key) => wanted.has(key));
      for (const [key, { entry }] of removed) {
        if (!wanted.has(key)) continue;
        if (store.find(key) === null) store.put(key, entry);
        drop(key);
      }
    },
    forget(id) {
      for (const key of [...removed.keys()].filter((one) => idOf(one) === id)) drop(key);
      store.keepOnly((key) => idOf(key) !== id);
    },
    close: () => [...removed.keys()].forEach(drop),
  };
}
