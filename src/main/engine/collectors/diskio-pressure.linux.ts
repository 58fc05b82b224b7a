/** Disk I/O of Linux with pressure: for how much of the time tasks waited for disks (/proc/pressure/io). */
import type { Collector } from './collector';
import { NO_IO_PRESSURE } from './diskio';
import type { DiskIoRaw } from './diskio';
import { roundTo } from './numbers';
import { PressureFile } from './pressure.linux';
import type { Pressure } from './pressure.linux';

/** The counters, and the pressure read with them; null where the kernel does not measure it. */
export interface PressedDiskIo {
  readonly disks: DiskIoRaw;
  readonly pressure: Pressure | null;
}

const share = (value: number | null): number | null => roundTo(value, 0.1);

/** The same collector, whose readings have the pressure as well. It is read every ten seconds by the monotonic clock. */
export function withPressure(collector: Collector<'diskio', DiskIoRaw>, root: string, mono: () => number): Collector<'diskio', PressedDiskIo> {
  const file = new PressureFile(root, 'io', mono);
  return {
    family: 'diskio',
    read: () => {
      const [disks, pressure] = [collector.read(), file.current()];
      // What is read at once belongs to the batch of that tick.
      return disks instanceof Promise ? disks.then((read) => ({ disks: read, pressure })) : { disks, pressure };
    },
    toReading: ({ disks, pressure }, previous) => {
      const reading = collector.toReading(disks, previous === null ? null : { raw: previous.raw.disks, seconds: previous.seconds });
      if (pressure === null) return { ...reading, untold: NO_IO_PRESSURE };
      return { ...reading, values: { ...reading.values, pressure: share(pressure.some), stalled: share(pressure.full) } };
    },
    close: () => {
      collector.close?.();
      file.close();
    },
  };
}
