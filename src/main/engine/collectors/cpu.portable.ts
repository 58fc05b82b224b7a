/** Processor time from Node itself, for macOS and Windows: cumulative counters, and no process is spawned. */
import type { CpuInfo } from 'node:os';
import { cpuReading } from './cpu';
import type { CpuRaw, CpuTimes } from './cpu';
import { CollectorError } from './collector';
import type { Collector } from './collector';

/** What `os.cpus` and `os.loadavg` answer. */
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

/** `hasLoad` is false on Windows, where Node answers zeros. */
export function portableCpu(node: NodeCpu, hasLoad: boolean): Collector<'cpu', CpuRaw> {
  return {
    family: 'cpu',
    read: () => {
      const cores = new Map(node.cpus().map((core, index) => [String(index), timesOf(core.times)] as const));
      const [first, ...rest] = cores.values();
      if (first === undefined) throw new CollectorError('SystemUnavailable', 'the system names no core');
      const [one, five, fifteen] = hasLoad ? node.loadavg() : [];
      const load = { one: one ?? null, five: five ?? null, fifteen: fifteen ?? null };
      return { total: rest.reduce(add, first), cores, load, limit: null };
    },
    toReading: cpuReading,
  };
}
