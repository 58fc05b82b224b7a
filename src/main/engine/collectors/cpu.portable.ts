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

function timesOf({ user, nice, sys, idle, irq }: CpuInfo['times']): CpuTimes {
  return { user: user + nice, system: sys + irq, idle, iowait: null, steal: null };
}

function add(a: CpuTimes, b: CpuTimes): CpuTimes {
  return { user: a.user + b.user, system: a.system + b.system, idle: a.idle + b.idle, iowait: null, steal: null };
}

/** `hasLoad` is false on Windows, where Node returns zeros for the load averages. */
export function portableCpu(node: NodeCpu, hasLoad: boolean): Collector<'cpu', CpuRaw> {
  return {
    family: 'cpu',
    read: () => {
      const cores = new Map(node.cpus().map((core, index) => [String(index), timesOf(core.times)] as const));
      const [first, ...rest] = cores.values();
      if (first === undefined) throw new CollectorError('SystemUnavailable', 'the system lists no core');
      const [one, five, fifteen] = hasLoad ? node.loadavg() : [];
      const load = { one: one ?? null, five: five ?? null, fifteen: fifteen ?? null };
      return { total: rest.reduce(add, first), cores, load, limit: null, ticksPerSecond: 1000 };
    },
    toReading: cpuReading,
  };
}
