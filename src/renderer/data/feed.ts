/**
 * The data room: transports, queries, downloads and the columns of points that charts draw. This file is its core, the feed:
 * it subscribes first, then requests a snapshot, then applies the batches after it in order of `seq`, so that no batch is
 * lost or applied twice, whichever arrives first.
 * Files of this room may import lib and src/shared; they must not import features, app or the files directly under
 * src/renderer. They render nothing.
 */
import type { Client } from '../../shared/api/client';
import type { AppState } from '../../shared/api/contract';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import { desktopUpdateInterval, silenceLimit } from './update-interval';
import type { UpdateIntervalOf } from './update-interval';
import type { Timers } from './timers';
import type { Connection } from '../lib/freshness';

/** Receives what the feed delivers. */
export interface FeedSink {
  onSnapshot(snapshot: Snapshot): void;
  onBatch(batch: SampleBatch): void;
  /** Batches between these two times, epoch ms, were missed; whatever is built from batches must be queried again. */
  onGap(from: number, to: number): void;
  onAppState(state: AppState): void;
  onNavigate(path: string): void;
  onConnection(connection: Connection, message: string): void;
}

/** Delays between attempts to get a snapshot, ms; the last one repeats. */
const RETRY_DELAYS = [500, 1000, 2000, 5000] as const;
/** Batches buffered while a snapshot is requested; the oldest are dropped. */
const MAX_BUFFERED = 100;

/** Position in the stream of batches: the last one applied. */
interface FeedPosition {
  readonly seq: number;
  readonly time: number;
}

/** How a batch relates to the last one: the next, one already applied, or one after others that were missed. */
function positionOf(batch: SampleBatch, last: FeedPosition): 'next' | 'old' | 'after a gap' {
  if (batch.seq === last.seq + 1) return 'next';
  // A batch coalesced of several, without a gap to the last one.
  if (batch.after !== undefined && batch.after <= last.seq && batch.seq > last.seq) return 'next';
  // A lower `seq` at a later time is a new run of the app: it counts from 1 again.
  return batch.seq <= last.seq && batch.time <= last.time ? 'old' : 'after a gap';
}

/** A timer; setting it cancels the previous one. */
function createTimer(timers: Timers) {
  let cancel = (): void => undefined;
  return {
    set(ms: number, task: () => void): void {
      cancel();
      cancel = timers.after(ms, task);
    },
    clear: (): void => cancel(),
  };
}

/** Reports a connection state when it changes; `lost` each time, with its reason. */
function createConnectionReporter(sink: FeedSink): (connection: Connection, message?: string) => void {
  let reported: Connection | null = null;
  return (connection, message = '') => {
    if (connection === reported && connection !== 'lost') return;
    reported = connection;
    sink.onConnection(connection, message);
  };
}

/** The silence timer looks at the clock so often, ms: within this time of waking up a page notices that its device slept. */
const SILENCE_STEP = 1000;

/** Calls back once nothing has arrived for the limit, by timers or by the clock, whichever says so first: timers stand still during sleep. */
class Silence {
  readonly #timer;
  #since = 0;

  constructor(
    timers: Timers,
    private readonly now: () => number,
    public limit: number,
    private readonly onOver: () => void,
  ) {
    this.#timer = createTimer(timers);
    this.#since = now();
  }

  isOver(): boolean {
    return this.now() - this.#since >= this.limit;
  }

  /** Begins anew: something has arrived. */
  restart(): void {
    this.#since = this.now();
    this.#step(this.limit);
  }

  clear(): void {
    this.#timer.clear();
  }

  #step(left: number): void {
    const step = Math.min(left, SILENCE_STEP);
    this.#timer.set(step, () => {
      if (left - step <= 0 || this.isOver()) this.onOver();
      else this.#step(left - step);
    });
  }
}

/** Applies events in order and requests a snapshot whenever some were missed. */
class Sync {
  readonly report: (connection: Connection, message?: string) => void;
  readonly #silence: Silence;
  readonly #retryTimer;
  #position: FeedPosition = { seq: -1, time: 0 };
  #paused = false;
  #requesting = false;
  #isRetrying = false;
  #stopped = false;
  #buffered: SampleBatch[] = [];

  constructor(
    private readonly client: Client,
    private readonly sink: FeedSink,
    timers: Timers,
    private readonly updateIntervalOf: UpdateIntervalOf,
    now: () => number,
  ) {
    this.report = createConnectionReporter(sink);
    this.#silence = new Silence(timers, now, silenceLimit(updateIntervalOf(null)), () => this.check());
    this.#retryTimer = createTimer(timers);
  }

  /** Requests a snapshot, and again until there is one. `attempt` counts from 0. */
  async requestSnapshot(attempt: number): Promise<void> {
    if (this.#requesting || this.#stopped) return;
    this.#requesting = true;
    const response = await this.client.call('snapshot', {});
    this.#requesting = false;
    if (this.#stopped) return;
    if (!response.ok) {
      this.#isRetrying = true;
      this.report('lost', response.message);
      this.#retryTimer.set(RETRY_DELAYS[Math.min(attempt, RETRY_DELAYS.length - 1)] ?? 0, () => void this.requestSnapshot(attempt + 1));
      return;
    }
    this.#isRetrying = false;
    // A snapshot without new data does not end a silence: the sampler itself may hang.
    const isNew = response.value.seq !== this.#position.seq || attempt > 0 || response.value.paused;
    this.#applySnapshot(response.value);
    if (isNew) this.report('live');
    this.#restartSilenceTimer();
  }

  onBatch(batch: SampleBatch): void {
    const position = positionOf(batch, this.#position);
    if (this.#requesting || position === 'after a gap') {
      this.#buffered = [...this.#buffered.slice(1 - MAX_BUFFERED), batch];
      void this.requestSnapshot(0);
      return;
    }
    if (position === 'old') return;
    this.#position = batch;
    this.sink.onBatch(batch);
    this.report('live');
    this.#restartSilenceTimer();
  }

  onAppState(state: AppState): void {
    this.#paused = state.paused;
    this.#silence.limit = silenceLimit(this.updateIntervalOf(state));
    this.sink.onAppState(state);
    this.#restartSilenceTimer();
  }

  stop(): void {
    this.#stopped = true;
    this.#silence.clear();
    this.#retryTimer.clear();
  }

  /** Nothing has arrived for too long: says so, and asks. */
  check(): void {
    this.report('silent');
    void this.requestSnapshot(0);
  }

  /** The page is looked at again. Where it or its device slept, the timers did too: what counts is the clock. */
  wake(): void {
    if (this.#isRetrying) void this.requestSnapshot(0);
    else if (!this.#paused && !this.#stopped && this.#silence.isOver()) this.check();
  }

  /** The transport lost its stream. Asked at once: the answer, or its absence, says what that means. */
  onInterruption(): void {
    // A stream that ends while a snapshot is on its way, or after it failed, says nothing new.
    if (!this.#requesting && !this.#isRetrying) void this.requestSnapshot(0);
  }

  #restartSilenceTimer(): void {
    this.#silence.clear();
    if (!this.#paused && !this.#stopped) this.#silence.restart();
  }

  #applySnapshot(snapshot: Snapshot): void {
    const before = this.#position;
    this.#paused = snapshot.paused;
    // An equal `seq` means that no batch was published meanwhile.
    if (snapshot.seq !== before.seq) {
      this.#position = snapshot;
      this.sink.onSnapshot(snapshot);
      if (before.time > 0) this.sink.onGap(before.time, snapshot.time);
    }
    const later = this.#buffered.filter((batch) => batch.seq > snapshot.seq);
    this.#buffered = [];
    later.forEach((batch) => this.onBatch(batch));
  }
}

/** A running feed. */
export interface Feed {
  /** The page is visible again: what is old is reported at once, without waiting for a timer. */
  wake(): void;
  stop(): void;
}

/** Starts a feed. `updateIntervalOf` is the intended time between batches; `now` this page's clock, epoch ms. */
export function startFeed(client: Client, sink: FeedSink, timers: Timers, updateIntervalOf: UpdateIntervalOf = desktopUpdateInterval, now: () => number = Date.now): Feed {
  const sync = new Sync(client, sink, timers, updateIntervalOf, now);
  let stopped = false;
  const unsubscribe = client.subscribe((event) => {
    if (event.name === 'batch') sync.onBatch(event.payload);
    else if (event.name === 'appState') sync.onAppState(event.payload);
    else if (event.name === 'navigate') sink.onNavigate(event.payload.path);
  });
  sync.report('connecting');
  void sync.requestSnapshot(0);
  void client.call('appState', {}).then((response) => {
    if (response.ok && !stopped) sync.onAppState(response.value);
  });
  const stopInterruptions = client.onInterruption(() => sync.onInterruption());
  return {
    wake: () => sync.wake(),
    stop() {
      stopped = true;
      unsubscribe();
      stopInterruptions();
      sync.stop();
    },
  };
}
