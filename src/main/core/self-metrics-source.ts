/** The app's own CPU, memory and disk use, for the metric family `self`. */
import type { Platform, SelfSource } from '../engine/collectors/deps';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';

/** Linux counts block output in units of 512 bytes (getrusage(2), ru_oublock); elsewhere the unit is not bytes. */
const BLOCK = 512;

/** The processes of the app, whatever runs them. */
export type OwnProcesses = Pick<SelfSource, 'pids' | 'usage'>;

/** Creates the source. `sampler` is a function because the sampler is created later, from the collectors that use this source. */
export function selfMetricsSource(processes: OwnProcesses, platform: Platform, store: Store, sampler: () => Sampler): SelfSource {
  return {
    ...processes,
    perCollector: () => sampler().costs(),
    tickMs: () => sampler().tickCost(),
    databaseBytes: () => store.size(),
    bytesWritten: () => (platform === 'linux' ? process.resourceUsage().fsWrite * BLOCK : null),
  };
}
