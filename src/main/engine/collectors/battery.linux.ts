/**
 * Batteries from /sys/class/power_supply, read off the main thread because some are on slow buses. Those of accessories are
 * asked over the air: each at most every two minutes, and none is waited for long.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { within } from '../deadline';
import { batteryReading, NO_BATTERIES, ownBatteries } from './battery';
import type { BatteriesRaw } from './battery';
import { meanFlow, timesOf } from './battery-time';
import type { MeanFlow } from './battery-time';
import type { Collector } from './collector';
import type { CollectorDeps, SystemDeps } from './deps';
import { accessFault } from './faults';
import { allEnded, HeldFile, isAbsent, namesIn, optionalTextAsync } from './files';
import { totalOf } from './numbers';
import { batteryOf, distinct, kindOf } from './power-supply';
import type { Attributes, SupplyKind } from './power-supply';
import { inNaturalOrder } from './sensors.linux';

const FOLDER = '/sys/class/power_supply';

/** Attributes that change by themselves. */
const LIVE = ['present', 'status', 'capacity', 'capacity_level', 'energy_now', 'charge_now', 'power_now', 'current_now', 'voltage_now', 'online'];
/** Those that say what it is, or change within weeks. */
const LASTING = ['type', 'scope', 'manufacturer', 'model_name', 'serial_number', 'technology', 'cycle_count', 'voltage_min_design', 'charge_control_end_threshold', 'energy_full', 'energy_full_design', 'charge_full', 'charge_full_design'];

/** How often supplies are looked for where there are some, and where there are none; lasting attributes are read every ten minutes. ms. */
const CHECK_MS = 60_000;
const NONE_MS = 300_000;
const RELIST_MS = 600_000;
/** After a supply has gone the list is read again at once, but no more often than this, ms. */
const GONE_MS = 10_000;

/** How long an answer of an accessory counts, how long it is waited for, and how old one may be that came late, ms. */
const ACCESSORY = { interval: 115_000, wait: 500, oldest: 300_000 } as const;

async function textsOf(folder: string, names: readonly string[]): Promise<Attributes> {
  const texts: Record<string, string> = {};
  for (const name of names) {
    const text = await optionalTextAsync(join(folder, name));
    if (text !== null) texts[name] = text;
  }
  return texts;
}

/** What is known of a supply when it is listed. */
interface Found {
  readonly folder: string;
  readonly name: string;
  readonly kind: NonNullable<SupplyKind>;
  readonly lasting: Attributes;
  /** Names of its live attributes. */
  readonly live: readonly string[];
}

/** A supply of this machine with its open files. They are read one after the other: one that hangs holds one thread. */
class OwnSupply {
  readonly found: Found;
  readonly #files: readonly (readonly [name: string, file: HeldFile])[];
  #isGone = false;

  constructor(found: Found) {
    this.found = found;
    this.#files = found.live.map((one) => [one, new HeldFile(join(found.folder, one), 128)]);
  }

  /** True once it was removed. */
  get isGone(): boolean {
    return this.#isGone;
  }

  async read(): Promise<Attributes> {
    const texts: Record<string, string> = {};
    for (const [name, file] of this.#files) {
      const text = await this.#textOf(file);
      if (text !== null) texts[name] = text;
    }
    return { ...this.found.lasting, ...texts };
  }

  close(): void {
    for (const [, file] of this.#files) file.close();
  }

  async #textOf(file: HeldFile): Promise<string | null> {
    const wasOpen = file.isOpen;
    try {
      return (await file.readTextAsync()).trim();
    } catch (error) {
      if (wasOpen && !file.isOpen) this.#isGone = true;
      if (isAbsent(error)) return null;
      throw accessFault(error, file.path);
    }
  }
}

/**
 * The supply of an accessory: what it said is kept for a while, and one that does not answer is not asked again before it
 * does. No file stays open, since a read may outlast the list.
 */
class Accessory {
  readonly found: Found;
  readonly isGone = false;
  readonly #deps: Pick<SystemDeps, 'clock' | 'timers'>;
  #answer: { readonly at: number; readonly live: Attributes } | null = null;
  #asking: Promise<void> | null = null;

  constructor(found: Found, deps: Pick<SystemDeps, 'clock' | 'timers'>) {
    this.found = found;
    this.#deps = deps;
  }

  /** Without its live attributes while nothing recent is known. */
  async read(): Promise<Attributes> {
    if (this.#age() >= ACCESSORY.interval) {
      this.#asking ??= this.#ask().finally(() => (this.#asking = null));
      await within(this.#deps.timers, ACCESSORY.wait, this.#asking);
    }
    return { ...this.found.lasting, ...(this.#age() < ACCESSORY.oldest ? this.#answer?.live : {}) };
  }

  close(): void {
    // Nothing is open.
  }

  /** Ms since the latest answer. */
  #age(): number {
    return this.#answer === null ? Number.POSITIVE_INFINITY : this.#deps.clock.mono() - this.#answer.at;
  }

  async #ask(): Promise<void> {
    const live = await textsOf(this.found.folder, this.found.live);
    this.#answer = { at: this.#deps.clock.mono(), live };
  }
}

type Supply = OwnSupply | Accessory;

async function findSupply(folder: string, name: string): Promise<Found | null> {
  const names: string[] = await namesIn(folder).catch(() => []);
  const lasting = await textsOf(folder, LASTING.filter((one) => names.includes(one)));
  const kind = kindOf(name, lasting);
  if (kind === null) return null;
  const live = kind === 'adapter' ? ['online'] : LIVE;
  return { folder, name, kind, lasting, live: live.filter((one) => names.includes(one)) };
}

/** The supplies of this machine, listed again when they come or go. */
class SupplyList {
  readonly #deps: Pick<SystemDeps, 'root' | 'clock' | 'timers'>;
  #supplies: readonly Supply[] = [];
  #names: string | null = null;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<SystemDeps, 'root' | 'clock' | 'timers'>) {
    this.#deps = deps;
  }

  /** None where there are adapters alone. */
  async current(): Promise<readonly Supply[]> {
    const now = this.#deps.clock.mono();
    const isGone = this.#supplies.some((supply) => supply.isGone);
    const pace = isGone ? GONE_MS : this.#supplies.length === 0 ? NONE_MS : CHECK_MS;
    if (now - this.#checkedAt >= pace) await this.#check(now, isGone);
    return this.#supplies;
  }

  close(): void {
    for (const supply of this.#supplies) supply.close();
  }

  async #check(now: number, isForced: boolean): Promise<void> {
    const folder = join(this.#deps.root, FOLDER);
    const names = inNaturalOrder(await namesIn(folder));
    this.#checkedAt = now;
    if (!isForced && names.join('/') === this.#names && now - this.#listedAt < RELIST_MS) return;
    const all: Found[] = [];
    for (const name of names) {
      const found = await findSupply(join(folder, name), name);
      if (found !== null) all.push(found);
    }
    this.close();
    this.#supplies = all.some(({ kind }) => kind !== 'adapter') ? all.map((found) => this.#supplyOf(found)) : [];
    this.#names = names.join('/');
    this.#listedAt = now;
  }

  /** An accessory stays the one that it was: it may not have answered yet. */
  #supplyOf(found: Found): Supply {
    if (found.kind !== 'accessory') return new OwnSupply(found);
    const before = this.#supplies.find((supply) => supply instanceof Accessory && supply.found.name === found.name && isDeepStrictEqual(supply.found, found));
    return before ?? new Accessory(found, this.#deps);
  }
}

/** What was read, by supply. */
type Answers = readonly (readonly [found: Found, attributes: Attributes])[];

/** The adapters together: one of them that gives power is enough. */
function onMainsOf(answers: Answers): boolean | null {
  const online = answers.flatMap(([{ kind }, attributes]) => (kind === 'adapter' ? (attributes['online'] ?? []) : []));
  return online.length === 0 ? null : online.some((text) => text !== '0');
}

/** Reads all supplies. */
export function linuxBattery(deps: Pick<CollectorDeps, 'root' | 'clock' | 'timers' | 'ignoredBatteries'>): Collector<'battery', BatteriesRaw> {
  const list = new SupplyList(deps);
  let flow: MeanFlow | null = null;
  return {
    family: 'battery',
    read: async () => {
      const supplies = await list.current();
      if (supplies.length === 0) return NO_BATTERIES;
      const answers: Answers = await allEnded(supplies.map(async (supply) => [supply.found, await supply.read()] as const));
      const batteries = distinct(answers.flatMap(([{ name, kind }, attributes]) => (kind === 'adapter' ? [] : (batteryOf(name, attributes, kind) ?? []))));
      const ignored = deps.ignoredBatteries?.();
      const own = ownBatteries(batteries, ignored);
      flow = meanFlow(flow, totalOf(own.map(({ watts }) => watts)), deps.clock.mono());
      return { batteries, onMains: onMainsOf(answers), ...timesOf(flow, own), ignored };
    },
    toReading: batteryReading,
    close: () => list.close(),
  };
}
