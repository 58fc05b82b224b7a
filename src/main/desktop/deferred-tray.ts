/** A tray source and tray actions that exist before the core is loaded, so that the icon can be shown first: it is what the user waits for. */
import type { TrayActions, TraySource } from './tray';
import type { TrayInput } from './tray-model';

/** What the tray is created with, and what connects it to the core later. */
export interface DeferredTray {
  readonly source: TraySource;
  readonly actions: TrayActions;
  /** Connects the tray to the running app, and performs the last action that was chosen before. */
  connect(source: TraySource, actions: TrayActions): void;
}

const EMPTY: TrayInput = { time: 0, readings: {}, faults: {}, lastKnown: {}, paused: false, incidents: [], snoozedAll: false, sharing: false, update: null };

/** Not connected: shows nothing, and keeps the last action that the user chose. */
export function createDeferredTray(): DeferredTray {
  let source: TraySource | null = null;
  let actions: TrayActions | null = null;
  let pending: ((actions: TrayActions) => void) | null = null;
  const listeners = new Set<() => void>();
  const perform = (action: (actions: TrayActions) => void): void => {
    if (actions === null) pending = action;
    else action(actions);
  };
  return {
    source: {
      current: () => source?.current() ?? EMPTY,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    actions: {
      open: (path) => perform((to) => to.open(path)),
      setPaused: (paused) => perform((to) => to.setPaused(paused)),
      setSharing: (sharing) => perform((to) => to.setSharing(sharing)),
      acknowledge: (incidentId) => perform((to) => to.acknowledge(incidentId)),
      snooze: (target, length) => perform((to) => to.snooze(target, length)),
      unsnooze: () => perform((to) => to.unsnooze()),
      quit: () => perform((to) => to.quit()),
    },
    connect(connectedSource, connectedActions) {
      source = connectedSource;
      actions = connectedActions;
      connectedSource.onChange(() => listeners.forEach((listener) => listener()));
      pending?.(connectedActions);
      pending = null;
    },
  };
}
