/** Keeps the current route and the address in sync. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { formatRoute, parseRoute } from '../lib/route';
import type { Route } from '../lib/route';

/** The parts of `window` that hold the address; injected so that tests can replace them. */
export interface AddressBar {
  readonly location: { hash: string };
  /** Without `replaceState` every address becomes an entry of the history. */
  readonly history: { back(): void; replaceState?(data: unknown, unused: string, url: string): void };
  addEventListener(type: 'hashchange', listener: () => void): void;
  removeEventListener(type: 'hashchange', listener: () => void): void;
}

interface RouteState {
  readonly route: Route;
}

/** Navigates between pages. */
export interface Router {
  readonly store: StoreApi<RouteState>;
  /** Goes to a page; the browser's Back returns. */
  go(route: Route): void;
  /** Replaces the current entry of the history: while a filter is typed, Back does not undo it letter by letter. */
  replace(route: Route): void;
  /** Goes to an address such as `/cpu` or `#/cpu?range=1h`. */
  goTo(path: string): void;
  /** Goes back to the previous page or range. */
  back(): void;
  stop(): void;
}

/** Creates the router; it starts with the page of the current address. */
export function createRouter(bar: AddressBar): Router {
  const store = createStore<RouteState>(() => ({ route: parseRoute(bar.location.hash) }));
  const onHashChange = (): void => {
    const route = parseRoute(bar.location.hash);
    // A change by `go` causes this event as well; the page must not load twice for it.
    if (formatRoute(route) !== formatRoute(store.getState().route)) store.setState({ route });
  };
  bar.addEventListener('hashchange', onHashChange);
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
    stop: () => bar.removeEventListener('hashchange', onHashChange),
  };
}
