/** Socket counts of Windows, from the kernel's tables: states are numbers there, in no language. */
import { countSockets } from '../windows/socket-tables';
import type { SocketCounts, SocketTable } from '../windows/socket-tables';
import type { WindowsLibrary } from '../windows/library';
import { connectionsReading } from './connections';
import type { ConnectionsRaw } from './connections';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';

/** The tables of both address families, one after another: each takes a thread. */
async function countBoth(library: WindowsLibrary, tables: readonly SocketTable[]): Promise<SocketCounts> {
  let sum: SocketCounts = { sockets: 0, active: 0, timeWait: 0 };
  for (const table of tables) {
    const { sockets, active, timeWait } = countSockets(await library.sockets(table), table);
    sum = { sockets: sum.sockets + sockets, active: sum.active + active, timeWait: sum.timeWait + timeWait };
  }
  return sum;
}

/** Counts the rows of the tables. */
export function win32Connections(deps: Pick<SystemDeps, 'windows'>): Collector<'connections', ConnectionsRaw> {
  return {
    family: 'connections',
    read: async () => {
      const library = await deps.windows();
      const tcp = await countBoth(library, ['tcp4', 'tcp6']);
      const udp = await countBoth(library, ['udp4', 'udp6']);
      return { ...tcp, udp: udp.sockets, note: null };
    },
    toReading: connectionsReading,
  };
}
