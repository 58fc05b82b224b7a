/** Socket counts through systeminformation, for macOS and Windows. */
import type { SystemDeps } from './deps';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import type { LoadSystemInformation } from './systeminformation';
import type { Collector } from './collector';

/** Each count starts netstat, which is too expensive for the family's sampling interval. */
const CACHE_MS = 30_000;

/** States (with hyphens replaced by underscores) of active connections; other open states count as sockets only. */
const ACTIVE = new Set(['ESTABLISHED', 'CLOSE_WAIT']);
const TIME_WAIT = 'TIME_WAIT';
/** macOS also lists sockets that neither have a peer nor listen. */
const CLOSED = new Set(['CLOSED', 'CLOSE']);

/** Counts by the package's state names, which come from netstat. */
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
  return { ...counts, note: `counted every ${CACHE_MS / 1000} s` };
}

/** Reads `networkConnections`; the counts are cached for half a minute. */
export function portableConnections(load: LoadSystemInformation, clock: Pick<SystemDeps['clock'], 'mono'>): Collector<'connections', ConnectionsRaw> {
  let counted: { readonly at: number; readonly raw: ConnectionsRaw } | null = null;
  return {
    family: 'connections',
    read: async () => {
      const now = clock.mono();
      if (counted === null || now - counted.at >= CACHE_MS) {
        // Cleared first: if the call fails, old counts must not be reported as current.
        counted = null;
        counted = { at: now, raw: countStates(await (await load()).networkConnections()) };
      }
      return counted.raw;
    },
    toReading: connectionsReading,
  };
}
