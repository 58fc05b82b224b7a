/** The collectors of Windows: Node where it has the counters, the system's own libraries for the rest. They start no program but nvidia-smi, and smartctl where that is wanted. */
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { readNetworkInterfaces } from '../network-interfaces';
import type { KnownInterface } from '../windows/interface-rows';
import { win32Battery } from './battery.win32';
import { believableDiskIo, believableNetwork } from './believable';
import { win32Connections } from './connections.win32';
import { containerCollector } from './container';
import { portableCpu } from './cpu.portable';
import type { CollectorDeps } from './deps';
import { win32Disk } from './disk.win32';
import { win32DiskIo } from './diskio.win32';
import { win32Frequency } from './frequency.win32';
import { portableHealth } from './health.portable';
import { win32Gpu } from './gpu.win32';
import { win32Memory } from './memory.win32';
import { win32Network } from './network.win32';
import { portableSelf } from './self.portable';
import { serviceCollector } from './service';
import { win32Temperature } from './temperature.win32';
import type { CollectorSet } from './collector';
import { untoldFans, untoldPower } from './untold';
import { portableUptime } from './uptime.portable';
import { win32Tasks } from './uptime.win32';

/** The drive that Windows runs from. */
const systemDrive = (): string => process.env['SystemDrive'] ?? 'C:';

/** Interfaces with their MAC addresses. */
const knownInterfaces = (): KnownInterface[] => readNetworkInterfaces().flatMap(([name, [first]]) => (first === undefined ? [] : [{ name, mac: first.mac }]));

const MEGAHERTZ = 1e6;

/** Where the installer of smartmontools puts smartctl. */
const SMARTCTL = ['C:\\Program Files\\smartmontools\\bin\\smartctl.exe'];

/** What Node tells of the machine. */
const NODE = { cpus, freemem, loadavg, totalmem };

/** One collector per family. */
export function win32Collectors(deps: CollectorDeps, node: typeof NODE = NODE) {
  // Nominal speed of the processor, hertz.
  const baseSpeed = (): number => (node.cpus()[0]?.speed ?? 0) * MEGAHERTZ;
  return {
    cpu: portableCpu(node, { hasLoad: false, systemIncludesInterrupts: true }),
    gpu: win32Gpu(deps),
    memory: win32Memory(deps, node),
    disk: win32Disk({ ...deps, systemDrive: systemDrive() }),
    diskio: believableDiskIo(win32DiskIo(deps)),
    health: portableHealth(deps, SMARTCTL),
    network: believableNetwork(win32Network(deps, knownInterfaces), deps.clock),
    temperature: win32Temperature(deps),
    fans: untoldFans('Windows does not tell programs the speed of its fans.'),
    frequency: win32Frequency(deps, baseSpeed),
    battery: win32Battery(deps),
    power: untoldPower('Windows does not tell programs how much power the processor takes.'),
    connections: win32Connections(deps),
    container: containerCollector(deps.containers),
    service: serviceCollector(deps.services),
    uptime: portableUptime(deps, win32Tasks(deps)),
    self: portableSelf(deps.self, deps),
  } satisfies CollectorSet;
}
