/** The machine's network interfaces with their addresses, as Node reports them; the only file that reads them. */
import { networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';

/** An interface and its addresses, IPv4 before IPv6. */
export type InterfaceAddresses = readonly [name: string, addresses: readonly NetworkInterfaceInfo[]];

/**
 * A reader that never throws. Node collects addresses in an object by the names of interfaces, and an interface may be named
 * `constructor` or `__proto__`: then it throws (see protect-prototype.ts). The last known list is returned then, and
 * without one an empty list.
 */
export function createInterfaceReader(read: typeof networkInterfaces): () => readonly InterfaceAddresses[] {
  let known: readonly InterfaceAddresses[] = [];
  return () => {
    try {
      known = Object.entries(read()).map(([name, list]) => [name, list ?? []] as const);
    } catch {
      // The last known addresses stay: without them the server would stop listening at the configured interfaces.
    }
    return known;
  };
}

/** Reads the interfaces of this machine. The function is looked up at each call: the browser tests replace it. */
export const readNetworkInterfaces = createInterfaceReader(() => networkInterfaces());
