/** CPU time from Node, for macOS and Windows: cumulative counters, without starting a process. */
import type { CpuInfo } from 'node:os';
import { cpuReading } from './cpu';
import type { CpuRaw, CpuTimes } from './cpu';
import { CollectorError } from './collector';
import type { Collector } from './collector';

/** The functions of `node:os` that are used. */
export interface NodeCpu {
  cpus(): readonly Pick<CpuInfo, 'times'>[];
  loadavg(): readonly number[];
}

/** What Node's numbers mean on a system. */
export interface CpuMeaning {
  /** False on Windows, where Node returns zeros for the load averages. */
  readonly hasLoad: boolean;
  /** True on Windows, where the time in the kernel includes that of interrupts. */
  readonly systemIncludesInterrupts: boolean;
}

function timesOf({ user, nice, sys, idle, irq }: CpuInfo['times'], { systemIncludesInterrupts }: CpuMeaning): CpuTimes {
  return { user: user + nice, system: systemIncludesInterrupts ? sys : sys + irq, idle, iowait: null, steal: null };
}

function add(a: CpuTimes, b: CpuTimes): CpuTimes {
  return { user: a.user + b.user, system: a.system + b.system, idle: a.idle + b.idle, iowait: null, steal: null };
}

/** Reads them. */
export function portableCpu(node: NodeCpu, meaning: CpuMeaning): Collector<'cpu', CpuRaw> {
  return {
    family: 'cpu',
    read: () => {
      const cores = new Map(node.cpus().map((core, index) => [String(index), timesOf(core.times, meaning)] as const));
      const [first, ...rest] = cores.values();
      if (first === undefined) throw new CollectorError('SystemUnavailable', 'the system lists no core');
      const [one, five, fifteen] = meaning.hasLoad ? node.loadavg() : [];
      const load = { one: one ?? null, five: five ?? null, fifteen: fifteen ?? null };
      return { total: rest.reduce(add, first), cores, load, limit: null, ticksPerSecond: 1000 };
    },
    toReading: cpuReading,
  };
}
