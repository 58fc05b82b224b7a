/**
 * The sampling loop: each tick reads the collectors that are due, without waiting for slow ones, and emits one immutable
 * batch. Ticks do not drift; the result of a slow read goes into the first batch after it arrived.
 *
 * engine/sampler imports collectors, the clock and src/shared. Store, rules and transports get its batches through the
 * hub; the sampler imports none of them.
 */
import { FAMILY_IDS, familyOf } from '../../../shared/metrics/index';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Failure, Fault, GapReason, Reading, SampleBatch } from '../../../shared/metrics/reading';
import type { Clock, Timers } from '../clock';
import type { CollectorSet } from '../collectors/collector';
import { gapBetween, readClocks, sleptOf } from './gap';
import type { ClockReading, FoundGap } from './gap';
import { CollectorRunner } from './collector-runner';
import { awaitWord, SleepWords } from './sleep-word';
import type { AskWhetherSlept, AwaitedWord } from './sleep-word';

/** Dependencies of the sampler. */
export interface SamplerParts {
  readonly collectors: CollectorSet;
  readonly clock: Clock;
  readonly timers: Timers;
  onBatch(batch: SampleBatch): void;
  /** Called when a family starts to fail, fails for another reason, or recovers (null); not on every tick. */
  onHealth(family: FamilyId, fault: Fault | null): void;
  /** Asks about a gap that may have been sleep where no clock tells it; without it only the system's own word counts. */
  readonly askWhetherSlept?: AskWhetherSlept;
  /** The gap before the batch of `time` (epoch ms) was sleep: the system said so only after the batch. */
  onSleepLearned?(time: number): void;
}

/** The sampling loop. */
export interface Sampler {
  start(): void;
  /** Stops the loop; collectors keep their open files. The first batch after the next start() has this gap reason. */
  pause(reason: GapReason): void;
  /** The system says that it falls asleep: pauses, and returns true; false for a word that came after the sleep, which a late tick has told. */
  fallAsleep(): boolean;
  /** The system says that it has woken. Does not start the loop. */
  noteWoken(): void;
  /** Families that an open view shows: sampled at their viewed interval. */
  setViewed(families: ReadonlySet<FamilyId>): void;
  /** Reads families at the next tick whether they are due or not: something else is to be shown of them. */
  readSoon(families: Iterable<FamilyId>): void;
  /** On battery or with a locked screen: while no view is open, every interval doubles. */
  setPowerSaving(on: boolean): void;
  /** Mean milliseconds per read, by family. */
  costs(): Readonly<Record<string, number | null>>;
  /** Mean milliseconds a tick blocks the event loop; null before the first. */
  tickCost(): number | null;
  close(): void;
}

/** Interval of the loop, ms. */
const TICK = 1000;
/** A tick may be this much early and still read the families due then, ms. */
const SLACK = TICK / 4;

/** Creates the loop; nothing runs before start(). */
export function createSampler(parts: SamplerParts): Sampler {
  return new TickLoop(parts);
}

class TickLoop implements Sampler {
  readonly #parts: SamplerParts;
  readonly #runners: ReadonlyMap<FamilyId, CollectorRunner>;
  readonly #failing = new Map<FamilyId, Fault>();
  #cancel: (() => void) | null = null;
  #last: ClockReading | null = null;
  #nextTick = 0;
  #seq = 0;
  #pendingGap: GapReason | null = 'start';
  readonly #words = new SleepWords();
  #awaited: AwaitedWord | null = null;
  #viewed: ReadonlySet<FamilyId> = new Set();
  #powerSaving = false;
  #tickCost: number | null = null;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#runners = new Map(FAMILY_IDS.map((id) => [id, new CollectorRunner(familyOf(id), parts.collectors[id], parts.clock)]));
  }

  start(): void {
    if (this.#cancel !== null) return;
    this.#last = null;
    this.#nextTick = this.#parts.clock.mono();
    for (const runner of this.#runners.values()) runner.setDue();
    this.#tick();
  }

  pause(reason: GapReason): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#awaited = null;
    this.#pendingGap = reason;
    for (const runner of this.#runners.values()) runner.resetRates();
  }

  fallAsleep(): boolean {
    if (this.#cancel !== null && this.#words.isOld(this.#parts.clock.mono())) {
      this.#awaited?.say(true);
      return false;
    }
    this.pause('sleep');
    return true;
  }

  noteWoken(): void {
    const learned = this.#words.onWoken(this.#parts.clock.mono());
    this.#awaited?.say(true);
    if (learned !== null) this.#parts.onSleepLearned?.(learned);
  }

  setViewed(families: ReadonlySet<FamilyId>): void {
    this.readSoon([...families].filter((id) => !this.#viewed.has(id)));
    this.#viewed = families;
  }

  readSoon(families: Iterable<FamilyId>): void {
    for (const id of families) this.#runners.get(id)?.setDue();
  }

  setPowerSaving(on: boolean): void {
    this.#powerSaving = on;
  }

  costs(): Readonly<Record<string, number | null>> {
    return Object.fromEntries([...this.#runners].map(([id, runner]) => [id, runner.milliseconds]));
  }

  tickCost(): number | null {
    return this.#tickCost;
  }

  close(): void {
    this.pause('pause');
    for (const runner of this.#runners.values()) runner.close();
  }

  #interval(): number {
    return this.#powerSaving && this.#viewed.size === 0 ? TICK * 2 : TICK;
  }

  #tick(): void {
    const { clock } = this.#parts;
    const started = clock.mono();
    const last = this.#last;
    const reading = readClocks(clock, last?.slept ?? sleptOf(clock));
    const found = last === null ? null : gapBetween(last, reading, this.#interval(), clock);
    if (last !== null && found !== null && this.#mustWait(last, reading, found)) return;
    this.#last = found === null ? reading : { ...reading, slept: sleptOf(clock) };
    const gap = this.#pendingGap ?? found?.reason ?? null;
    this.#pendingGap = null;
    for (const [id, runner] of this.#runners) runner.start(this.#intervalOf(id, runner), SLACK, started);
    const batch = this.#collect(reading.now, gap);
    // Scheduled before the batch is emitted: a subscriber that throws must not end the loop.
    this.#schedule();
    this.#parts.onBatch(batch);
    const took = clock.mono() - started;
    this.#tickCost = this.#tickCost === null ? took : this.#tickCost * 0.95 + took * 0.05;
  }

  /** Handles a gap; true if the batch after it waits until it is known whether the machine slept. */
  #mustWait(last: ClockReading, reading: ClockReading, found: FoundGap): boolean {
    for (const runner of this.#runners.values()) runner.resetRates();
    if (found.maySleep || found.reason === 'sleep') this.#words.onLateTick(reading.mono);
    if (!found.maySleep) return false;
    const { timers, askWhetherSlept = () => Promise.resolve(null) } = this.#parts;
    const ask = (): Promise<boolean | null> => (this.#words.wokeBetween(last, reading) ? Promise.resolve(true) : askWhetherSlept(last.now, reading.now));
    this.#awaited = awaitWord(timers, ask, (slept) => this.#goOn(slept, found.reason));
    this.#cancel = this.#awaited.cancel;
    return true;
  }

  /** The batch after a gap that may have been sleep; `reason` where it was not. */
  #goOn(slept: boolean | null, reason: GapReason): void {
    const { clock, timers } = this.#parts;
    this.#awaited = null;
    this.#last = null;
    this.#pendingGap = slept === true ? 'sleep' : reason;
    if (slept === false) this.#words.onNoSleep();
    // In a turn of its own: who said the word must not run the tick.
    this.#cancel = timers.after(0, () => {
      this.#tick();
      // Set by the tick: the time of its batch.
      if (slept === null && this.#last !== null) this.#words.onUnexplained(this.#last.now, clock.mono());
    });
  }

  #intervalOf(id: FamilyId, runner: CollectorRunner): number | null {
    const { background, viewed } = runner.family.samplingInterval;
    if (this.#viewed.has(id)) return viewed;
    return background !== null && this.#powerSaving ? background * 2 : background;
  }

  #collect(time: number, gap: GapReason | null): SampleBatch {
    const readings: Partial<Record<FamilyId, Reading>> = {};
    const faults: Partial<Record<FamilyId, Fault>> = {};
    for (const [id, runner] of this.#runners) {
      const outcome = runner.take();
      if (outcome === null) continue;
      if ('reading' in outcome) {
        readings[id] = outcome.reading;
        this.#noteHealth(id, null);
      } else {
        const fault = this.#toFault(outcome.failure, id, runner, time);
        faults[id] = fault;
        this.#noteHealth(id, fault);
      }
    }
    this.#seq += 1;
    return Object.freeze({ seq: this.#seq, time, ...(gap === null ? {} : { gap }), readings, faults });
  }

  /** A failed read with its place in time: since when the family fails, and when it is read again. */
  #toFault({ kind, message }: Failure, id: FamilyId, runner: CollectorRunner, time: number): Fault {
    const dueIn = runner.dueIn();
    return { kind, message, since: this.#failing.get(id)?.since ?? time, nextAt: dueIn === null ? null : time + Math.round(dueIn) };
  }

  #noteHealth(id: FamilyId, fault: Fault | null): void {
    const before = this.#failing.get(id);
    if (before?.kind === fault?.kind) return;
    if (fault === null) this.#failing.delete(id);
    else this.#failing.set(id, fault);
    this.#parts.onHealth(id, fault);
  }

  #schedule(): void {
    const mono = this.#parts.clock.mono();
    const interval = this.#interval();
    this.#nextTick += interval;
    // Missed ticks are skipped: a burst of ticks would measure nothing.
    if (this.#nextTick <= mono) this.#nextTick = mono + interval;
    this.#cancel = this.#parts.timers.after(this.#nextTick - mono, () => this.#tick());
  }
}
