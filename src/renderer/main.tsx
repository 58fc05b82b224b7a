import { createRoot } from 'react-dom/client';
import { createIpcWire } from './data/wire-ipc';
import { keepChecksPlain } from './lib/plain-checks';
import { mountApp } from './mount';
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/card.css';
import './theme/forms.css';

keepChecksPlain();

const root = createRoot(document.querySelector('#root') ?? document.body);

// The preload's bridge is there in the app's own window; a browser has the server the page came from.
if (window.traywatch === undefined) void import('./remote').then(({ startRemote }) => startRemote(root));
else mountApp({ root, wire: createIpcWire(window.traywatch) });
