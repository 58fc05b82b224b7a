/** A transport that is about another machine: its calls name that machine, and its events are those of that machine. */
import type { Transport } from '../../shared/api/client';
import type { CallName } from '../../shared/api/contract';
import { isMachineCall, isMachineEvent } from '../../shared/machines/machine-calls';

/** An event of another machine, inside of a `machineEvent`; null for anything else. */
function unwrapped(payload: unknown): { readonly machine: unknown; readonly name: string; readonly payload: unknown } | null {
  if (typeof payload !== 'object' || payload === null || !('machine' in payload) || !('name' in payload) || !('payload' in payload)) return null;
  const { machine, name } = payload;
  return typeof name === 'string' && isMachineEvent(name) ? { machine, name, payload: payload.payload } : null;
}

/**
 * Calls that can be about another machine go to the one with this id. Of the events that are pushed of machines, those of the
 * machine Traywatch runs on and of all others are left out; events about Traywatch itself pass.
 */
export function ofMachine(transport: Transport, machine: string): Transport {
  return {
    ...transport,
    call: (name, input) => (isMachineCall(name as CallName) ? transport.call(name, input, machine) : transport.call(name, input)),
    subscribe: (listener) =>
      transport.subscribe((name, payload) => {
        if (name === 'machineEvent') {
          const event = unwrapped(payload);
          if (event?.machine === machine) listener(event.name, event.payload);
        } else if (!isMachineEvent(name)) listener(name, payload);
      }),
  };
}
