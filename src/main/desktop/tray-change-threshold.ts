/** Whether the numbers in the tray's words have moved so far that the words are worth sending again soon. Pure. */
import type { FamilyId } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';

type Readings = Snapshot['readings'];

/** A share that moved by fewer percentage points is calm. */
const POINTS = 5;
/** Rates below this are calm whatever they do, bytes per second: about 1 % of a slow network. */
const QUIET_RATE = 100_000;
/** A louder rate is calm within this factor. */
const FACTOR = 1.5;

/** The numbers people look for in the menu: what they use, and how fast. */
const SHARES = [['cpu', 'usage'], ['memory', 'usage'], ['disk', 'usage']] as const satisfies readonly (readonly [FamilyId, string])[];
const RATES = [['network', 'rx'], ['network', 'tx']] as const satisfies readonly (readonly [FamilyId, string])[];

function valueOf(readings: Readings, family: FamilyId, metric: string): number | null {
  return readings[family]?.values[metric] ?? null;
}

function shareMoved(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now;
  return Math.abs(now - before) >= POINTS;
}

function rateMoved(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now;
  const low = Math.max(QUIET_RATE, Math.min(before, now));
  return Math.max(before, now) >= low * FACTOR;
}

/** True when a value came, went, or moved by more than the noise of a machine at rest. */
export function hasMoved(before: Readings, now: Readings): boolean {
  if (before === now) return false;
  return (
    SHARES.some(([family, metric]) => shareMoved(valueOf(before, family, metric), valueOf(now, family, metric))) ||
    RATES.some(([family, metric]) => rateMoved(valueOf(before, family, metric), valueOf(now, family, metric)))
  );
}
