/** CPU time: what the platforms read, and the shares computed from it. */
import { cpu } from '../../../shared/metrics/cpu';
import type { MetricName } from '../../../shared/metrics/index';
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
  /** Percent of the last minute in which a task waited for a core; absent where the system does not measure it. */
  readonly pressure?: Value;
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

/** Ticks that there was time for between two reads. */
interface Time {
  /** Those that passed. */
  readonly passed: number;
  /** Most that a column may grow by. Counters lag a little behind: a core that sleeps or is not scheduled by its host is counted when it runs again. */
  readonly most: number;
  /** Most that a column may slip back by: the kernel computes some anew at each read, from clocks of cores that differ a little. */
  readonly slip: number;
}

function timeOf(seconds: number, cores: number, ticksPerSecond: number): Time {
  const perSecond = cores * ticksPerSecond;
  return { passed: seconds * perSecond, most: (1.25 * seconds + 0.25) * perSecond, slip: 0.05 * (seconds + 0.25) * perSecond };
}

/** Where a column slipped back, the others must account for this share of the time: else it is not known what was done. */
const ACCOUNTED = 0.8;

/** True if a column ran backwards, but only a little. */
function hasSlipped(now: Value, before: Value, { slip }: Time): boolean {
  return now !== null && before !== null && now < before && before - now <= slip;
}

/** Growth of one counter; null if it ran backwards or grew by more than there was time for. 0 where it does not exist, or slipped. */
function growthOf(now: Value, before: Value, time: Time): Value {
  if (hasSlipped(now, before, time)) return 0;
  const grown = now === null || before === null ? 0 : now - before;
  return grown < 0 || grown > time.most ? null : grown;
}

/**
 * Time without work, apart and waiting for disks. A sleep that lasts is counted as the one or the other as it stands when it
 * is read, so either may decrease (see proc(5)). Null idle: unknown; null iowait: left out.
 */
function waiting(now: CpuTimes, before: CpuTimes, time: Time): { idle: Value; iowait: Value } {
  const iowait = (now.iowait ?? 0) < (before.iowait ?? 0) ? 0 : growthOf(now.iowait, before.iowait, time);
  if (now.idle >= before.idle || iowait === null) return { idle: growthOf(now.idle, before.idle, time), iowait };
  const together = iowait + now.idle - before.idle;
  return together < 0 ? { idle: growthOf(now.idle, before.idle, time), iowait } : { idle: 0, iowait: together };
}

/**
 * Shares of the time between two reads, in percent. usage = 100 · (1 − (idle + iowait) ÷ total): time waiting for a disk
 * counts as idle, because the core would have run another task had there been one. Time that a host counts (steal) may be
 * anything after a virtual machine was moved: where it is impossible it is left out, and so is iowait. All null if one of the
 * others is impossible, or none grew.
 */
function sharesOf(now: CpuTimes, before: CpuTimes | undefined, time: Time): Shares {
  if (before === undefined) return UNKNOWN;
  const { most } = time;
  const user = growthOf(now.user, before.user, time);
  const system = growthOf(now.system, before.system, time);
  const { idle, iowait: waited } = waiting(now, before, time);
  let iowait = waited;
  let steal = growthOf(now.steal, before.steal, time);
  if (user === null || system === null || idle === null) return UNKNOWN;
  const certain = user + system + idle;
  if (certain + (iowait ?? 0) + (steal ?? 0) > most) steal = null;
  if (certain + (iowait ?? 0) > most) iowait = null;
  if (certain > most) return UNKNOWN;
  const slipped = hasSlipped(now.user, before.user, time) || hasSlipped(now.system, before.system, time) || hasSlipped(now.idle, before.idle, time);
  if (slipped && certain + (iowait ?? 0) + (steal ?? 0) < ACCOUNTED * time.passed) return UNKNOWN;
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

const NO_PRESSURE: readonly MetricName<'cpu'>[] = ['pressure'];

/** CPU shares, number of cores and load averages. Shares are null without a previous read. */
export function cpuReading(raw: CpuRaw, previous: Previous<CpuRaw> | null): ReadingOf<'cpu'> {
  const devices = emptyRecord<DeviceReading<'usage'>>();
  const time = (cores: number): Time => timeOf(previous?.seconds ?? 0, cores, raw.ticksPerSecond ?? USER_HZ);
  const timeOfCore = time(1);
  for (const [id, times] of raw.cores) {
    const { usage } = previous === null ? UNKNOWN : sharesOf(times, previous.raw.cores.get(id), timeOfCore);
    devices[id] = { label: `Core ${id}`, values: { usage: roundTo(usage, cpu.device.metrics.usage.resolution) } };
  }
  const shares = previous === null ? UNKNOWN : sharesOf(raw.total, previous.raw.total, time(Math.max(raw.cores.size, previous.raw.cores.size)));
  const { one, five, fifteen } = raw.load;
  return {
    values: rounded(cpu.metrics, { ...shares, cores: raw.cores.size === 0 ? null : raw.cores.size, load1: one, load5: five, load15: fifteen, pressure: raw.pressure ?? null }),
    devices,
    ...(raw.pressure === undefined ? { untold: NO_PRESSURE } : {}),
    ...noteOf(raw.limit, raw.cores.size),
  };
}
