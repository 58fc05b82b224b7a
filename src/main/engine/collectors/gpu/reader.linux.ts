/** Reads all cards of a Linux machine, each as often as lets it sleep. Loaded on machines that have a card, and there alone. */
import { join } from 'node:path';
import type { DeviceState } from '../../../../shared/metrics/device-state';
import { yieldToEventLoop } from '../../time-slicing';
import type { SystemDeps } from '../deps';
import { allEnded, HeldFile, isExhausted, optionalTextAsync } from '../files';
import type { CardRaw, GpuMetric, GpuRaw, GpuValues } from '../gpu';
import { wholeNumber } from '../sensors.linux';
import { AMD_TELLS, AmdCard } from './amd.linux';
import { cardEntries, cardsOf } from './cards.linux';
import type { FoundCard } from './cards.linux';
import type { CardSample, CardSource } from './card-source';
import { DrmLooker } from './drm-look.linux';
import type { GpuGates } from './gates';
import { DrmLoads, INTEL_TELLS, IntelCard } from './intel.linux';
import type { NvidiaCards } from './nvidia-cards';
import { NVIDIA_TELLS } from './nvidia-lines';
import { afterLook, afterSample, isPoweredUp, NEW_CARD, RELEASE_MS } from './sleep-state';
import type { SleepState } from './sleep-state';

/** Cards come and go with docks: how often they are listed, ms. */
const LIST_MS = 5 * 60_000;

/** After a card has gone they are listed again so soon, ms. */
const GONE_MS = 10_000;

/** What the reader needs. */
export type GpuDeps = Pick<SystemDeps, 'root' | 'clock' | 'programs' | 'timers' | 'demo'>;

/** What cards with a driver can tell; nothing for the others. */
const TELLS: Readonly<Record<string, readonly GpuMetric[]>> = { amdgpu: AMD_TELLS, nvidia: NVIDIA_TELLS, i915: INTEL_TELLS, xe: INTEL_TELLS };

/** A card whose driver tells nothing about it. It is let go like any other, as its sensors keep it awake, too. */
function silentCard(driver: string): CardSource {
  const problem = `the driver ${driver} does not tell what the card does`;
  return { read: () => Promise.resolve({ values: null, load: null, isNew: true, problem }), letGo: () => undefined };
}

const RELEASED: DeviceState = { code: 'active', reason: `idle; read every ${RELEASE_MS / 1000} s only, so that it can fall asleep` };
const ASLEEP: DeviceState = { code: 'asleep' };

/** Why a card is not read although it is awake, and whether that may last. */
interface Hold {
  readonly reason: string;
  readonly isLong: boolean;
}

function stateOf({ problem, reason }: CardSample): DeviceState {
  if (problem !== undefined) return { code: 'unavailable', reason: problem };
  return { code: 'active', ...(reason === undefined ? {} : { reason }) };
}

/** A card, its state and how it is read. */
class Card {
  readonly found: FoundCard;
  readonly #source: CardSource;
  readonly #status: HeldFile;
  readonly #control: HeldFile;
  /** Who needs it awake now; not there with every kernel (CONFIG_PM_ADVANCED_DEBUG). Null where it would be ourselves. */
  readonly #usage: HeldFile | null;
  readonly #root: string;
  /** Of NVIDIA: whether its driver puts it to sleep; null until it is known. */
  #mayBePutToSleep: boolean | null;
  #state: SleepState = NEW_CARD;
  #canSleep = false;
  #last: CardSample | null = null;
  #label: string;
  #hasFailed = false;
  /** Whether its power state could be read once: if not any more, it is gone. */
  #hasStatus = false;
  #isGone = false;

  constructor(root: string, found: FoundCard, source: CardSource) {
    this.found = found;
    this.#root = root;
    this.#source = source;
    this.#label = found.label;
    this.#status = new HeldFile(join(found.folder, 'power/runtime_status'), 64);
    this.#control = new HeldFile(join(found.folder, 'power/control'), 64);
    this.#usage = found.driver === 'nvidia' ? null : new HeldFile(join(found.folder, 'power/runtime_usage'), 64);
    this.#mayBePutToSleep = found.driver === 'nvidia' ? null : true;
  }

  get mayRead(): boolean {
    return this.#state.mode === 'reading';
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get isAsleep(): boolean {
    return this.#state.mode === 'asleep';
  }

  /** Looks at its power state, which never wakes it. */
  async look(now: number): Promise<void> {
    const status = this.#status.optionalText()?.trim() ?? null;
    this.#isGone = status === null && this.#hasStatus;
    this.#hasStatus ||= status !== null;
    this.#hasFailed = status === 'error';
    const isActive = isPoweredUp(status);
    if (isActive) this.#mayBePutToSleep ??= await this.#isPutToSleep();
    this.#canSleep = status !== null && status !== 'unsupported' && this.#mayBePutToSleep !== false && this.#control.optionalText()?.trim() === 'auto' && !this.#isNeeded();
    this.#state = afterLook(this.#state, { now, isActive, canSleep: this.#canSleep });
    if (!this.mayRead) this.#source.letGo();
    if (this.isAsleep) this.#last = null;
  }

  /** Reads it. What it said last is kept while it is let go, which is not for long. */
  async read(now: number): Promise<CardRaw> {
    if (!this.mayRead) return this.#raw(this.#unreadState(), this.#last?.values ?? null);
    const sample = await this.#source.read();
    if (sample.isNew) this.#state = afterSample(this.#state, sample.load, { now, canSleep: this.#canSleep });
    this.#last = sample;
    this.#label = sample.label ?? this.#label;
    // What is let go is closed at once: this sample was the last for a while.
    if (!this.mayRead) this.#source.letGo();
    return this.#raw(stateOf(sample), sample.values);
  }

  /** Does not read it, although its own state would allow it. */
  hold({ reason, isLong }: Hold): CardRaw {
    this.#source.letGo();
    if (isLong) this.#last = null;
    return this.#raw({ code: 'active', reason }, this.#last?.values ?? null);
  }

  close(): void {
    this.#source.letGo();
    this.#status.close();
    this.#control.close();
    this.#usage?.close();
  }

  /** True while something holds it awake, such as a display: our own reads do not, as they have ended. */
  #isNeeded(): boolean {
    return (wholeNumber(this.#usage?.optionalText()?.trim() ?? null) ?? 0) > 0;
  }

  #unreadState(): DeviceState {
    if (this.#hasFailed) return { code: 'unavailable', reason: 'its driver could not put it to sleep or wake it: see the log of the kernel' };
    if (this.isAsleep) return ASLEEP;
    // What cannot be read is no better for being let go.
    return this.#last?.problem === undefined ? RELEASED : stateOf(this.#last);
  }

  #raw(state: DeviceState, values: GpuValues | null): CardRaw {
    const { id, address, driver } = this.found;
    return { id, label: this.#label, detail: `${driver} ${address}`, state, values };
  }

  /** What NVIDIA's driver says of its own power management (README of the driver, "PCI-Express Runtime D3"). */
  async #isPutToSleep(): Promise<boolean> {
    const text = await optionalTextAsync(join(this.#root, '/proc/driver/nvidia/gpus', this.found.address, 'power'));
    // Drivers that do not say it may still be told to by power/control.
    return text === null || /^Runtime D3 status:\s*Enabled/m.test(text);
  }
}

/** All cards. */
export class LinuxCards {
  readonly #deps: GpuDeps;
  readonly #gates: GpuGates;
  readonly #loads: DrmLoads;
  #cards: readonly Card[] = [];
  #entries: string | null = null;
  #nvidia: NvidiaCards | null = null;
  #due = Number.NEGATIVE_INFINITY;

  constructor(deps: GpuDeps, gates: GpuGates) {
    const mono = (): number => deps.clock.mono();
    this.#deps = deps;
    this.#gates = gates;
    this.#loads = new DrmLoads(new DrmLooker(deps.root, { mono, yieldToEventLoop }, gates), mono);
  }

  async read(): Promise<GpuRaw> {
    const now = this.#deps.clock.mono();
    if (now >= this.#due) await this.#list(now);
    await allEnded(this.#cards.map((card) => card.look(now)));
    // It may have come back as another one; its entries say so.
    if (this.#cards.some((card) => card.isGone)) this.#entries = null;
    if (this.#entries === null) this.#due = now + GONE_MS;
    const hold = this.#hold();
    const read = async (card: Card): Promise<CardRaw> => {
      const { driver, address } = card.found;
      this.#gates.set(address, card.mayRead);
      const raw = hold !== null && card.mayRead && driver === 'nvidia' ? card.hold(hold) : await card.read(now);
      this.#gates.set(address, card.mayRead);
      return raw;
    };
    const cards = await allEnded(this.#cards.map(read));
    return { cards, told: new Set(this.#cards.flatMap(({ found }) => TELLS[found.driver] ?? [])) };
  }

  close(): void {
    for (const card of this.#cards) card.close();
  }

  /** Cards of NVIDIA are read together or not at all: reading one wakes, or keeps awake, all of them. */
  #hold(): Hold | null {
    const closed = this.#cards.filter((card) => card.found.driver === 'nvidia' && !card.mayRead);
    if (closed.length === 0) return null;
    return { reason: 'not read now: that would wake another card of NVIDIA, or keep it awake', isLong: closed.some((card) => card.isAsleep) };
  }

  async #list(now: number): Promise<void> {
    try {
      const { root } = this.#deps;
      const entries = await cardEntries(root);
      if (entries.join('\n') !== this.#entries) await this.#take(await cardsOf(root, entries));
      this.#entries = entries.join('\n');
      this.#due = now + LIST_MS;
    } catch (error) {
      // What was listed before is still good.
      if (this.#entries === null || !isExhausted(error)) throw error;
    }
  }

  async #take(found: readonly FoundCard[]): Promise<void> {
    this.close();
    const before = new Set(this.#cards.map((card) => card.found.address));
    const cards: Card[] = [];
    for (const one of found) cards.push(new Card(this.#deps.root, one, await this.#sourceOf(one)));
    this.#cards = cards;
    for (const address of before) this.#gates.set(address, true);
  }

  async #sourceOf({ folder, device, driver, card, address }: FoundCard): Promise<CardSource> {
    if (driver === 'amdgpu') return new AmdCard(folder, device);
    if ((driver === 'i915' || driver === 'xe') && card !== null) return new IntelCard(folder, card, driver, { address, mono: () => this.#deps.clock.mono(), loads: this.#loads });
    if (driver !== 'nvidia') return silentCard(driver);
    const { NvidiaCards: Cards } = await import('./nvidia-cards');
    return (this.#nvidia ??= new Cards(this.#deps)).card(address);
  }
}

