/**
 * Stores devices, accounts, API tokens and machines in access.json: read once, on first use, and always written whole. A file that
 * cannot be read or is invalid grants no access.
 */
import { CallError, messageOf } from '../../shared/result';
import { ForeignChangeError, ownFile } from '../lib/owned-file';
import type { OwnedFile } from '../lib/owned-file';
import { causeOf } from '../lib/regular-file';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import { formatCredentials, NO_CREDENTIALS, parseCredentials, CREDENTIALS_VERSION, credentialsSchema } from './credential-schema';
import type { StoredCredentials } from './credential-schema';
import { runTimeOf } from './expiry';

/** Delay of writes that are not urgent, ms: many requests are saved in one write. */
export const LAZY_SAVE_DELAY = 60_000;

/** Time until a file that could not be read is tried again, ms. */
const RETRY_DELAY = 1000;
/** Interval in which the run time is saved while nothing else is, ms. */
const RUN_TIME_STEP = 6 * 3_600_000;

/** What the store is built from. */
export interface CredentialStoreParts {
  readonly path: string;
  readonly clock: Pick<Clock, 'now' | 'boot'>;
  readonly timers: Timers;
  readonly log: Log;
  /** Called after every change, and when `problem` changes. */
  onChange(): void;
}

/** A pure function from the present credentials to the next. */
export type CredentialChange = (credentials: StoredCredentials) => StoredCredentials;

/** Reads and changes the stored credentials. */
export interface CredentialStore {
  get(): StoredCredentials;
  /** Saves a change, then applies it. Throws a CallError when it cannot be saved; the previous credentials stay. */
  update(change: CredentialChange): void;
  /** Applies a change that takes rights away: at once, even if it cannot be saved. Saving is retried until it works. */
  revoke(change: CredentialChange): void;
  /** Applies a change at once and saves it within a minute: for what may be lost, such as `lastSeen`. */
  updateLazily(change: CredentialChange): void;
  /** Time in which the app has run, over all its runs, ms (`expiry.ts`). */
  runTime(): number;
  /** A message about a problem with the file; null when there is none. */
  problem(): string | null;
  /** Saves changes that are not saved yet. */
  close(): void;
}

/** What reading needs. */
type LoadParts = Pick<CredentialStoreParts, 'path' | 'clock'> & { readonly log: Pick<Log, 'error'> };

/** Result of reading the file. */
interface Loaded {
  readonly credentials: StoredCredentials;
  /** For the user on the machine, with the path. */
  readonly problem: string | null;
  /** Why nothing can be changed, without the path: it is part of errors that clients over the network get. Null: it can. */
  readonly refusal: string | null;
  /** True where the cause may pass by itself, such as too many open files: the file is read again. */
  readonly passing?: true;
}

/** The log without repetitions: what fails again and again is logged once. */
function loggedOnce(log: Log): Pick<Log, 'error'> {
  let last = '';
  return {
    error(message, details) {
      if (message !== last) log.error(message, details);
      last = message;
    },
  };
}

function quarantine({ path, clock, log }: LoadParts, file: OwnedFile, reason: string): Loaded {
  let target: string;
  try {
    target = file.quarantine(clock.now());
  } catch (error) {
    log.error('the access file is invalid and could not be moved', { path, reason, error });
    const refusal = `the access list is invalid and could not be moved (${causeOf(error)})`;
    return { credentials: NO_CREDENTIALS, problem: `${path} is invalid (${reason}) and could not be moved: ${messageOf(error)}. All access is denied.`, refusal, passing: true };
  }
  log.error('the access file was invalid and has been moved', { path: target, reason });
  return { credentials: NO_CREDENTIALS, problem: `The access list was invalid (${reason}) and was moved to ${target}. All browsers must be paired again.`, refusal: null };
}

function load(parts: LoadParts, file: OwnedFile): Loaded {
  const { path, log } = parts;
  const content = file.read();
  // Only a file that is not there may be created: one that cannot be read now must not be replaced.
  if (content.kind === 'absent') return { credentials: NO_CREDENTIALS, problem: null, refusal: null };
  if (content.kind === 'unreadable') {
    log.error('the access file cannot be read', { path, reason: content.reason });
    const problem = `${content.reason}. All access is denied until it can be.`;
    return { credentials: NO_CREDENTIALS, problem, refusal: `the access list cannot be read (${content.cause})`, passing: true };
  }
  if (content.kind === 'invalid') return quarantine(parts, file, content.reason);
  const parsed = parseCredentials(content.text);
  if (parsed.kind === 'valid') return { credentials: parsed.credentials, problem: null, refusal: null };
  if (parsed.kind === 'invalid') return quarantine(parts, file, parsed.reason);
  if (parsed.kind === 'unchecked') {
    log.error('the access file cannot be checked: something in memory is broken', { path, reason: parsed.reason });
    return { credentials: NO_CREDENTIALS, problem: `${path} cannot be checked (${parsed.reason}); it was not changed. All access is denied. Restart Traywatch.`, refusal: 'the access list cannot be checked' };
  }
  log.error('the access file was written by a newer version', { path, version: parsed.version });
  const problem = `${path} was written by a newer version of Traywatch (format ${parsed.version}, this version supports ${CREDENTIALS_VERSION}). All access is denied.`;
  return { credentials: NO_CREDENTIALS, problem, refusal: 'the access list was written by a newer version of Traywatch' };
}

class FileCredentialStore implements CredentialStore {
  #loaded: Loaded | null = null;
  #credentials: StoredCredentials = NO_CREDENTIALS;
  #unsaved = false;
  #failure: string | null = null;
  #failureCode = '';
  /** On the boot clock: when the run time began to count, and when a file that could not be read is tried again. */
  readonly #startedAt: number;
  #retryAt = 0;
  #cancelRunTimeSave: (() => void) | null = null;
  #cancelTimer: (() => void) | null = null;
  readonly #file: OwnedFile;
  readonly #loadParts: LoadParts;

  constructor(private readonly parts: CredentialStoreParts) {
    this.#file = ownFile(parts.path);
    this.#loadParts = { path: parts.path, clock: parts.clock, log: loggedOnce(parts.log) };
    this.#startedAt = parts.clock.boot();
    this.#saveRunTime();
  }

  get(): StoredCredentials {
    this.#load();
    return this.#credentials;
  }

  update(change: CredentialChange): void {
    const { refusal } = this.#load();
    if (refusal !== null) throw new CallError('Unavailable', refusal);
    const next = this.#validated(change(this.#credentials));
    const before = this.#credentials;
    this.#credentials = next;
    if (!this.#save()) {
      this.#credentials = before;
      throw new CallError('Unavailable', `the access list could not be saved (${this.#failureCode})`);
    }
    this.parts.onChange();
  }

  revoke(change: CredentialChange): void {
    this.#load();
    this.#credentials = change(this.#credentials);
    if (!this.#save()) this.#saveLater();
    this.parts.onChange();
  }

  updateLazily(change: CredentialChange): void {
    this.#load();
    this.#credentials = change(this.#credentials);
    this.#saveLater();
    this.parts.onChange();
  }

  runTime(): number {
    this.#load();
    return this.#runTime();
  }

  problem(): string | null {
    const { problem } = this.#load();
    return this.#failure === null ? problem : `The access list could not be saved: ${this.#failure}. Revoked access may return after a restart.`;
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#cancelRunTimeSave?.();
    this.#cancelRunTimeSave = null;
    if (this.#unsaved || this.#countsRunTime()) this.#save();
  }

  #load(): Loaded {
    const before = this.#loaded;
    const now = this.parts.clock.boot();
    if (before !== null && (before.passing !== true || now < this.#retryAt)) return before;
    this.#retryAt = now + RETRY_DELAY;
    const loaded = load(this.#loadParts, this.#file);
    this.#loaded = loaded;
    this.#credentials = loaded.credentials;
    // Whoever is asking gets the result; the others hear of it.
    if (before !== null && loaded.problem !== before.problem) this.parts.onChange();
    return loaded;
  }

  #runTime(): number {
    return runTimeOf(this.#credentials.runTime, this.#startedAt, this.parts.clock.boot());
  }

  /** Whether something depends on the run time. */
  #countsRunTime(): boolean {
    return this.#credentials.devices.length > 0 || this.#credentials.machines.length > 0;
  }

  /** A run that ends in a crash loses no more than this step from the time that devices were absent. */
  #saveRunTime(): void {
    this.#cancelRunTimeSave = this.parts.timers.after(RUN_TIME_STEP, () => {
      this.#load();
      if (this.#countsRunTime()) this.#save();
      this.#saveRunTime();
    });
  }

  /** Throws a CallError when a list is full: the limits of the schema must never make the file invalid. */
  #validated(credentials: StoredCredentials): StoredCredentials {
    const validated = credentialsSchema.safeParse(credentials);
    if (validated.success) return credentials;
    throw new CallError('Unavailable', `no more ${validated.error.issues[0]?.path[0]?.toString() ?? 'entries'} can be added; remove some first`);
  }

  #save(): boolean {
    if (this.#loaded?.refusal !== null) return false;
    try {
      this.#write(formatCredentials({ ...this.#credentials, runTime: this.#runTime() }));
    } catch (error) {
      if (this.#failure === null) this.parts.log.error('the access file could not be saved', { path: this.parts.path, error });
      this.#failure = messageOf(error);
      this.#failureCode = causeOf(error);
      this.#unsaved = true;
      return false;
    }
    this.#failure = null;
    this.#unsaved = false;
    return true;
  }

  /** Writes the file. Rights are changed in Traywatch only, so the effective ones are saved; a version that another program wrote is kept beside the file. */
  #write(text: string): void {
    try {
      this.#file.write(text);
      return;
    } catch (error) {
      if (!(error instanceof ForeignChangeError)) throw error;
    }
    const { path, clock, log } = this.parts;
    const kept = this.#file.keepForeign(clock.now());
    this.#file.write(text);
    log.warn('the access file was changed by another program; that version is kept', { path, kept });
    if (this.#loaded !== null) this.#loaded = { ...this.#loaded, problem: `${path} was changed by another program. That version is kept as ${kept}, and the effective list was saved.` };
  }

  #saveLater(): void {
    if (this.#loaded?.refusal !== null) return;
    this.#unsaved = true;
    this.#cancelTimer ??= this.parts.timers.after(LAZY_SAVE_DELAY, () => {
      this.#cancelTimer = null;
      if (!this.#unsaved) return;
      const failed = this.#failure;
      if (!this.#save()) this.#saveLater();
      if (failed !== this.#failure) this.parts.onChange();
    });
  }
}

/** Creates the store. The file is read on first use. */
export function createCredentialStore(parts: CredentialStoreParts): CredentialStore {
  return new FileCredentialStore(parts);
}
