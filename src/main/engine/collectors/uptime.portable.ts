/** Uptime from the boot clock, for macOS and Windows; counting tasks would be expensive there. */
import type { SystemDeps } from './deps';
import type { Collector } from './collector';
import { appAge, uptimeReading } from './uptime';
import type { UptimeRaw } from './uptime';

/** Reads the clock. */
export function portableUptime(deps: Pick<SystemDeps, 'clock' | 'processSeconds'>): Collector<'uptime', UptimeRaw> {
  const ageOf = appAge(deps.processSeconds);
  return {
    family: 'uptime',
    read: () => {
      const system = deps.clock.boot() / 1000;
      return { system, app: ageOf(system), tasks: null };
    },
    toReading: uptimeReading,
  };
}
