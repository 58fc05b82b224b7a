/** Batteries: what the platforms read, and what that says of the machine. */
import { battery } from '../../../shared/metrics/battery';
import type { DeviceStateCode } from '../../../shared/metrics/device-state';
import type { MetricName } from '../../../shared/metrics/index';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { emptyRecord, percent, rounded, totalOf } from './numbers';

/** States of a battery. */
type BatteryState = Extract<DeviceStateCode, 'charging' | 'discharging' | 'full' | 'notCharging'>;

/** One battery. */
export interface BatteryRaw {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  /** What runs on it: this machine, what is plugged into a UPS, or a mouse, a headset and their like. */
  readonly powers: 'machine' | 'ups' | 'accessory';
  /** Null where the battery does not say. */
  readonly state: BatteryState | null;
  /** Percent. */
  readonly charge: Value;
  /** Power that flows into it, watts: more than 0 while it charges, less while it discharges. */
  readonly watts: Value;
  /** Energy that it holds, and that it holds when full, watt-hours. */
  readonly energy: Value;
  readonly full: Value;
  /** What it holds when full, of what it was made for, percent. */
  readonly health: Value;
  readonly cycles: Value;
  /** Charge at which it stops charging, percent; null without such a limit. */
  readonly limit: Value;
}

/** All batteries. */
export interface BatteriesRaw {
  readonly batteries: readonly BatteryRaw[];
  /** Whether a power adapter is connected and gives power; null if the system does not say. */
  readonly onMains: boolean | null;
  /** Seconds until the machine's batteries are empty, and until they are full; null in the other case, and while unknown. */
  readonly timeLeft: Value;
  readonly timeToFull: Value;
  readonly untold?: readonly (MetricName<'battery'> | 'cycles')[];
  /** Ids of those that do not count for the machine. */
  readonly ignored?: ReadonlySet<string> | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** No battery. */
export const NO_BATTERIES: BatteriesRaw = { batteries: [], onMains: null, timeLeft: null, timeToFull: null };

/** The batteries that this machine runs on, without ignored ones: its own, else a UPS. */
export function ownBatteries(batteries: readonly BatteryRaw[], ignored: ReadonlySet<string> = NONE): readonly BatteryRaw[] {
  const counted = batteries.filter(({ id }) => !ignored.has(id));
  const machine = counted.filter(({ powers }) => powers === 'machine');
  return machine.length > 0 ? machine : counted.filter(({ powers }) => powers === 'ups');
}

/** Percent of all of them together, by what each holds when full; where one does not tell that, all count alike. Null if a charge is unknown. */
export function chargeOf(batteries: readonly BatteryRaw[]): Value {
  const areKnown = batteries.every(({ full }) => full !== null && full > 0);
  const sizeOf = ({ full }: BatteryRaw): number => (areKnown ? (full ?? 0) : 1);
  const held = totalOf(batteries.map((one) => (one.charge === null ? null : one.charge * sizeOf(one))));
  return percent(held === null ? null : held / 100, totalOf(batteries.map(sizeOf)));
}

/** The two directions of a flow. */
function directionsOf(watts: Value): { readonly discharging: Value; readonly charging: Value } {
  return watts === null ? { discharging: null, charging: null } : { discharging: Math.max(0, -watts), charging: Math.max(0, watts) };
}

/** The health of the most worn one. */
function lowestHealth(batteries: readonly BatteryRaw[]): Value {
  const known = batteries.flatMap(({ health }) => health ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

/** 1 or 0; where no adapter says so, what the batteries do: one that charges is fed, and one that discharges is not. */
function mainsOf({ onMains }: BatteriesRaw, own: readonly BatteryRaw[]): Value {
  if (own.length === 0) return null;
  const states = new Set(own.map(({ state }) => state));
  if (onMains === true || states.has('charging')) return 1;
  if (onMains === false || states.has('discharging')) return 0;
  return states.has('full') ? 1 : null;
}

function stateOf({ state, limit }: BatteryRaw): Pick<DeviceReading, 'state'> {
  if (state === null) return {};
  const isLimited = (state === 'notCharging' || state === 'full') && limit !== null && limit < 100;
  return { state: isLimited ? { code: state, reason: `charge limit ${limit} %` } : { code: state } };
}

/** Values of the machine and of each battery. */
export function batteryReading(raw: BatteriesRaw): ReadingOf<'battery'> {
  const { batteries, untold, ignored } = raw;
  const devices = emptyRecord<ReadingOf<'battery'>['devices'][string]>();
  for (const one of batteries) {
    const { id, label, detail, charge, watts, health, cycles } = one;
    devices[id] = { label, ...(detail === null ? {} : { detail }), values: rounded(battery.device.metrics, { charge, ...directionsOf(watts), health, cycles }), ...stateOf(one) };
  }
  const own = ownBatteries(batteries, ignored);
  // The times are those of the kind of batteries that the machine has: where all of these are ignored there is none to tell.
  const { timeLeft, timeToFull } = own[0]?.powers === ownBatteries(batteries)[0]?.powers ? raw : NO_BATTERIES;
  const values = { charge: chargeOf(own), ...directionsOf(totalOf(own.map(({ watts }) => watts))), timeLeft, timeToFull, health: lowestHealth(own), onMains: mainsOf(raw, own) };
  return { values: rounded(battery.metrics, values), devices, ...(untold === undefined ? {} : { untold }) };
}
