/** How the version of a machine relates to the hub's. Pure. */
import type { MachineSummary } from '../../shared/machines/machine-schemas';

const numbersOf = (version: string): readonly number[] => (version.split(/[-+]/)[0] ?? '').split('.').map(Number);

/** By the three numbers of a release; versions that cannot be read, and trials of one release, count as the same. */
export function ageOf(theirs: string, ours: string): MachineSummary['age'] {
  const own = numbersOf(ours);
  for (const [at, part] of numbersOf(theirs).entries()) {
    const difference = part - (own[at] ?? 0);
    if (difference > 0) return 'newer';
    if (difference < 0) return 'older';
  }
  return 'same';
}
