/**
 * The files of a made-up machine at a moment, as pure functions of its description, its load and the time. Numbers of files
 * that stay open in the app have a fixed width: rewritten in place they keep their length, and no reader sees half a file.
 */
import { statFile, loadavgFile, pressureFiles, uptimeFile, frequencyFiles } from './tree-cpu';
import { arcFile, meminfoFile, vmstatFile } from './tree-memory';
import { diskstatsFile, mountFiles, diskFolders, spaceFile } from './tree-disks';
import { gpuFiles, gpuFolders } from './tree-gpu';
import { interfaceFolders, netdevFile, socketFiles } from './tree-network';
import { batteryFiles, chipFolders, fanFiles, temperatureFiles } from './tree-sensors';
import { createLoad } from './load';
import type { MachineSpec } from './machine';
import type { Files, LiveFiles, Machine, Moment } from './moment';

/** Options of a machine; `zone` is added to UTC to get local time, ms. */
export interface MachineOptions {
  readonly spec: MachineSpec;
  readonly seed: number;
  readonly boot: number;
  readonly anchor: number;
  readonly zone: number;
}

/** Creates a machine. */
export function createMachine({ spec, seed, boot, anchor, zone }: MachineOptions): Machine {
  const start = Math.floor(boot / 60_000) * 60_000;
  return { spec, seed, boot: start, anchor, load: createLoad({ spec, seed, boot: start, zone }) };
}

/** The machine at a time. */
export function momentOf(machine: Machine, time: number): Moment {
  return { machine, time, totals: machine.load.totals(time) };
}

/** Host name of a machine; it begins with `demo-`, so that it is never taken for a real one. */
export function hostnameOf({ name }: MachineSpec): string {
  return `demo-${name}`;
}

/** Files that are written once. */
export function fixedFiles(machine: Machine): Files {
  const { spec } = machine;
  const passwd = ['root:x:0:0:root:/root:/bin/sh', ...spec.users.map(([name, uid]) => `${name}:x:${uid}:${uid}::/home/${name}:/bin/sh`)];
  return {
    'etc/hostname': `${hostnameOf(spec)}\n`,
    'etc/os-release': `PRETTY_NAME="${spec.os}"\n`,
    'etc/passwd': `${passwd.join('\n')}\n`,
    'proc/sys/kernel/hostname': `${hostnameOf(spec)}\n`,
    'proc/sys/kernel/osrelease': `${spec.kernel}\n`,
    'proc/self/cgroup': '0::/\n',
    'proc/cpuinfo': cpuinfo(spec),
    ...(spec.arc === null ? {} : { [`proc/spl/kstat/zfs/${spec.arc.pool}/state`]: 'ONLINE\n' }),
    ...(spec.board === null ? {} : { 'proc/device-tree/model': `${spec.board}\0` }),
    ...mountFiles(spec),
    ...diskFolders(spec),
    ...interfaceFolders(spec),
    ...chipFolders(spec),
    ...gpuFolders(spec),
  };
}

function cpuinfo({ cores, sockets, cpuModel }: MachineSpec): string {
  const block = (core: number): string => `processor\t: ${core}\nmodel name\t: ${cpuModel}\nphysical id\t: ${Math.floor((core * sockets) / cores)}\n`;
  return Array.from({ length: cores }, (_, core) => block(core)).join('\n');
}

/** Counters and levels that change each second. */
export function fastFiles(moment: Moment): LiveFiles {
  return {
    'proc/stat': statFile(moment),
    'proc/loadavg': loadavgFile(moment),
    'proc/uptime': uptimeFile(moment),
    'proc/meminfo': meminfoFile(moment),
    'proc/vmstat': vmstatFile(moment),
    'proc/diskstats': diskstatsFile(moment),
    'proc/net/dev': netdevFile(moment),
    ...arcFile(moment),
    ...pressureFiles(moment),
    ...socketFiles(moment),
  };
}

/** What is read every few seconds at most: sensors, fans, clock speeds, the battery, the space of disks. */
export function slowFiles(moment: Moment): LiveFiles {
  return { ...temperatureFiles(moment), ...fanFiles(moment), ...frequencyFiles(moment), ...batteryFiles(moment), ...gpuFiles(moment), ...spaceFile(moment) };
}
