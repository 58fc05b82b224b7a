/** Sockets through systeminformation, for macOS and Windows. */
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import type { LoadSystemInformation } from './systeminformation';
import type { Collector } from './types';

/** Counts by the state names the package makes of netstat's. */
export function countStates(sockets: readonly { readonly protocol: string; readonly state: string }[]): ConnectionsRaw {
  const counts = { active: 0, listening: 0, timeWait: 0, otherTcp: 0, udp: 0 };
  for (const { protocol, state } of sockets) {
    const name = state.toUpperCase();
    if (protocol.toLowerCase().startsWith('udp')) counts.udp += 1;
    else if (name === 'ESTABLISHED') counts.active += 1;
    else if (name === 'LISTEN' || name === 'LISTENING') counts.listening += 1;
    else if (name === 'TIME_WAIT' || name === 'TIME-WAIT') counts.timeWait += 1;
    else counts.otherTcp += 1;
  }
  return counts;
}

/** Reads `networkConnections`. */
export function portableConnections(load: LoadSystemInformation): Collector<'connections', ConnectionsRaw> {
  return {
    family: 'connections',
    read: async () => countStates(await (await load()).networkConnections()),
    toReading: connectionsReading,
  };
}
