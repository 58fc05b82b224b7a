/** Hands the app's parts to the views, each of which takes only the slice it shows. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { CallName } from '../../shared/api/contract';
import type { FamilyId } from '../../shared/metrics/index';
import type { Fault, Reading } from '../../shared/metrics/reading';
import type { App } from './app';
import type { AlertsSlice } from './alerts-controller';
import type { AppStateSlice } from './app-state';
import type { LiveState } from './live';
import type { Route } from '../lib/route';

/** Filled by main; there is no default, a view outside it is a mistake. */
export const AppContext = createContext<App | null>(null);

/** The app's parts. Throws outside of an AppContext. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp needs an AppContext around it');
  return app;
}

/** A slice of the live state; renders again only when that slice changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useApp().live, select);
}

/** The last reading of a family. */
export function useReading(id: FamilyId): Reading | undefined {
  return useLive((state) => state.readings[id]);
}

/** Why the last read of a family failed, where it did. */
export function useFault(id: FamilyId): Fault | undefined {
  return useLive((state) => state.faults[id]);
}

/** A slice of the app's own state. */
export function useAppState<T>(select: (slice: AppStateSlice) => T): T {
  return useStore(useApp().appState, select);
}

/** A slice of how the alerts stand. */
export function useAlerts<T>(select: (slice: AlertsSlice) => T): T {
  return useStore(useApp().alerts.store, select);
}

/** True for a call this page may use. */
export function useCan(name: CallName): boolean {
  return useApp().can(name);
}

/** The page shown. */
export function useRoute(): Route {
  return useStore(useApp().router.store, (state) => state.route);
}
