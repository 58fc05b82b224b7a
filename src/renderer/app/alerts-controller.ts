/** Open incidents and snoozes as the app tells them, and what a person can do about them. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import type { Rule } from '../../shared/alerts/rule';
import type { OpenAlerts } from '../../shared/api/alert-schemas';
import type { Client } from '../../shared/api/client';
import type { Result } from '../../shared/result';

/** How the alerts stand; null until first heard. */
export interface AlertsSlice {
  readonly state: OpenAlerts | null;
  /** The rules before the last change to them, and what that was; null when there was none, or it was undone. */
  readonly undo: { readonly words: string; readonly rules: readonly Rule[] } | null;
}

/** Keeps them. Each action resolves to null, or to why it did not work. */
export interface AlertsController {
  readonly store: StoreApi<AlertsSlice>;
  /** Asks anew; done at the start and after a connection was lost. */
  load(): Promise<void>;
  acknowledge(id: string): Promise<string | null>;
  snooze(target: SnoozeTarget, length: SnoozeLength): Promise<string | null>;
  /** Ends one snooze, or all with null. */
  unsnooze(target: SnoozeTarget | null): Promise<string | null>;
  stop(): void;
}

/** Makes it, and begins to listen. */
export function createAlertsController(client: Client): AlertsController {
  const store = createStore<AlertsSlice>(() => ({ state: null, undo: null }));
  const stop = client.subscribe((event) => {
    if (event.name === 'openAlerts') store.setState({ state: event.payload });
  });
  const take = (answer: Result<OpenAlerts>): string | null => {
    if (!answer.ok) return answer.message;
    store.setState({ state: answer.value });
    return null;
  };
  return {
    store,
    async load() {
      take(await client.call('openAlerts', {}));
    },
    acknowledge: async (id) => take(await client.call('acknowledge', { incident: id })),
    snooze: async (target, length) => take(await client.call('snooze', { target, length })),
    unsnooze: async (target) => take(await client.call('unsnooze', { target })),
    stop,
  };
}
