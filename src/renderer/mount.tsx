/** Creates the app and renders it as soon as there is data to show. */
import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import { createClient } from '../shared/api/client';
import type { Transport } from '../shared/api/client';
import { createApp } from './create-app';
import type { Session } from './app/app-types';
import { AppContext } from './app/app-context';
import { ofMachine } from './data/of-machine';
import { browserTimers } from './data/timers';
import { machineOf } from './lib/route';
import { Frame } from './frame';

/** Sets `data-first-data` on the root element when the first data was painted, epoch ms: tests and benchmarks wait for it. */
function recordFirstData(): void {
  const { dataset } = document.documentElement;
  // Two frames: the first renders the data, and once the second begins the first has been painted.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      dataset['firstData'] ??= String(performance.timeOrigin + performance.now());
    }),
  );
}

/** How long the page waits for data before it renders without, ms. */
const FIRST_DATA_TIMEOUT = 1000;

/** What is mounted, where, and over which transport. */
export interface MountOptions {
  readonly root: Root;
  readonly transport: Transport;
  /** Absent in Traywatch's own window. */
  readonly session?: Session;
}

/**
 * Starts the app over a transport; returns the function that stops it. What was rendered stays until something else is. Where
 * the address is of another machine the app is about that one, and it is made anew when the address becomes one of another.
 */
export function mountApp(options: MountOptions): () => void {
  let machine = machineOf(window.location.hash);
  let app = startApp(options, machine);
  const onHashChange = (): void => {
    const next = machineOf(window.location.hash);
    if (next === machine) return;
    const former = app;
    machine = next;
    // First the new one: without any listener the stream of events would be opened anew.
    app = startApp(options, machine);
    former.leave();
    former.stop();
  };
  window.addEventListener('hashchange', onHashChange);
  return () => {
    window.removeEventListener('hashchange', onHashChange);
    app.stop();
  };
}

interface MountedApp {
  /** Its machine is not looked at any more. */
  leave(): void;
  stop(): void;
}

/** Starts the app that is about a machine, null for the one Traywatch runs on. */
function startApp({ root, transport, session }: MountOptions, machine: string | null): MountedApp {
  let mounted = false;
  let ended = false;
  const app = createApp({
    client: createClient(machine === null ? transport : ofMachine(transport, machine)),
    machine,
    timers: browserTimers,
    bar: window,
    ...(session === undefined ? {} : { session }),
    onSnapshot: () => {
      mount();
      recordFirstData();
    },
  });
  const updateVisibility = (): void => app.setVisible(!document.hidden);
  document.addEventListener('visibilitychange', updateVisibility);
  updateVisibility();
  // The first render already holds data: rendered empty first, the page would be laid out twice.
  const mount = (): void => {
    if (mounted || ended) return;
    mounted = true;
    root.render(
      <StrictMode>
        <AppContext key={session?.capabilities.join()} value={app}>
          <Frame />
        </AppContext>
      </StrictMode>,
    );
  };
  const cancel = browserTimers.after(FIRST_DATA_TIMEOUT, mount);
  return {
    leave: () => app.setVisible(false),
    stop() {
      ended = true;
      cancel();
      document.removeEventListener('visibilitychange', updateVisibility);
      app.stop();
    },
  };
}
