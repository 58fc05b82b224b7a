/**
 * The room updates: asks one static document for newer versions, says what it found, and has it downloaded and installed
 * when the user wants that. It sends nothing about the user or the machine (docs/decisions/0023-updates.md).
 *
 * It may import src/shared, the engine's clock and log, lib, and timeline's types. The core loads it by import(), some time
 * after the start; nothing else imports it but the desktop's updater, which knows its types and errors.
 */
import type { UpdateOffer, UpdatePhase, UpdateProblem, UpdateStatus } from '../../shared/updates';
import type { EventInput } from '../../shared/timeline/event-schemas';
import { CallError, messageOf } from '../../shared/result';
import type { Clock, Timers } from '../engine/clock';
import type { Log } from '../engine/log';
import type { StateFile } from '../lib/state-file';
import { requestDocument } from './request-document';
import type { SelfUpdater } from './self-updater';
import { parseDocument, UpdateError } from './update-document';
import type { Release, ReleaseFile } from './update-document';
import { isDue, nextCheck, startDelay } from './update-schedule';
import type { UpdateSource } from './update-source';
import { openUpdateState } from './update-state';
import type { UpdateState } from './update-state';
import { isNewer } from './version';

/** How this copy was made and installed. */
export interface Copy {
  readonly method: Exclude<UpdateStatus['method'], 'none'>;
  /** Kind of file that updates it. */
  readonly kind: ReleaseFile['kind'];
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly version: string;
}

/** What updates need. */
export interface UpdatesParts {
  readonly source: UpdateSource;
  readonly copy: Copy;
  readonly path: string;
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  /** 0–1. */
  readonly random: () => number;
  readonly log: Log;
  readonly record: (event: EventInput) => void;
  /** Whether it may ask by itself. */
  readonly isOn: () => boolean;
  /** Loads what downloads and installs. */
  readonly selfUpdater: () => Promise<SelfUpdater>;
  /** Opens a web page. */
  readonly openPage: (url: string) => Promise<void>;
  readonly onChange: () => void;
}

/** When a downloaded version runs, by kind. */
const APPLIES: Readonly<Partial<Record<ReleaseFile['kind'], UpdateStatus['applies']>>> = { AppImage: 'nextStart', nsis: 'restart', zip: 'quit' };

/** Longest time for the document, ms. */
const TIMEOUT = 20_000;
/** How often it is looked whether a check is due, ms: timers stop while the machine sleeps. */
const LOOK = 30 * 60_000;

/** Updates of this copy. */
export class Updates {
  readonly #parts: UpdatesParts;
  readonly #state: StateFile<UpdateState>;
  readonly #closed = new AbortController();
  #release: Release | null;
  #phase: UpdatePhase = 'idle';
  #isChecking = false;
  /** Version that was downloaded. */
  #ready: string | null = null;
  #progress: number | null = null;
  #problem: UpdateProblem | null = null;
  #download: AbortController | null = null;
  #updater: SelfUpdater | null = null;
  #cancelLook = (): void => undefined;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    this.#state = openUpdateState(parts.path, parts.log);
    this.#release = this.#remembered();
    this.#look(startDelay(parts.random()));
  }

  /** All that is known now. */
  status(): UpdateStatus {
    const { method, version } = this.#parts.copy;
    const { checkedAt, nextAt } = this.#state.get();
    return { method, current: version, phase: this.#phase === 'idle' && this.#isChecking ? 'checking' : this.#phase, applies: APPLIES[this.#parts.copy.kind] ?? null, progress: this.#progress, checkedAt, nextAt: this.#parts.isOn() ? nextAt : null, problem: this.#problem, offer: this.#offer() };
  }

  /** Asks now. Never rejects: what failed is in the status. */
  async check(): Promise<void> {
    if (this.#isChecking || this.#phase === 'downloading') return;
    this.#isChecking = true;
    this.#parts.onChange();
    const { source, fetch, timers, log } = this.#parts;
    try {
      const text = await requestDocument({ fetch, timers, timeout: TIMEOUT }, source.url, this.#closed.signal);
      this.#take(text, parseDocument(text, source));
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#fail(error);
      const state = this.#state.get();
      const failures = state.failures + 1;
      this.#state.put({ ...state, failures, nextAt: this.#next(failures) });
      log.info('could not check for updates', { error: messageOf(error) });
    } finally {
      this.#isChecking = false;
    }
    this.#parts.onChange();
  }

  /** Downloads the newer version; resolves once that has begun. Throws a CallError where there is nothing to download. */
  download(): void {
    const file = this.#file();
    if (this.#parts.copy.method !== 'self' || this.#offer() === null) throw new CallError('Unavailable', 'There is no update that this copy can install by itself.');
    if (this.#isChecking || this.#phase !== 'idle') throw new CallError('Unavailable', 'An update is being checked or downloaded already.');
    if (file === undefined) {
      this.#problem = { code: 'noFile', what: null };
      this.#parts.onChange();
      return;
    }
    void this.#run(file);
  }

  /** Ends a download; what was loaded is deleted. */
  cancel(): void {
    this.#download?.abort();
  }

  /** Installs what was downloaded and restarts. Throws a CallError where that is not possible. */
  install(): void {
    if (this.#phase !== 'ready' || this.#updater === null) throw new CallError('Unavailable', 'There is no downloaded update.');
    try {
      this.#updater.install();
    } catch (error) {
      this.#fail(error);
      this.#enter('idle');
    }
  }

  /** Opens the page with the notes and files of the newer version. */
  async openPage(): Promise<void> {
    if (this.#release === null) throw new CallError('Unavailable', 'There is no update to show.');
    await this.#parts.openPage(this.#release.page);
  }

  close(): void {
    this.#cancelLook();
    this.#closed.abort();
    this.cancel();
  }

  /** Looks again and again whether a check is due. */
  #look(delay: number): void {
    const { timers, clock, isOn } = this.#parts;
    this.#cancelLook = timers.after(delay, () => {
      this.#look(LOOK);
      if (isOn() && isDue(clock.now(), this.#state.get().nextAt)) void this.check();
    });
  }

  #next(failures: number): number {
    return Math.round(nextCheck(this.#parts.clock.now(), failures, this.#parts.random()));
  }

  /** The last answer, if it can still be believed. */
  #remembered(): Release | null {
    const { document } = this.#state.get();
    if (document === null) return null;
    try {
      return parseDocument(document, this.#parts.source);
    } catch (error) {
      this.#parts.log.info('what was remembered of updates is not used', { error: messageOf(error) });
      return null;
    }
  }

  /** Takes a believed answer. One that withdraws a version takes back the offer. */
  #take(document: string, release: Release): void {
    // Signed once is signed for ever: an old document must not bring back a version that was withdrawn.
    if (this.#release !== null && release.released < this.#release.released) throw new UpdateError({ code: 'older', what: null });
    this.#release = release;
    this.#problem = null;
    const offer = this.#offer();
    if (this.#phase === 'ready' && offer?.version !== this.#ready) this.#phase = 'idle';
    const before = this.#state.get().announced;
    const announced = offer === null ? before : offer.version;
    this.#state.put({ document, checkedAt: this.#parts.clock.now(), nextAt: this.#next(0), failures: 0, announced });
    if (offer !== null && announced !== before) this.#parts.record({ type: 'update_found', message: `Traywatch ${offer.version} is available`, details: { version: offer.version } });
  }

  #offer(): UpdateOffer | null {
    const release = this.#release;
    if (release === null || !isNewer(release.version, this.#parts.copy.version)) return null;
    const file = this.#file();
    return { version: release.version, released: release.released, file: file?.name ?? null, bytes: file?.size ?? null };
  }

  #file(): ReleaseFile | undefined {
    const { kind, platform, arch } = this.#parts.copy;
    return this.#release?.files.find((file) => file.kind === kind && file.platform === platform && file.arch === arch);
  }

  async #run(file: ReleaseFile): Promise<void> {
    const version = this.#release?.version ?? '';
    const abort = new AbortController();
    this.#download = abort;
    this.#problem = null;
    this.#progress = 0;
    this.#enter('downloading');
    try {
      this.#updater ??= await this.#parts.selfUpdater();
      await this.#updater.download({ version, file, onProgress: (percent) => this.#onProgress(percent), signal: abort.signal });
      this.#progress = null;
      this.#ready = version;
      this.#enter('ready');
    } catch (error) {
      this.#progress = null;
      if (!abort.signal.aborted) this.#fail(error);
      this.#enter('idle');
    } finally {
      this.#download = null;
    }
  }

  /** Whole percents only: each is pushed to the window. */
  #onProgress(percent: number): void {
    const whole = Math.floor(percent);
    if (whole === this.#progress) return;
    this.#progress = whole;
    this.#parts.onChange();
  }

  #fail(error: unknown): void {
    this.#problem = error instanceof UpdateError ? error.problem : { code: 'failed', what: messageOf(error) };
    this.#parts.log.warn('an update failed', { error: messageOf(error) });
  }

  #enter(phase: UpdatePhase): void {
    this.#phase = phase;
    this.#parts.onChange();
  }
}
