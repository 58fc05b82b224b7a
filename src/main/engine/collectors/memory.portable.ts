/** Memory through systeminformation, for macOS and Windows. */
import { memoryReading, NO_PAGING } from './memory';
import type { MemoryRaw } from './memory';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation } from './systeminformation';
import { CollectorError } from './collector';
import type { Collector } from './collector';

/** Reads `mem`. Swapping and pressure would take a process each second: they are unknown. */
export function portableMemory(load: LoadSystemInformation): Collector<'memory', MemoryRaw> {
  return {
    family: 'memory',
    read: async () => {
      const mem = await (await load()).mem();
      if (!(mem.total > 0)) throw new CollectorError('SystemUnavailable', 'memory size is not available on this system');
      return {
        total: mem.total,
        available: atLeast(0, mem.available),
        estimated: false,
        cached: atLeast(0, mem.buffcache),
        zfsCache: 0,
        swapTotal: atLeast(0, mem.swaptotal),
        swapUsed: atLeast(0, mem.swapused),
        limit: null,
        paging: NO_PAGING,
      };
    },
    toReading: memoryReading,
  };
}
