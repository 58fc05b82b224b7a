/** Composition root of the window: builds the stores and lets the feed fill them. */
import type { Client } from '../shared/api/client';
import { FAMILY_IDS } from '../shared/metrics/index';
import type { FamilyId } from '../shared/metrics/index';
import type { SampleBatch } from '../shared/metrics/reading';
import { startFeed } from './data/feed';
import type { FeedSink } from './data/feed';
import { createGate } from './data/gate';
import type { Timers } from './data/timers';
import type { Route } from './lib/route';
import { createAlertsKeeper } from './stores/alerts';
import type { AlertsKeeper } from './stores/alerts';
import { createAppActions, createAppStateStore } from './stores/app-state';
import type { AppActions, AppStateStore } from './stores/app-state';
import { applyBatch, applySnapshot, createLiveStore } from './stores/live';
import type { LiveStore } from './stores/live';
import { createRouter } from './stores/route';
import type { AddressBar, Router } from './stores/route';
import { createSparks } from './stores/sparks';
import type { Sparks } from './stores/sparks';
import { createTaskKeeper } from './stores/tasks';
import type { TaskKeeper } from './stores/tasks';

/** What the window is built from. */
export interface AppParts {
  readonly client: Client;
  /** Called with each snapshot, once it stands in the stores. */
  onSnapshot(): void;
  readonly timers: Timers;
  readonly bar: AddressBar;
}

/** Told of each batch as it is applied, or that batches are missing. */
export interface BatchListener {
  onBatch(batch: SampleBatch): void;
  onHole(): void;
}

/** Everything a view may use. */
export interface App {
  readonly client: Client;
  readonly timers: Timers;
  readonly live: LiveStore;
  readonly appState: AppStateStore;
  readonly actions: AppActions;
  readonly sparks: Sparks;
  readonly router: Router;
  readonly tasks: TaskKeeper;
  readonly alerts: AlertsKeeper;
  /** Follows the batches; returns the function that stops it. */
  follow(listener: BatchListener): () => void;
  /** Holds everything still while the page is hidden. */
  setSeen(seen: boolean): void;
  stop(): void;
}

/** The families a page shows. */
export function familiesOf(route: Route): readonly FamilyId[] {
  if (route.page === 'overview') return FAMILY_IDS;
  return route.page === 'family' ? [route.family] : [];
}

/** Tells the app which families are shown, so that they are read at their viewed pace. */
function createWatcher(client: Client, router: Router) {
  let seen = true;
  const watch = (): void => {
    void client.call('watch', { families: seen ? [...familiesOf(router.store.getState().route)] : [] });
  };
  const stop = router.store.subscribe((state, before) => {
    if (familiesOf(state.route).join() !== familiesOf(before.route).join()) watch();
  });
  return {
    watch,
    stop,
    /** False when nothing changed. */
    setSeen(next: boolean): boolean {
      if (next === seen) return false;
      seen = next;
      watch();
      return true;
    },
  };
}

/** Builds the window's parts and starts the feed. */
export function createApp({ client, timers, bar, onSnapshot }: AppParts): App {
  const live = createLiveStore();
  const appState = createAppStateStore();
  const sparks = createSparks(client);
  const router = createRouter(bar);
  const listeners = new Set<BatchListener>();
  const watcher = createWatcher(client, router);
  const onHole = (): void => {
    void sparks.fill(live.getState().time);
    listeners.forEach((listener) => listener.onHole());
  };
  const tasks = createTaskKeeper(client, onHole);
  const alerts = createAlertsKeeper(client);
  const sink: FeedSink = {
    onSnapshot(snapshot) {
      applySnapshot(live, snapshot);
      onSnapshot();
      watcher.watch();
      void sparks.fill(snapshot.time);
      void alerts.load();
    },
    onBatch(batch) {
      applyBatch(live, batch);
      sparks.onBatch(batch);
      listeners.forEach((listener) => listener.onBatch(batch));
    },
    onHole,
    onAppState: (state) => appState.setState({ state }),
    onNavigate: (path) => router.goTo(path),
    onConnection: (connection, connectionMessage) => live.setState({ connection, connectionMessage }),
  };
  const gate = createGate(sink);
  const stopFeed = startFeed(client, gate.sink, timers);
  return {
    client,
    timers,
    live,
    appState,
    actions: createAppActions(client, appState),
    sparks,
    router,
    tasks,
    alerts,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setSeen(next) {
      if (watcher.setSeen(next)) gate.setOpen(next);
    },
    stop: () => [stopFeed, tasks.stop, alerts.stop, watcher.stop, router.stop].forEach((end) => end()),
  };
}
