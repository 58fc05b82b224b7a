/** Fans: what the platforms read, and when one that stands still should turn. */
import type { DeviceState } from '../../../shared/metrics/device-state';
import { fans } from '../../../shared/metrics/fans';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { emptyRecord, maxOf, rounded } from './numbers';
import { isPlausible, limitsOf } from './temperature';

/** One fan. */
export interface FanRaw {
  readonly id: string;
  readonly label: string;
  /** Name of its chip. */
  readonly chip: string;
  /** Revolutions per minute, plausible or not; null if it could not be read this time. */
  readonly rpm: Value;
  /** True once it turned while this program runs. */
  readonly hasSpun: boolean;
  /** Seconds for which its chip has said that it has failed; null while it does not say so. */
  readonly failedFor: Value;
  /** Seconds for which it has stood still and its chip was hot; null if that is not known, or was not asked because it turns. */
  readonly hotFor: Value;
  /** True while its chip sleeps, and so is not read. */
  readonly isAsleep?: boolean;
}

/** All fans. */
export interface FansRaw {
  readonly fans: readonly FanRaw[];
}

/** Faster turns none: drivers give all bits set where they do not know. */
const MOST_RPM = 30_000;

/** Power supplies whose fan stands still on purpose, however warm they are. */
const SEMI_PASSIVE: ReadonlySet<string> = new Set(['corsairpsu']);

/** Chips that measure whatever is plugged into the headers of a board: nothing is plugged into most of them. */
const HEADERS = /^(?:adm|adt|asc|dme|emc|f[78]\d|it8|lm\d|max\d|nct|pc8|sch|smsc|vt1211|w83)/;

/** Speed that a fan can have; null for another. */
export const plausibleSpeed = (rpm: Value): Value => (rpm !== null && rpm >= 0 && rpm <= MOST_RPM ? rpm : null);

/** True for a chip whose temperatures may be of anything, and each of its fans is for one of them at most. */
export const hasHeaders = (chip: string): boolean => HEADERS.test(chip);

/** True for a fan whose standing still may mean something. */
export const isWatched = (chip: string): boolean => !SEMI_PASSIVE.has(chip);

/** A temperature of the fan's chip and its limits, degrees Celsius, and the lowest that it gave since the fan stood still. */
export interface ChipHeat {
  readonly celsius: Value;
  readonly high: Value;
  readonly critical: Value;
  readonly lowest: Value;
}

/** Hot is what is above the chip's own limit, or this where it has none, °C. */
const HOT = 80;
/** It must have become so much hotter since the fan stood still, °C: an input without a sensor gives one value for ever. */
const RISE = 5;

/** Whether a chip is hot and has become hotter; null where no temperature of it is known. */
export function isChipHot(heats: readonly ChipHeat[]): boolean | null {
  const known = heats.flatMap(({ celsius, ...heat }) => (celsius !== null && isPlausible(celsius) ? [{ celsius, ...heat }] : []));
  if (known.length === 0) return null;
  return known.some(({ celsius, high, critical, lowest }) => celsius >= (limitsOf(high, critical)?.warning ?? HOT) && celsius - (lowest ?? celsius) >= RISE);
}

/** After so many seconds it does not start late any more. */
const STALLED = 60;

/** How long a fan should turn and does not, s; null where that cannot be said. */
function stalledOf({ rpm, hasSpun, failedFor, hotFor, chip }: FanRaw): Value {
  if (failedFor !== null) return hasSpun ? failedFor : null;
  const speed = plausibleSpeed(rpm);
  if (speed === null) return null;
  if (speed > 0) return 0;
  return hasSpun && isWatched(chip) ? hotFor : null;
}

/** What is wrong with a fan, or why it is not read; null for one that is well, or of which that cannot be said. */
function stateOf({ hasSpun, failedFor, isAsleep }: FanRaw, stalled: Value): DeviceState | null {
  if (failedFor !== null && hasSpun) return { code: 'failing', reason: 'its chip says that it has failed' };
  if (stalled !== null && stalled >= STALLED) return { code: 'failing', reason: 'it stands still although its chip is hot' };
  return isAsleep === true ? { code: 'asleep' } : null;
}

/** Readings of the fans. A header at which nothing has turned yet is left out. */
export function fansReading({ fans: all }: FansRaw): ReadingOf<'fans'> {
  const devices = emptyRecord<DeviceReading<'speed' | 'stalled'>>();
  for (const fan of all) {
    const { id, label, chip, rpm, hasSpun, failedFor } = fan;
    if (!hasSpun && hasHeaders(chip)) continue;
    const stalled = stalledOf(fan);
    const state = stateOf(fan, stalled);
    devices[id] = {
      label,
      detail: chip,
      values: rounded(fans.device.metrics, { speed: failedFor === null ? plausibleSpeed(rpm) : null, stalled }),
      ...(state === null ? {} : { state }),
    };
  }
  return { values: rounded(fans.metrics, { fastest: maxOf(Object.values(devices).map(({ values }) => values.speed)) }), devices };
}
