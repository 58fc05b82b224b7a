/** Clock speed from cpufreq, else from /proc/cpuinfo. Read off the main thread, because older kernels wait for each core. */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import { accessFault } from './faults';
import { allEnded, HeldFile, isAbsent, namesIn, optionalTextAsync } from './files';
import { frequencyReading } from './frequency';
import type { FrequencyRaw } from './frequency';
import { inNaturalOrder, wholeNumber } from './sensors.linux';
import type { Collector } from './collector';

/** How long the list of cores is cached: cores seldom go on- or offline. */
const CORES_CACHE_MS = 60_000;

/** No processor is faster, hertz; drivers report more for unknown. */
const FASTEST = 20e9;

/** A speed that a processor can have; null for another. */
const possible = (hertz: number): Value => (hertz > 0 && hertz <= FASTEST ? hertz : null);

/**
 * Number and speed of a core: `cpu MHz` on x86 (`CPU MHz` on LoongArch), `clock` on POWER, `cpu MHz dynamic` on s390, where
 * the number has a line of its own, since the one of all processors lists them before.
 */
const CPUINFO = /^(processor|cpu number|cpu MHz|CPU MHz|clock|cpu MHz dynamic)[ \t]*:[ \t]*([\d.]+)(?:MHz)?[ \t]*$/gm;

/** Speeds in hertz by core; empty on architectures that do not tell. */
export function parseCpuinfoSpeeds(text: string): Map<string, number> {
  const speeds = new Map<string, number>();
  let core = '';
  for (const [, name, value] of text.matchAll(CPUINFO)) {
    if (value === undefined) continue;
    if (name === 'processor' || name === 'cpu number') core = value;
    else {
      const speed = possible(Number(value) * 1e6);
      if (speed !== null) speeds.set(core, speed);
    }
  }
  return speeds;
}

/** Speed of a core in hertz; null if unknown, as while the core is offline. Rejects where files cannot be opened at all. */
async function speedOf(file: HeldFile): Promise<Value> {
  try {
    const khz = wholeNumber((await file.readTextAsync()).trim());
    return khz === null ? null : possible(khz * 1000);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw accessFault(error, file.path);
  }
}

/** The cores whose speed can be read now. Rejects where they cannot be listed. */
async function listCores(root: string): Promise<Map<string, HeldFile>> {
  const base = join(root, '/sys/devices/system/cpu');
  const cores = new Map<string, HeldFile>();
  for (const entry of inNaturalOrder(await namesIn(base))) {
    const id = /^cpu(\d+)$/.exec(entry)?.[1];
    if (id === undefined) continue;
    const file = join(base, entry, 'cpufreq/scaling_cur_freq');
    if ((await optionalTextAsync(file)) !== null) cores.set(id, new HeldFile(file, 64));
  }
  return cores;
}

/** The cores, listed again each minute; where that fails the list of before stays, and the next read tries again. */
class CoreList {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock'>;
  #cores: ReadonlyMap<string, HeldFile> = new Map();
  #due = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'root' | 'clock'>) {
    this.#deps = deps;
  }

  async current(): Promise<ReadonlyMap<string, HeldFile>> {
    const now = this.#deps.clock.mono();
    if (now < this.#due) return this.#cores;
    try {
      const found = await listCores(this.#deps.root);
      this.close();
      this.#cores = found;
      this.#due = now + CORES_CACHE_MS;
    } catch {
      // What the list was made from is still good: files that are open stay readable.
    }
    return this.#cores;
  }

  close(): void {
    for (const file of this.#cores.values()) file.close();
  }
}

/** Reads the speed of each core; machines without speeds give null. */
export function linuxFrequency(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'frequency', FrequencyRaw> {
  const list = new CoreList(deps);
  return {
    family: 'frequency',
    read: async () => {
      const cores = await list.current();
      if (cores.size === 0) {
        const text = await optionalTextAsync(join(deps.root, '/proc/cpuinfo'));
        return { cores: parseCpuinfoSpeeds(text ?? ''), average: null, highest: null };
      }
      const speeds = await allEnded([...cores].map(async ([id, file]) => [id, await speedOf(file)] as const));
      return { cores: new Map(speeds), average: null, highest: null };
    },
    toReading: frequencyReading,
    close: () => list.close(),
  };
}
