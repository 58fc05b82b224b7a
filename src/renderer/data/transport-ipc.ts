import type { Bridge } from '../../shared/api/bridge';
import type { Transport } from '../../shared/api/client';
import { messageOf } from '../../shared/result';

/** A wire over the preload's bridge. A bridge that rejects (the main process is going down) becomes a value too. */
export function createBridgeTransport(bridge: Bridge): Transport {
  return {
    call: (name, input) =>
      bridge.call(name, input).catch((error: unknown) => ({ ok: false, code: 'Unavailable', message: messageOf(error) }) as const),
    subscribe: (listener) => bridge.subscribe(listener),
  };
}
