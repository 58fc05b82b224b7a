/** Clock speed from cpufreq, else from /proc/cpuinfo. Read off the main thread, because older kernels wait for each core. */
import { join } from 'node:path';
import type { Value } from '../../../shared/metrics/reading';
import type { SystemDeps } from './deps';
import { HeldFile, optionalTextAsync } from './files';
import { frequencyReading } from './frequency';
import type { FrequencyRaw } from './frequency';
import { entriesOf, wholeNumber } from './sensors.linux';
import type { Collector } from './collector';

/** How long the list of cores is cached: cores seldom go on- or offline. */
const CORES_CACHE_MS = 60_000;

/** Speeds in hertz by core, from the `processor` and `cpu MHz` lines; empty on architectures without them. */
export function parseCpuinfoSpeeds(text: string): Map<string, number> {
  const speeds = new Map<string, number>();
  let core = '';
  for (const [, name, value] of text.matchAll(/^(processor|cpu MHz)\s*:\s*([\d.]+)$/gm)) {
    if (value === undefined) continue;
    if (name === 'processor') core = value;
    else if (Number(value) > 0) speeds.set(core, Number(value) * 1e6);
  }
  return speeds;
}

/** Speed of a core in hertz; null if unknown. */
async function speedOf(file: HeldFile): Promise<Value> {
  try {
    const khz = wholeNumber((await file.readTextAsync()).trim());
    return khz === null || khz <= 0 ? null : khz * 1000;
  } catch {
    // The core went offline during the read: only its own value is missing.
    file.close();
    return null;
  }
}

async function listCores(root: string): Promise<Map<string, HeldFile>> {
  const base = join(root, '/sys/devices/system/cpu');
  const cores = new Map<string, HeldFile>();
  for (const entry of await entriesOf(base)) {
    const id = /^cpu(\d+)$/.exec(entry)?.[1];
    if (id === undefined) continue;
    const file = join(base, entry, 'cpufreq/scaling_cur_freq');
    if ((await optionalTextAsync(file)) !== null) cores.set(id, new HeldFile(file, 64));
  }
  return cores;
}

/** Reads the speed of each core; machines without speeds give null. */
export function linuxFrequency(deps: Pick<SystemDeps, 'root' | 'clock'>): Collector<'frequency', FrequencyRaw> {
  let cores: ReadonlyMap<string, HeldFile> = new Map();
  let listedAt = Number.NEGATIVE_INFINITY;
  const close = (): void => {
    for (const file of cores.values()) file.close();
  };
  const refresh = async (): Promise<void> => {
    const now = deps.clock.mono();
    if (now - listedAt < CORES_CACHE_MS) return;
    listedAt = now;
    const found = await listCores(deps.root);
    close();
    cores = found;
  };
  return {
    family: 'frequency',
    read: async () => {
      await refresh();
      if (cores.size === 0) {
        const text = await optionalTextAsync(join(deps.root, '/proc/cpuinfo'));
        return { cores: parseCpuinfoSpeeds(text ?? ''), average: null, highest: null };
      }
      const speeds = await Promise.all([...cores].map(async ([id, file]) => [id, await speedOf(file)] as const));
      return { cores: new Map(speeds), average: null, highest: null };
    },
    toReading: frequencyReading,
    close,
  };
}
