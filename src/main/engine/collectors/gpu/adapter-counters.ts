/** Graphics adapters of Windows from its performance counters, which name an adapter by a number of this boot (its LUID). Pure. */
import type { CounterItem } from '../../windows/counter-items';
import type { Value } from '../../../../shared/metrics/reading';
import { asShare } from '../gpu';

/** One adapter. */
export interface Adapter {
  /** `0x00000000_0x0000C1B7_phys_0`. */
  readonly luid: string;
  readonly load: Value;
  readonly encoder: Value;
  readonly decoder: Value;
  readonly dedicated: Value;
  readonly shared: Value;
}

/** Values of the three counters. */
export interface AdapterItems {
  readonly engines: readonly CounterItem[];
  readonly dedicated: readonly CounterItem[];
  readonly shared: readonly CounterItem[];
}

/** Load of each engine of each adapter by process, percent. */
export const ENGINES = '\\GPU Engine(*)\\Utilization Percentage';

const ENGINE = /^pid_(\d+)_luid_(0x[0-9a-f]+_0x[0-9a-f]+_phys_\d+)_eng_(\d+)_engtype_(.*)$/i;
const MEMORY = /^luid_(0x[0-9a-f]+_0x[0-9a-f]+_phys_\d+)$/i;

/** One engine of an adapter: its kind, such as `3D` or `VideoDecode`, and the sum over all processes. */
interface Engine {
  readonly kind: string;
  percent: number;
}

/** Sums over processes, by adapter and number of the engine. */
function enginesOf(items: readonly CounterItem[]): ReadonlyMap<string, ReadonlyMap<string, Engine>> {
  const adapters = new Map<string, Map<string, Engine>>();
  for (const { instance, value } of items) {
    const [, , luid, number, kind] = ENGINE.exec(instance) ?? [];
    if (luid === undefined || number === undefined || kind === undefined) continue;
    const engines = adapters.get(luid) ?? new Map<string, Engine>();
    const engine = engines.get(number) ?? { kind, percent: 0 };
    engine.percent += Math.max(0, value);
    adapters.set(luid, engines.set(number, engine));
  }
  return adapters;
}

const valueOf = (items: readonly CounterItem[], luid: string): Value => items.find(({ instance }) => MEMORY.exec(instance)?.[1] === luid)?.value ?? null;

/** The busiest engine whose kind matches; null if there is none. */
function busiest(engines: ReadonlyMap<string, Engine>, kind: RegExp): Value {
  const found = [...engines.values()].filter((engine) => kind.test(engine.kind));
  return found.length === 0 ? null : asShare(Math.max(...found.map(({ percent }) => percent)));
}

/**
 * The adapters in the order of their numbers. The load is that of the busiest engine, which is the sum over all processes,
 * as in the Task Manager. One with a single kind of engine is the processor drawing (Microsoft Basic Render Driver).
 */
export function adaptersIn({ engines, dedicated, shared }: AdapterItems): readonly Adapter[] {
  const adapters = [...enginesOf(engines)].filter(([, found]) => new Set([...found.values()].map(({ kind }) => kind)).size > 1);
  return adapters
    .map(([luid, found]) => ({
      luid,
      load: busiest(found, /./),
      encoder: busiest(found, /encode/i),
      decoder: busiest(found, /decode/i),
      dedicated: valueOf(dedicated, luid),
      shared: valueOf(shared, luid),
    }))
    .sort((a, b) => (a.luid < b.luid ? -1 : 1));
}

/** Load by process id: its busiest engine on any adapter. */
export function processesIn(engines: readonly CounterItem[]): ReadonlyMap<number, number> {
  const loads = new Map<number, number>();
  for (const { instance, value } of engines) {
    const pid = Number(ENGINE.exec(instance)?.[1] ?? Number.NaN);
    if (pid > 0) loads.set(pid, Math.max(loads.get(pid) ?? 0, Math.min(100, value)));
  }
  return loads;
}
