/** The clients connected now, as the Sharing page lists them: open streams grouped by the device or token they belong to. Pure. */
import type { Device } from '../../shared/sharing/access-schemas';
import type { ConnectedClient } from '../../shared/sharing/connected-client';
import type { Role } from './identity';

/** One open stream. */
export interface LiveConnection {
  /** Id of the device or the API token. */
  readonly identity: string;
  readonly name: string;
  readonly role: Role;
  /** Opened with an API token. */
  readonly isToken: boolean;
  readonly address: string;
  /** Seconds between two batches. */
  readonly interval: number;
  /** Since when this identity has been connected, epoch ms by the clock as it is set now. */
  readonly since: number;
}

function groupByIdentity(connections: readonly LiveConnection[]): Map<string, LiveConnection[]> {
  const byIdentity = new Map<string, LiveConnection[]>();
  for (const connection of connections) {
    const own = byIdentity.get(connection.identity);
    if (own === undefined) byIdentity.set(connection.identity, [connection]);
    else own.push(connection);
  }
  return byIdentity;
}

/**
 * The connected clients, the longest connected first. `find` returns a device by its id: its present name rather than the
 * one it had when the stream began.
 */
export function connectedClients(connections: readonly LiveConnection[], find: (id: string) => Pick<Device, 'name' | 'account'> | null): readonly ConnectedClient[] {
  const clients = [...groupByIdentity(connections)].map(([id, own]): ConnectedClient => {
    const device = find(id);
    const first = own[0];
    return {
      id,
      name: device?.name ?? first?.name ?? id,
      kind: first?.isToken === true ? 'token' : 'device',
      role: first?.role ?? 'viewer',
      account: device?.account ?? null,
      since: Math.min(...own.map(({ since }) => since)),
      streams: own.length,
      intervals: [...new Set(own.map(({ interval }) => interval))].toSorted((a, b) => a - b),
      addresses: [...new Set(own.map(({ address }) => address))],
    };
  });
  return clients.toSorted((a, b) => a.since - b.since);
}
