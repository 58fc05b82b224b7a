/** Disk I/O: counters read by the platforms, and the rates computed from them. */
import { diskio } from '../../../shared/metrics/diskio';
import type { DeviceReading, ReadingOf, RenamedDevices, Value } from '../../../shared/metrics/reading';
import type { DeviceMetricName, MetricName } from '../../../shared/metrics/index';
import { emptyRecord, growth, leapt, maxOf, percent, rate, rounded, shrank, totalOf } from './numbers';
import type { Previous } from './collector';

/** Counters of one device since boot. */
export interface DiskCounters {
  readonly label: string;
  /** The id under which versions before stored it, where that was another. */
  readonly formerId?: string;
  /** Model of the disk. */
  readonly detail: string | null;
  /** False for devices on top of others (md, dm): shown, but left out of the totals, which would count them twice. */
  readonly summed: boolean;
  readonly reads: Value;
  readonly writes: Value;
  readonly readBytes: Value;
  readonly writeBytes: Value;
  /** Milliseconds with at least one request in flight. */
  readonly busyMs: Value;
}

/** One read of the counters, by the id of the device. */
export type DiskIoRaw = ReadonlyMap<string, DiskCounters>;

type Io = Record<DeviceMetricName<'diskio'>, Value>;

const UNKNOWN: Io = { read: null, write: null, readOps: null, writeOps: null, busy: null };

/** Rates of one device; all null if it is new, or one of its traffic counters decreased or grew by more than a disk can move. */
function ratesOf(now: DiskCounters, before: DiskCounters | undefined, seconds: number): Io {
  if (before === undefined) return UNKNOWN;
  const reset =
    leapt(now.readBytes, before.readBytes, seconds) || leapt(now.writeBytes, before.writeBytes, seconds) ||
    shrank(now.reads, before.reads) || shrank(now.writes, before.writes) || shrank(now.readBytes, before.readBytes) || shrank(now.writeBytes, before.writeBytes);
  if (reset) return UNKNOWN;
  return {
    read: rate(now.readBytes, before.readBytes, seconds),
    write: rate(now.writeBytes, before.writeBytes, seconds),
    readOps: rate(now.reads, before.reads, seconds),
    writeOps: rate(now.writes, before.writes, seconds),
    busy: percent(growth(now.busyMs, before.busyMs), seconds * 1000),
  };
}

/** Only the kernel of Linux measures pressure. */
export const NO_IO_PRESSURE: readonly MetricName<'diskio'>[] = ['pressure', 'stalled'];

/**
 * Which former ids became which. Each disk for itself: the version before would have continued the series of `sda` with the disk
 * that is `sda` now, so that disk takes it over. No id ends in a second number, so nothing stands against it.
 */
function renamedDisks(raw: DiskIoRaw): RenamedDevices[] {
  return [...raw].flatMap(([id, { formerId }]) => (formerId === undefined ? [] : [{ renamed: { [formerId]: id }, unless: `${formerId} 2` }]));
}

/** Rates per device, their totals over whole disks (null while one of these is unknown), and the busy share of the busiest disk. */
export function diskIoReading(raw: DiskIoRaw, previous: Previous<DiskIoRaw> | null): ReadingOf<'diskio'> {
  const devices = emptyRecord<DeviceReading<DeviceMetricName<'diskio'>>>();
  const summed: Io[] = [];
  for (const [name, counters] of raw) {
    const io = previous === null ? UNKNOWN : ratesOf(counters, previous.raw.get(name), previous.seconds);
    const detail = counters.detail === null ? {} : { detail: counters.detail };
    devices[name] = { label: counters.label, ...detail, values: rounded(diskio.device.metrics, io) };
    if (counters.summed) summed.push(io);
  }
  const values = {
    read: totalOf(summed.map((io) => io.read)),
    write: totalOf(summed.map((io) => io.write)),
    readOps: totalOf(summed.map((io) => io.readOps)),
    writeOps: totalOf(summed.map((io) => io.writeOps)),
    busy: maxOf(summed.map((io) => io.busy)),
    pressure: null,
    stalled: null,
  };
  const renamed = previous === null ? renamedDisks(raw) : [];
  return { values: rounded(diskio.metrics, values), devices, ...(renamed.length === 0 ? {} : { renamed }) };
}
