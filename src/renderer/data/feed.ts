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

/** connecting: no snapshot yet; live: up to date; silent: no data for longer than expected; lost: calls fail. */
export type Connection = 'connecting' | 'live' | 'silent' | 'lost';

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

/** Applies events in order and requests a snapshot whenever some were missed. */
class Sync {
  readonly report: (connection: Connection, message?: string) => void;
  readonly #silenceTimer;
  readonly #retryTimer;
  #position: FeedPosition = { seq: -1, time: 0 };
  #silenceLimit: number;
  #paused = false;
  #requesting = false;
  #stopped = false;
  #buffered: SampleBatch[] = [];

  constructor(
    private readonly client: Client,
    private readonly sink: FeedSink,
    timers: Timers,
    private readonly updateIntervalOf: UpdateIntervalOf,
  ) {
    this.#silenceLimit = silenceLimit(updateIntervalOf(null));
    this.report = createConnectionReporter(sink);
    this.#silenceTimer = createTimer(timers);
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
      this.report('lost', response.message);
      this.#retryTimer.set(RETRY_DELAYS[Math.min(attempt, RETRY_DELAYS.length - 1)] ?? 0, () => void this.requestSnapshot(attempt + 1));
      return;
    }
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
    this.#silenceLimit = silenceLimit(this.updateIntervalOf(state));
    this.sink.onAppState(state);
    this.#restartSilenceTimer();
  }

  stop(): void {
    this.#stopped = true;
    this.#silenceTimer.clear();
    this.#retryTimer.clear();
  }

  #restartSilenceTimer(): void {
    this.#silenceTimer.clear();
    if (this.#paused || this.#stopped) return;
    this.#silenceTimer.set(this.#silenceLimit, () => {
      this.report('silent');
      void this.requestSnapshot(0);
    });
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

/** Starts a feed; returns the function that stops it. `updateIntervalOf` is the intended time between batches. */
export function startFeed(client: Client, sink: FeedSink, timers: Timers, updateIntervalOf: UpdateIntervalOf = desktopUpdateInterval): () => void {
  const sync = new Sync(client, sink, timers, updateIntervalOf);
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
  return () => {
    stopped = true;
    unsubscribe();
    sync.stop();
  };
}
