/**
 * Brings the window in step with the sampler and keeps it there: subscribe first, then the snapshot, then the
 * batches after it by `seq`. What is shown lags or repeats nowhere, whichever arrives first.
 */
import type { Client } from '../../shared/api/client';
import type { AppState } from '../../shared/api/contract';
import type { SampleBatch, Snapshot } from '../../shared/metrics/reading';
import type { Timers } from './timers';

/** connecting: no snapshot yet; live: in step; silent: nothing heard for a while; lost: calls fail. */
export type Connection = 'connecting' | 'live' | 'silent' | 'lost';

/** Where the feed puts what it gets. */
export interface FeedSink {
  onSnapshot(snapshot: Snapshot): void;
  onBatch(batch: SampleBatch): void;
  /** Batches between these two times never came; what is drawn from batches must be asked for again. */
  onHole(from: number, to: number): void;
  onAppState(state: AppState): void;
  onNavigate(path: string): void;
  onConnection(connection: Connection, message: string): void;
}

/** Silence after which the feed says so and asks again, ms. Five missed ticks of the one-second loop. */
export const SILENCE = 5000;
/** Pauses between attempts to get back in step, ms; the last one repeats. */
const RETRY = [500, 1000, 2000, 5000] as const;
/** Batches kept while a snapshot is awaited; more than a minute of them means the snapshot is not coming. */
const MAX_WAITING = 100;

/** Starts a feed; returns the function that stops it. */
export function startFeed(client: Client, sink: FeedSink, timers: Timers): () => void {
  let seq = -1;
  let time = 0;
  let paused = false;
  let syncing = false;
  let stopped = false;
  let waiting: SampleBatch[] = [];
  let cancelSilence = (): void => undefined;
  let cancelRetry = (): void => undefined;
  let told: Connection | null = null;

  const tell = (connection: Connection, message = ''): void => {
    if (connection === told && connection !== 'lost') return;
    told = connection;
    sink.onConnection(connection, message);
  };
  const heard = (): void => {
    cancelSilence();
    if (paused || stopped) return;
    cancelSilence = timers.after(SILENCE, () => {
      tell('silent');
      void sync(0);
    });
  };
  const take = (batch: SampleBatch): void => {
    seq = batch.seq;
    time = batch.time;
    sink.onBatch(batch);
  };
  const applySnapshot = (snapshot: Snapshot): void => {
    const hole = time > 0 ? time : null;
    paused = snapshot.paused;
    // An equal number after a silence brings no news: nothing was published meanwhile.
    if (snapshot.seq !== seq) {
      seq = snapshot.seq;
      time = snapshot.time;
      sink.onSnapshot(snapshot);
      if (hole !== null) sink.onHole(hole, snapshot.time);
    }
    const later = waiting.filter((batch) => batch.seq > snapshot.seq);
    waiting = [];
    later.forEach(onBatch);
  };
  const sync = async (attempt: number): Promise<void> => {
    if (syncing || stopped) return;
    syncing = true;
    const answer = await client.call('snapshot', {});
    syncing = false;
    if (stopped) return;
    if (answer.ok) {
      const quiet = answer.value.seq === seq && attempt === 0;
      applySnapshot(answer.value);
      // An answer without news does not end a silence: the sampler itself may hang.
      if (!quiet || paused) tell('live');
      heard();
      return;
    }
    tell('lost', answer.message);
    const pause = RETRY[Math.min(attempt, RETRY.length - 1)] ?? 5000;
    cancelRetry = timers.after(pause, () => void sync(attempt + 1));
  };
  const onBatch = (batch: SampleBatch): void => {
    if (syncing) {
      waiting = [...waiting.slice(1 - MAX_WAITING), batch];
      return;
    }
    if (batch.seq === seq + 1) {
      take(batch);
      tell('live');
      heard();
      return;
    }
    // A lower number at a later time is a new run of the app: numbers begin again at 1.
    if (batch.seq <= seq && batch.time <= time) return;
    waiting = [batch];
    void sync(0);
  };
  const onAppState = (state: AppState): void => {
    paused = state.paused;
    sink.onAppState(state);
    heard();
  };

  const unsubscribe = client.subscribe((event) => {
    if (event.name === 'batch') onBatch(event.payload);
    else if (event.name === 'appState') onAppState(event.payload);
    else sink.onNavigate(event.payload.path);
  });
  tell('connecting');
  void sync(0);
  void client.call('appState', {}).then((answer) => {
    if (answer.ok && !stopped) onAppState(answer.value);
  });
  return () => {
    stopped = true;
    unsubscribe();
    cancelSilence();
    cancelRetry();
  };
}
