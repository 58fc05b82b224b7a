import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { formatRoute, parseRoute } from '../lib/route';
import type { Route } from '../lib/route';

/** Where the address stands; a browser window has one, a test brings its own. */
export interface AddressBar {
  readonly location: { hash: string };
  /** Where there is no `replaceState`, every address is a step that Back undoes. */
  readonly history: { back(): void; replaceState?(data: unknown, unused: string, url: string): void };
  addEventListener(type: 'hashchange', listener: () => void): void;
  removeEventListener(type: 'hashchange', listener: () => void): void;
}

/** The page shown. */
interface RouteState {
  readonly route: Route;
}

/** Keeps the page and the address in step. */
export interface Router {
  readonly store: StoreApi<RouteState>;
  /** Goes to a page; the browser's Back returns. */
  go(route: Route): void;
  /** Goes to a page in the place of this one: Back does not return here, letter by letter of what was typed. */
  replace(route: Route): void;
  /** Goes to an address such as `/cpu` or `#/cpu?range=1h`. */
  goTo(path: string): void;
  /** Returns to the page, or the range, before. */
  back(): void;
  stop(): void;
}

/** Starts with the page the address names. */
export function createRouter(bar: AddressBar): Router {
  const store = createStore<RouteState>(() => ({ route: parseRoute(bar.location.hash) }));
  const follow = (): void => {
    const route = parseRoute(bar.location.hash);
    // Our own change of the address comes back as an event; the page must not load twice for it.
    if (formatRoute(route) !== formatRoute(store.getState().route)) store.setState({ route });
  };
  bar.addEventListener('hashchange', follow);
  const go = (route: Route): void => {
    bar.location.hash = formatRoute(route);
    store.setState({ route });
  };
  return {
    store,
    go,
    replace(route) {
      if (bar.history.replaceState === undefined) return go(route);
      bar.history.replaceState(null, '', formatRoute(route));
      store.setState({ route });
    },
    goTo: (path) => go(parseRoute(path)),
    back: () => bar.history.back(),
    stop: () => bar.removeEventListener('hashchange', follow),
  };
}
