/**
 * Machines described by a few numbers, and a day of them under the default rules: the real evaluator, readings made by the
 * collectors' own functions, and forecasts from two weeks of disk history in a real store.
 */
import type { DiskRaw } from '../../src/main/engine/collectors/disk';
import { diskReading } from '../../src/main/engine/collectors/disk';
import type { MemoryRaw, Paging } from '../../src/main/engine/collectors/memory';
import { memoryReading } from '../../src/main/engine/collectors/memory';
import { createFillForecasts } from '../../src/main/alerts/fill-forecasts';
import { DEFAULT_RULES } from '../../src/shared/alerts/default-rules';
import type { Rule } from '../../src/shared/alerts/rule';
import type { DeviceReading, Reading } from '../../src/shared/metrics/reading';
import { NOON, reading, SimulatedMachine } from './evaluator';
import { createCallbackLog } from './log';
import { normal, random } from './noise';
import { createStoreFixture } from './store';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const HOUR = 3600;
const DAY = 24 * HOUR;
const HISTORY_DAYS = 15;
/** Seconds between two samples of memory: those of power saving, so that a day takes half of the time. */
const STEP = 2;
/** How often swapping is read, seconds. */
const PAGING = 10;

/** One disk: its size in GiB, percent in use at the start of the day, and how much that grows. */
export interface DiskModel {
  readonly point: string;
  readonly size: number;
  readonly usage: number;
  /** Percent per day, in working hours. */
  readonly growth: number;
  readonly media: NonNullable<DeviceReading['media']> | null;
}

/** One machine. */
export interface MachineModel {
  readonly seed: number;
  /** Percent of memory in use in the early morning, and in the afternoon. */
  readonly memory: readonly [low: number, high: number];
  readonly swap: 'none' | 'disk' | 'zram';
  /** Percent of swap in use. */
  readonly swapUsage: number;
  /** Whether the kernel reports pressure. */
  readonly psi: boolean;
  /** Bytes per second that are swapped in all day long, besides what is normal. */
  readonly swapping?: number;
  /** Percent of the time in which tasks wait for memory, besides what is normal. */
  readonly pressure?: number;
  readonly disks: readonly DiskModel[];
}

/** Usage by the second of the day, before it below 0: it grows from eight to six. */
function usageAt({ usage, growth }: DiskModel, second: number): number {
  const day = Math.floor(second / DAY);
  const working = Math.min(1, Math.max(0, ((second - day * DAY) / HOUR - 8) / 10));
  return Math.min(100, Math.max(0, usage + growth * (day + working)));
}

function diskAt(disks: readonly DiskModel[], second: number): Reading {
  const mounts = disks.map((model): DiskRaw['mounts'][number] => {
    const total = model.size * GIB;
    const used = (total * usageAt(model, second)) / 100;
    return { point: model.point, detail: 'ext4', space: { total, used, available: total - used, inodesTotal: null, inodesUsed: null }, media: model.media, fault: null };
  });
  return diskReading({ mounts });
}

/** Memory of a machine, second by second. */
class MemoryModel {
  readonly #model: MachineModel;
  readonly #next: () => number;
  #now: Paging = { inBytes: 0, outBytes: 0, at: 0 };
  #before: Paging | null = null;
  #previous: MemoryRaw | null = null;

  constructor(model: MachineModel) {
    this.#model = model;
    this.#next = random(model.seed);
  }

  at(second: number): Reading {
    const { memory, swap, swapUsage, psi, pressure = 0 } = this.#model;
    const [low, high] = memory;
    const curve = 0.5 - 0.5 * Math.cos((2 * Math.PI * (second / HOUR - 4)) / 24);
    const usage = Math.min(high, Math.max(low, low + (high - low) * curve + 0.5 * normal(this.#next)));
    if (second % PAGING === 0) this.#page(second);
    const total = 8 * GIB;
    const swapTotal = swap === 'none' ? 0 : 4 * GIB;
    const raw: MemoryRaw = {
      total,
      available: total * (1 - usage / 100),
      estimated: false,
      cached: GIB,
      zfsCache: 0,
      swapTotal,
      swapUsed: (swapTotal * swapUsage) / 100,
      limit: null,
      // Half a minute of waiting when something large starts, each hour.
      paging: { before: this.#before, now: this.#now, toDisk: swap !== 'zram', pressure: psi ? Math.min(100, pressure + (second % HOUR < 60 ? 15 : 2 * this.#next())) : null },
    };
    const result = memoryReading(raw, this.#previous === null ? null : { raw: this.#previous, seconds: STEP });
    this.#previous = raw;
    return result;
  }

  /** Healthy traffic is a minute of tidying up and some seconds of switching to another program, each hour. zram has a lot. */
  #page(second: number): void {
    const { swap, swapping = 0 } = this.#model;
    const isTidy = second % HOUR < 80;
    const isSwitch = second % 1800 < 40;
    const [bytesIn, bytesOut] = swap === 'zram' ? [30 * MIB, 40 * MIB] : [isSwitch ? 20 * MIB : 0, isTidy ? 30 * MIB : 0];
    this.#before = second === 0 ? null : this.#now;
    this.#now = { inBytes: (this.#now.inBytes ?? 0) + PAGING * (bytesIn + swapping), outBytes: (this.#now.outBytes ?? 0) + PAGING * bytesOut, at: second * 1000 };
  }
}

/** What the default rules say in a day, as "rule severity device", each once. */
export async function aDayOf(model: MachineModel, rules: readonly Rule[] = DEFAULT_RULES): Promise<string[]> {
  const fixture = createStoreFixture();
  const { store } = fixture.open();
  for (let second = -HISTORY_DAYS * DAY; second < 0; second += HOUR) store.append({ seq: 1, time: NOON + second * 1000, readings: { disk: diskAt(model.disks, second) }, faults: {} });
  const machine = new SimulatedMachine(...rules);
  const log = createCallbackLog(({ message }) => {
    throw new Error(message);
  });
  const forecasts = createFillForecasts({ clock: { now: () => machine.wall, mono: () => machine.mono }, store, log });
  machine.timeToFull = forecasts.timeToFull;
  const memory = new MemoryModel(model);
  const quiet = { cpu: reading({ usage: 20 }) };
  for (let second = 0; second < DAY; second += STEP) {
    const isSlow = second % 30 === 0;
    const readings = { ...quiet, memory: memory.at(second), ...(isSlow ? { disk: diskAt(model.disks, second), self: reading({ cpu: 0.3 }) } : {}) };
    machine.pass(STEP).batch(readings);
    if (isSlow && second % 600 === 0) store.append({ seq: 1, time: machine.wall, readings: { disk: readings.disk ?? reading({}) }, faults: {} });
    if (isSlow && second % 600 === 30) await forecasts.settled();
  }
  return [...new Set(machine.events.flatMap(({ kind, incident }) => (kind === 'fired' || kind === 'escalated' ? [`${incident.ruleId} ${incident.severity}${incident.device === null ? '' : ` ${incident.device}`}`] : [])))];
}
