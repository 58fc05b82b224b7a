/** Names to addresses. */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

/** All addresses of a name, in the order they are to be tried. Rejects with an error of the system: ENOTFOUND, EAI_AGAIN. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

/**
 * One that asks for a name once at a time. A lookup of the system cannot be ended, and one that hangs holds a thread of the
 * few that Node has: who asks for the same name joins it.
 */
export function joined(ask: Lookup): Lookup {
  const inFlight = new Map<string, ReturnType<Lookup>>();
  return (host) => {
    const before = inFlight.get(host);
    if (before !== undefined) return before;
    const asked = ask(host).finally(() => inFlight.delete(host));
    inFlight.set(host, asked);
    return asked;
  };
}

/** The system's, which knows its hosts file and whatever else it asks. */
export const systemLookup = (): Lookup => joined((host) => lookup(host, { all: true }));
