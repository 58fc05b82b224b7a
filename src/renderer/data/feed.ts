/**
 * Brings the window in step with the sampler and keeps it there: subscribe first, then the snapshot, then the
 * batches after it by `seq`. What is shown lags or repeats nowhere, whichever arrives first.
 */
import type { Client } from '../../shared/api/client';
import type { AppState } from '../../shared/api/contract';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import { desktopUpdateInterval, silenceLimit } from './update-interval';
import type { UpdateIntervalOf } from './update-interval';
import type { Timers } from './timers';

/** connecting: no snapshot yet; live: in step; silent: nothing heard for a while; lost: calls fail. */
export type Connection = 'connecting' | 'live' | 'silent' | 'lost';

/** Where the feed puts what it gets. */
export interface FeedSink {
  onSnapshot(snapshot: Snapshot): void;
  onBatch(batch: SampleBatch): void;
  /** Batches between these two times never came; what is drawn from batches must be asked for again. */
  onGap(from: number, to: number): void;
  onAppState(state: AppState): void;
  onNavigate(path: string): void;
  onConnection(connection: Connection, message: string): void;
}

/** Pauses between attempts to get back in step, ms; the last one repeats. */
const RETRY = [500, 1000, 2000, 5000] as const;
/** Batches kept while a snapshot is awaited; more than a minute of them means the snapshot is not coming. */
const MAX_WAITING = 100;

/** Where a feed stands: the last batch taken. */
interface FeedPosition {
  readonly seq: number;
  readonly time: number;
}

/** How a batch follows the last one: the next, one already taken, or one after others that never came. */
function positionOf(batch: SampleBatch, last: FeedPosition): 'next' | 'old' | 'after a hole' {
  if (batch.seq === last.seq + 1) return 'next';
  // One that stands for several, none of them missing between.
  if (batch.after !== undefined && batch.after <= last.seq && batch.seq > last.seq) return 'next';
  // A lower number at a later time is a new run of the app: numbers begin again at 1.
  return batch.seq <= last.seq && batch.time <= last.time ? 'old' : 'after a hole';
}

/** One timer that is set anew each time. */
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

/** Tells of a connection only when it changes; a loss is told each time, with its reason. */
function createConnectionReporter(sink: FeedSink): (connection: Connection, message?: string) => void {
  let told: Connection | null = null;
  return (connection, message = '') => {
    if (connection === told && connection !== 'lost') return;
    told = connection;
    sink.onConnection(connection, message);
  };
}

/** The part that keeps in step: takes events, asks for snapshots. */
class Sync {
  readonly tell: (connection: Connection, message?: string) => void;
  readonly #silence;
  readonly #retry;
  #last: FeedPosition = { seq: -1, time: 0 };
  #limit: number;
  #paused = false;
  #asking = false;
  #stopped = false;
  #waiting: SampleBatch[] = [];

  constructor(
    private readonly client: Client,
    private readonly sink: FeedSink,
    timers: Timers,
    private readonly paceOf: UpdateIntervalOf,
  ) {
    this.#limit = silenceLimit(paceOf(null));
    this.tell = createConnectionReporter(sink);
    this.#silence = createTimer(timers);
    this.#retry = createTimer(timers);
  }

  /** Asks for a snapshot, and again until there is one. */
  async ask(attempt: number): Promise<void> {
    if (this.#asking || this.#stopped) return;
    this.#asking = true;
    const answer = await this.client.call('snapshot', {});
    this.#asking = false;
    if (this.#stopped) return;
    if (!answer.ok) {
      this.tell('lost', answer.message);
      this.#retry.set(RETRY[Math.min(attempt, RETRY.length - 1)] ?? 0, () => void this.ask(attempt + 1));
      return;
    }
    // An answer without news does not end a silence: the sampler itself may hang.
    const news = answer.value.seq !== this.#last.seq || attempt > 0 || answer.value.paused;
    this.#applySnapshot(answer.value);
    if (news) this.tell('live');
    this.#heard();
  }

  onBatch(batch: SampleBatch): void {
    const position = positionOf(batch, this.#last);
    if (this.#asking || position === 'after a hole') {
      this.#waiting = [...this.#waiting.slice(1 - MAX_WAITING), batch];
      void this.ask(0);
      return;
    }
    if (position === 'old') return;
    this.#last = batch;
    this.sink.onBatch(batch);
    this.tell('live');
    this.#heard();
  }

  onAppState(state: AppState): void {
    this.#paused = state.paused;
    this.#limit = silenceLimit(this.paceOf(state));
    this.sink.onAppState(state);
    this.#heard();
  }

  stop(): void {
    this.#stopped = true;
    this.#silence.clear();
    this.#retry.clear();
  }

  #heard(): void {
    this.#silence.clear();
    if (this.#paused || this.#stopped) return;
    this.#silence.set(this.#limit, () => {
      this.tell('silent');
      void this.ask(0);
    });
  }

  #applySnapshot(snapshot: Snapshot): void {
    const before = this.#last;
    this.#paused = snapshot.paused;
    // An equal number after a silence brings no news: nothing was published meanwhile.
    if (snapshot.seq !== before.seq) {
      this.#last = snapshot;
      this.sink.onSnapshot(snapshot);
      if (before.time > 0) this.sink.onGap(before.time, snapshot.time);
    }
    const later = this.#waiting.filter((batch) => batch.seq > snapshot.seq);
    this.#waiting = [];
    later.forEach((batch) => this.onBatch(batch));
  }
}

/** Starts a feed; returns the function that stops it. `paceOf` is how far apart batches come on purpose. */
export function startFeed(client: Client, sink: FeedSink, timers: Timers, paceOf: UpdateIntervalOf = desktopUpdateInterval): () => void {
  const sync = new Sync(client, sink, timers, paceOf);
  let stopped = false;
  const unsubscribe = client.subscribe((event) => {
    if (event.name === 'batch') sync.onBatch(event.payload);
    else if (event.name === 'appState') sync.onAppState(event.payload);
    else if (event.name === 'navigate') sink.onNavigate(event.payload.path);
  });
  sync.tell('connecting');
  void sync.ask(0);
  void client.call('appState', {}).then((answer) => {
    if (answer.ok && !stopped) sync.onAppState(answer.value);
  });
  return () => {
    stopped = true;
    unsubscribe();
    sync.stop();
  };
}
