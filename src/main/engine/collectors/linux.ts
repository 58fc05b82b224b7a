/** The collectors of Linux: they read /proc, /sys and statfs themselves. The fast ones start no process. */
import { cgroupLimits } from './cgroup.linux';
import { linuxConnections } from './connections.linux';
import { linuxCpu } from './cpu.linux';
import type { CollectorDeps } from './deps';
import { linuxDisk } from './disk.linux';
import { linuxDiskIo } from './diskio.linux';
import { withPressure } from './diskio-pressure.linux';
import { linuxFrequency } from './frequency.linux';
import { linuxHealth } from './health.linux';
import { linuxMemory } from './memory.linux';
import { linuxNetwork } from './network.linux';
import { linuxSelf } from './self.linux';
import { linuxTemperature } from './temperature.linux';
import type { CollectorSet } from './collector';
import { linuxUptime } from './uptime.linux';

/** One collector per family. */
export function linuxCollectors(deps: CollectorDeps) {
  const limits = cgroupLimits(deps);
  return {
    cpu: linuxCpu(deps.root, limits, () => deps.clock.mono()),
    memory: linuxMemory(deps.root, limits, () => deps.clock.mono()),
    disk: linuxDisk(deps),
    diskio: withPressure(linuxDiskIo(deps.root), deps.root, () => deps.clock.mono()),
    health: linuxHealth(deps),
    network: linuxNetwork(deps),
    temperature: linuxTemperature(deps),
    frequency: linuxFrequency(deps),
    connections: linuxConnections(deps.root),
    uptime: linuxUptime(deps),
    self: linuxSelf(deps),
  } satisfies CollectorSet;
}
