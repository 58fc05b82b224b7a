/** The transport of Traywatch's own window. */
import type { Bridge } from '../../shared/api/bridge';
import type { Transport } from '../../shared/api/client';
import { messageOf } from '../../shared/result';

/** Creates a transport over the preload's bridge. A rejection (the main process is quitting) becomes a Result as well. */
export function createBridgeTransport(bridge: Bridge): Transport {
  return {
    call: (name, input, machine) =>
      bridge.call(name, input, machine).catch((error: unknown) => ({ ok: false, code: 'Unavailable', message: messageOf(error) }) as const),
    subscribe: (listener) => bridge.subscribe(listener),
  };
}
