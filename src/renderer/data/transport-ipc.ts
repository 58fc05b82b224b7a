/** The transport of Traywatch's own window. */
import type { Bridge } from '../../shared/api/bridge';
import type { Transport } from '../../shared/api/client';
import { messageOf } from '../../shared/result';

/** Creates a transport over the preload's bridge. A rejection (the main process is quitting) becomes a Result as well. */
export function createBridgeTransport(bridge: Bridge): Transport {
  const listeners = new Set<(name: string, payload: unknown) => void>();
  let unsubscribe = (): void => undefined;
  return {
    call: (name, input, machine) =>
      bridge.call(name, input, machine).catch((error: unknown) => ({ ok: false, code: 'Unavailable', message: messageOf(error) }) as const),
    // One subscription for all: while one machine follows another, two apps listen.
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) unsubscribe = bridge.subscribe((name, payload) => [...listeners].forEach((one) => one(name, payload)));
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) unsubscribe();
      };
    },
  };
}
