/** The rules of one family on its series: made once, so that a quiet sample makes nothing. */
import { EVERY_DEVICE } from '../../../shared/alerts/rule';
import type { FamilyId } from '../../../shared/metrics/index';
import type { Reading } from '../../../shared/metrics/reading';
import { covers, paceOf } from './compile-rule';
import type { Prepared } from './compile-rule';
import type { WallMoment } from './alert-instance';
import { groupsOf, Watch } from './series-evaluator';
import type { AlertSink, Group, Part } from './series-evaluator';

const MINUTE = 60_000;

/** A device is gone after so much of its family's time without it, ms. */
const GONE_AFTER = 5 * MINUTE;
/** A value that stays missing while the rest is read is given up much later: a sensor may sleep. */
const MISSING_AFTER = 60 * MINUTE;
/** A sample accounts for no more time than so many paces. */
const MAX_CREDIT = 2;
/** Devices remembered beyond those present. */
const MAX_STRANGERS = 64;

const NONE: readonly Watch[] = [];

/** Watches one family. */
export class FamilyWatch {
  readonly family: FamilyId;
  /** Set when a hole lies before the family's next sample. */
  gap = true;
  readonly #rules: readonly Prepared[];
  readonly #every: readonly Group[];
  readonly #own: readonly Watch[];
  readonly #devices = new Map<string, readonly Watch[]>();
  readonly #hasDevices: boolean;
  /** Watches with an incident, one that is coming, or a cooldown. */
  readonly #lively = new Set<Watch>();
  readonly #paceMs: number;
  #last: number | null = null;

  constructor(family: FamilyId, rules: readonly Prepared[]) {
    this.family = family;
    this.#rules = rules;
    this.#own = groupsOf(rules.filter(({ rule }) => covers(rule, null))).map((group) => new Watch(family, null, group));
    this.#every = groupsOf(rules.filter(({ rule }) => rule.device === EVERY_DEVICE));
    this.#hasDevices = rules.some(({ rule }) => rule.device !== null);
    this.#paceMs = paceOf(family);
  }

  /** All watches made so far. */
  *watches(): Generator<Watch> {
    yield* this.#own;
    for (const watches of this.#devices.values()) yield* watches;
  }

  /** Looks anew, after tracks were changed from outside. */
  refresh(): void {
    this.#lively.clear();
    for (const watch of this.watches()) {
      watch.refresh();
      if (!watch.isIdle) this.#lively.add(watch);
    }
  }

  /** Watches of a device, made where it was not met before; null: the machine itself. */
  watchesOf(device: string | null): readonly Watch[] {
    if (device === null) return this.#own;
    return this.#devices.get(device) ?? this.#meet(device);
  }

  /** Takes a reading. `moment.gap` is this family's own. */
  take(reading: Reading, moment: WallMoment, tell: AlertSink): void {
    this.#takePart(this.#own, reading, moment, tell);
    let present = 0;
    if (this.#hasDevices) {
      for (const id in reading.devices) {
        const device = reading.devices[id];
        if (device === undefined) continue;
        present += 1;
        this.#takePart(this.#devices.get(id) ?? this.#meet(id), device, moment, tell);
      }
    }
    this.#missMissing(reading, moment, tell);
    // What comes and goes (containers, sticks) must not be remembered for ever.
    if (this.#devices.size > 2 * present + MAX_STRANGERS) this.#forgetStrangers(reading);
  }

  /** Counts its way through: an iterator for each device of each tick would be most of what the engine allocates. */
  #takePart(watches: readonly Watch[], part: Part, moment: WallMoment, tell: AlertSink): void {
    for (let i = 0; i < watches.length; i += 1) {
      const watch = watches[i];
      if (watch?.take(part, moment, tell) === true) this.#lively.add(watch);
    }
  }

  #meet(device: string): readonly Watch[] {
    const own = this.#rules.some(({ rule }) => rule.device === device);
    const groups = own ? groupsOf(this.#rules.filter(({ rule }) => covers(rule, device))) : this.#every;
    const watches = groups.length === 0 ? NONE : groups.map((group) => new Watch(this.family, device, group));
    this.#devices.set(device, watches);
    return watches;
  }

  /** Ends incidents whose device went away, or whose value stays missing. */
  #missMissing(reading: Reading, moment: WallMoment, tell: AlertSink): void {
    const passed = this.#last === null || moment.gap ? 0 : Math.min(Math.max(0, moment.steady - this.#last), MAX_CREDIT * this.#paceMs);
    this.#last = moment.steady;
    if (this.#lively.size === 0) return;
    for (const watch of this.#lively) {
      const { device } = watch.subject;
      miss(watch, device === null ? reading : reading.devices[device], passed, moment, tell);
      if (watch.isIdle) this.#lively.delete(watch);
    }
  }

  #forgetStrangers(reading: Reading): void {
    for (const [id, watches] of this.#devices) {
      if (reading.devices[id] === undefined && watches.every((watch) => watch.isIdle)) this.#devices.delete(id);
    }
  }
}

function miss(watch: Watch, part: Pick<Reading, 'values'> | undefined, passed: number, moment: WallMoment, tell: AlertSink): void {
  watch.absentFor = part === undefined ? watch.absentFor + passed : 0;
  watch.missingFor = typeof part?.values[watch.metric] === 'number' ? 0 : watch.missingFor + passed;
  if (watch.absentFor < GONE_AFTER && watch.missingFor < MISSING_AFTER) return;
  watch.absentFor = 0;
  watch.missingFor = 0;
  for (const track of watch.tracks) {
    const incident = track.end('deviceGone', moment.time, moment.steady);
    if (incident !== null) tell({ kind: 'cleared', incident, rule: track.prepared.rule, at: moment.time });
  }
  watch.refresh();
}
