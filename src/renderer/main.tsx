import { createRoot } from 'react-dom/client';
import { createIpcWire } from './data/transport-ipc';
import { keepChecksPlain } from './app/zod-config';
import { mountApp } from './app/mount';
import './theme/tokens.css';
import './theme/base.css';
import './app/frame.css';
import './features/overview/metric-card.css';
import './theme/forms.css';

keepChecksPlain();

const root = createRoot(document.querySelector('#root') ?? document.body);

// The preload's bridge is there in the app's own window; a browser has the server the page came from.
if (window.traywatch === undefined) void import('./app/remote').then(({ startRemote }) => startRemote(root));
else mountApp({ root, wire: createIpcWire(window.traywatch) });
