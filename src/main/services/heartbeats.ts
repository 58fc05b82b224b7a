/** Calls of jobs: whose a token is, and when each called last, also over a restart. */
import * as z from 'zod';
import { toPlainLine } from '../../shared/plain-text';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { hashSecret, isSecretOf, newSecret } from '../access/secrets';
import type { RandomBytes } from '../lib/ids';
import { openStateFile } from '../lib/state-file';
import type { ServiceSecrets } from './service-secrets';

/** The last call of a service: epoch ms, and what it said. The keys are those of heartbeats.json. */
const beatSchema = z.strictObject({ time: z.number(), text: z.string().nullable() });
const beatsSchema = z.strictObject({ version: z.literal(1), beats: z.record(z.string(), beatSchema) });
type Beat = z.infer<typeof beatSchema>;

/** Calls are written together, ms: many jobs call often. */
const WRITE_DELAY = 5000;
/** Longest text that is kept, characters. */
const MAX_TEXT = 200;
/** 32 bytes in base64url; anything else is no token. */
const TOKEN = /^[\w-]{43}$/;

/** Calls of jobs. */
export interface Heartbeats {
  /** A new token of a service, in place of the one before. */
  newToken(id: string): string;
  /** Notes a call. Null for a token that is nobody's; else the id of its service. */
  take(token: string, text: string | null): string | null;
  /** The last call of a service. */
  last(id: string): Beat | null;
  keepOnly(ids: ReadonlySet<string>): void;
  close(): void;
}

/** What they need. */
export interface HeartbeatsParts {
  readonly path: string;
  readonly secrets: Pick<ServiceSecrets, 'setTokenHash' | 'tokenHashes'>;
  readonly random: RandomBytes;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
}

/** Opens the file. */
export function openHeartbeats({ path, secrets, random, clock, timers, log }: HeartbeatsParts): Heartbeats {
  const file = openStateFile({ path, schema: beatsSchema, initial: { version: 1 as const, beats: {} }, clock, log });
  const beats = new Map<string, Beat>(Object.entries(file.get().beats));
  let cancel: (() => void) | null = null;
  const write = (): void => {
    cancel?.();
    cancel = null;
    file.put({ version: 1, beats: Object.fromEntries(beats) });
  };
  /** All are compared, so that the time tells nothing of where a token stands. */
  const ownerOf = (token: string): string | null => {
    let owner: string | null = null;
    for (const [id, hash] of secrets.tokenHashes()) if (isSecretOf(token, hash)) owner = id;
    return owner;
  };
  return {
    newToken(id) {
      const token = newSecret(random);
      secrets.setTokenHash(id, hashSecret(token));
      return token;
    },
    take(token, text) {
      const id = TOKEN.test(token) ? ownerOf(token) : null;
      if (id === null) return null;
      const line = toPlainLine(text ?? '').slice(0, MAX_TEXT);
      beats.set(id, { time: clock.now(), text: line === '' ? null : line });
      cancel ??= timers.after(WRITE_DELAY, write);
      return id;
    },
    last: (id) => beats.get(id) ?? null,
    keepOnly(ids) {
      const gone = [...beats.keys()].filter((id) => !ids.has(id));
      for (const id of gone) beats.delete(id);
      if (gone.length > 0) write();
    },
    close: () => {
      if (cancel !== null) write();
    },
  };
}
