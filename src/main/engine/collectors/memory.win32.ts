/** Memory of Windows: sizes from Node, cache and page files from the kernel. */
import type { Value } from '../../../shared/metrics/reading';
import { messageOf } from '../../../shared/result';
import { LayoutCheck } from '../windows/layout-check';
import type { WindowsLibrary } from '../windows/library';
import { checkBasic, checkPerformance, parseBasic, parseFileCache, parsePageFiles, parsePerformance, SYSTEM } from '../windows/system-tables';
import { CollectorError } from './collector';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { memoryReading, NO_PAGING, PAGING_MS, SwapTraffic } from './memory';
import type { MemoryRaw, Paging, PagingRaw } from './memory';

/** Memory of the machine as Node tells it: all, and what can be had without paging out. Bytes. */
export interface NodeMemory {
  totalmem(): number;
  freemem(): number;
}

/** What the kernel tells beside the sizes. */
type KernelMemory = Pick<MemoryRaw, 'cached' | 'swapTotal' | 'swapUsed' | 'paging'> & { readonly unknown?: string };

const UNKNOWN: KernelMemory = { cached: null, swapTotal: null, swapUsed: null, paging: NO_PAGING };

/** Reads the kernel's numbers; page files every ten seconds. */
class KernelNumbers {
  readonly #mono: () => number;
  readonly #node: NodeMemory;
  readonly #check = new LayoutCheck();
  #pageBytes: number | null = null;
  #pageFiles: Pick<MemoryRaw, 'swapTotal' | 'swapUsed'> = UNKNOWN;
  #paging: PagingRaw = NO_PAGING;
  readonly #traffic = new SwapTraffic();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(mono: () => number, node: NodeMemory) {
    this.#mono = mono;
    this.#node = node;
  }

  /** Null in place of what this system does not tell. Throws a CollectorError. */
  read(library: WindowsLibrary): KernelMemory {
    const pageBytes = this.#pageBytesOf(library);
    const now = this.#mono();
    if (now - this.#readAt >= PAGING_MS) this.#readPaging(library, pageBytes, now);
    const cache = library.system(SYSTEM.fileCache);
    return { cached: cache === null ? null : parseFileCache(cache, pageBytes), ...this.#pageFiles, paging: this.#paging };
  }

  #pageBytesOf(library: WindowsLibrary): number {
    if (this.#pageBytes !== null) return this.#pageBytes;
    const bytes = library.system(SYSTEM.basic);
    if (bytes === null) throw new CollectorError('SystemUnavailable', 'the system does not tell the size of a page');
    const basic = parseBasic(bytes);
    this.#check.ensure(() => {
      checkBasic(basic, this.#node.totalmem());
      const performance = library.system(SYSTEM.performance);
      if (performance !== null) checkPerformance(parsePerformance(performance), basic.pageBytes, this.#node.freemem());
    });
    this.#pageBytes = basic.pageBytes;
    return basic.pageBytes;
  }

  #readPaging(library: WindowsLibrary, pageBytes: number, now: number): void {
    this.#readAt = now;
    const files = library.system(SYSTEM.pageFiles);
    const { total, used } = files === null ? { total: null, used: null } : parsePageFiles(files);
    const inBytes = (pages: Value): Value => (pages === null ? null : pages * pageBytes);
    this.#pageFiles = { swapTotal: inBytes(total), swapUsed: inBytes(used) };
    const performance = library.system(SYSTEM.performance);
    const paging: Paging | null = performance === null ? null : { inBytes: null, outBytes: parsePerformance(performance).written * pageBytes, at: now };
    this.#paging = { ...NO_PAGING, ...this.#traffic.take(paging) };
  }
}

/** What is read into memory from page files is not told apart from what is read from other files: unknown. */
export function win32Memory(deps: Pick<SystemDeps, 'clock' | 'windows'>, node: NodeMemory): Collector<'memory', MemoryRaw> {
  const kernel = new KernelNumbers(() => deps.clock.mono(), node);
  const kernelMemory = async (): Promise<KernelMemory> => {
    try {
      return kernel.read(await deps.windows());
    } catch (error) {
      // What Node tells is right all the same.
      return { ...UNKNOWN, unknown: messageOf(error) };
    }
  };
  return {
    family: 'memory',
    read: async () => {
      const { unknown, ...known } = await kernelMemory();
      const [total, available] = [node.totalmem(), node.freemem()];
      if (!(total > 0)) throw new CollectorError('SystemUnavailable', 'the system does not tell how much memory there is');
      const definition = `used = total − available, as in Task Manager; swap is the page files${unknown === undefined ? '' : `, unknown now: ${unknown}`}`;
      return { total, available, estimated: false, zfsCache: 0, limit: null, ...known, definition };
    },
    toReading: memoryReading,
  };
}
