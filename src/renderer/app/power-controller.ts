/** State of a remote restart or shutdown, and the commands on it. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerControlState } from '../../shared/power/power-schemas';
import type { Result } from '../../shared/result';

/** `endsAt`: when the state ends, epoch ms of this page's clock, since the machine's clock may differ; null where it does not end by itself. */
interface PowerSlice {
  readonly powerControl: PowerControlState;
  readonly endsAt: number | null;
}

/** Owns the state. Each command resolves to null, or to a message why it failed. */
export interface PowerController {
  readonly store: StoreApi<PowerSlice>;
  /** Loads the state; it stays idle where the client may not read it. */
  load(): Promise<void>;
  request(action: PowerAction): Promise<string | null>;
  confirm(id: string, password?: string): Promise<string | null>;
  cancel(id: string): Promise<string | null>;
  /** Hides the outcome of the last one. */
  dismiss(): void;
  stop(): void;
}

const IDLE: PowerControlState = { state: 'idle', outcome: null };

/** Creates the controller, which subscribes to changes at once. `now` is this page's clock, epoch ms. */
export function createPowerController(client: Client, now: () => number): PowerController {
  const store = createStore<PowerSlice>(() => ({ powerControl: IDLE, endsAt: null }));
  const show = (powerControl: PowerControlState): void => {
    store.setState({ powerControl, endsAt: 'left' in powerControl ? now() + powerControl.left : null });
  };
  const apply = (response: Result<PowerControlState>): string | null => {
    if (!response.ok) return response.message;
    show(response.value);
    return null;
  };
  const stop = client.subscribe((event) => {
    if (event.name === 'powerState') show(event.payload);
  });
  return {
    store,
    load: async () => void apply(await client.call('powerState', {})),
    request: async (action) => apply(await client.call('powerRequest', { action })),
    confirm: async (id, password) => apply(await client.call('powerConfirm', { id, ...(password === undefined ? {} : { password }) })),
    cancel: async (id) => apply(await client.call('powerCancel', { id })),
    dismiss: () => show(IDLE),
    stop,
  };
}
