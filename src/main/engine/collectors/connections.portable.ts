/** Sockets through systeminformation, for macOS and Windows. */
import type { SystemDeps } from './deps';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import type { LoadSystemInformation } from './systeminformation';
import type { Collector } from './collector';

/** Counting starts a netstat each time, which is too dear for the pace that Linux is read at. */
const KEEP_MS = 30_000;

/** States, their hyphens made underscores, by what they count as; sockets in any other are in use and no more. */
const ACTIVE = new Set(['ESTABLISHED', 'CLOSE_WAIT']);
const TIME_WAIT = 'TIME_WAIT';
/** macOS lists sockets that have no peer and do not listen. */
const CLOSED = new Set(['CLOSED', 'CLOSE']);

/** Counts by the state names the package makes of netstat's. */
export function countStates(sockets: readonly { readonly protocol: string; readonly state: string }[]): ConnectionsRaw {
  const counts = { active: 0, sockets: 0, timeWait: 0, udp: 0 };
  for (const { protocol, state } of sockets) {
    const name = state.toUpperCase().replaceAll('-', '_');
    if (protocol.toLowerCase().startsWith('udp')) counts.udp += 1;
    else if (name === TIME_WAIT) counts.timeWait += 1;
    else if (!CLOSED.has(name)) {
      counts.sockets += 1;
      if (ACTIVE.has(name)) counts.active += 1;
    }
  }
  return { ...counts, note: `counted every ${KEEP_MS / 1000} s` };
}

/** Reads `networkConnections`, and gives the same counts until they are half a minute old. */
export function portableConnections(load: LoadSystemInformation, clock: Pick<SystemDeps['clock'], 'mono'>): Collector<'connections', ConnectionsRaw> {
  let counted: { readonly at: number; readonly raw: ConnectionsRaw } | null = null;
  return {
    family: 'connections',
    read: async () => {
      const now = clock.mono();
      if (counted === null || now - counted.at >= KEEP_MS) {
        // An answer that fails leaves nothing to go on with: old counts must not pass for new ones.
        counted = null;
        counted = { at: now, raw: countStates(await (await load()).networkConnections()) };
      }
      return counted.raw;
    },
    toReading: connectionsReading,
  };
}
