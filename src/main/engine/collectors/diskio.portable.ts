/** Disk I/O through systeminformation: on macOS the sum of all disks only, on Windows nothing. */
import { diskIoReading } from './diskio';
import type { DiskIoRaw } from './diskio';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation } from './systeminformation';
import { CollectorError } from './collector';
import type { Collector } from './collector';

/** Reads `fsStats` for bytes and `disksIO` for operations; busy is unknown. */
export function portableDiskIo(load: LoadSystemInformation): Collector<'diskio', DiskIoRaw> {
  return {
    family: 'diskio',
    read: async () => {
      const si = await load();
      const [bytes, operations] = await Promise.all([si.fsStats(), si.disksIO()]);
      if (bytes === null && operations === null) {
        throw new CollectorError('SystemUnavailable', 'disk traffic is not available on this system');
      }
      const counters = {
        label: 'All disks',
        detail: null,
        summed: true,
        reads: atLeast(0, operations?.rIO),
        writes: atLeast(0, operations?.wIO),
        readBytes: atLeast(0, bytes?.rx),
        writeBytes: atLeast(0, bytes?.wx),
        busyMs: null,
      };
      return new Map([['all', counters]]);
    },
    toReading: diskIoReading,
  };
}
