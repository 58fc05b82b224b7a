/** Whether the values in the tray's texts have changed enough for the texts to be updated soon. Pure. */
import type { FamilyId } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';

type Readings = Snapshot['readings'];

/** Smallest relevant change of a share, percentage points. */
const MIN_SHARE_CHANGE = 5;
/** Changes below this rate are never relevant, bytes per second: about 1 % of a slow network. */
const LOW_RATE = 100_000;
/** Smallest relevant change of a higher rate, as a factor. */
const MIN_RATE_FACTOR = 1.5;

/** The values of the menu that matter most to users. */
const SHARES = [['cpu', 'usage'], ['memory', 'usage'], ['disk', 'usage']] as const satisfies readonly (readonly [FamilyId, string])[];
const RATES = [['network', 'rx'], ['network', 'tx']] as const satisfies readonly (readonly [FamilyId, string])[];

function valueOf(readings: Readings, family: FamilyId, metric: string): number | null {
  return readings[family]?.values[metric] ?? null;
}

function shareMoved(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now;
  return Math.abs(now - before) >= MIN_SHARE_CHANGE;
}

function rateMoved(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now;
  const low = Math.max(LOW_RATE, Math.min(before, now));
  return Math.max(before, now) >= low * MIN_RATE_FACTOR;
}

/** True when a value appeared, disappeared, or changed by more than the noise of an idle machine. */
export function hasMoved(before: Readings, now: Readings): boolean {
  if (before === now) return false;
  return (
    SHARES.some(([family, metric]) => shareMoved(valueOf(before, family, metric), valueOf(now, family, metric))) ||
    RATES.some(([family, metric]) => rateMoved(valueOf(before, family, metric), valueOf(now, family, metric)))
  );
}
