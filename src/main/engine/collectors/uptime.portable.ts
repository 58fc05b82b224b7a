/** Uptime from the boot clock, for macOS and Windows. */
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import type { Collector } from './collector';
import { appAge, uptimeReading } from './uptime';
import type { UptimeRaw } from './uptime';

/** Reads the clock. `countTasks` gives the number of threads of the machine, where that can be counted cheaply. */
export function portableUptime(deps: Pick<SystemDeps, 'clock' | 'processSeconds'>, countTasks: () => Promise<Value> = () => Promise.resolve(null)): Collector<'uptime', UptimeRaw> {
  const ageOf = appAge(deps.processSeconds);
  return {
    family: 'uptime',
    read: async () => {
      const tasks = await countTasks();
      const system = deps.clock.boot() / 1000;
      return { system, app: ageOf(system), tasks };
    },
    toReading: uptimeReading,
  };
}
