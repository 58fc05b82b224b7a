/** Timeline events of the app's life: start and stop, pauses, sleep, clock changes, failing collectors, changed settings, restored history. */
import { basename } from 'node:path';
import type { TaskState } from '../../shared/api/history-schemas';
import type { EventInput, OwnEventType } from '../../shared/timeline/event-schemas';
import { describeFault } from '../../shared/metrics/fault-labels';
import { familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Fault, SampleBatch } from '../../shared/metrics/reading';
import { formatValue } from '../../shared/units';
import type { Clock } from '../engine/clock';
import { excludesSleep } from '../engine/sampler/gap';
import { LATE_WORD } from '../engine/sampler/sleep-word';
import type { LostFile, Quarantined, RetentionJump } from '../engine/store/open-store';
import type { EventRecorder } from './event-recorder';
import { changesBetween, describeChanges } from './settings-changes';

/** Shortest time between two failure events of one collector, and between two stall events, ms: they must not push out everything else. */
const MIN_REPEAT_INTERVAL = 10 * 60_000;
/** Shortest stall that is an event, ms: busy machines have many shorter ones. */
const MIN_STALL = 30_000;

/** What the lifecycle events need. */
export interface LifecycleParts {
  readonly record: EventRecorder;
  readonly clock: Pick<Clock, 'now' | 'mono' | 'awake'>;
  readonly appVersion: string;
  /** Type of the newest stored event of these types; null where there is none. */
  latest(types: readonly OwnEventType[]): string | null;
}

/** Listeners that write an event where what they are called with is worth one. */
export interface LifecycleEvents {
  onBatch(batch: SampleBatch): void;
  /** The gap before the batch of `time` was sleep: the system said so late. */
  onSleepLearned(time: number): void;
  /** A family fails or (null) works again. */
  onHealth(family: FamilyId, fault: Fault | null): void;
  onPaused(paused: boolean): void;
  onSettings(settings: object, before: object): void;
  onTask(task: TaskState): void;
  /** The app quits. */
  stop(): void;
}

const duration = (ms: number): string => formatValue(ms / 1000, 'seconds');

/** The event of a damaged database that was moved away. */
export function quarantinedEvent({ path, reason }: Quarantined): EventInput {
  return { type: 'history_quarantined', severity: 'critical', message: `History file was damaged and moved. A new history was started. (${reason})`, details: { path, reason } };
}

/** What happened to the history's file, as the beginning of a sentence. */
export function fileLossText(what: LostFile['what']): string {
  if (what === 'log') return 'The history’s log was removed or replaced';
  return `The history file was ${what === 'overwritten' ? 'written over' : what}`;
}

/** The event of a history's file that was removed or replaced in use. Names without folders: viewers read the timeline. */
export function fileLostEvent({ what, aside, isSaved }: LostFile): EventInput {
  const saved = isSaved ? 'what could be read of it is kept' : 'what was written of it is lost';
  const kept = aside === null ? '' : ` What took its place is kept as ${basename(aside)}.`;
  return { type: 'history_replaced', severity: 'warning', message: `${fileLossText(what)} while in use; ${saved}.${kept}`, details: { what, saved: isSaved, ...(aside === null ? {} : { aside: basename(aside) }) } };
}

/** The event of retention that followed a clock that had been ahead for long enough; times in epoch ms. */
export function retentionMovedEvent({ from, to }: RetentionJump): EventInput {
  const message = `The clock has stayed ${duration(to - from)} ahead and is taken as right: what is older than the limits by it is removed`;
  return { type: 'retention_moved', message, details: { from: Math.round(from), to: Math.round(to) } };
}

/** Starts, sleep and clock changes, recognized by the gap markers of batches. */
class GapEvents {
  // Two numbers rather than an object: this runs each tick.
  #lastTime: number | null = null;
  #lastMono = 0;
  #stallRecordedAt = -Infinity;
  /** A stall that may turn out to be sleep: the tick before it (`last`) and after it, epoch ms, and its length. */
  #held: { readonly last: number; readonly time: number; readonly ms: number; readonly mono: number } | null = null;
  isStarted = false;

  constructor(private readonly parts: LifecycleParts) {}

  onBatch({ gap, time }: SampleBatch): void {
    const mono = this.parts.clock.mono();
    if (this.#held !== null && (gap !== undefined || mono - this.#held.mono > LATE_WORD)) this.release();
    if (gap !== undefined) this.#record(gap, time, mono);
    this.#lastTime = time;
    this.#lastMono = mono;
  }

  onSleepLearned(time: number): void {
    const held = this.#held;
    if (held?.time !== time) return;
    this.#held = null;
    this.#recordSleep(held.time, held.last);
  }

  /** Records the stall that was held back. */
  release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#recordStall(held.time, held.ms);
  }

  #record(gap: NonNullable<SampleBatch['gap']>, time: number, mono: number): void {
    const last = this.#lastTime;
    if (gap === 'start') this.#recordStart(time);
    else if (gap === 'sleep') this.#recordSleep(time, last);
    else if (gap === 'clock' && last !== null) this.#recordClockChange(time, Math.round(time - last - (mono - this.#lastMono)));
    else if (gap === 'stall' && last !== null) this.#onStall(last, time, mono);
  }

  #onStall(last: number, time: number, mono: number): void {
    const ms = mono - this.#lastMono;
    if (excludesSleep(this.parts.clock)) this.#recordStall(time, ms);
    else this.#held = { last, time, ms, mono };
  }

  #recordStart(time: number): void {
    this.isStarted = true;
    // A run that ends normally writes monitoring_stopped.
    const isClean = this.parts.latest(['monitoring_started', 'monitoring_stopped']) !== 'monitoring_started';
    const message = isClean ? 'Monitoring started' : 'Monitoring started. The previous run ended unexpectedly (crash, kill or power loss)';
    this.parts.record({ type: 'monitoring_started', message, details: { version: this.parts.appVersion } }, time);
  }

  #recordSleep(time: number, last: number | null): void {
    if (last !== null) this.parts.record({ type: 'host_slept', message: 'Went to sleep' }, last);
    this.parts.record({ type: 'host_woke', message: last === null ? 'Resumed from sleep' : `Resumed from sleep after ${duration(time - last)}` }, time);
  }

  #recordStall(time: number, ms: number): void {
    const mono = this.parts.clock.mono();
    if (ms < MIN_STALL || mono - this.#stallRecordedAt < MIN_REPEAT_INTERVAL) return;
    this.#stallRecordedAt = mono;
    const details = { milliseconds: Math.round(ms) };
    this.parts.record({ type: 'monitoring_stalled', severity: 'warning', message: `No samples for ${duration(ms)}: Traywatch was stopped or the machine was overloaded`, details }, time);
  }

  #recordClockChange(time: number, by: number): void {
    this.parts.record({ type: 'clock_stepped', message: `System clock moved ${by < 0 ? 'back' : 'forward'} ${duration(Math.abs(by))}`, details: { milliseconds: by } }, time);
  }
}

/** Collectors that fail and recover: an event at each change of state. */
class CollectorEvents {
  readonly #failing = new Map<FamilyId, number>();
  readonly #recordedAt = new Map<FamilyId, number>();

  constructor(private readonly parts: LifecycleParts) {}

  onHealth(family: FamilyId, fault: Fault | null): void {
    const mono = this.parts.clock.mono();
    const since = this.#failing.get(family);
    const { label } = familyOf(family);
    if (fault === null) {
      if (since === undefined) return;
      this.#failing.delete(family);
      this.parts.record({ type: 'collector_recovered', message: `${label}: readable again after ${duration(mono - since)}`, details: { family } });
      return;
    }
    if (since !== undefined || mono - (this.#recordedAt.get(family) ?? -MIN_REPEAT_INTERVAL) < MIN_REPEAT_INTERVAL) return;
    this.#failing.set(family, mono);
    this.#recordedAt.set(family, mono);
    this.parts.record({ type: 'collector_failing', severity: 'warning', message: `${label}: read error (${describeFault(fault)})`, details: { family, kind: fault.kind } });
  }
}

/** Builds the listeners. */
export function createLifecycleEvents(parts: LifecycleParts): LifecycleEvents {
  const { record, clock } = parts;
  const gaps = new GapEvents(parts);
  const collectors = new CollectorEvents(parts);
  let pausedAt: number | null = null;
  return {
    onBatch: (batch) => gaps.onBatch(batch),
    onSleepLearned: (time) => gaps.onSleepLearned(time),
    onHealth: (family, fault) => collectors.onHealth(family, fault),
    onPaused(paused) {
      if (paused === (pausedAt !== null)) return;
      const since = pausedAt;
      pausedAt = paused ? clock.mono() : null;
      if (since === null) record({ type: 'monitoring_paused', message: 'Monitoring paused' });
      else record({ type: 'monitoring_resumed', message: `Monitoring resumed after ${duration(clock.mono() - since)}` });
    },
    onSettings(settings, before) {
      const changes = changesBetween(before, settings);
      if (changes.length === 0) return;
      const details = changes.map(({ key, from, to }) => ({ key, ...(from === undefined || to === undefined ? {} : { from, to }) }));
      record({ type: 'settings_changed', message: `Settings changed: ${describeChanges(changes)}`, details: { changes: details } });
    },
    onTask({ kind, state, message }) {
      if (kind === 'restore' && state === 'done') record({ type: 'history_restored', message: `Backup restored. ${message}` });
    },
    stop() {
      gaps.release();
      if (gaps.isStarted) record({ type: 'monitoring_stopped', message: 'Monitoring stopped' });
    },
  };
}
