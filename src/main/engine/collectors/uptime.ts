/** Time since start, and the number of tasks. */
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { uptime } from '../../../shared/metrics/uptime';
import { rounded } from './numbers';

/** Seconds, time asleep included in both. */
export interface UptimeRaw {
  readonly system: number;
  readonly app: number;
  /** Processes and threads; null where the system does not count them cheaply. */
  readonly tasks: Value;
}

/**
 * Age of the app by the machine's own age, so that both count time asleep alike: what the machine has aged
 * since the first call, and what the process had lived by then.
 */
export function appAge(processSeconds: () => number): (system: number) => number {
  let offset: number | null = null;
  return (system) => {
    offset ??= processSeconds() - system;
    return Math.max(0, system + offset);
  };
}

/** Rounds; nothing else is to be understood. */
export function uptimeReading(raw: UptimeRaw): ReadingOf<'uptime'> {
  return { values: rounded(uptime.metrics, { system: raw.system, app: raw.app, tasks: raw.tasks }), devices: {} };
}
