/** CPU time: what the platforms read, and the shares computed from it. */
import { cpu } from '../../../shared/metrics/cpu';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { emptyRecord, percent, roundTo, rounded } from './numbers';
import type { Previous } from './collector';

/** Time since boot by type, in ticks (see CpuRaw). iowait and steal are null where the system does not count them. */
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
  /** Ticks a core counts in a second; USER_HZ without it. */
  readonly ticksPerSecond?: number;
}

/** Ticks per second of /proc/stat: USER_HZ, which is 100 on every processor that Node runs on. */
const USER_HZ = 100;

interface Shares {
  readonly usage: Value;
  readonly user: Value;
  readonly system: Value;
  readonly iowait: Value;
  readonly steal: Value;
}

const UNKNOWN: Shares = { usage: null, user: null, system: null, iowait: null, steal: null };

/**
 * Most ticks a column may grow by. Counters lag a little behind: a core that sleeps or is not scheduled by its host is
 * counted when it runs again.
 */
function mostTicks(seconds: number, cores: number, ticksPerSecond: number): number {
  return (1.25 * seconds + 0.25) * cores * ticksPerSecond;
}

/** Growth of one counter; null if it ran backwards or grew by more than there was time for. 0 where it does not exist. */
function growthOf(now: Value, before: Value, most: number): Value {
  const grown = now === null || before === null ? 0 : now - before;
  return grown < 0 || grown > most ? null : grown;
}

/**
 * Time without work, apart and waiting for disks. A sleep that lasts is counted as the one or the other as it stands when it
 * is read, so either may decrease (see proc(5)). Null idle: unknown; null iowait: left out.
 */
function waiting(now: CpuTimes, before: CpuTimes, most: number): { idle: Value; iowait: Value } {
  const iowait = (now.iowait ?? 0) < (before.iowait ?? 0) ? 0 : growthOf(now.iowait, before.iowait, most);
  if (now.idle >= before.idle || iowait === null) return { idle: growthOf(now.idle, before.idle, most), iowait };
  const together = iowait + now.idle - before.idle;
  return together < 0 ? { idle: null, iowait } : { idle: 0, iowait: together };
}

/**
 * Shares of the time between two reads, in percent. usage = 100 · (1 − (idle + iowait) ÷ total): time waiting for a disk
 * counts as idle, because the core would have run another task had there been one. Time that a host counts (steal) may be
 * anything after a virtual machine was moved: where it is impossible it is left out, and so is iowait. All null if one of the
 * others is impossible, or none grew. `most`: ticks there was time for.
 */
function sharesOf(now: CpuTimes, before: CpuTimes | undefined, most: number): Shares {
  if (before === undefined) return UNKNOWN;
  const user = growthOf(now.user, before.user, most);
  const system = growthOf(now.system, before.system, most);
  const { idle, iowait: waited } = waiting(now, before, most);
  let iowait = waited;
  let steal = growthOf(now.steal, before.steal, most);
  if (user === null || system === null || idle === null) return UNKNOWN;
  const certain = user + system + idle;
  if (certain + (iowait ?? 0) + (steal ?? 0) > most) steal = null;
  if (certain + (iowait ?? 0) > most) iowait = null;
  if (certain > most) return UNKNOWN;
  const busy = user + system + (steal ?? 0);
  const total = busy + idle + (iowait ?? 0);
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
  const devices = emptyRecord<DeviceReading<'usage'>>();
  const most = (cores: number): number => mostTicks(previous?.seconds ?? 0, cores, raw.ticksPerSecond ?? USER_HZ);
  for (const [id, times] of raw.cores) {
    const { usage } = previous === null ? UNKNOWN : sharesOf(times, previous.raw.cores.get(id), most(1));
    devices[id] = { label: `Core ${id}`, values: { usage: roundTo(usage, cpu.device.metrics.usage.resolution) } };
  }
  const shares = previous === null ? UNKNOWN : sharesOf(raw.total, previous.raw.total, most(Math.max(raw.cores.size, previous.raw.cores.size)));
  const { one, five, fifteen } = raw.load;
  return {
    values: rounded(cpu.metrics, { ...shares, cores: raw.cores.size === 0 ? null : raw.cores.size, load1: one, load5: five, load15: fifteen }),
    devices,
    ...noteOf(raw.limit, raw.cores.size),
  };
}
