/** Entry of the page: over the preload's bridge in Traywatch's own window, over HTTP in a browser. */
import { createRoot } from 'react-dom/client';
import { createBridgeTransport } from './data/transport-ipc';
import { disableZodJit } from './app/zod-config';
import { mountApp } from './mount';
import './theme/tokens.css';
import './theme/base.css';
import './theme/states.css';
import './frame.css';
import './rail.css';
import './features/overview/headline.css';
import './features/overview/metric-card.css';
import './features/overview/gauge-arc.css';
import './theme/forms.css';

disableZodJit();

const root = createRoot(document.querySelector('#root') ?? document.body);

// Only Traywatch's own window has the preload's bridge; a browser talks to the server that delivered the page.
if (window.traywatch === undefined) void import('./remote').then(({ startRemote }) => startRemote(root));
else mountApp({ root, transport: createBridgeTransport(window.traywatch) });
