/** The app's own CPU, memory and disk use, for the metric family `self`. */
import type { App } from 'electron';
import type { Platform, SelfSource } from '../engine/collectors/deps';
import type { Sampler } from '../engine/sampler/sampler';
import type { Store } from '../engine/store/store-types';

/** Linux counts block output in units of 512 bytes (getrusage(2), ru_oublock); elsewhere the unit is not bytes. */
const BLOCK = 512;

/** Creates the source. `sampler` is a function because the sampler is created later, from the collectors that use this source. */
export function selfMetricsSource(app: App, platform: Platform, store: Store, sampler: () => Sampler): SelfSource {
  return {
    pids: () => app.getAppMetrics().map((metric) => metric.pid),
    usage: () => {
      let cpuSeconds = 0;
      let rssBytes = 0;
      for (const { cpu, memory } of app.getAppMetrics()) {
        cpuSeconds += cpu.cumulativeCPUUsage ?? 0;
        rssBytes += memory.workingSetSize * 1024;
      }
      return { cpuSeconds, rssBytes };
    },
    perCollector: () => sampler().costs(),
    tickMs: () => sampler().tickCost(),
    databaseBytes: () => store.size(),
    bytesWritten: () => (platform === 'linux' ? process.resourceUsage().fsWrite * BLOCK : null),
  };
}
