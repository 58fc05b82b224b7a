/** Disk I/O of macOS: the statistics of its block storage drivers, from one ioreg(8) for all disks. */
import type { MetricName } from '../../../shared/metrics/index';
import type { SystemDeps } from './deps';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import { diskIoReading, NO_IO_PRESSURE } from './diskio';
import type { DiskCounters, DiskIoRaw } from './diskio';

const IOREG = '/usr/sbin/ioreg';

/** Each driver with the medium below it (`-d 2`), all properties (`-l`), no line cut (`-w0`). */
const ARGUMENTS = ['-r', '-w0', '-d', '2', '-l', '-c', 'IOBlockStorageDriver'];

/** After this a program that hangs is ended, ms; its family has long failed by then. */
const DEADLINE = 4000;

/** A program for each read is dear: at most so often, ms. */
const LEAST_INTERVAL = 2000;

/** How busy a disk is would take its queue at each moment; see countersOf. */
const UNTOLD: readonly MetricName<'diskio'>[] = ['busy', ...NO_IO_PRESSURE];

/** One object of the registry. */
interface Entry {
  /** 0 for a driver; more for what is below it. */
  readonly depth: number;
  readonly name: string;
  readonly properties: Map<string, string>;
}

const ENTRY = /^([ |]*)\+-o (.*?) {2}<class /;
const PROPERTY = /^[ |]*"([^"]+)" = (.*)$/;

/** The objects in the order in which they are printed, each with its properties as they are written. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split('\n')) {
    const [, indent, name] = ENTRY.exec(line) ?? [];
    if (indent !== undefined && name !== undefined) {
      entries.push({ depth: indent.length, name, properties: new Map() });
      continue;
    }
    const [, key, value] = PROPERTY.exec(line) ?? [];
    if (key !== undefined && value !== undefined) entries.at(-1)?.properties.set(key, value);
  }
  return entries;
}

/**
 * Numbers of a dictionary such as `{"Bytes (Read)"=4096,"Operations (Read)"=1}` by key, whose order is not fixed. The keys are
 * those of IOBlockStorageDriver.h (kIOBlockStorageDriverStatistics…).
 */
function numbersIn(dictionary: string): ReadonlyMap<string, number> {
  return new Map([...dictionary.matchAll(/"([^"]+)"=(\d+)/g)].map(([, key = '', value]) => [key, Number(value)]));
}

/** An image of a disk is a file on a disk that counts already; so is what a virtual interface connects. */
function isImage(driver: Entry, media: Entry): boolean {
  const isVirtual = [driver, media].some(({ properties }) => (properties.get('Protocol Characteristics') ?? '').includes('"Physical Interconnect"="Virtual Interface"'));
  return isVirtual || /\bdisk image\b/i.test(media.name);
}

/** How long requests took together ("Total Time") is no time in which the disk was busy: several run at once. So that is unknown. */
function countersOf(driver: Entry, media: Entry, label: string): DiskCounters {
  const numbers = numbersIn(driver.properties.get('Statistics') ?? '');
  return {
    label,
    detail: media.name.replace(/ Media$/, ''),
    summed: !isImage(driver, media),
    reads: numbers.get('Operations (Read)') ?? null,
    writes: numbers.get('Operations (Write)') ?? null,
    readBytes: numbers.get('Bytes (Read)') ?? null,
    writeBytes: numbers.get('Bytes (Write)') ?? null,
    busyMs: null,
  };
}

/** The name of a whole disk (disk0), not of a partition; null for other objects. */
function wholeDisk({ properties }: Entry): string | null {
  const name = /^"(.+)"$/.exec(properties.get('BSD Name') ?? '')?.[1];
  return name === undefined || properties.get('Whole') !== 'Yes' ? null : name;
}

/**
 * Parses `ioreg -r -w0 -l -c IOBlockStorageDriver`: of each driver the statistics, and the first whole disk below it, whose
 * they are; the disks that APFS makes of it come after that. A drive without a medium has none, and is left out. Throws
 * SystemUnavailable without any disk.
 */
export function parseDrivers(text: string): DiskIoRaw {
  const disks = new Map<string, DiskCounters>();
  let driver: Entry | null = null;
  for (const entry of entriesOf(text)) {
    if (entry.depth === 0) driver = entry.properties.has('Statistics') ? entry : null;
    const name = entry.depth === 0 ? null : wholeDisk(entry);
    if (driver === null || name === null) continue;
    disks.set(name, countersOf(driver, entry, name));
    driver = null;
  }
  if (disks.size === 0) throw new CollectorError('SystemUnavailable', 'ioreg lists no disk');
  return disks;
}

/** Reads the statistics of all drivers. */
export function darwinDiskIo({ programs }: Pick<SystemDeps, 'programs'>): Collector<'diskio', DiskIoRaw> {
  return {
    family: 'diskio',
    leastInterval: LEAST_INTERVAL,
    read: async () => parseDrivers(await programs.read(IOREG, ARGUMENTS, DEADLINE)),
    toReading: (raw, previous) => ({ ...diskIoReading(raw, previous), untold: UNTOLD }),
  };
}
