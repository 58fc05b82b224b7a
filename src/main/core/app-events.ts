/** Forwards the core's events, except for batches, to a transport: the window's or the LAN server's. */
import type { EventName, EventPayload } from '../../shared/api/contract';
import type { Core } from './core';

/** Sends an event over a transport. */
export type Push = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** Forwards every event that a viewer may receive, from now on. */
export function forwardAppEvents(core: Core, push: Push): void {
  core.onAppState((state) => push('appState', state));
  core.onActivity((event) => push('event', event), (incident) => push('incident', incident));
  core.alerts.alerting.onChange(() => push('openAlerts', core.alerts.openAlerts()));
  core.machines.machines.onPush(push);
  core.remoteAccess.powerControl.onChange((state) => push('powerState', state));
}
