/** Health of drives on macOS and Windows: what smartctl says, where it is installed and wanted. */
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { healthReading } from './health';
import type { HealthRaw } from './health';
import { Drives } from './smart';

/** What the collector needs. */
export type PortableHealthDeps = Pick<SystemDeps, 'clock' | 'timers' | 'programs'> & { driveHealth(): boolean };

const denied = (): string => 'Drives: smartctl may not read them as this user, and this system cannot permit it to smartctl alone.';

/** Asks the drives; `places` are the full paths at which smartctl may be. */
export function portableHealth(deps: PortableHealthDeps, places: readonly string[]): Collector<'health', HealthRaw> {
  const drives = new Drives(deps, places, denied);
  return {
    family: 'health',
    read: () => (deps.driveHealth() ? drives.soon() : { devices: [], note: null }),
    toReading: healthReading,
  };
}
