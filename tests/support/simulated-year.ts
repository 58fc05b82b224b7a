/**
 * Simulates a year of a laptop, second by second while it is awake: values with noise and spikes, sleep at night in local
 * time (so that summer time shifts it), naps, stalls, clock changes, missing values, and restarts of the app. Batch objects
 * are reused: a year has tens of millions.
 */
import type { GapReason, Reading, SampleBatch, Value } from '../../src/shared/metrics/reading';
import { normal, random } from './noise';
import { zoneOffset } from './time-zones';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Values = Record<string, Value>;

/** Counts of what happened. */
export interface YearCounts {
  seconds: number;
  nights: number;
  naps: number;
  stalls: number;
  clockSteps: number;
  summerTimeChanges: number;
  restarts: number;
}

/** Size of the precomputed noise, which is reused: computing it anew would take too long. */
const NOISE_SIZE = 65_536;

/** CPU usage for a while. */
interface Workload {
  readonly seconds: number;
  readonly usage: number;
  readonly noise: number;
}

/** One machine and its three clocks. */
export class Laptop {
  wall: number;
  mono = 0;
  slept = 0;
  readonly counts: YearCounts = { seconds: 0, nights: 0, naps: 0, stalls: 0, clockSteps: 0, summerTimeChanges: 0, restarts: 0 };
  readonly cpu: Values = { usage: null };
  readonly memory: Values = { usage: null, swapUsage: null };
  readonly root: Values = { usage: 55, available: 200 * 2 ** 30, inodeUsage: 20 };
  readonly sensor: Values = { value: 45 };
  readonly own: Values = { cpu: 0.2 };
  readonly #random: () => number;
  readonly #noise: Float64Array;
  #noiseAt = 0;
  #second = 0;
  #workload: Workload = { seconds: 0, usage: 5, noise: 3 };
  #workloadLeft = 0;
  #memoryAim = 45;
  #warmth = 20;
  #share = 55;
  /** Current growth of disk usage, percent per hour. */
  #filling = 0;
  #gap: GapReason | undefined = 'start';
  #bedtime: number;
  readonly #offsets: readonly { readonly from: number; readonly offset: number }[];
  readonly #fast: Mutable<SampleBatch>;
  readonly #warm: Mutable<SampleBatch>;
  readonly #all: Mutable<SampleBatch>;

  /** `zone`: time zone for nights and summer time. */
  constructor(seed: number, start: number, zone: string) {
    this.#random = random(seed);
    this.#noise = Float64Array.from({ length: NOISE_SIZE }, () => normal(this.#random));
    this.wall = start;
    this.#offsets = offsetsOf(zone, start);
    this.#bedtime = this.#nextBedtime();
    const batch = (readings: SampleBatch['readings']): Mutable<SampleBatch> => ({ seq: 0, time: 0, readings, faults: {} });
    const fast = { cpu: own(this.cpu), memory: own(this.memory) };
    const warm = { ...fast, temperature: { values: {}, devices: { package: { label: 'Package', values: this.sensor, limits: { warning: 85, critical: 100 } } } } };
    this.#fast = batch(fast);
    this.#warm = batch(warm);
    this.#all = batch({ ...warm, disk: { values: {}, devices: { '/': { label: '/', values: this.root } } }, self: own(this.own) });
  }

  /** Simulates one second and returns its batch, which the next call overwrites. */
  next(): SampleBatch {
    this.#passSecond();
    this.#second += 1;
    this.counts.seconds += 1;
    this.#simulate();
    const batch = this.#second % 30 === 0 ? this.#all : this.#second % 5 === 0 ? this.#warm : this.#fast;
    batch.time = this.wall;
    batch.seq += 1;
    if (this.#gap === undefined) return batch;
    // The first sample after a gap has no rate.
    this.cpu['usage'] = null;
    const gap = this.#gap;
    this.#gap = undefined;
    return { ...batch, gap };
  }

  #passSecond(): void {
    this.wall += 1000;
    this.mono += 1000;
    if (this.wall >= this.#bedtime) this.#sleep(this.#bedtime + (7.5 + 1.5 * this.#random()) * HOUR - this.wall, 'nights');
    // One random number decides about all rare events.
    const chance = this.#random();
    if (chance > 0.00003) return;
    if (chance < 0.000005) this.#sleep((0.1 + 2 * this.#random()) * HOUR, 'naps');
    else if (chance < 0.00002) this.#stall(4500 + 20_000 * this.#random());
    else if (chance < 0.000023) this.#setClock((this.#random() - 0.5) * (this.#random() < 0.5 ? 10_000 : 3 * DAY));
    else if (chance < 0.000027) this.#restart();
  }

  #sleep(ms: number, kind: 'nights' | 'naps'): void {
    const length = Math.max(60_000, ms);
    this.wall += length;
    this.slept += length;
    this.counts[kind] += 1;
    this.#gap = 'sleep';
    this.#bedtime = this.#nextBedtime();
  }

  #stall(ms: number): void {
    this.wall += ms;
    this.mono += ms;
    this.counts.stalls += 1;
    this.#gap = 'stall';
  }

  /** Restart of the app: the next batch has the gap reason start. */
  #restart(): void {
    this.wall += 3000;
    this.mono += 3000;
    this.counts.restarts += 1;
    this.#gap = 'start';
  }

  #setClock(by: number): void {
    this.wall += by;
    this.counts.clockSteps += 1;
    this.#gap = 'clock';
    this.#bedtime = this.#nextBedtime();
  }

  /** 23:30 local time, of this evening or the next. */
  #nextBedtime(): number {
    const offset = this.#offsets.findLast(({ from }) => from <= this.wall)?.offset ?? 0;
    const local = this.wall + offset;
    const tonight = Math.floor(local / DAY) * DAY + 23.5 * HOUR;
    return (tonight > local + 60_000 ? tonight : tonight + DAY) - offset;
  }

  /** A clock kept in local time changes by an hour when summer time begins or ends. */
  changeSummerTime(by: number): void {
    this.counts.summerTimeChanges += 1;
    this.#setClock(by);
  }

  #simulate(): void {
    this.#noiseAt = (this.#noiseAt + 1) % NOISE_SIZE;
    const noise = this.#noise[this.#noiseAt] ?? 0;
    this.#workloadLeft -= 1;
    if (this.#workloadLeft <= 0) this.#changeWorkload();
    const usage = Math.min(100, Math.max(0, this.#workload.usage + noise * this.#workload.noise));
    this.cpu['usage'] = usage;
    const memory = this.memory['usage'] ?? 45;
    this.memory['usage'] = Math.min(99, memory + (this.#memoryAim - memory) * 0.01 + noise * 0.05);
    this.#warmth += (usage - this.#warmth) / 60;
    if (this.#second % 5 === 0) this.sensor['value'] = 42 + 0.47 * this.#warmth;
    if (this.#second % 30 === 0) this.#simulateSlowly(noise);
  }

  #simulateSlowly(noise: number): void {
    this.#share += this.#filling / 120;
    if (this.#share > 96) {
      // The user frees space.
      this.#share = 40 + 30 * this.#random();
      this.#filling = 0;
    }
    const usage = Math.round((this.#share + 0.1 * noise) * 10) / 10;
    this.root['usage'] = usage;
    this.root['available'] = (100 - usage) * 0.7 * 2 ** 30;
    this.own['cpu'] = 0.3 + Math.abs(noise) * 0.2;
  }

  #changeWorkload(): void {
    const chance = this.#random();
    const seconds = 20 + this.#random() * 900;
    if (chance < 0.55) this.#workload = { seconds, usage: 3 + 10 * this.#random(), noise: 3 };
    else if (chance < 0.8) this.#workload = { seconds, usage: 30 + 25 * this.#random(), noise: 8 };
    // Oscillates around the thresholds.
    else if (chance < 0.87) this.#workload = { seconds, usage: 70, noise: 2 };
    else if (chance < 0.9) this.#workload = { seconds, usage: 90, noise: 3 };
    // A spike, a build, a runaway process.
    else if (chance < 0.95) this.#workload = { seconds: 2 + 8 * this.#random(), usage: 99, noise: 1 };
    else if (chance < 0.995) this.#workload = { seconds: 60 + 200 * this.#random(), usage: 97, noise: 1.5 };
    else this.#workload = { seconds: 600 + 1200 * this.#random(), usage: 98, noise: 1 };
    this.#workloadLeft = this.#workload.seconds;
    if (this.#random() < 0.02) this.#memoryAim = 25 + 70 * this.#random();
    if (this.#random() < 0.01) this.#filling = this.#random() < 0.4 ? 0 : 2 * this.#random() ** 3 * 4;
  }
}

function own(values: Values): Reading {
  return { values, devices: {} };
}

/** UTC offsets of a time zone in the year after `start`, with the time each begins, ms. */
export function offsetsOf(zone: string, start: number): { from: number; offset: number }[] {
  const offsetAt = zoneOffset(zone);
  const changes = [{ from: 0, offset: offsetAt(start) }];
  for (let time = start; time < start + 366 * DAY; time += HOUR) {
    const offset = offsetAt(time);
    if (offset !== changes.at(-1)?.offset) changes.push({ from: time, offset });
  }
  return changes;
}
