/** Usage of the last five minutes, in memory, for the sparkline of a card. */
import type { MachineSummary } from '../../shared/machines/machine-schemas';

const STEP = 10_000;
const LENGTH = 30;

type Usage = MachineSummary['usage'];

/** The last five minutes, a value for each ten seconds. */
export interface UsageHistory {
  /** `mono`: milliseconds of the monotonic clock. */
  add(usage: Usage, mono: number): void;
  spark(mono: number): NonNullable<MachineSummary['spark']>;
}

const NONE: Usage = { cpu: null, memory: null, disk: null };

/** Empty at first. What was not reported is null. */
export function createUsageHistory(): UsageHistory {
  const slots = new Map<number, Usage>();
  return {
    add(usage, mono) {
      const slot = Math.floor(mono / STEP);
      slots.set(slot, usage);
      for (const old of slots.keys()) if (old <= slot - LENGTH) slots.delete(old);
    },
    spark(mono) {
      const end = Math.floor(mono / STEP);
      const usages = Array.from({ length: LENGTH }, (_, i) => slots.get(end - LENGTH + 1 + i) ?? NONE);
      return { cpu: usages.map(({ cpu }) => cpu), memory: usages.map(({ memory }) => memory), disk: usages.map(({ disk }) => disk) };
    },
  };
}
