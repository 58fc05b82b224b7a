/** Whether a machine is there: from when its reports arrive on the hub's monotonic clock, never from its own clock. Pure. */
import type { MachineState } from '../../shared/machines/machine-schemas';
import type { Report } from '../../shared/machines/report-schemas';

/** Silence after which a machine is late, and away, ms: three reports, and twelve. */
export const LATE = 30_000;
export const AWAY = 120_000;
/** History on its way beyond this counts as catching up, ms: less is what the next report brings. */
const BEHIND = 30_000;

/** What is known of the last report. */
export interface LastReport {
  /** Milliseconds of the hub's monotonic clock since it arrived. */
  readonly age: number;
  readonly state: Report['state'];
  readonly behind: number;
}

/** The state of a machine; null: it has not reported since the hub started. */
export function stateOf(last: LastReport | null): Exclude<MachineState, 'revoked'> {
  if (last === null) return 'away';
  if (last.state === 'suspending') return 'asleep';
  if (last.state === 'stopping') return 'stopped';
  if (last.age >= AWAY) return 'away';
  if (last.age >= LATE) return 'late';
  if (last.state === 'paused') return 'paused';
  return last.behind > BEHIND ? 'catchingUp' : 'live';
}
