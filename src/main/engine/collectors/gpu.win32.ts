/**
 * Graphics of Windows: the counters that its Task Manager reads, and nvidia-smi where NVIDIA's card is the only one. With two
 * cards the one of NVIDIA may sleep, which nothing here can see, and nvidia-smi would wake it.
 */
import { join } from 'node:path';
import { CounterSource } from '../windows/counter-source';
import type { Collector } from './collector';
import type { SystemDeps } from './deps';
import { gpuReading, NO_VALUES } from './gpu';
import type { CardRaw, GpuMetric, GpuRaw } from './gpu';
import { adaptersIn, ENGINES } from './gpu/adapter-counters';
import type { Adapter, AdapterItems } from './gpu/adapter-counters';
import { firstOf, NvidiaSmi } from './gpu/nvidia';
import { NVIDIA_TELLS } from './gpu/nvidia-lines';

const COUNTERS = {
  engines: ENGINES,
  dedicated: '\\GPU Adapter Memory(*)\\Dedicated Usage',
  shared: '\\GPU Adapter Memory(*)\\Shared Usage',
} as const;

/** Each process has a value for each engine: hundreds of them, so at most so often, ms. */
const LEAST_INTERVAL = 5000;

/** After so many answers without an adapter none is asked for any more. */
const MOST_EMPTY = 3;

const TELLS: readonly GpuMetric[] = ['load', 'memoryUsed', 'sharedUsed', 'encoder', 'decoder'];

const NO_COUNTERS = 'Windows counts nothing for a graphics card here: its driver, or this version of Windows, is too old.';

/** Where NVIDIA's driver puts it, newer ones first. */
const programs = (): string[] => [
  join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvidia-smi.exe'),
  join(process.env['ProgramW6432'] ?? 'C:\\Program Files', 'NVIDIA Corporation', 'NVSMI', 'nvidia-smi.exe'),
];

/** An adapter as a card. Among several it is known by its order of this boot alone, so that its values are not kept. */
function cardOf({ load, encoder, decoder, dedicated, shared }: Adapter, at: number, { length }: readonly Adapter[]): CardRaw {
  const isOnly = length === 1;
  return {
    id: isOnly ? 'adapter' : `adapter ${at + 1}`,
    label: isOnly ? 'Graphics' : `Graphics ${at + 1}`,
    detail: null,
    state: { code: 'active' },
    values: { ...NO_VALUES, load, encoder, decoder, memoryUsed: dedicated, sharedUsed: shared },
    ...(isOnly ? {} : { stored: false }),
  };
}

/** The three counters. */
class AdapterReader {
  readonly #sources: Readonly<Record<keyof AdapterItems, CounterSource>>;
  #empty = 0;

  constructor({ windows }: Pick<SystemDeps, 'windows'>) {
    const source = (name: keyof AdapterItems): CounterSource => new CounterSource(windows, COUNTERS[name]);
    this.#sources = { engines: source('engines'), dedicated: source('dedicated'), shared: source('shared') };
  }

  /** True where there never was an adapter. */
  get isAbsent(): boolean {
    return this.#empty >= MOST_EMPTY;
  }

  async read(): Promise<readonly Adapter[]> {
    if (this.isAbsent) return [];
    const { engines, dedicated, shared } = this.#sources;
    const items = { engines: await engines.read(), dedicated: await dedicated.read(), shared: await shared.read() };
    const adapters = adaptersIn(items);
    this.#empty = adapters.length === 0 ? this.#empty + 1 : 0;
    if (this.isAbsent) this.close();
    return adapters;
  }

  close(): void {
    for (const source of Object.values(this.#sources)) source.close();
  }
}

/**
 * The card of NVIDIA with what its driver and Windows tell; what Windows tells alone where nvidia-smi says nothing of one card
 * alone. While it may still answer that is not kept: the card will be known by another id.
 */
function nvidiaCard(smi: NvidiaSmi, adapter: Adapter): CardRaw {
  const [found, ...others] = smi.samples();
  if (found === undefined && smi.problem === null) return { ...cardOf(adapter, 0, [adapter]), stored: false };
  if (found === undefined || others.length > 0) return cardOf(adapter, 0, [adapter]);
  const { uuid, name, address, values } = found;
  return { id: uuid, label: name, detail: address, state: { code: 'active' }, values: { ...values, sharedUsed: adapter.shared } };
}

/** Reads the adapters. */
export function win32Gpu(deps: Pick<SystemDeps, 'windows' | 'programs' | 'timers' | 'clock'>): Collector<'gpu', GpuRaw> {
  const reader = new AdapterReader(deps);
  let finding: Promise<NvidiaSmi | null> | null = null;
  let smi: NvidiaSmi | null = null;
  const find = async (): Promise<NvidiaSmi | null> => {
    const program = await firstOf(programs());
    return (smi = program === null ? null : new NvidiaSmi(deps, program));
  };
  return {
    family: 'gpu',
    leastInterval: LEAST_INTERVAL,
    read: async () => {
      const adapters = await reader.read();
      const [only, ...others] = adapters;
      const nvidia = only === undefined || others.length > 0 ? null : await (finding ??= find());
      if (only === undefined || nvidia === null) {
        smi?.letGo();
        return { cards: adapters.map(cardOf), told: new Set(TELLS), ...(reader.isAbsent ? { note: NO_COUNTERS } : {}) };
      }
      nvidia.ask();
      return { cards: [nvidiaCard(nvidia, only)], told: new Set([...TELLS, ...NVIDIA_TELLS]) };
    },
    toReading: gpuReading,
    close: () => {
      smi?.letGo();
      reader.close();
    },
  };
}
