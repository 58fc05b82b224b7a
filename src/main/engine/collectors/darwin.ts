/**
 * The collectors of macOS, and of any system that has none of its own: Node and Electron where they have the values, programs
 * of the system for the rest. Each program is started by its full path, without a shell, and at most every two seconds.
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { darwinBattery } from './battery.darwin';
import { believableDiskIo, believableNetwork } from './believable';
import type { CollectorSet } from './collector';
import { darwinConnections } from './connections.darwin';
import { containerCollector } from './container';
import { portableCpu } from './cpu.portable';
import type { CollectorDeps } from './deps';
import { darwinDisk } from './disk.darwin';
import { darwinDiskIo } from './diskio.darwin';
import { darwinFrequency } from './frequency.darwin';
import { portableHealth } from './health.portable';
import { darwinGpu } from './gpu.darwin';
import { darwinMemory } from './memory.darwin';
import { darwinNetwork } from './network.darwin';
import { portableSelf } from './self.portable';
import { serviceCollector } from './service';
import { darwinTemperature } from './temperature.darwin';
import { untoldFans, untoldPower } from './untold';
import { portableUptime } from './uptime.portable';

/** Where Homebrew, its version for Intel, and MacPorts put smartctl. */
const SMARTCTL = ['/opt/homebrew/sbin/smartctl', '/opt/homebrew/bin/smartctl', '/usr/local/sbin/smartctl', '/usr/local/bin/smartctl', '/opt/local/sbin/smartctl'];

/** What Node tells of the machine. */
const NODE = { cpus, loadavg, totalmem };

/** One collector per family. */
export function darwinCollectors(deps: CollectorDeps, node: typeof NODE = NODE) {
  return {
    cpu: portableCpu(node, { hasLoad: true, systemIncludesInterrupts: false }),
    gpu: darwinGpu(deps),
    memory: darwinMemory(deps, node.totalmem),
    disk: darwinDisk(deps),
    diskio: believableDiskIo(darwinDiskIo(deps)),
    health: portableHealth(deps, SMARTCTL),
    network: believableNetwork(darwinNetwork(deps), deps.clock),
    temperature: darwinTemperature(deps),
    fans: untoldFans('macOS does not tell programs the speed of its fans.'),
    frequency: darwinFrequency(),
    battery: darwinBattery(deps),
    power: untoldPower('macOS does not tell programs how much power the processor takes.'),
    connections: darwinConnections(deps),
    container: containerCollector(deps.containers),
    service: serviceCollector(deps.services),
    uptime: portableUptime(deps),
    self: portableSelf(deps.self, deps),
  } satisfies CollectorSet;
}
