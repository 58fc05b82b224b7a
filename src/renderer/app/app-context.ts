/** Gives components access to the app; each selects only the slice of a store that it shows. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { CallName } from '../../shared/api/contract';
import type { FamilyId } from '../../shared/metrics/index';
import type { Reading } from '../../shared/metrics/reading';
import type { App } from './app-types';
import type { AlertsSlice } from './alerts-controller';
import type { AppStateSlice } from './app-state';
import type { LiveState } from './live';
import { addressOn } from '../lib/route';
import type { Route } from '../lib/route';

/** Provided by mount.tsx; no default, since a component outside of it is a programming error. */
export const AppContext = createContext<App | null>(null);

/** The app. Throws outside of an AppContext. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp must be used inside an AppContext');
  return app;
}

/** A slice of the live state; renders again only when that slice changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useApp().live, select);
}

/** The current reading of a family; a view that shows it asks `useFamilyState`, which says whether it is. */
export function useReading(id: FamilyId): Reading | undefined {
  return useLive((state) => state.readings[id]);
}

/** A slice of the app's own state. */
export function useAppState<T>(select: (slice: AppStateSlice) => T): T {
  return useStore(useApp().appState, select);
}

/** A slice of the open incidents and snoozes. */
export function useAlerts<T>(select: (slice: AlertsSlice) => T): T {
  return useStore(useApp().alerts.store, select);
}

/** Whether other machines report here. */
export function useSeveralMachines(): boolean {
  return useStore(useApp().machines.store, ({ list }) => list !== null && list.length > 1);
}

/** Name of the other machine that is shown; null for the one Traywatch runs on, and until it is known. */
export function useMachineName(): string | null {
  const { machine, machines } = useApp();
  return useStore(machines.store, ({ list }) => (machine === null ? null : (list?.find(({ id }) => id === machine)?.name ?? null)));
}

/** Whether this page may use a call. */
export function useCan(name: CallName): boolean {
  return useApp().can(name);
}

/** Makes addresses of pages, such as those of `formatRoute`, addresses of the machine that is shown. */
export function useLink(): (address: string) => string {
  const { machine } = useApp();
  return (address) => addressOn(machine, address);
}

/** The current route. */
export function useRoute(): Route {
  return useStore(useApp().router.store, (state) => state.route);
}
