/**
 * Composition root of the page: builds the stores and controllers of src/renderer/app and connects the feed to them.
 * It may import app, data, lib and src/shared; it imports no feature and renders nothing. mount.tsx calls it, in Traywatch's
 * own window and in a browser alike. Nothing below it (features, app, charts, ui, data, lib) may import it.
 */
import type { Client } from '../shared/api/client';
import type { CallName } from '../shared/api/contract';
import { isMachineCall } from '../shared/machines/machine-calls';
import { familiesOn, FAMILY_IDS, familyOf } from '../shared/metrics/index';
import type { FamilyId } from '../shared/metrics/index';
import { startFeed } from './data/feed';
import type { FeedSink } from './data/feed';
import { createVisibilityBuffer } from './data/visibility-buffer';
import { desktopUpdateInterval, machineUpdateInterval, remoteUpdateInterval } from './data/update-interval';
import { downloadInBrowser } from './data/browser-download';
import type { Timers } from './data/timers';
import type { Route } from './lib/route';
import { createAlertsController } from './app/alerts-controller';
import { createAppActions, createAppStateStore } from './app/app-state';
import type { App, BatchListener, Session } from './app/app-types';
import { createPowerController } from './app/power-controller';
import { createMachinesController } from './app/machines-controller';
import { createSharingController } from './app/sharing-controller';
import { applyBatch, applySnapshot, createLiveStore } from './app/live';
import { createRouter } from './app/router';
import type { AddressBar, Router } from './app/router';
import { createSparks } from './app/sparks';
import { createTaskController } from './app/tasks';

/** Dependencies of the app, injected so that tests can drive them. */
export interface AppOptions {
  readonly client: Client;
  /** Called after each snapshot has been written to the stores. */
  onSnapshot(): void;
  readonly timers: Timers;
  readonly bar: AddressBar;
  /** Absent in Traywatch's own window, which may use every call. */
  readonly session?: Session;
  /** Id of another machine, whose client this is then; absent: the one Traywatch runs on. */
  readonly machine?: string | null;
}

/** Calls that are about Traywatch itself, and are in place while another machine is shown. */
const PAGE_CALLS: ReadonlySet<CallName> = new Set(['machines', 'saveFile', 'cancelTask', 'lanApprove', 'lanDeny']);

/** The metric families a page shows. */
function familiesOf(route: Route): readonly FamilyId[] {
  if (route.page === 'overview') return FAMILY_IDS;
  return route.page === 'family' ? familiesOn(familyOf(route.family).page) : [];
}

/**
 * Sends the main process the families on screen, so that they are sampled at their viewed interval. Another machine is watched,
 * and reports each second, as long as it has a family on screen: so a page without families names one.
 */
function createViewedFamilies(client: Client, router: Router, machine: string | null) {
  let visible = true;
  const send = (): void => {
    const shown = familiesOf(router.store.getState().route);
    const families = shown.length === 0 && machine !== null ? FAMILY_IDS.slice(0, 1) : shown;
    void client.call('setViewedFamilies', { families: visible ? [...families] : [] });
  };
  const stop = router.store.subscribe((state, before) => {
    if (familiesOf(state.route).join() !== familiesOf(before.route).join()) send();
  });
  return {
    send,
    stop,
    /** Returns false when nothing changed. */
    setVisible(next: boolean): boolean {
      if (next === visible) return false;
      visible = next;
      send();
      return true;
    },
  };
}

/** Adds an item to a set; returns the function that removes it. */
function addToSet<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => set.delete(item);
}

/** Controllers of everything besides the readings: tasks, sharing, power and alerts. */
function createControllers(client: Client, onGap: () => void) {
  const tasks = createTaskController(client, onGap);
  const sharing = createSharingController(client);
  const powerControl = createPowerController(client, () => Date.now());
  const alerts = createAlertsController(client);
  const machines = createMachinesController(client);
  return { tasks, sharing, powerControl, alerts, machines };
}

/** Builds the stores and controllers and starts the feed. */
export function createApp({ client, timers, bar, onSnapshot, session, machine = null }: AppOptions): App {
  const can = (name: CallName): boolean => (session === undefined || session.capabilities.includes(name)) && (machine === null || isMachineCall(name) || PAGE_CALLS.has(name));
  const live = createLiveStore();
  const appState = createAppStateStore();
  const sparks = createSparks(client);
  const router = createRouter(bar, machine);
  const listeners = new Set<BatchListener>();
  const viewedFamilies = createViewedFamilies(client, router, machine);
  const onGap = (): void => {
    void sparks.fill(live.getState().time);
    listeners.forEach((listener) => listener.onGap());
  };
  const controllers = createControllers(client, onGap);
  const sink: FeedSink = {
    onSnapshot(snapshot) {
      applySnapshot(live, snapshot);
      onSnapshot();
      viewedFamilies.send();
      // Changes may have been missed before this snapshot: the states are loaded again.
      void controllers.powerControl.load();
      void controllers.alerts.load();
      void controllers.machines.load();
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
  const interval = session === undefined ? desktopUpdateInterval : remoteUpdateInterval;
  const feed = startFeed(client, buffer.sink, timers, machine === null ? interval : machineUpdateInterval(interval));
  return {
    client,
    machine,
    timers,
    live,
    appState,
    actions: createAppActions(client, appState, can('saveFile') ? null : downloadInBrowser),
    sparks,
    router,
    ...controllers,
    session: session ?? null,
    can,
    follow: (listener) => addToSet(listeners, listener),
    setVisible(next) {
      if (!viewedFamilies.setVisible(next)) return;
      buffer.setVisible(next);
      if (next) feed.wake();
    },
    stop: () => [feed.stop, ...Object.values(controllers).map(({ stop }) => stop), viewedFamilies.stop, router.stop].forEach((end) => end()),
  };
}
