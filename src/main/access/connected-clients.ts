/** Who watches, as the desktop shows it: streams put together by whom they belong to. Pure. */
import type { Device } from '../../shared/sharing/access-schemas';
import type { LanViewer } from '../../shared/sharing/connected-client';
import type { Viewer } from '../lan/stream/stream';

/** Puts the streams of each device or token together, in the order in which they came. */
function gather(streams: readonly Viewer[]): Map<string, Viewer[]> {
  const people = new Map<string, Viewer[]>();
  for (const stream of streams) {
    const own = people.get(stream.identity);
    if (own === undefined) people.set(stream.identity, [stream]);
    else own.push(stream);
  }
  return people;
}

/**
 * Everybody who watches, who came first standing first. `find` knows devices by their ids: what they are called now, and
 * not when their stream began.
 */
export function viewersOf(streams: readonly Viewer[], find: (id: string) => Pick<Device, 'name' | 'account'> | null): readonly LanViewer[] {
  const viewers = [...gather(streams)].map(([id, own]): LanViewer => {
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
