/** Keeps the current route and the address in sync. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { addressOn, formatRoute, machineOf, parseRoute } from '../lib/route';
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
  /** Goes to an address such as `/cpu` or `#/cpu?range=1h`; one that is of another machine is shown by an app of its own. */
  goTo(path: string): void;
  /** Goes back to the previous page or range. */
  back(): void;
  stop(): void;
}

/** Creates the router of a machine, null for the one Traywatch runs on; it starts with the page of the current address. */
export function createRouter(bar: AddressBar, machine: string | null = null): Router {
  const store = createStore<RouteState>(() => ({ route: parseRoute(bar.location.hash) }));
  // That of all machines is of none of them.
  const address = (route: Route): string => addressOn(route.page === 'machines' ? null : machine, formatRoute(route));
  const onHashChange = (): void => {
    if (machineOf(bar.location.hash) !== machine) return;
    const route = parseRoute(bar.location.hash);
    // A change by `go` causes this event as well; the page must not load twice for it.
    if (formatRoute(route) !== formatRoute(store.getState().route)) store.setState({ route });
  };
  bar.addEventListener('hashchange', onHashChange);
  const go = (route: Route): void => {
    bar.location.hash = address(route);
    if (machineOf(address(route)) === machine) store.setState({ route });
  };
  return {
    store,
    go,
    replace(route) {
      if (bar.history.replaceState === undefined) return go(route);
      bar.history.replaceState(null, '', address(route));
      store.setState({ route });
    },
    goTo(path) {
      if (machineOf(path) === machine) go(parseRoute(path));
      else bar.location.hash = addressOn(machineOf(path), path);
    },
    back: () => bar.history.back(),
    stop: () => bar.removeEventListener('hashchange', onHashChange),
  };
}
