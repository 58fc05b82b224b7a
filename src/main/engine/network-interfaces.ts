/** The machine's network interfaces with their addresses, as Node tells them; the only place that asks. */
import { networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';

/** An interface and its addresses, IPv4 before IPv6. */
export type InterfaceAddresses = readonly [name: string, addresses: readonly NetworkInterfaceInfo[]];

/**
 * A reader that never throws. Node collects addresses in an object by the names of interfaces, and an interface may be named
 * `constructor` or `__proto__`: then it throws (see protect-prototype.ts). What was known before is the answer then, and
 * without that no address.
 */
export function createInterfaceReader(read: typeof networkInterfaces): () => readonly InterfaceAddresses[] {
  let known: readonly InterfaceAddresses[] = [];
  return () => {
    try {
      known = Object.entries(read()).map(([name, list]) => [name, list ?? []] as const);
    } catch {
      // The addresses of before serve on: without them the server would leave the interfaces it was told to listen on.
    }
    return known;
  };
}

/** Reads the interfaces of this machine. */
export const readNetworkInterfaces = createInterfaceReader(networkInterfaces);
