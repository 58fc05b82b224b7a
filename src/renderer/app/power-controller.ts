/** A restart or shutdown that somebody asked for, as last heard of. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../shared/api/client';
import type { PowerAction } from '../../shared/power/power-labels';
import type { PowerControlState } from '../../shared/power/power-schemas';
import type { Result } from '../../shared/result';

/** How it stands; `endsAt` is when that ends by this page's own clock, epoch ms, for no two machines' clocks agree. */
interface PowerSlice {
  readonly powerControl: PowerControlState;
  readonly endsAt: number | null;
}

/** Follows it, and lets a person have a say. Each resolves to null, or to why it did not work. */
export interface PowerController {
  readonly store: StoreApi<PowerSlice>;
  /** Asks how it stands, where the page may know. */
  load(): Promise<void>;
  request(action: PowerAction): Promise<string | null>;
  confirm(id: string, password?: string): Promise<string | null>;
  cancel(id: string): Promise<string | null>;
  /** What came of the last one was read. */
  dismiss(): void;
  stop(): void;
}

const IDLE: PowerControlState = { state: 'idle', outcome: null };

/** Makes it. `now` is this page's clock, epoch ms. */
export function createPowerController(client: Client, now: () => number): PowerController {
  const store = createStore<PowerSlice>(() => ({ powerControl: IDLE, endsAt: null }));
  const show = (powerControl: PowerControlState): void => {
    store.setState({ powerControl, endsAt: 'left' in powerControl ? now() + powerControl.left : null });
  };
  const take = (answer: Result<PowerControlState>): string | null => {
    if (!answer.ok) return answer.message;
    show(answer.value);
    return null;
  };
  const stop = client.subscribe((event) => {
    if (event.name === 'powerState') show(event.payload);
  });
  return {
    store,
    load: async () => void take(await client.call('powerState', {})),
    request: async (action) => take(await client.call('powerRequest', { action })),
    confirm: async (id, password) => take(await client.call('powerConfirm', { id, ...(password === undefined ? {} : { password }) })),
    cancel: async (id) => take(await client.call('powerCancel', { id })),
    dismiss: () => show(IDLE),
    stop,
  };
}
