/**
 * Clock speed of macOS, which is not told: what Node reports is a constant (libuv has the nominal speed of an Intel processor,
 * and 2.4 GHz for every Apple one), and the counters behind powermetrics(1) are for root.
 */
import type { Collector } from './collector';
import { frequencyReading } from './frequency';
import type { FrequencyRaw } from './frequency';

const NOTE = 'macOS does not tell programs how fast the processor runs at present.';

/** Reads nothing. */
export function darwinFrequency(): Collector<'frequency', FrequencyRaw> {
  return {
    family: 'frequency',
    read: () => ({ cores: new Map(), average: null, highest: null }),
    toReading: (raw) => ({ ...frequencyReading(raw), note: NOTE }),
  };
}
