/** Uptime of machine and app, and the number of tasks: what the platforms read, and the reading made from it. */
import type { ReadingOf, Value } from '../../../shared/metrics/reading';
import { uptime } from '../../../shared/metrics/uptime';
import { rounded } from './numbers';

/** Times in seconds, including sleep. */
export interface UptimeRaw {
  readonly system: number;
  readonly app: number;
  /** Number of processes and threads; null where counting would be expensive. */
  readonly tasks: Value;
}

/**
 * Returns a function from the machine's uptime to the app's, both in seconds and including sleep: the app's age at the
 * first call plus the uptime passed since.
 */
export function appAge(processSeconds: () => number): (system: number) => number {
  let offset: number | null = null;
  return (system) => {
    offset ??= processSeconds() - system;
    return Math.max(0, system + offset);
  };
}

/** The values, rounded to their resolution. */
export function uptimeReading(raw: UptimeRaw): ReadingOf<'uptime'> {
  return { values: rounded(uptime.metrics, { system: raw.system, app: raw.app, tasks: raw.tasks }), devices: {} };
}
