/** Puts the app on the page, once there is something to show. */
import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import { createClient } from '../shared/api/client';
import type { Transport } from '../shared/api/client';
import { createApp } from './create-app';
import type { Session } from './app/app';
import { AppContext } from './app/app-context';
import { browserTimers } from './data/timers';
import { Frame } from './frame';

/** Notes on the page when the first data was painted, epoch milliseconds: tests and benchmarks wait for it. */
function markFirstData(): void {
  const { dataset } = document.documentElement;
  // The frame that renders the data, then the one after it: by then the first was painted.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      dataset['firstData'] ??= String(performance.timeOrigin + performance.now());
    }),
  );
}

/** So long the page waits for data before it shows itself without, ms. */
const PATIENCE = 1000;

/** What is mounted, and for whom. */
export interface MountOptions {
  readonly root: Root;
  readonly transport: Transport;
  /** Absent at the desktop. */
  readonly session?: Session;
}

/** Starts the app over a wire; returns the function that ends it. What it showed stays until something else is rendered. */
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
      markFirstData();
    },
  });
  const follow = (): void => app.setSeen(!document.hidden);
  document.addEventListener('visibilitychange', follow);
  follow();
  // The first picture already holds data: drawn empty first, the page would be laid out twice.
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
  const cancel = browserTimers.after(PATIENCE, mount);
  return () => {
    ended = true;
    cancel();
    document.removeEventListener('visibilitychange', follow);
    app.stop();
  };
}
