/** Creates the app and renders it as soon as there is data to show. */
import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import { createClient } from '../shared/api/client';
import type { Transport } from '../shared/api/client';
import { createApp } from './create-app';
import type { Session } from './app/app-types';
import { AppContext } from './app/app-context';
import { browserTimers } from './data/timers';
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

/** Starts the app over a transport; returns the function that stops it. What was rendered stays until something else is. */
export function mountApp({ root, transport, session }: MountOptions): () => void {
  let mounted = false;
  let ended = false;
  const app = createApp({
    client: createClient(transport),
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
  return () => {
    ended = true;
    cancel();
    document.removeEventListener('visibilitychange', updateVisibility);
    app.stop();
  };
}
