/** Who watches, as the desktop shows it: streams put together by whom they belong to. Pure. */
import type { Device } from '../../shared/sharing/access-schemas';
import type { ConnectedClient } from '../../shared/sharing/connected-client';
import type { Role } from './identity';

/** One open stream. */
export interface LiveConnection {
  /** Id of the device, the account or the token. */
  readonly identity: string;
  readonly name: string;
  readonly role: Role;
  /** It came with a script's token. */
  readonly isScript: boolean;
  readonly address: string;
  /** Seconds between two batches. */
  readonly interval: number;
  /** Since when this identity watches, epoch ms, by the clock as it is set now. */
  readonly since: number;
}

/** Puts the streams of each device or token together, in the order in which they came. */
function gather(streams: readonly LiveConnection[]): Map<string, LiveConnection[]> {
  const remoteAccess = new Map<string, LiveConnection[]>();
  for (const stream of streams) {
    const own = remoteAccess.get(stream.identity);
    if (own === undefined) remoteAccess.set(stream.identity, [stream]);
    else own.push(stream);
  }
  return remoteAccess;
}

/**
 * Everybody who watches, who came first standing first. `find` knows devices by their ids: what they are called now, and
 * not when their stream began.
 */
export function connectedClients(streams: readonly LiveConnection[], find: (id: string) => Pick<Device, 'name' | 'account'> | null): readonly ConnectedClient[] {
  const viewers = [...gather(streams)].map(([id, own]): ConnectedClient => {
    const device = find(id);
    const first = own[0];
    return {
      id,
      name: device?.name ?? first?.name ?? id,
      kind: first?.isScript === true ? 'token' : 'device',
      role: first?.role ?? 'viewer',
      account: device?.account ?? null,
      since: Math.min(...own.map(({ since }) => since)),
      streams: own.length,
      intervals: [...new Set(own.map(({ interval }) => interval))].toSorted((a, b) => a - b),
      addresses: [...new Set(own.map(({ address }) => address))],
    };
  });
  return viewers.toSorted((a, b) => a.since - b.since);
}
