/** The page in a browser on the LAN: sign-in, then the same app over HTTP and server-sent events. */
import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import type { Session } from './app/app-types';
import { toDeviceName } from './features/sign-in/device-name';
import { createHttp } from './data/http';
import { createSignIn } from './features/sign-in/sign-in-controller';
import type { SignIn, SignInState } from './features/sign-in/sign-in-controller';
import { browserTimers } from './data/timers';
import { createHttpTransport } from './data/transport-http';
import type { HttpTransport } from './data/transport-http';
import { pairingSecret } from './lib/pairing-link';
import { mountApp } from './mount';
import { installPage } from './pwa';
import { SignInPage } from './features/sign-in/sign-in-page';

/** A random id that distinguishes this tab from others of the same browser. */
function newTab(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36)).join('').slice(0, 16);
}

/** Reads the secret of a pairing link and removes it from the address bar and the history: it works once only. */
function takeSecret(): string | null {
  const secret = pairingSecret(location.hash);
  if (secret !== null) history.replaceState(null, '', '#/');
  return secret;
}

/** Pairs with the secret of a pairing link as soon as it is known that this browser is not signed in. */
function pairByLink(signIn: SignIn): void {
  const follow = (): void => {
    const { kind } = signIn.store.getState();
    if (kind === 'checking' || kind === 'unreachable') return;
    stop();
    const secret = takeSecret();
    if (kind === 'signedOut' && secret !== null) void signIn.pair({ secret });
  };
  const stop = signIn.store.subscribe(follow);
  // A link scanned while the page is open changes the address and nothing else.
  window.addEventListener('hashchange', () => {
    const secret = takeSecret();
    if (secret !== null && signIn.store.getState().kind === 'signedOut') void signIn.pair({ secret });
  });
}

/** Mounts the app for a browser that is signed in; returns the function that stops it. */
function startApp(root: Root, signIn: SignIn, transport: HttpTransport, { identity }: Extract<SignInState, { kind: 'signedIn' }>): () => void {
  const { name, role, account, capabilities } = identity;
  const session: Session = { name, role, account, capabilities, signOut: () => signIn.logout(), changePassword: (current, password) => signIn.changePassword(current, password) };
  return mountApp({ root, transport, session });
}

/** Starts the page in a browser: shows the sign-in page or the app, whichever the session's state asks for. */
export function startRemote(root: Root): void {
  // Relative to the page: a reverse proxy may put a path before the server's own.
  const http = createHttp((path, init) => fetch(`.${path}`, init));
  const signIn = createSignIn({ http, timers: browserTimers, device: toDeviceName(navigator.userAgent) });
  const transport = createHttpTransport({
    http,
    timers: browserTimers,
    openStream: (path) => new EventSource(`.${path}`),
    renew: () => signIn.renew(),
    onOpen: () => void signIn.check(),
    tab: newTab(),
  });
  window.addEventListener('online', () => transport.retryNow());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) transport.retryNow();
  });
  let endApp: (() => void) | null = null;
  let shown: SignInState['kind'] | null = null;
  const show = (state: SignInState): void => {
    if (state.kind === 'signedIn') {
      endApp?.();
      endApp = startApp(root, signIn, transport, state);
      installPage();
    } else if (shown === 'signedIn' || shown === null) {
      endApp?.();
      endApp = null;
      root.render(
        <StrictMode>
          <SignInPage signIn={signIn} host={location.host} />
        </StrictMode>,
      );
    }
    shown = state.kind;
  };
  signIn.store.subscribe(show);
  pairByLink(signIn);
  show(signIn.store.getState());
  signIn.start();
}
