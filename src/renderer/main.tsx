import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../shared/api/client';
import { createApp } from './app';
import { AppContext } from './app-context';
import { browserTimers } from './data/timers';
import { createIpcWire } from './data/wire-ipc';
import { Shell } from './shell';
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/card.css';
import './theme/forms.css';

const root = createRoot(document.querySelector('#root') ?? document.body);

if (window.traywatch === undefined) {
  root.render(
    <section className="problem">
      <h1>Open this page from Traywatch</h1>
      <p>It has no connection of its own to a machine.</p>
    </section>,
  );
} else {
  const app = createApp({ client: createClient(createIpcWire(window.traywatch)), timers: browserTimers, bar: window });
  const follow = (): void => app.setSeen(!document.hidden);
  document.addEventListener('visibilitychange', follow);
  follow();
  root.render(
    <StrictMode>
      <AppContext value={app}>
        <Shell />
      </AppContext>
    </StrictMode>,
  );
}
