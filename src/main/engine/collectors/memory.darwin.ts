/** Memory of macOS as Activity Monitor counts it: from Electron where that runs, else from vm_stat(1). */
import type { MetricName } from '../../../shared/metrics/index';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import type { MachineMemory, SystemDeps } from './deps';
import { parseFault } from './faults';
import { memoryReading, NO_PAGING, PAGING_MS, SwapTraffic } from './memory';
import type { MemoryRaw, Paging } from './memory';
import { ProgramValue } from './program-value';

const VM_STAT = '/usr/bin/vm_stat';
const SYSCTL = '/usr/sbin/sysctl';

/** After this a program that hangs is ended, ms: below the family's deadline, so that memory is known without it. */
const DEADLINE = 800;

/** How often vm_stat is started for the sizes of memory, ms; where Electron tells these, it is for swapping alone. */
const SIZES_INTERVAL = 2000;

/** How often the size of swap is asked, ms. */
const SWAP_INTERVAL = 60_000;

const UNTOLD: readonly MetricName<'memory'>[] = ['swapUsage', 'pressure'];

const BASIS = 'used as in Activity Monitor: app + wired + compressed memory';

/** Bytes, from one vm_stat. */
export interface VmStat {
  /** App memory (anonymous, without what may be purged), wired and compressed. */
  readonly used: number;
  readonly free: number;
  /** Files in memory, and what may be purged. */
  readonly cached: number;
  /** Swapped since boot; null where it is not told. */
  readonly paging: Paging | null;
}

/** Parses vm_stat(1), read at `at` (monotonic ms): pages of the size that its first line names. Throws a ParseError. */
export function parseVmStat(text: string, at: number): VmStat {
  const page = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? Number.NaN);
  if (!(page > 0)) throw parseFault('vm_stat', 'has no page size');
  const counts = new Map([...text.matchAll(/^"?([^":\n]+)"?:\s+(\d+)\.?\s*$/gm)].map(([, name = '', count]) => [name, Number(count) * page]));
  const bytes = (name: string): number => {
    const found = counts.get(name);
    if (found === undefined) throw parseFault('vm_stat', `has no line "${name}"`);
    return found;
  };
  const purgeable = bytes('Pages purgeable');
  const [inBytes, outBytes] = [counts.get('Swapins'), counts.get('Swapouts')];
  return {
    used: bytes('Anonymous pages') - purgeable + bytes('Pages wired down') + bytes('Pages occupied by compressor'),
    free: bytes('Pages free'),
    cached: bytes('File-backed pages') + purgeable,
    paging: inBytes === undefined || outBytes === undefined ? null : { inBytes, outBytes, at },
  };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes of swap files, from `sysctl -n vm.swapusage`: "total = 2048.00M  used = 1985.25M  free = …", in some languages with commas. */
export function parseSwapUsage(text: string): { readonly total: number; readonly used: number } {
  const bytes = (name: string): number => {
    const [, number = '', unit = ''] = new RegExp(`\\b${name} = (\\d+(?:[.,]\\d+)?)([BKMGT])`).exec(text) ?? [];
    const size = Number.parseFloat(number.replace(',', '.')) * (UNITS[unit] ?? Number.NaN);
    if (!(size >= 0)) throw parseFault('sysctl', `vm.swapusage has no "${name}"`);
    return Math.round(size);
  };
  return { total: bytes('total'), used: bytes('used') };
}

/** Sizes of one read, bytes. */
interface Sizes {
  readonly available: number;
  readonly cached: number;
}

/**
 * What is free or may be had at once. `rest` is memory that is neither that nor in use (reserved by the firmware, taken out for
 * errors): Activity Monitor does not count it as used, and Electron does not tell it.
 */
function electronSizes({ free, fileBacked, purgeable }: MachineMemory, rest: number): Sizes {
  return { available: (free + fileBacked + purgeable) * 1024 + rest, cached: (fileBacked + purgeable) * 1024 };
}

/** That rest by vm_stat, bytes. */
const restOf = ({ used, free, cached }: VmStat, total: number): number => Math.max(0, total - used - free - cached);

/** Throws where the numbers cannot be of this machine. */
function checked(sizes: Sizes, total: number): Sizes {
  if (!(total > 0)) throw new CollectorError('SystemUnavailable', 'the size of memory is not known');
  if (!(sizes.available >= 0 && sizes.available <= total)) throw new CollectorError('ParseError', 'the parts of memory are more than the whole');
  return sizes;
}

/** What Electron tells; null without it, and where it does not know: a Mac that runs always has files in memory. */
function told({ systemMemory }: Pick<SystemDeps, 'systemMemory'>): MachineMemory | null {
  const memory = systemMemory?.() ?? null;
  return memory === null || !(memory.fileBacked > 0) ? null : memory;
}

/** Reads memory, and less often swap. `totalBytes` is the memory of the machine. */
export function darwinMemory(deps: Pick<SystemDeps, 'programs' | 'clock' | 'systemMemory'>, totalBytes: () => number): Collector<'memory', MemoryRaw> {
  const { programs, clock } = deps;
  const vmStat = new ProgramValue(clock, async () => parseVmStat(await programs.read(VM_STAT, [], DEADLINE), clock.mono()));
  const swapUsage = new ProgramValue(clock, async () => parseSwapUsage(await programs.read(SYSCTL, ['-n', 'vm.swapusage'], DEADLINE)));
  const traffic = new SwapTraffic();
  // Hardly changes: the latest that is known is as good.
  let rest = 0;
  const sizesOf = async (memory: MachineMemory | null, total: number): Promise<Sizes & { readonly stat: VmStat | null }> => {
    if (memory === null) {
      const stat = await vmStat.current(SIZES_INTERVAL);
      return { available: total - stat.used, cached: stat.cached, stat };
    }
    const stat = await vmStat.optional(PAGING_MS);
    if (stat !== null) rest = restOf(stat, total);
    return { ...electronSizes(memory, rest), stat };
  };
  return {
    family: 'memory',
    // Without Electron each read starts a program.
    ...(deps.systemMemory === undefined ? { leastInterval: SIZES_INTERVAL } : {}),
    read: async () => {
      const total = totalBytes();
      const [sizes, swap] = await Promise.all([sizesOf(told(deps), total), swapUsage.optional(SWAP_INTERVAL)]);
      const { available, cached } = checked(sizes, total);
      const paging = { ...NO_PAGING, ...traffic.take(sizes.stat?.paging ?? null) };
      return { total, available, estimated: false, cached, zfsCache: 0, swapTotal: swap?.total ?? null, swapUsed: swap?.used ?? null, limit: null, paging, definition: BASIS, swapGrows: true };
    },
    toReading: (raw, previous) => ({ ...memoryReading(raw, previous), untold: UNTOLD }),
  };
}
