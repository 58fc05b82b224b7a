import { createRoot } from 'react-dom/client';
import { createBridgeTransport } from './data/transport-ipc';
import { disableZodJit } from './app/zod-config';
import { mountApp } from './mount';
import './theme/tokens.css';
import './theme/base.css';
import './frame.css';
import './features/overview/metric-card.css';
import './theme/forms.css';

disableZodJit();

const root = createRoot(document.querySelector('#root') ?? document.body);

// The preload's bridge is there in the app's own window; a browser has the server the page came from.
if (window.traywatch === undefined) void import('./remote').then(({ startRemote }) => startRemote(root));
else mountApp({ root, transport: createBridgeTransport(window.traywatch) });
