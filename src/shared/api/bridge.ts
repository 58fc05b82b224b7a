/** The bridge that the preload exposes to the page: two functions that know no call by name. */
import type { Result } from '../result';

/** IPC channels of calls (invoke), of subscriptions and of pushed events. */
export const IPC = { call: 'traywatch:call', subscribe: 'traywatch:subscribe', event: 'traywatch:event' } as const;

/** The bridge as the page sees it. Main validates inputs against the contract. */
export interface Bridge {
  /** `machine`: id of the machine that the call is about; absent: the one Traywatch runs on. */
  call(name: string, input: unknown, machine?: string): Promise<Result<unknown>>;
  /** Subscribes this window to events; returns the function that unsubscribes it. */
  subscribe(listener: (name: string, payload: unknown) => void): () => void;
}
