/** Keeps people's rights in a file: read once, when first asked for, and written whole. When in doubt, nobody is in. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { CallError, messageOf } from '../../shared/result';
import { writeFileAtomically } from '../lib/atomic-file';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { quarantinePath } from '../engine/quarantine';
import { NO_CREDENTIALS, parseCredentials, CREDENTIALS_VERSION, credentialsSchema } from './credential-schema';
import type { StoredCredentials } from './credential-schema';

/** What does not matter at once is written after so long, ms: one write for many requests. */
export const LAZY = 60_000;

/** What the store is built from. */
export interface CredentialStoreParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly log: Log;
  /** Called after every change, and when `problem` changes. */
  onChange(): void;
}

/** A pure step from one state of the rights to the next. */
export type CredentialChange = (credentials: StoredCredentials) => StoredCredentials;

/** Holds the rights. */
export interface CredentialStore {
  get(): StoredCredentials;
  /** Saves first, then puts in force. Throws a CallError when it cannot be saved; the old rights stand then. */
  update(change: CredentialChange): void;
  /** Takes a right away: in force at once whatever the disk says. Saving is tried again until it works. */
  revoke(change: CredentialChange): void;
  /** Puts in force now and saves within a minute: for what may be lost, such as when somebody was last seen. */
  updateLazily(change: CredentialChange): void;
  /** What is wrong with the file, for a person; null when nothing is. */
  problem(): string | null;
  /** Saves what waits. */
  close(): void;
}

/** What was found in the place of the file. */
interface Loaded {
  readonly credentials: StoredCredentials;
  readonly problem: string | null;
  /** False when the file must not be written over. */
  readonly writable: boolean;
}

function quarantined({ path, clock, log }: CredentialStoreParts, reason: string): Loaded {
  const target = quarantinePath(path, clock.now());
  try {
    renameSync(path, target);
  } catch (error) {
    log.error('the access file is not valid and could not be set aside', { path, reason, error });
    return { credentials: NO_CREDENTIALS, problem: `${path} is not valid (${reason}) and could not be set aside: ${messageOf(error)}. Nobody is let in.`, writable: false };
  }
  log.error('the access file was not valid and has been set aside', { path: target, reason });
  return { credentials: NO_CREDENTIALS, problem: `The list of devices was not valid (${reason}) and is kept as ${target}. Everybody has to be let in anew.`, writable: true };
}

function load(parts: CredentialStoreParts): Loaded {
  const { path, log } = parts;
  let text: string;
  try {
    if (!existsSync(path)) return { credentials: NO_CREDENTIALS, problem: null, writable: true };
    text = readFileSync(path, 'utf8');
  } catch (error) {
    log.error('the access file cannot be read', { path, error });
    return { credentials: NO_CREDENTIALS, problem: `${path} cannot be read: ${messageOf(error)}. Nobody is let in.`, writable: false };
  }
  const parsed = parseCredentials(text);
  if (parsed.kind === 'good') return { credentials: parsed.credentials, problem: null, writable: true };
  if (parsed.kind === 'wrong') return quarantined(parts, parsed.reason);
  if (parsed.kind === 'unchecked') {
    log.error('the access file cannot be checked: something in memory is broken', { path, reason: parsed.reason });
    return { credentials: NO_CREDENTIALS, problem: `${path} cannot be checked (${parsed.reason}); it was not changed. Nobody is let in. Restart Traywatch.`, writable: false };
  }
  log.error('the access file is a newer version’s', { path, version: parsed.version });
  return { credentials: NO_CREDENTIALS, problem: `${path} was written by a newer version of Traywatch (version ${parsed.version}, this one knows ${CREDENTIALS_VERSION}). Nobody is let in.`, writable: false };
}

class FileCredentialStore implements CredentialStore {
  #loaded: Loaded | null = null;
  #credentials: StoredCredentials = NO_CREDENTIALS;
  #unsaved = false;
  #failure: string | null = null;
  #cancelTimer: (() => void) | null = null;

  constructor(private readonly parts: CredentialStoreParts) {}

  get(): StoredCredentials {
    this.#open();
    return this.#credentials;
  }

  update(change: CredentialChange): void {
    const { writable, problem } = this.#open();
    if (!writable) throw new CallError('Unavailable', problem ?? 'the access file cannot be written');
    const next = this.#checked(change(this.#credentials));
    const before = this.#credentials;
    this.#credentials = next;
    if (!this.#save()) {
      this.#credentials = before;
      throw new CallError('Unavailable', `who may watch could not be saved: ${this.#failure ?? ''}`);
    }
    this.parts.onChange();
  }

  revoke(change: CredentialChange): void {
    this.#open();
    this.#credentials = change(this.#credentials);
    if (!this.#save()) this.#saveLater();
    this.parts.onChange();
  }

  updateLazily(change: CredentialChange): void {
    this.#open();
    this.#credentials = change(this.#credentials);
    this.#saveLater();
    this.parts.onChange();
  }

  problem(): string | null {
    const { problem } = this.#open();
    return this.#failure === null ? problem : `Who may watch could not be saved: ${this.#failure}. What was taken away may come back with the next start.`;
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#unsaved) this.#save();
  }

  #open(): Loaded {
    if (this.#loaded === null) {
      this.#loaded = load(this.parts);
      this.#credentials = this.#loaded.credentials;
    }
    return this.#loaded;
  }

  /** A list that is full is the person's to hear of, not the file's to be broken by. */
  #checked(credentials: StoredCredentials): StoredCredentials {
    const checked = credentialsSchema.safeParse(credentials);
    if (checked.success) return credentials;
    throw new CallError('Unavailable', `there is no more room for ${checked.error.issues[0]?.path[0]?.toString() ?? 'this'}; remove some first`);
  }

  #save(): boolean {
    if (this.#loaded?.writable !== true) return false;
    try {
      writeFileAtomically(this.parts.path, `${JSON.stringify(this.#credentials, null, 2)}\n`);
    } catch (error) {
      if (this.#failure === null) this.parts.log.error('the access file could not be saved', { path: this.parts.path, error });
      this.#failure = messageOf(error);
      this.#unsaved = true;
      return false;
    }
    this.#failure = null;
    this.#unsaved = false;
    return true;
  }

  #saveLater(): void {
    if (this.#loaded?.writable !== true) return;
    this.#unsaved = true;
    this.#cancelTimer ??= this.parts.timers.after(LAZY, () => {
      this.#cancelTimer = null;
      if (!this.#unsaved) return;
      const failed = this.#failure;
      if (!this.#save()) this.#saveLater();
      if (failed !== this.#failure) this.parts.onChange();
    });
  }
}

/** Opens nothing yet: the file is read when the rights are first asked for. */
export function createCredentialStore(parts: CredentialStoreParts): CredentialStore {
  return new FileCredentialStore(parts);
}
