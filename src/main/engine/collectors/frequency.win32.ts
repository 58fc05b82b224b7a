/** Clock speed of Windows: what its counters give as a share of the base speed, which is all that Node tells. */
import { CounterSource } from '../windows/counter-source';
import type { CounterItem } from '../windows/counter-items';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { frequencyReading } from './frequency';
import type { FrequencyRaw } from './frequency';

/** Percent of the base speed, more than 100 while a core is boosted. */
const COUNTER = '\\Processor Information(*)\\% Processor Performance';

/** Instances are named by processor group and number, such as `0,11`; sums have a name in place of the number. */
const CORE = /^(\d+),(\d+)$/;

/** Speeds in hertz by core, numbered through all groups. `base` in hertz. A share of 0 is what machines give that do not know. */
function speedsOf(items: readonly CounterItem[], base: number): FrequencyRaw['cores'] {
  const cores = items.flatMap(({ instance, value }) => {
    const [, group, number] = CORE.exec(instance) ?? [];
    return group === undefined || number === undefined || !(value > 0) ? [] : [{ order: Number(group) * 1000 + Number(number), value }];
  });
  cores.sort((a, b) => a.order - b.order);
  return new Map(cores.map(({ value }, index) => [String(index), (base * value) / 100] as const));
}

/** `baseSpeed` in hertz; 0 where it is unknown. */
export function win32Frequency(deps: Pick<SystemDeps, 'windows'>, baseSpeed: () => number): Collector<'frequency', FrequencyRaw> {
  const source = new CounterSource(deps.windows, COUNTER);
  return {
    family: 'frequency',
    read: async () => {
      const base = baseSpeed();
      const items = base > 0 ? await source.read() : [];
      return { cores: speedsOf(items, base), average: null, highest: null };
    },
    toReading: frequencyReading,
    close: () => source.close(),
  };
}
