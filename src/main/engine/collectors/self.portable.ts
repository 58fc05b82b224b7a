/** CPU and memory of the app as measured by itself, for macOS and Windows. */
import type { SelfSource } from './deps';
import { selfReading, sourceRaw } from './self';
import type { SelfRaw } from './self';
import type { Collector } from './collector';

/** Reads the source; the app counts as one process. */
export function portableSelf(source: SelfSource): Collector<'self', SelfRaw> {
  return {
    family: 'self',
    read: () => {
      const usage = source.usage();
      return {
        processes: new Map(usage === null ? [] : [[0, { birth: 0, cpuSeconds: usage.cpuSeconds }]]),
        memoryBytes: usage?.rssBytes ?? null,
        note: usage === null ? null : 'shared memory counts in each process',
        ...sourceRaw(source),
      };
    },
    toReading: selfReading,
  };
}
