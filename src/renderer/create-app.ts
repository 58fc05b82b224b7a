/** Composition root of the window: builds the stores and lets the feed fill them. */
import type { Client } from '../shared/api/client';
import type { CallName } from '../shared/api/contract';
import { FAMILY_IDS } from '../shared/metrics/index';
import type { FamilyId } from '../shared/metrics/index';
import { startFeed } from './data/feed';
import type { FeedSink } from './data/feed';
import { createVisibilityBuffer } from './data/visibility-buffer';
import { desktopUpdateInterval, remoteUpdateInterval } from './data/update-interval';
import { downloadInBrowser } from './data/browser-download';
import type { Timers } from './data/timers';
import type { Route } from './lib/route';
import { createAlertsController } from './app/alerts-controller';
import { createAppActions, createAppStateStore } from './app/app-state';
import type { App, BatchListener, Session } from './app/app';
import { createPowerController } from './app/power-controller';
import { createSharingController } from './app/sharing-controller';
import { applyBatch, applySnapshot, createLiveStore } from './app/live';
import { createRouter } from './app/router';
import type { AddressBar, Router } from './app/router';
import { createSparks } from './app/sparks';
import { createTaskController } from './app/tasks';

/** What the window is built from. */
export interface AppParts {
  readonly client: Client;
  /** Called with each snapshot, once it stands in the stores. */
  onSnapshot(): void;
  readonly timers: Timers;
  readonly bar: AddressBar;
  /** Absent at the desktop, which may do everything. */
  readonly session?: Session;
}

/** The families a page shows. */
function familiesOf(route: Route): readonly FamilyId[] {
  if (route.page === 'overview') return FAMILY_IDS;
  return route.page === 'family' ? [route.family] : [];
}

/** Tells the app which families are shown, so that they are read at their viewed pace. */
function createWatcher(client: Client, router: Router) {
  let seen = true;
  const watch = (): void => {
    void client.call('setViewedFamilies', { families: seen ? [...familiesOf(router.store.getState().route)] : [] });
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

/** Adds to the set; returns the function that takes it out again. */
function joined<T>(set: Set<T>, one: T): () => void {
  set.add(one);
  return () => set.delete(one);
}

/** What follows the machine's own affairs beside the readings. */
function createControllers(client: Client, onGap: () => void) {
  const tasks = createTaskController(client, onGap);
  const lan = createSharingController(client);
  const powerControl = createPowerController(client, () => Date.now());
  const alerts = createAlertsController(client);
  return { tasks, lan, powerControl, alerts };
}

/** Builds the window's parts and starts the feed. */
export function createApp({ client, timers, bar, onSnapshot, session }: AppParts): App {
  const can = (name: CallName): boolean => session === undefined || session.capabilities.includes(name);
  const live = createLiveStore();
  const appState = createAppStateStore();
  const sparks = createSparks(client);
  const router = createRouter(bar);
  const listeners = new Set<BatchListener>();
  const watcher = createWatcher(client, router);
  const onGap = (): void => {
    void sparks.fill(live.getState().time);
    listeners.forEach((listener) => listener.onGap());
  };
  const controllers = createControllers(client, onGap);
  const sink: FeedSink = {
    onSnapshot(snapshot) {
      applySnapshot(live, snapshot);
      onSnapshot();
      watcher.watch();
      // What happened while nothing was heard is asked for, not guessed.
      void controllers.powerControl.load();
      void controllers.alerts.load();
      void sparks.fill(snapshot.time);
    },
    onBatch(batch) {
      applyBatch(live, batch);
      sparks.onBatch(batch);
      listeners.forEach((listener) => listener.onBatch(batch));
    },
    onGap,
    onAppState: (state) => appState.setState({ state }),
    onNavigate: (path) => router.goTo(path),
    onConnection: (connection, connectionMessage) => live.setState({ connection, connectionMessage }),
  };
  const buffer = createVisibilityBuffer(sink);
  const stopFeed = startFeed(client, buffer.sink, timers, session === undefined ? desktopUpdateInterval : remoteUpdateInterval);
  return {
    client,
    timers,
    live,
    appState,
    actions: createAppActions(client, appState, can('saveFile') ? null : downloadInBrowser),
    sparks,
    router,
    ...controllers,
    session: session ?? null,
    can,
    follow: (listener) => joined(listeners, listener),
    setSeen(next) {
      if (watcher.setSeen(next)) buffer.setOpen(next);
    },
    stop: () => [stopFeed, ...Object.values(controllers).map(({ stop }) => stop), watcher.stop, router.stop].forEach((end) => end()),
  };
}
