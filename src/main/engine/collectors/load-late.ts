/** Collectors whose code is loaded at their first read: what reads one system is in the memory of no other. */
import { FAMILY_IDS } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { AnyCollector, CollectorSet } from './collector';

/** The set that `load` gives, asked for once, at the first read of any family. */
export function loadedLate(load: () => Promise<CollectorSet>): CollectorSet {
  let loading: Promise<CollectorSet> | null = null;
  let loaded: CollectorSet | null = null;
  const collectors = async (): Promise<CollectorSet> => (loaded ??= await (loading ??= load()));
  const late = (family: FamilyId): AnyCollector => ({
    family,
    get leastInterval() {
      return loaded?.[family].leastInterval ?? 0;
    },
    // Not always a promise: what is read at once belongs to the batch of that tick.
    read: () => (loaded === null ? collectors().then((set) => set[family].read()) : loaded[family].read()),
    toReading: (raw: never, previous: never) => {
      if (loaded === null) throw new TypeError(`${family} was never read`);
      return loaded[family].toReading(raw, previous);
    },
    close: () => loaded?.[family].close?.(),
  });
  return Object.fromEntries(FAMILY_IDS.map((family) => [family, late(family)])) as unknown as CollectorSet;
}
