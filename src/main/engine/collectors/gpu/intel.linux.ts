/**
 * Graphics of Intel, by the drivers i915 and xe. None of them tells a load: it is summed up from what the kernel says of each
 * program (drm-clients.ts), which leaves out those of other users; and the time powered up, which the load is never more
 * than, from the counter of the time in power saving (RC6).
 * Sources: Documentation/gpu/drm-usage-stats.rst, Documentation/ABI/testing/sysfs-driver-intel-xe-hwmon and
 * sysfs-driver-intel-i915-hwmon of the kernel.
 */
import type { Value } from '../../../../shared/metrics/reading';
import { asShare, NO_VALUES } from '../gpu';
import type { GpuMetric } from '../gpu';
import { growth } from '../numbers';
import { cardLoads } from './drm-clients';
import type { DrmLook } from './drm-clients';
import type { DrmLooker } from './drm-look.linux';
import type { CardSample, CardSource } from './card-source';
import { CardFiles } from './card-files.linux';

/** What graphics of Intel can tell. */
export const INTEL_TELLS: readonly GpuMetric[] = ['load', 'temperature', 'power', 'clock', 'fan', 'awake'];

/** How often the programs are looked through, ms: it is the dearest read of all. */
const LOOK_MS = 10_000;
/** Two counters that are further apart say nothing of now, ms. */
const MOST_MS = 60_000;

/** Where a driver has its files, seen from the folder of the PCI device. `{card}`: the folder of its display, such as drm/card0. */
const FILES = {
  i915: {
    clock: ['{card}/gt_act_freq_mhz'],
    saving: ['{card}/gt/gt0/rc6_residency_ms', '{card}/power/rc6_residency_ms'],
    temperature: ['temp1_input'],
  },
  xe: {
    clock: ['tile0/gt0/freq0/act_freq'],
    saving: ['tile0/gt0/gtidle/idle_residency_ms'],
    // temp2 is the package, temp1 was never assigned.
    temperature: ['temp2_input', 'temp1_input'],
  },
} as const;

/** Name of a driver of Intel. */
export type IntelDriver = keyof typeof FILES;

const MEGAHERTZ = 1e6;

/** Counters of a card at a time, monotonic ms. */
export interface IntelCounters {
  readonly at: number;
  /** Microjoules. */
  readonly energy: Value;
  /** Milliseconds in power saving. */
  readonly saving: Value;
}

/** Watts, and percent of the time powered up, between two reads; null where a counter began anew, and over a long time. Pure. */
export function betweenReads(before: IntelCounters | null, now: IntelCounters): { readonly power: Value; readonly awake: Value } {
  const ms = before === null ? 0 : now.at - before.at;
  if (before === null || !(ms > 0) || ms > MOST_MS) return { power: null, awake: null };
  const energy = growth(now.energy, before.energy);
  const saving = growth(now.saving, before.saving);
  return { power: energy === null ? null : energy / 1e3 / ms, awake: saving === null ? null : asShare(100 - (100 * saving) / ms) };
}

/** Load of each card by what can be seen of programs: one look each ten seconds, for all cards together. */
export class DrmLoads {
  readonly #looker: Pick<DrmLooker, 'look'>;
  readonly #mono: () => number;
  #last: DrmLook | null = null;
  #before: DrmLook | null = null;
  #loads: ReadonlyMap<string, number> = new Map();
  /** Cards of which a user was ever seen: some drivers tell nothing of what their users do. */
  readonly #seen = new Set<string>();
  #looking: Promise<void> | null = null;

  constructor(looker: Pick<DrmLooker, 'look'>, mono: () => number) {
    this.#looker = looker;
    this.#mono = mono;
  }

  /**
   * The load, and the time of the look that it is of: null before there were two looks that took in the card, one soon after
   * the other. A card is idle while no program has it open, but its load is null where none was ever seen to use it.
   */
  async of(card: string): Promise<{ readonly load: Value; readonly at: number | null }> {
    const isDue = this.#last === null || this.#mono() - this.#last.at >= LOOK_MS;
    if (isDue) this.#looking ??= this.#look().finally(() => (this.#looking = null));
    await this.#looking;
    const [before, last] = [this.#before, this.#last];
    if (before === null || last === null || before.leftOut.has(card) || last.leftOut.has(card)) return { load: null, at: null };
    return { load: this.#loads.get(card) ?? (this.#seen.has(card) ? 0 : null), at: last.at };
  }

  async #look(): Promise<void> {
    const now = await this.#looker.look();
    for (const { card } of now.clients.values()) this.#seen.add(card);
    this.#before = this.#last !== null && now.at - this.#last.at <= MOST_MS ? this.#last : null;
    this.#loads = this.#before === null ? new Map() : cardLoads(this.#before, now);
    this.#last = now;
  }
}

/** Reads one card. */
export class IntelCard implements CardSource {
  readonly #files: CardFiles;
  readonly #names: (typeof FILES)[IntelDriver];
  readonly #card: string;
  readonly #facts: { readonly address: string; readonly mono: () => number; readonly loads: Pick<DrmLoads, 'of'> };
  #before: IntelCounters | null = null;
  /** Time of the look that its load was last of: cards share the looks, and each takes in a look once. */
  #lookAt: number | null = null;

  /** `folder` of the PCI device; `card`: the name of its display there, such as card0. */
  constructor(folder: string, card: string, driver: IntelDriver, facts: { readonly address: string; readonly mono: () => number; readonly loads: Pick<DrmLoads, 'of'> }) {
    this.#files = new CardFiles(folder);
    this.#names = FILES[driver];
    this.#card = `drm/${card}`;
    this.#facts = facts;
  }

  async read(): Promise<CardSample> {
    const { address, mono, loads } = this.#facts;
    const clock = await this.#number(this.#names.clock);
    const now = { at: mono(), energy: await this.#files.firstSensor('energy1_input', 'energy2_input'), saving: await this.#number(this.#names.saving) };
    const { load, at } = await loads.of(address);
    const isNew = at !== null && at !== this.#lookAt;
    this.#lookAt = at;
    const temperature = await this.#files.firstSensor(...this.#names.temperature);
    const values = {
      ...NO_VALUES,
      load,
      temperature: temperature === null ? null : temperature / 1000,
      clock: clock === null ? null : clock * MEGAHERTZ,
      fan: await this.#files.firstSensor('fan1_input'),
      ...betweenReads(this.#before, now),
    };
    this.#before = now;
    return { values, load, isNew };
  }

  letGo(): void {
    this.#files.close();
  }

  #number(names: readonly string[]): Promise<Value> {
    return this.#files.firstNumber(names.map((name) => name.replace('{card}', this.#card)));
  }
}
