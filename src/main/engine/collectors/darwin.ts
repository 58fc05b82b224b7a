/** The collectors of macOS, and of any system that has none of its own: Node where it has the counters, systeminformation for the rest. */
import { cpus, loadavg } from 'node:os';
import { portableConnections } from './connections.portable';
import { portableCpu } from './cpu.portable';
import type { CollectorDeps } from './deps';
import { portableDisk } from './disk.portable';
import { portableDiskIo } from './diskio.portable';
import { portableFrequency } from './frequency.portable';
import { portableMemory } from './memory.portable';
import { portableNetwork } from './network.portable';
import { portableSelf } from './self.portable';
import { portableTemperature } from './temperature.portable';
import type { CollectorSet } from './collector';
import { portableUptime } from './uptime.portable';

/** One collector per family. */
export function darwinCollectors(deps: CollectorDeps) {
  const load = deps.systemInformation;
  return {
    cpu: portableCpu({ cpus, loadavg }, { hasLoad: true, systemIncludesInterrupts: false }),
    memory: portableMemory(load),
    disk: portableDisk(load, () => deps.networkMounts()),
    diskio: portableDiskIo(load),
    network: portableNetwork(deps),
    temperature: portableTemperature(load),
    frequency: portableFrequency(load),
    connections: portableConnections(load, deps.clock),
    uptime: portableUptime(deps),
    self: portableSelf(deps.self),
  } satisfies CollectorSet;
}
