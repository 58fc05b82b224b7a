/** Memory, swap and the ZFS cache of a made-up machine. Pure. */
import { fixed } from './tree-cpu';
import type { LiveFiles, Moment } from './moment';

/** Bytes in use by programs: what they always take, what bursts add, and a wave of some hours. */
function usedOf({ machine: { spec, load }, time }: Moment): number {
  const { base, bursts } = load.smooth(time);
  const burst = spec.bursts.reduce((sum, { memory }, index) => sum + memory * (bursts[index] ?? 0), 0);
  const wave = 0.02 * spec.memory * (Math.sin(time / 5_100_000) + Math.sin(time / 1_370_000));
  return Math.min(0.96 * spec.memory, spec.memoryIdle + wave + 0.15 * spec.memory * base + burst);
}

/** Bytes of the ZFS cache: large while nothing else needs the memory. */
function arcOf(moment: Moment): number {
  const { arc, memory } = moment.machine.spec;
  return arc === null ? 0 : Math.max(arc.min, Math.min(arc.max, 0.9 * memory - usedOf(moment)));
}

/** /proc/meminfo, in KiB. */
export function meminfoFile(moment: Moment): string {
  const { memory, swap } = moment.machine.spec;
  const used = usedOf(moment);
  const arc = arcOf(moment);
  const free = Math.max(0.02 * memory, 0.25 * (memory - used - arc));
  // The kernel does not count the cache of ZFS as available.
  const available = Math.max(free, memory - used - arc);
  const pages = available - free;
  const swapUsed = swap === null ? 0 : swap.used * (0.9 + 0.1 * Math.sin(moment.time / 9_000_000)) + Math.max(0, used - 0.85 * memory);
  const line = (name: string, bytes: number): string => `${`${name}:`.padEnd(16)}${String(Math.round(bytes / 1024)).padStart(10)} kB\n`;
  return [
    line('MemTotal', memory),
    line('MemFree', free),
    line('MemAvailable', available),
    line('Buffers', 0.06 * pages),
    line('Cached', 0.8 * pages),
    line('SwapCached', 0),
    line('SwapTotal', swap?.total ?? 0),
    line('SwapFree', (swap?.total ?? 0) - Math.min(swap?.total ?? 0, swapUsed)),
    line('Dirty', 0.002 * pages),
    line('AnonPages', 0.85 * used),
    line('Shmem', 0.05 * pages),
    line('SReclaimable', 0.14 * pages),
    line('SUnreclaim', 0.03 * used),
  ].join('');
}

/** /proc/vmstat: pages in and out, faults; counters. */
export function vmstatFile({ machine: { spec, load }, totals }: Moment): string {
  const sum = (id: 'read' | 'write'): number => spec.disks.reduce((all, disk) => all + load.count(disk[id], totals, `${disk.name} ${id}`), 0);
  const line = (name: string, value: number): string => `${name} ${fixed(value)}\n`;
  return [
    line('pgpgin', sum('read') / 1024),
    line('pgpgout', sum('write') / 1024),
    line('pswpin', spec.swap === null ? 0 : 2 * totals.cpu),
    line('pswpout', spec.swap === null ? 0 : 3 * totals.cpu),
    line('pgfault', 3000 * totals.seconds + 90_000 * totals.cpu),
    line('pgmajfault', 0.2 * totals.seconds + 6 * totals.cpu),
    line('oom_kill', 0),
  ].join('');
}

/** Statistics of the ZFS cache; nothing without ZFS. */
export function arcFile(moment: Moment): LiveFiles {
  const { arc } = moment.machine.spec;
  if (arc === null) return {};
  const { seconds, cpu } = moment.totals;
  const rows: readonly (readonly [string, number])[] = [
    ['hits', 800 * seconds + 40_000 * cpu],
    ['misses', 20 * seconds + 1500 * cpu],
    ['c_min', arc.min],
    ['c_max', arc.max],
    ['size', arcOf(moment)],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(31)} 4    ${fixed(value, 15)}`);
  return { 'proc/spl/kstat/zfs/arcstats': ['13 1 0x01 147 39984 4194304 0', 'name                            type data', ...lines, ''].join('\n') };
}
