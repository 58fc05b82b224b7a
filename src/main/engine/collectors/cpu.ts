/** CPU time: what the platforms read, and the shares computed from it. */
import { cpu } from '../../../shared/metrics/cpu';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { percent, roundTo, rounded } from './numbers';
import type { Previous } from './collector';

/** Time since boot by type, in any unit. iowait and steal are null where the system does not count them. */
export interface CpuTimes {
  /** Including nice time, and guest time, which the kernel already counts as user time. */
  readonly user: number;
  /** Including interrupts. */
  readonly system: number;
  readonly idle: number;
  readonly iowait: Value;
  readonly steal: Value;
}

/** One read of the CPU counters. */
export interface CpuRaw {
  readonly total: CpuTimes;
  /** Online cores, by number. */
  readonly cores: ReadonlyMap<string, CpuTimes>;
  readonly load: { readonly one: Value; readonly five: Value; readonly fifteen: Value };
  /** Cores allowed by a cgroup; null without a limit. */
  readonly limit: Value;
}

interface Shares {
  readonly usage: Value;
  readonly user: Value;
  readonly system: Value;
  readonly iowait: Value;
  readonly steal: Value;
}

const UNKNOWN: Shares = { usage: null, user: null, system: null, iowait: null, steal: null };

function sum(times: CpuTimes): number {
  return times.user + times.system + times.idle + (times.iowait ?? 0) + (times.steal ?? 0);
}

/** Growth of one counter. A single one may decrease (iowait does, see proc(5)): that counts as no growth. */
function growthOf(now: Value, before: Value): number {
  return now === null || before === null ? 0 : Math.max(0, now - before);
}

/**
 * Shares of the time between two reads, in percent. usage = 100 · (1 − (idle + iowait) ÷ total): time waiting for a disk
 * counts as idle, because the core would have run another task had there been one. All null if the sum of the counters
 * decreased or did not grow.
 */
function sharesOf(now: CpuTimes, before: CpuTimes | undefined): Shares {
  if (before === undefined || sum(now) < sum(before)) return UNKNOWN;
  const user = growthOf(now.user, before.user);
  const system = growthOf(now.system, before.system);
  const iowait = growthOf(now.iowait, before.iowait);
  const steal = growthOf(now.steal, before.steal);
  const busy = user + system + steal;
  const total = busy + iowait + growthOf(now.idle, before.idle);
  return {
    usage: percent(busy, total),
    user: percent(user, total),
    system: percent(system, total),
    iowait: now.iowait === null ? null : percent(iowait, total),
    steal: now.steal === null ? null : percent(steal, total),
  };
}

/** The note if a cgroup allows fewer cores than the machine has. */
function noteOf(limit: Value, cores: number): { note?: string } {
  if (limit === null || limit >= cores) return {};
  return { note: `values of the whole machine; limited to ${roundTo(limit, 0.01)} of ${cores} cores by a cgroup` };
}

/** CPU shares, number of cores and load averages. Shares are null without a previous read. */
export function cpuReading(raw: CpuRaw, previous: Previous<CpuRaw> | null): ReadingOf<'cpu'> {
  const devices: Record<string, DeviceReading<'usage'>> = {};
  for (const [id, times] of raw.cores) {
    const { usage } = previous === null ? UNKNOWN : sharesOf(times, previous.raw.cores.get(id));
    devices[id] = { label: `Core ${id}`, values: { usage: roundTo(usage, cpu.device.metrics.usage.resolution) } };
  }
  const shares = previous === null ? UNKNOWN : sharesOf(raw.total, previous.raw.total);
  const { one, five, fifteen } = raw.load;
  return {
    values: rounded(cpu.metrics, { ...shares, cores: raw.cores.size === 0 ? null : raw.cores.size, load1: one, load5: five, load15: fifteen }),
    devices,
    ...noteOf(raw.limit, raw.cores.size),
  };
}
