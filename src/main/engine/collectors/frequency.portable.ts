/** Clock speed through systeminformation, for macOS and Windows. */
import { frequencyReading } from './frequency';
import type { FrequencyRaw } from './frequency';
import { atLeast } from './systeminformation';
import type { LoadSystemInformation } from './systeminformation';
import type { Collector } from './collector';

const GHZ = 1e9;

/** Hertz; null for the zeros that stand for "not known". */
const hertz = (ghz: number | null | undefined): number | null => {
  const known = atLeast(0.01, ghz);
  return known === null ? null : known * GHZ;
};

/** Reads `cpuCurrentSpeed`. */
export function portableFrequency(load: LoadSystemInformation): Collector<'frequency', FrequencyRaw> {
  return {
    family: 'frequency',
    read: async () => {
      const told = await (await load()).cpuCurrentSpeed();
      return {
        cores: new Map(told.cores.map((ghz, index) => [String(index), hertz(ghz)] as const)),
        average: hertz(told.avg),
        highest: hertz(told.max),
      };
    },
    toReading: frequencyReading,
  };
}
