/** What the preload puts into the window's world: two functions that know no call by name. */
import type { Result } from '../result';

/** IPC channel of calls (invoke) and of pushed events. */
export const IPC = { call: 'traywatch:call', subscribe: 'traywatch:subscribe', event: 'traywatch:event' } as const;

/** The bridge as the renderer sees it. Inputs are checked on the main side against the contract. */
export interface Bridge {
  call(name: string, input: unknown): Promise<Result<unknown>>;
  /** Starts the push of events to this window; returns the function that ends it. */
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
}
