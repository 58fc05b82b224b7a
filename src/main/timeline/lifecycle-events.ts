/** Events of the app's own life: start and end, pauses, sleep, clock steps, collectors that fail, changed settings. */
import { basename } from 'node:path';
import type { TaskState } from '../../shared/api/history-schemas';
import type { EventInput, OwnEventType } from '../../shared/timeline/event-schemas';
import { familyOf } from '../../shared/metrics/index';
import type { FamilyId } from '../../shared/metrics/index';
import type { Fault, SampleBatch } from '../../shared/metrics/reading';
import { formatValue } from '../../shared/units';
import type { Clock } from '../engine/clock';
import type { LostFile, Quarantined, RetentionJump } from '../engine/store/open-store';
import type { RecordEvent } from './event-recorder';
import { changesBetween, describeChanges } from './settings-changes';

/** A collector that comes and goes, and a machine that stalls, are told of no more often than this, ms: they must not push out everything else. */
const QUIET = 10 * 60_000;
/** A time without ticks shorter than this, ms, is no event: a busy machine has many. */
const STALL = 30_000;

/** What the life events are made with. */
export interface LifecycleParts {
  readonly record: RecordEvent;
  readonly clock: Pick<Clock, 'now' | 'mono'>;
  readonly appVersion: string;
  /** Type of the newest stored event of these types; null where there is none. */
  latest(types: readonly OwnEventType[]): string | null;
}

/** Told of what happens; writes what is worth an event. */
export interface LifecycleEvents {
  onBatch(batch: SampleBatch): void;
  /** A family fails or (null) works again. */
  onHealth(family: FamilyId, fault: Fault | null): void;
  onPaused(paused: boolean): void;
  onSettings(settings: object, before: object): void;
  onTask(task: TaskState): void;
  /** The app ends. */
  stop(): void;
}

const duration = (ms: number): string => formatValue(ms / 1000, 'seconds');

/** The event of a damaged database. */
export function quarantinedEvent({ path, reason }: Quarantined): EventInput {
  return { type: 'history_quarantined', severity: 'critical', message: `The history was damaged and has been set aside; a new one was started. ${reason}`, details: { path, reason } };
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

/** Starts, sleeps and clock steps, told from the marks of batches. */
class Gaps {
  // Two numbers rather than an object: this runs each tick.
  #lastTime: number | null = null;
  #lastMono = 0;
  #stallToldAt = -Infinity;
  isStarted = false;

  constructor(private readonly parts: LifecycleParts) {}

  onBatch({ gap, time }: SampleBatch): void {
    const mono = this.parts.clock.mono();
    if (gap !== undefined) this.#tell(gap, time, mono);
    this.#lastTime = time;
    this.#lastMono = mono;
  }

  #tell(gap: NonNullable<SampleBatch['gap']>, time: number, mono: number): void {
    const last = this.#lastTime;
    if (gap === 'start') this.#tellStart(time);
    else if (gap === 'sleep') this.#tellSleep(time, last);
    else if (gap === 'clock' && last !== null) this.#tellStep(time, Math.round(time - last - (mono - this.#lastMono)));
    else if (gap === 'stall' && last !== null) this.#tellStall(time, mono - this.#lastMono);
  }

  #tellStart(time: number): void {
    this.isStarted = true;
    // A run that ends as it should says so.
    const isClean = this.parts.latest(['monitoring_started', 'monitoring_stopped']) !== 'monitoring_started';
    const message = isClean ? 'Monitoring started' : 'Monitoring started. The run before ended without notice: a crash, a kill or a loss of power';
    this.parts.record({ type: 'monitoring_started', message, details: { version: this.parts.appVersion } }, time);
  }

  #tellSleep(time: number, last: number | null): void {
    if (last !== null) this.parts.record({ type: 'host_slept', message: 'The computer went to sleep' }, last);
    this.parts.record({ type: 'host_woke', message: last === null ? 'The computer woke' : `The computer woke after ${duration(time - last)} asleep` }, time);
  }

  #tellStall(time: number, ms: number): void {
    const mono = this.parts.clock.mono();
    if (ms < STALL || mono - this.#stallToldAt < QUIET) return;
    this.#stallToldAt = mono;
    this.parts.record({ type: 'monitoring_stalled', severity: 'warning', message: `Nothing could be read for ${duration(ms)}: Traywatch was stopped, or the machine had no time for it`, details: { milliseconds: Math.round(ms) } }, time);
  }

  #tellStep(time: number, by: number): void {
    this.parts.record({ type: 'clock_stepped', message: `The clock was set ${by < 0 ? 'back' : 'forward'} by ${duration(Math.abs(by))}`, details: { milliseconds: by } }, time);
  }
}

/** Collectors that fail and recover, each told of at its turns only. */
class Failures {
  readonly #failing = new Map<FamilyId, number>();
  readonly #toldAt = new Map<FamilyId, number>();

  constructor(private readonly parts: LifecycleParts) {}

  onHealth(family: FamilyId, fault: Fault | null): void {
    const mono = this.parts.clock.mono();
    const since = this.#failing.get(family);
    const { label } = familyOf(family);
    if (fault === null) {
      if (since === undefined) return;
      this.#failing.delete(family);
      this.parts.record({ type: 'collector_recovered', message: `${label} can be read again after ${duration(mono - since)}`, details: { family } });
      return;
    }
    if (since !== undefined || mono - (this.#toldAt.get(family) ?? -QUIET) < QUIET) return;
    this.#failing.set(family, mono);
    this.#toldAt.set(family, mono);
    this.parts.record({ type: 'collector_failing', severity: 'warning', message: `${label} cannot be read: ${fault.message}`, details: { family, kind: fault.kind } });
  }
}

/** Builds the listeners. */
export function createLifecycleEvents(parts: LifecycleParts): LifecycleEvents {
  const { record, clock } = parts;
  const gaps = new Gaps(parts);
  const failures = new Failures(parts);
  let pausedAt: number | null = null;
  return {
    onBatch: (batch) => gaps.onBatch(batch),
    onHealth: (family, fault) => failures.onHealth(family, fault),
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
      const told = changes.map(({ key, from, to }) => ({ key, ...(from === undefined || to === undefined ? {} : { from, to }) }));
      record({ type: 'settings_changed', message: `Settings changed: ${describeChanges(changes)}`, details: { changes: told } });
    },
    onTask({ kind, state, message }) {
      if (kind === 'restore' && state === 'done') record({ type: 'history_restored', message: `A backup was restored. ${message}` });
    },
    stop() {
      if (gaps.isStarted) record({ type: 'monitoring_stopped', message: 'Monitoring stopped' });
    },
  };
}
