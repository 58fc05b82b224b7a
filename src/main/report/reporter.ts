/** Reports to one hub: the latest values first, then what its copy of the history lacks; again and again until it is closed. */
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { Incident } from '../../shared/alerts/incident';
import { REPORT_LIMITS, REPORT_VERSION } from '../../shared/machines/report-schemas';
import type { Report, ReportAnswer, ReportedAbout } from '../../shared/machines/report-schemas';
import type { SampleBatch } from '../../shared/metrics/reading';
import type { Clock, Timers } from '../engine/clock';
import { coalesce, snapshotBatch, toBatch } from '../engine/coalesce';
import type { CoalescedBatch } from '../engine/coalesce';
import type { Hub } from '../engine/hub';
import type { Log } from '../engine/log';
import type { Store } from '../engine/store/store-types';
import { startDeadline } from '../lib/request-deadline';
import { replyOf, replyOfError } from './hub-answer';
import type { Reply } from './hub-answer';
import type { HubConnection } from './hub-connection';
import { ChangedIncidents, NO_CONTENT, readContent } from './report-content';
import type { Content, Position } from './report-content';
import { FIRST_PACE, nextReport } from './report-pace';
import type { Outcome } from './report-pace';

/** How reporting goes. */
export interface ReporterStatus {
  readonly state: 'reporting' | 'catchingUp' | 'retrying' | 'refused';
  /** When a report last arrived, epoch ms; null for none in this run. */
  readonly reportedAt: number | null;
  /** Milliseconds of samples that the hub still lacks. */
  readonly behind: number;
  readonly reason: string | null;
  /** Another machine reports under the same id. */
  readonly isCopy: boolean;
}

/** What a reporter needs. */
export interface ReporterParts {
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly timers: Timers;
  readonly log: Log;
  readonly hub: Hub;
  readonly store: Store;
  readonly connection: HubConnection;
  readonly machine: string;
  /** Of this run of the program. */
  readonly run: string;
  /** Id of the start of the system; null where it is not known. */
  boot(): string | null;
  token(): string;
  /** The hub gave a token that takes the place of the one used. */
  onToken(token: string): void;
  about(): Promise<ReportedAbout>;
  random(): number;
  onStatus(status: ReporterStatus): void;
}

const REPORT_TIMEOUT = 30_000;
/** How long the last word of a machine may take, ms. */
const LAST_WORD = 1000;
/** Fewest rows that a hub is tried with. */
const FEWEST_ROWS = 10;
/** A machine that tells all samples but those of the last reports is not catching up, ms. */
const UP_TO_DATE = 30_000;
/** Until the next report after one that was too large, ms. */
const AGAIN = 250;

const pack = promisify(gzip);

/** What was sent, as far as its answer needs it. */
interface Sent {
  readonly content: Content;
  readonly incidents: readonly Incident[];
}

/** Reports to one hub from its creation on. */
export class Reporter {
  readonly #parts: ReporterParts;
  readonly #closed = new AbortController();
  readonly #incidents = new ChangedIncidents();
  readonly #unsubscribe: () => void;
  #seq = 0;
  /** Null until the hub has said where its copy ends. */
  #position: Position | null = null;
  /** Time of a row of this run; null before the first. */
  #first: number | null;
  #live: CoalescedBatch | null = null;
  /** All that is known is sent as live values, not only what was read since. */
  #wantsWhole = true;
  #wantsAbout = true;
  #rows: number = REPORT_LIMITS.rows;
  #pace = FIRST_PACE;
  #cancel: (() => void) | null = null;
  #isSending = false;
  /** The machine woke while a report was under way. */
  #isWoken = false;
  #status: ReporterStatus = { state: 'retrying', reportedAt: null, behind: 0, reason: null, isCopy: false };
  /** Last words under way. */
  #lastWords = 0;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    const { seq, time } = parts.hub.snapshot();
    this.#first = seq > 0 ? Math.round(time) : null;
    this.#unsubscribe = parts.hub.subscribe((batch) => this.#onBatch(batch));
    this.#schedule(0);
  }

  get status(): ReporterStatus {
    return this.#status;
  }

  onIncident(incident: Incident): void {
    this.#incidents.add(incident);
  }

  /** What a machine is has changed. */
  onAbout(): void {
    this.#wantsAbout = true;
  }

  /** Says that the machine is about to sleep. */
  suspend(): void {
    void this.#sayLast('suspending');
  }

  /** The machine has woken: it reports now, and waits for nothing from before. */
  resume(): void {
    this.#pace = FIRST_PACE;
    if (this.#isSending) this.#isWoken = true;
    else this.#schedule(0);
  }

  /** What ending the program would wait for: the word that this machine stops, for a second at most. */
  running(): readonly string[] {
    return this.#lastWords > 0 ? ['the last report to the hub'] : [];
  }

  /** `isStopping`: the program ends, which is said. */
  close(isStopping: boolean): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#cancel?.();
    this.#unsubscribe();
    const { connection } = this.#parts;
    if (isStopping) void this.#sayLast('stopping').finally(() => connection.close());
    else connection.close();
  }

  #onBatch(batch: SampleBatch): void {
    this.#first ??= Math.round(batch.time);
    if (!this.#wantsWhole) this.#live = coalesce(this.#live, batch);
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    if (this.#closed.signal.aborted) return;
    this.#cancel = this.#parts.timers.after(ms, () => void this.#turn());
  }

  async #turn(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    const begun = this.#parts.clock.mono();
    let wait = 0;
    try {
      wait = await this.#report();
    } catch (error) {
      // While the program ends, what it is made of goes.
      if (!this.#closed.signal.aborted) this.#parts.log.error('a report could not be made', { error });
      this.#wantsWhole = true;
      wait = this.#next({ kind: 'failed', retryAfter: null });
    } finally {
      this.#isSending = false;
    }
    const isSoon = this.#isWoken;
    this.#isWoken = false;
    this.#schedule(isSoon ? 0 : Math.max(0, wait - (this.#parts.clock.mono() - begun)));
  }

  /** Sends one report; returns when the next is due, ms from the beginning of this one. */
  async #report(): Promise<number> {
    const { store, clock } = this.#parts;
    const content = this.#position === null ? NO_CONTENT : await readContent(store, this.#position, this.#first, this.#rows, () => clock.mono());
    const about = this.#wantsAbout ? await this.#parts.about() : null;
    if (about !== null) this.#wantsAbout = false;
    const incidents = this.#position === null ? [] : this.#incidents.next();
    const report = this.#compose({ ...content, about, incidents, live: this.#takeLive(), behind: this.#behindOf(content), state: this.#parts.hub.snapshot().paused ? 'paused' : 'running' });
    const reply = await this.#send(await pack(JSON.stringify(report)), REPORT_TIMEOUT, this.#closed.signal);
    if (reply.kind !== 'answer') {
      this.#wantsWhole = true;
      this.#wantsAbout ||= about !== null;
    }
    return this.#take(reply, { content, incidents });
  }

  #compose(parts: Omit<Content, 'hasMore'> & Pick<Report, 'about' | 'incidents' | 'live' | 'behind' | 'state'>): Report {
    const { machine, run, boot, clock } = this.#parts;
    const { rows, events, about, incidents, live, behind, state } = parts;
    const { from, eventsFrom } = this.#position ?? { from: null, eventsFrom: null };
    this.#seq += 1;
    return { v: REPORT_VERSION, machine, run, seq: this.#seq, sentAt: clock.now(), boot: boot(), state, about, live, from, rows, behind, eventsFrom, events, incidents };
  }

  /** What was read since the last report. */
  #takeLive(): SampleBatch | null {
    const snapshot = this.#parts.hub.snapshot();
    const live = this.#live;
    this.#live = null;
    if (!this.#wantsWhole) return live === null ? null : toBatch(live);
    if (snapshot.seq === 0) return null;
    this.#wantsWhole = false;
    return snapshotBatch(snapshot);
  }

  #behindOf({ hasMore, rows }: Content): number {
    const last = rows.times.at(-1);
    return hasMore && last !== undefined ? Math.max(0, this.#parts.hub.snapshot().time - last) : 0;
  }

  async #send(body: Buffer, timeout: number, signal: AbortSignal): Promise<Reply> {
    const { connection, timers, token } = this.#parts;
    const deadline = startDeadline(timers, timeout, signal);
    const headers = { authorization: `Bearer ${token()}`, 'content-type': 'application/json', 'content-encoding': 'gzip' };
    try {
      return replyOf(await deadline.race(connection.send({ method: 'POST', path: 'api/report', headers, body, signal: deadline.signal })));
    } catch (error) {
      return deadline.isTimedOut() ? { kind: 'failed', reason: 'The hub does not answer.', retryAfter: null } : replyOfError(error);
    } finally {
      deadline.end();
    }
  }

  /** Says what the machine is about to do, beside a report that may be under way; whether it arrives is not known. */
  async #sayLast(state: 'suspending' | 'stopping'): Promise<void> {
    if (this.#status.state === 'refused') return;
    this.#lastWords += 1;
    try {
      const { rows, events } = NO_CONTENT;
      const report = this.#compose({ rows, events, about: null, incidents: [], live: null, behind: this.#status.behind, state });
      await this.#send(gzipSync(JSON.stringify(report)), LAST_WORD, new AbortController().signal);
    } finally {
      this.#lastWords -= 1;
    }
  }

  #take(reply: Reply, sent: Sent): number {
    if (reply.kind === 'answer') return this.#onAnswer(reply.answer, sent);
    if (this.#closed.signal.aborted) return 0;
    if (reply.kind === 'tooLarge') {
      if (this.#rows > FEWEST_ROWS) {
        this.#rows = Math.max(FEWEST_ROWS, Math.floor(this.#rows / 2));
        return AGAIN;
      }
      return this.#fail('The hub finds the reports too long.', null);
    }
    if (reply.kind === 'failed') return this.#fail(reply.reason, reply.retryAfter);
    this.#setStatus({ state: 'refused', reason: reply.reason, isCopy: reply.isCopy });
    return this.#next({ kind: 'refused' });
  }

  #fail(reason: string, retryAfter: number | null): number {
    const from = this.#position?.from ?? null;
    const behind = from === null ? this.#status.behind : Math.max(0, this.#parts.hub.snapshot().time - from);
    this.#setStatus({ state: 'retrying', reason, behind });
    return this.#next({ kind: 'failed', retryAfter });
  }

  #onAnswer(answer: ReportAnswer, { content, incidents }: Sent): number {
    const { from, eventsFrom, interval, token, wantsAbout } = answer;
    const before = this.#position;
    this.#position = { from, eventsFrom };
    this.#wantsAbout ||= wantsAbout;
    if (token !== null) this.#parts.onToken(token);
    this.#incidents.onStored(incidents);
    // At first, and where the hub has lost its latest, it may lack incidents as well.
    if (before === null || answer.result === 'elsewhere') this.#incidents.addSince(this.#parts.store, from);
    const hasMoved = before?.from !== from || before.eventsFrom !== eventsFrom;
    const behind = this.#behindOf(content);
    this.#setStatus({ state: content.hasMore && behind > UP_TO_DATE ? 'catchingUp' : 'reporting', reportedAt: this.#parts.clock.now(), behind, reason: null, isCopy: false });
    if (answer.result === 'elsewhere') return this.#next({ kind: 'elsewhere', interval });
    return this.#next({ kind: 'stored', hasMoved, hasMore: content.hasMore || before === null, interval });
  }

  #setStatus(change: Partial<ReporterStatus>): void {
    this.#status = { ...this.#status, ...change };
    if (!this.#closed.signal.aborted) this.#parts.onStatus(this.#status);
  }

  #next(outcome: Outcome): number {
    const { pace, wait } = nextReport(this.#pace, outcome, this.#parts.random());
    this.#pace = pace;
    return wait;
  }
}
