/** What the core tells beside its batches, for whoever shows it: the window, and viewers on the LAN. */
import type { EventName, EventPayload } from '../../shared/api/contract';
import type { Core } from './core';

/** Hands an event on. */
export type Push = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Hands on everything a viewer may hear of, from now on. */
export function forwardAppEvents(core: Core, push: Push): void {
  core.onAppState((state) => push('appState', state));
  core.onActivity((event) => push('event', event), (incident) => push('incident', incident));
  core.alerts.alerting.onChange(() => push('openAlerts', core.alerts.openAlerts()));
  core.remoteAccess.powerControl.onChange((state) => push('powerState', state));
}
