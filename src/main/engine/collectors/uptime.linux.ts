/** Uptime from /proc/uptime, which includes sleep; tasks from /proc/loadavg. */
import { join } from 'node:path';
import { parseLoadavg } from './cpu.linux';
import type { SystemDeps } from './deps';
import { parseFault } from './faults';
import { HeldFile, WHOLE } from './files';
import type { Collector } from './collector';
import { appAge, uptimeReading } from './uptime';
import type { UptimeRaw } from './uptime';

const UPTIME = '/proc/uptime';

/** Seconds since boot. Throws a ParseError. */
export function parseUptime(text: string): number {
  const seconds = Number.parseFloat(text);
  if (!(seconds >= 0)) throw parseFault(UPTIME, `cannot read "${text.trim().slice(0, 60)}"`);
  return seconds;
}

/** Reads both files synchronously; they stay open between reads. */
export function linuxUptime(deps: Pick<SystemDeps, 'root' | 'processSeconds'>): Collector<'uptime', UptimeRaw> {
  const uptime = new HeldFile(join(deps.root, UPTIME), 128, WHOLE.record);
  const loadavg = new HeldFile(join(deps.root, '/proc/loadavg'), 128, WHOLE.record);
  const ageOf = appAge(deps.processSeconds);
  return {
    family: 'uptime',
    read: () => {
      const system = parseUptime(uptime.text());
      return { system, app: ageOf(system), tasks: parseLoadavg(loadavg.text()).tasks };
    },
    toReading: uptimeReading,
    close: () => {
      uptime.close();
      loadavg.close();
    },
  };
}
