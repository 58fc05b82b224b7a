/** Counters of disks of Windows: each disk is asked for its own (IOCTL_DISK_PERFORMANCE), which any user may. */
import type { Value } from '../../../shared/metrics/reading';
import { parseDiskPerformance, QUESTION } from '../windows/disk-answers';
import type { DiskPerformance } from '../windows/disk-answers';
import { listDisks, pathOfDisk } from '../windows/disk-list';
import type { ListedDisk } from '../windows/disk-list';
import type { WindowsLibrary } from '../windows/library';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { diskIoReading, NO_IO_PRESSURE } from './diskio';
import type { DiskCounters, DiskIoRaw } from './diskio';

/** How often the disks are listed, ms; sooner when one is gone, and when letters come or go. */
const LIST_MS = 60_000;

/** The clock of the counters and ours may differ by so much of the time between two reads, and by so many ms. */
const DRIFT = 0.25;
const DRIFT_MS = 250;

/**
 * Adds up the time a disk was busy, which it does not count: what of its time it was not idle. Its time follows the clock of
 * the machine. Where that was set between two reads, it is not known what was idle.
 */
export class BusyTime {
  #before: { readonly performance: DiskPerformance; readonly at: number } | null = null;
  #busy = 0;

  /** Busy ms since the first read at `at`, monotonic ms; null where it is not known what came since the last read. */
  add(performance: DiskPerformance, at: number): Value {
    const before = this.#before;
    this.#before = { performance, at };
    if (before === null) return this.#busy;
    const [passed, counted] = [at - before.at, performance.time - before.performance.time];
    const idle = performance.idle - before.performance.idle;
    if (idle < 0 || Math.abs(counted - passed) > DRIFT * passed + DRIFT_MS) return null;
    // What was idle is told when it ends: it may be more than the time since.
    this.#busy += Math.max(0, counted - idle);
    return this.#busy;
  }
}

const isLate = (error: unknown): boolean => error instanceof CollectorError && error.kind === 'Timeout';

interface KnownDisk extends ListedDisk {
  readonly busyTime: BusyTime;
  /** Under Wine, and for some virtual disks, there are no counters. */
  hasCounted: boolean;
}

/** The disks, listed each minute; what is remembered of one is kept while it stays the same. */
class DiskList {
  readonly #deps: Pick<SystemDeps, 'clock' | 'windows'>;
  #disks: readonly KnownDisk[] = [];
  #letters = 0;
  #due = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'clock' | 'windows'>) {
    this.#deps = deps;
  }

  async current(library: WindowsLibrary): Promise<readonly KnownDisk[]> {
    const now = this.#deps.clock.mono();
    const letters = library.letters();
    if (now < this.#due && letters === this.#letters) return this.#disks;
    this.#letters = letters;
    try {
      this.#take(await listDisks(library));
    } catch (error) {
      // While one does not respond, the list of before is still good.
      if (this.#disks.length === 0 || !isLate(error)) throw error;
    }
    this.#due = now + LIST_MS;
    return this.#disks;
  }

  /** Lists them again at the next read. */
  renewIf(isNews: boolean): void {
    if (isNews) this.#due = Number.NEGATIVE_INFINITY;
  }

  #take(listed: readonly ListedDisk[]): void {
    this.#disks = listed.map((disk) => {
      const known = this.#disks.find(({ number, model }) => number === disk.number && model === disk.model);
      return { ...disk, busyTime: known?.busyTime ?? new BusyTime(), hasCounted: known?.hasCounted ?? false };
    });
  }
}

type Counts = Pick<DiskCounters, 'reads' | 'writes' | 'readBytes' | 'writeBytes' | 'busyMs'>;
const UNKNOWN: Counts = { reads: null, writes: null, readBytes: null, writeBytes: null, busyMs: null };

/** Counters of one disk; null without an answer, 'gone' for one that cannot be opened. */
async function countsOf(library: WindowsLibrary, disk: KnownDisk, mono: () => number): Promise<Counts | 'gone' | null> {
  const answers = await library.askDevice(pathOfDisk(disk.number), [QUESTION.performance]);
  if (answers === null) return 'gone';
  const [answer = null] = answers;
  if (answer === null) return null;
  const performance = parseDiskPerformance(answer, disk.number);
  const { reads, writes, readBytes, writeBytes } = performance;
  return { reads, writes, readBytes, writeBytes, busyMs: disk.busyTime.add(performance, mono()) };
}

/** One that does not respond is unknown, and so are the sums. */
async function readDisk(library: WindowsLibrary, disk: KnownDisk, mono: () => number): Promise<Counts | 'gone' | null> {
  try {
    const counts = await countsOf(library, disk, mono);
    if (counts === null) return disk.hasCounted ? UNKNOWN : null;
    if (counts !== 'gone') disk.hasCounted = true;
    return counts;
  } catch (error) {
    if (isLate(error)) return UNKNOWN;
    throw error;
  }
}

/** Asks each disk. Attached images are not summed, as their traffic is that of another disk; unless there is nothing else, as in some guests. */
export function win32DiskIo(deps: Pick<SystemDeps, 'clock' | 'windows'>): Collector<'diskio', DiskIoRaw> {
  const list = new DiskList(deps);
  return {
    family: 'diskio',
    read: async () => {
      const library = await deps.windows();
      const disks = await list.current(library);
      const onlyImages = disks.every(({ isImage }) => isImage);
      const raw = new Map<string, DiskCounters>();
      for (const disk of disks) {
        const counts = await readDisk(library, disk, () => deps.clock.mono());
        const label = `Disk ${disk.number}${disk.letters.length === 0 ? '' : ` (${disk.letters.join(' ')})`}`;
        // One that could never be opened is no news.
        if (counts === 'gone') list.renewIf(disk.hasCounted);
        else if (counts !== null) raw.set(`PhysicalDrive${disk.number}`, { label, detail: disk.model, summed: onlyImages || !disk.isImage, ...counts });
      }
      return raw;
    },
    toReading: (raw, previous) => ({ ...diskIoReading(raw, previous), untold: NO_IO_PRESSURE }),
  };
}
