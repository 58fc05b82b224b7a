/** The collectors of Linux: they read /proc, /sys and statfs themselves, and start no process but nvidia-smi, where a card of NVIDIA is awake, and smartctl, where that is wanted. */
import { linuxBattery } from './battery.linux';
import { cgroupLimits } from './cgroup.linux';
import { linuxConnections } from './connections.linux';
import { containerCollector } from './container';
import { linuxCpu } from './cpu.linux';
import type { CollectorDeps } from './deps';
import { linuxDisk } from './disk.linux';
import { linuxDiskIo } from './diskio.linux';
import { withPressure } from './diskio-pressure.linux';
import { linuxFans } from './fans.linux';
import { linuxFrequency } from './frequency.linux';
import { GpuGates } from './gpu/gates';
import { linuxGpu } from './gpu.linux';
import { linuxHealth } from './health.linux';
import { linuxMemory } from './memory.linux';
import { linuxNetwork } from './network.linux';
import { linuxPower } from './power.linux';
import { linuxSelf } from './self.linux';
import { serviceCollector } from './service';
import { linuxTemperature } from './temperature.linux';
import type { CollectorSet } from './collector';
import { linuxUptime } from './uptime.linux';

/** One collector per family. */
export function linuxCollectors(deps: CollectorDeps) {
  const limits = cgroupLimits(deps);
  const gates = new GpuGates();
  return {
    cpu: linuxCpu(deps.root, limits, () => deps.clock.mono()),
    gpu: linuxGpu(deps, gates),
    memory: linuxMemory(deps.root, limits, () => deps.clock.mono()),
    disk: linuxDisk(deps),
    diskio: withPressure(linuxDiskIo(deps.root), deps.root, () => deps.clock.mono()),
    health: linuxHealth(deps),
    network: linuxNetwork(deps),
    temperature: linuxTemperature(deps, gates),
    fans: linuxFans(deps),
    frequency: linuxFrequency(deps),
    battery: linuxBattery(deps),
    power: linuxPower(deps),
    connections: linuxConnections(deps.root),
    container: containerCollector(deps.containers),
    service: serviceCollector(deps.services),
    uptime: linuxUptime(deps),
    self: linuxSelf(deps),
  } satisfies CollectorSet;
}
