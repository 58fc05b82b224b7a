/**
 * How busy a made-up machine is, as a pure function of seed and time. The load is constant over a minute but for a ripple
 * whose mean over the minute is 1, so that its integral, which every counter is made of, is a sum over minutes and a formula
 * for the rest: counters only grow, whichever moments are asked for and in which order.
 */
import { hash, numberOf } from './random';
import type { BurstSpec, Growth, MachineSpec } from './machine';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

/** The most of all cores that is ever busy. */
const MOST = 0.97;
/** Strength of the ripple within a minute, at most. */
const RIPPLE = 0.5;
/** How much more or less than the mean a core does, at most, as a share of what there is room for. */
const SKEW = 0.7;

/** A burst that goes on: minutes since 1970, the second excluded. */
interface BurstRun {
  readonly from: number;
  readonly to: number;
}

/** The load of one minute: everyday load and strength of each burst; all at most 1. */
interface Slot {
  readonly base: number;
  readonly bursts: readonly number[];
  readonly cpu: number;
  readonly ripple: number;
}

/** Integrals since boot, seconds. `skew`: of what each core does more or less than the mean, as the two parts of a wave. */
export interface Totals {
  readonly seconds: number;
  readonly base: number;
  readonly bursts: readonly number[];
  readonly cpu: number;
  readonly skew: readonly [number, number];
}

/** What is busy now: shares of all cores and strengths of bursts. */
interface Level {
  readonly base: number;
  readonly bursts: readonly number[];
  readonly cpu: number;
}

/** Load of a machine; all times epoch ms. */
export interface Load {
  totals(time: number): Totals;
  /** Now, or as it has been in the last minutes: what warms a machine, or fills its memory. */
  level(time: number): Level;
  smooth(time: number): Level;
  /** The mean of the minute. */
  minute(time: number): Level;
  run(burst: number, minute: number): BurstRun | null;
  /** What a counter shows; whole. `id` makes it differ from others that grow alike. */
  count(growth: Growth, totals: Totals, id: string): number;
}

/** Options: `boot` is rounded down to a minute; `zone` is added to UTC to get local time, ms. */
export interface LoadOptions {
  readonly spec: Pick<MachineSpec, 'bursts' | 'profile' | 'weekend' | 'name'>;
  readonly seed: number;
  readonly boot: number;
  readonly zone: number;
}

const mod = (value: number, by: number): number => ((value % by) + by) % by;

class MinuteLoads {
  readonly #options: LoadOptions;
  readonly #cache = new Map<number, Slot>();
  /** Of each burst, the window that was asked for last, and its run. */
  readonly #runs: { window: number; run: BurstRun | null }[][];
  readonly #seed: number;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#seed = options.seed + numberOf(options.spec.name);
    const none = { window: Number.NaN, run: null };
    this.#runs = options.spec.bursts.map(() => [{ ...none }, { ...none }]);
  }

  at(minute: number): Slot {
    const known = this.#cache.get(minute);
    if (known !== undefined) return known;
    const slot = this.make(minute);
    if (this.#cache.size > 4096) this.#cache.clear();
    this.#cache.set(minute, slot);
    return slot;
  }

  run(index: number, minute: number): BurstRun | null {
    const burst = this.#options.spec.bursts[index];
    if (burst === undefined) return null;
    const { when } = burst;
    const width = 'window' in when ? when.window : DAY_MINUTES;
    const local = this.#options.zone / MINUTE;
    const present = Math.floor((minute + local) / width);
    for (let window = present; window >= present - 1; window -= 1) {
      const run = this.#runOf(burst, index, window, width);
      if (run !== null && run.from <= minute && minute < run.to) return run;
    }
    return null;
  }

  #runOf(burst: BurstSpec, index: number, window: number, width: number): BurstRun | null {
    const known = this.#runs[index]?.[window & 1];
    if (known?.window === window) return known.run;
    const local = this.#options.zone / MINUTE;
    const found = this.#runIn(burst, index, window, width);
    const run = found === null ? null : { from: found.from - local, to: found.to - local };
    if (known !== undefined) Object.assign(known, { window, run });
    return run;
  }

  /** The burst of a window, in minutes of local time. */
  #runIn({ when, minutes: [shortest, longest] }: BurstSpec, index: number, window: number, width: number): BurstRun | null {
    const length = Math.round(shortest + hash(this.#seed, 1, index, window) * (longest - shortest));
    if ('minuteOfDay' in when) return { from: window * width + when.minuteOfDay, to: window * width + when.minuteOfDay + length };
    const from = window * width + Math.floor(hash(this.#seed, 2, index, window) * Math.max(1, width - longest));
    const hour = mod(from, DAY_MINUTES) / 60;
    const [first, last] = when.hours;
    return hour >= first && hour < last && hash(this.#seed, 3, index, window) < when.chance ? { from, to: from + length } : null;
  }

  #everyday(minute: number): number {
    const { spec: { profile, weekend }, zone } = this.#options;
    const local = minute + zone / MINUTE;
    const hour = mod(local, DAY_MINUTES) / 60;
    const [before = 0, after = 0] = [profile[Math.floor(hour)], profile[(Math.floor(hour) + 1) % 24]];
    // 1 January 1970 was a Thursday.
    const day = mod(Math.floor(local / DAY_MINUTES) + 4, 7);
    const share = before + (after - before) * (hour % 1);
    return share * (day === 0 || day === 6 ? weekend : 1) * (0.55 + 0.9 * hash(this.#seed, 4, 0, minute));
  }

  /** Computes it, without remembering it. */
  make(minute: number): Slot {
    const base = this.#everyday(minute);
    const { bursts: specs } = this.#options.spec;
    let wanted = base;
    const bursts = specs.map(({ cpu: share }, index) => {
      if (this.run(index, minute) === null) return 0;
      const strength = 0.85 + 0.15 * hash(this.#seed, 5, index, minute);
      wanted += strength * share;
      return strength;
    });
    const scale = wanted > MOST ? MOST / wanted : 1;
    const cpu = wanted * scale;
    const peak = Math.max(cpu + SKEW * Math.min(cpu, 1 - cpu), 0.001);
    return { base: base * scale, bursts: scale === 1 ? bursts : bursts.map((strength) => strength * scale), cpu, ripple: Math.max(0, Math.min(RIPPLE, 0.9 * (1 / peak - 1))) };
  }
}

/** The two waves of the ripple of a minute: whole numbers of periods, so that its mean is 1. */
function wavesOf(seed: number, minute: number): readonly (readonly [number, number, number])[] {
  return [
    [0.6, 2 * Math.PI * (2 + Math.floor(4 * hash(seed, 6, 0, minute))), 2 * Math.PI * hash(seed, 7, 0, minute)],
    [0.4, 2 * Math.PI * (7 + Math.floor(7 * hash(seed, 8, 0, minute))), 2 * Math.PI * hash(seed, 9, 0, minute)],
  ];
}

/** The part of a minute's load that has passed after the fraction `part` of it; and the ripple itself. */
function passed(seed: number, minute: number, ripple: number, part: number): { passed: number; now: number } {
  let sum = part;
  let now = 1;
  for (const [strength, omega, phase] of wavesOf(seed, minute)) {
    sum += (ripple * strength * (Math.cos(phase) - Math.cos(omega * part + phase))) / omega;
    now += ripple * strength * Math.sin(omega * part + phase);
  }
  return { passed: sum, now };
}

/** Sums over whole minutes since boot, computed as far as they are asked for. */
class Sums {
  readonly #minutes: MinuteLoads;
  readonly #width: number;
  readonly #first: number;
  #sums: Float64Array;
  #known = 0;

  constructor(minutes: MinuteLoads, first: number, width: number) {
    this.#minutes = minutes;
    this.#width = width;
    this.#first = first;
    this.#sums = new Float64Array(4096 * width);
  }

  /** The sums before `minute`, in a view that the next call may replace. */
  before(minute: number): Float64Array {
    const row = minute - this.#first;
    while (this.#known < row) this.#add();
    return this.#sums.subarray(row * this.#width, (row + 1) * this.#width);
  }

  #add(): void {
    const width = this.#width;
    const at = (this.#known + 1) * width;
    if (at + width > this.#sums.length) {
      const larger = new Float64Array(this.#sums.length * 2);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    const minute = this.#first + this.#known;
    const values = valuesOf(this.#minutes.make(minute), minute);
    for (let i = 0; i < width; i += 1) this.#sums[at + i] = (this.#sums[at - width + i] ?? 0) + 60 * (values[i] ?? 0);
    this.#known += 1;
  }
}

/** What is summed up of a minute: everyday load, CPU, the two parts of the skew, and the bursts. Work moves from core to core within eleven minutes. */
function valuesOf({ base, bursts, cpu }: Slot, minute: number): number[] {
  const room = SKEW * Math.min(cpu, 1 - cpu);
  const angle = (2 * Math.PI * minute) / 11;
  return [base, cpu, room * Math.sin(angle), room * Math.cos(angle), ...bursts];
}

/** The wave of a counter. */
interface Wave {
  readonly omega: number;
  readonly phase: number;
}

function waveOf(id: string): Wave {
  const own = numberOf(id);
  return { omega: (2 * Math.PI) / (20 + 280 * hash(own, 1)), phase: 2 * Math.PI * hash(own, 2) };
}

/** A counter that differs from others of the same growth: its everyday part comes in waves of its own. */
function wave(seconds: number, { omega, phase }: Wave): number {
  return seconds + (0.8 * (Math.cos(phase) - Math.cos(omega * seconds + phase))) / omega;
}

/** Creates the load of a machine. */
export function createLoad(options: LoadOptions): Load {
  const { spec, seed, boot } = options;
  const minutes = new MinuteLoads(options);
  const waves = new Map<string, Wave>();
  const first = Math.floor(boot / MINUTE);
  const sums = new Sums(minutes, first, 4 + spec.bursts.length);
  const totals = (time: number): Totals => {
    const minute = Math.max(first, Math.floor(time / MINUTE));
    const slot = minutes.at(minute);
    const done = 60 * passed(seed, minute, slot.ripple, Math.max(0, time - minute * MINUTE) / MINUTE).passed;
    const before = sums.before(minute);
    const [base = 0, cpu = 0, sin = 0, cos = 0, ...bursts] = valuesOf(slot, minute).map((value, i) => (before[i] ?? 0) + value * done);
    return { seconds: Math.max(0, time / 1000 - first * 60), base, bursts, cpu, skew: [sin, cos] };
  };
  const level = (time: number): Level => {
    const minute = Math.floor(time / MINUTE);
    const { base, bursts, cpu, ripple } = minutes.at(minute);
    const { now } = passed(seed, minute, ripple, (time - minute * MINUTE) / MINUTE);
    return { base: base * now, bursts: bursts.map((strength) => strength * now), cpu: cpu * now };
  };
  return {
    totals,
    level,
    smooth: (time) => smoothed(minutes, time),
    minute: (time) => minutes.at(Math.floor(time / MINUTE)),
    run: (burst, minute) => minutes.run(burst, minute),
    count: ({ idle = 0, base = 0, bursts = {} }, now, id) => {
      let own = waves.get(id);
      if (own === undefined) waves.set(id, (own = waveOf(id)));
      const burst = spec.bursts.reduce((sum, { name }, index) => sum + (bursts[name] ?? 0) * (now.bursts[index] ?? 0), 0);
      return Math.floor(idle * wave(now.seconds, own) + base * now.base + burst);
    },
  };
}

/** How much of the load of a minute, and of those before, is still felt. */
const FELT = [0.5, 0.3, 0.2] as const;

function smoothed(minutes: MinuteLoads, time: number): Level {
  const minute = Math.floor(time / MINUTE);
  const part = time / MINUTE - minute;
  let [base, cpu] = [0, 0];
  const bursts = minutes.at(minute).bursts.map(() => 0);
  for (const [share, shift] of [[1 - part, 1], [part, 0]] as const) {
    for (const [back, felt] of FELT.entries()) {
      const slot = minutes.at(minute - shift - back);
      base += share * felt * slot.base;
      cpu += share * felt * slot.cpu;
      for (const [index, strength] of slot.bursts.entries()) bursts[index] = (bursts[index] ?? 0) + share * felt * strength;
    }
  }
  return { base, cpu, bursts };
}
