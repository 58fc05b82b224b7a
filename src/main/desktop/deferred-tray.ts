/** Lets the tray icon stand before anything behind it is loaded: the icon is what a person waits for. */
import type { TrayActions, TraySource } from './tray';
import type { TrayInput } from './tray-model';

/** What the tray is given at once, and what is joined to it later. */
export interface DeferredTray {
  readonly source: TraySource;
  readonly actions: TrayActions;
  /** Joins the tray to the running app; what was asked for in the meantime happens now. */
  connect(source: TraySource, actions: TrayActions): void;
}

const NOTHING: TrayInput = { readings: {}, faults: {}, paused: false, incidents: [], snoozedAll: false, sharing: false };

/** Makes a link that shows nothing yet, and keeps the last wish of an impatient person. */
export function createDeferredTray(): DeferredTray {
  let source: TraySource | null = null;
  let actions: TrayActions | null = null;
  let wish: ((actions: TrayActions) => void) | null = null;
  const listeners = new Set<() => void>();
  const ask = (wanted: (actions: TrayActions) => void): void => {
    if (actions === null) wish = wanted;
    else wanted(actions);
  };
  return {
    source: {
      current: () => source?.current() ?? NOTHING,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    actions: {
      open: (path) => ask((to) => to.open(path)),
      setPaused: (paused) => ask((to) => to.setPaused(paused)),
      setSharing: (sharing) => ask((to) => to.setSharing(sharing)),
      acknowledge: (incidentId) => ask((to) => to.acknowledge(incidentId)),
      snooze: (target, length) => ask((to) => to.snooze(target, length)),
      unsnooze: () => ask((to) => to.unsnooze()),
      quit: () => ask((to) => to.quit()),
    },
    connect(joinedSource, joinedActions) {
      source = joinedSource;
      actions = joinedActions;
      joinedSource.onChange(() => listeners.forEach((listener) => listener()));
      wish?.(joinedActions);
      wish = null;
    },
  };
}
