/** Open incidents and snoozes of the machine, and the commands on them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import type { Rule } from '../../shared/alerts/rule';
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import type { Client } from '../../shared/api/client';
import type { Result } from '../../shared/result';

/** State of the alerts. */
export interface AlertsSlice {
  /** Null until the first response. */
  readonly state: OpenAlerts | null;
  /** The rules before the last change to them, and a message that describes it; null when there was none, or it was undone. */
  readonly undo: { readonly message: string; readonly rules: readonly Rule[] } | null;
}

/** Owns the state. Each command resolves to null, or to a message why it failed. */
export interface AlertsController {
  readonly store: StoreApi<AlertsSlice>;
  /** Loads the state; called at the start and after the connection was lost. */
  load(): Promise<void>;
  acknowledge(id: string): Promise<string | null>;
  snooze(target: SnoozeTarget, length: SnoozeLength): Promise<string | null>;
  /** Ends one snooze, or all with null. */
  unsnooze(target: SnoozeTarget | null): Promise<string | null>;
  stop(): void;
}

/** Creates the controller, which subscribes to changes at once. */
export function createAlertsController(client: Client): AlertsController {
  const store = createStore<AlertsSlice>(() => ({ state: null, undo: null }));
  const stop = client.subscribe((event) => {
    if (event.name === 'openAlerts') store.setState({ state: event.payload });
  });
  const apply = (response: Result<OpenAlerts>): string | null => {
    if (!response.ok) return response.message;
    store.setState({ state: response.value });
    return null;
  };
  return {
    store,
    async load() {
      apply(await client.call('openAlerts', {}));
    },
    acknowledge: async (id) => apply(await client.call('acknowledge', { incident: id })),
    snooze: async (target, length) => apply(await client.call('snooze', { target, length })),
    unsnooze: async (target) => apply(await client.call('unsnooze', { target })),
    stop,
  };
}
