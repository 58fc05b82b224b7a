/**
 * What the attributes of a power supply in /sys/class/power_supply mean (Documentation/ABI/testing/sysfs-class-power and
 * Documentation/power/power_supply_class.rst of the kernel: µWh, µAh, µV, µW and µA). Pure.
 */
import type { Value } from '../../../shared/metrics/reading';
import type { BatteryRaw } from './battery';
import { shortHash } from './hardware-place';
import { ownValue, percent } from './numbers';

/** Text of each attribute that could be read. */
export type Attributes = Readonly<Partial<Record<string, string>>>;

/** What kind of supply it is; null for what is neither a battery nor an adapter of this machine. */
export type SupplyKind = BatteryRaw['powers'] | 'adapter' | null;

/** More no battery gives or takes, watts: gauges report all bits set for unknown. */
const MOST_WATTS = 500;

/** Accessories of kernels before 3.5, which had no scope. */
const UNSCOPED = /^hid/;

/** By type and scope. A supply of this machine that feeds a device (a USB port that charges a phone) has the scope of a device, too. */
export function kindOf(name: string, { type = '', scope }: Attributes): SupplyKind {
  const isOfDevice = scope === 'Device' || (scope === undefined && UNSCOPED.test(name));
  if (type === 'Battery') return isOfDevice ? 'accessory' : 'machine';
  if (isOfDevice) return null;
  if (type === 'UPS') return 'ups';
  return /^(?:Mains|USB|BrickID|Wireless)/.test(type) ? 'adapter' : null;
}

/** A whole number; null if there is none. */
function numberOf(text: string | undefined): Value {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}

const positive = (value: Value): Value => (value !== null && value > 0 ? value : null);
const MICRO = 1e-6;
const times = (a: Value, b: Value): Value => (a === null || b === null ? null : a * b);

/** Volts by which ampere-hours become watt-hours: those the battery is made for, else those of now; null if it tells neither. */
function voltsOf(of: Attributes): Value {
  return times(positive(numberOf(of['voltage_min_design'])) ?? positive(numberOf(of['voltage_now'])), MICRO);
}

/** Watt-hours by `what`: `now`, `full` or `full_design`. */
function energyOf(of: Attributes, what: string): Value {
  const energy = numberOf(of[`energy_${what}`]);
  if (energy !== null) return energy < 0 ? null : energy * MICRO;
  const charge = numberOf(of[`charge_${what}`]);
  return charge === null || charge < 0 ? null : times(charge * MICRO, voltsOf(of));
}

/** Watts, negative where the driver says that they are drawn: some give a sign and others never do. */
function signedWatts(of: Attributes): Value {
  const watts = times(numberOf(of['power_now']), MICRO) ?? times(times(numberOf(of['current_now']), MICRO), times(positive(numberOf(of['voltage_now'])), MICRO));
  return watts !== null && Math.abs(watts) <= MOST_WATTS ? watts : null;
}

const STATES: Readonly<Record<string, NonNullable<BatteryRaw['state']>>> = { Charging: 'charging', Discharging: 'discharging', Full: 'full', 'Not charging': 'notCharging' };

/** Power into the battery. One that discharges gives some: 0 means that it is not measured. */
function wattsOf(of: Attributes, state: BatteryRaw['state']): Value {
  const watts = signedWatts(of);
  if (watts === null) return null;
  if (state === 'discharging') return watts === 0 ? null : -Math.abs(watts);
  if (state === 'charging') return Math.abs(watts);
  // Idle, or of a state that is not told: without a sign it may flow either way.
  return watts <= 0 ? watts : state === null ? null : watts;
}

/** As the system shows it; else what it holds of what it holds when full, in the unit that it has. */
function chargeOf(of: Attributes, powers: BatteryRaw['powers'], state: BatteryRaw['state']): Value {
  const capacity = numberOf(of['capacity']);
  // A pen, or a mouse that sleeps, was not heard of.
  if (capacity === 0 && powers === 'accessory' && state === null) return null;
  if (capacity !== null) return capacity < 0 ? null : percent(capacity, 100);
  const unit = numberOf(of['energy_now']) === null ? 'charge' : 'energy';
  return percent(numberOf(of[`${unit}_now`]), numberOf(of[`${unit}_full`]));
}

function healthOf(of: Attributes): Value {
  const unit = numberOf(of['energy_full']) === null ? 'charge' : 'energy';
  const full = positive(numberOf(of[`${unit}_full`]));
  return percent(full, positive(numberOf(of[`${unit}_full_design`])));
}

/** A text that says something; firmware fills in blanks and placeholders. */
function told(text: string | undefined): string | null {
  const clean = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return /^(?:|unknown|n\/a|0+|not available|to be filled by o\.?e\.?m\.?)$/i.test(clean) ? null : clean;
}

/**
 * What names a battery. One of this machine has its bay in it, so that two without a serial number differ; an accessory is
 * numbered in the order in which it was switched on, so its name is left out where it has a serial number. Serial numbers and
 * addresses must not be readable from an id.
 */
function idOf(name: string, of: Attributes, powers: BatteryRaw['powers']): string {
  const serial = told(of['serial_number']);
  const bay = powers === 'accessory' ? (serial === null ? shortHash(name.replace(/\d+$/, '')) : null) : name;
  return [bay, told(of['model_name']), serial === null ? null : shortHash(serial)].filter((part) => part !== null).join(' ');
}

function detailOf(name: string, of: Attributes, powers: BatteryRaw['powers']): string {
  const level = of['capacity'] === undefined ? told(of['capacity_level']) : null;
  const parts = [powers === 'accessory' ? 'accessory' : powers === 'ups' ? 'UPS' : name, told(of['technology']), level === null ? null : `charge: ${level.toLowerCase()}`];
  return parts.filter((part) => part !== null).join(' · ');
}

/** The limit at which it stops charging; 0 is none. */
const limitOf = (of: Attributes): Value => positive(numberOf(of['charge_control_end_threshold']));

/** The battery with these attributes; null for an empty bay. */
export function batteryOf(name: string, of: Attributes, powers: BatteryRaw['powers']): BatteryRaw | null {
  if (of['present'] === '0') return null;
  const state = ownValue(STATES, of['status'] ?? '');
  const maker = told(of['manufacturer']);
  const model = told(of['model_name']);
  // Accessories name their maker in the model.
  const label = model === null ? (maker ?? name) : powers === 'accessory' || maker === null ? model : `${maker} ${model}`;
  return {
    id: idOf(name, of, powers),
    label,
    detail: detailOf(name, of, powers),
    powers,
    state,
    charge: chargeOf(of, powers, state),
    watts: powers === 'accessory' ? null : wattsOf(of, state),
    energy: energyOf(of, 'now'),
    full: positive(energyOf(of, 'full')),
    health: healthOf(of),
    cycles: positive(numberOf(of['cycle_count'])),
    limit: limitOf(of),
  };
}

/** Ids and labels that several have are told apart by a number. */
export function distinct(batteries: readonly BatteryRaw[]): BatteryRaw[] {
  const counts = { id: new Map<string, number>(), label: new Map<string, number>() };
  const numbered = (what: 'id' | 'label', text: string): string => {
    const count = (counts[what].get(text) ?? 0) + 1;
    counts[what].set(text, count);
    return count === 1 ? text : `${text} ${count}`;
  };
  return batteries.map((one) => ({ ...one, id: numbered('id', one.id), label: numbered('label', one.label) }));
}
