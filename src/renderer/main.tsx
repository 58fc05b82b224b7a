import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../shared/api/client';
import { createApp } from './app';
import { AppContext } from './app-context';
import { browserTimers } from './data/timers';
import { createIpcWire } from './data/wire-ipc';
import { keepChecksPlain } from './lib/plain-checks';
import { Shell } from './shell';
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/card.css';
import './theme/forms.css';

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

keepChecksPlain();

const root = createRoot(document.querySelector('#root') ?? document.body);

if (window.traywatch === undefined) {
  root.render(
    <section className="problem">
      <h1>Open this page from Traywatch</h1>
      <p>It has no connection of its own to a machine.</p>
    </section>,
  );
} else {
  const client = createClient(createIpcWire(window.traywatch));
  const app = createApp({
    client,
    timers: browserTimers,
    bar: window,
    onSnapshot: () => {
      mount();
      markFirstData();
    },
  });
  const follow = (): void => app.setSeen(!document.hidden);
  document.addEventListener('visibilitychange', follow);
  follow();
  let isMounted = false;
  // The first picture already holds data: drawn empty first, the page would be laid out twice.
  const mount = (): void => {
    if (isMounted) return;
    isMounted = true;
    root.render(
      <StrictMode>
        <AppContext value={app}>
          <Shell />
        </AppContext>
      </StrictMode>,
    );
  };
  browserTimers.after(PATIENCE, mount);
}
