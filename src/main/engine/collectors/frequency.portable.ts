/** Clock speed through systeminformation, for macOS and Windows. */
import { frequencyReading } from './frequency';
import type { FrequencyRaw } from './frequency';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation } from './systeminformation';
import type { Collector } from './collector';

const GHZ = 1e9;

/** GHz as hertz; null for zero, which means unknown. */
const hertz = (ghz: number | null | undefined): number | null => {
  const known = atLeast(0.01, ghz);
  return known === null ? null : known * GHZ;
};

/** Reads `cpuCurrentSpeed`. */
export function portableFrequency(load: LoadSystemInformation): Collector<'frequency', FrequencyRaw> {
  return {
    family: 'frequency',
    read: async () => {
      const speed = await (await load()).cpuCurrentSpeed();
      return {
        cores: new Map(speed.cores.map((ghz, index) => [String(index), hertz(ghz)] as const)),
        average: hertz(speed.avg),
        highest: hertz(speed.max),
      };
    },
    toReading: frequencyReading,
  };
}
