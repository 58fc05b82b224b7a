/** Batteries of Windows, which it tells as one: what each of them is worth by now, only their drivers know. */
import { BATTERY_STATE, parseBatteryState } from '../windows/battery-state';
import type { BatteryState } from '../windows/battery-state';
import { batteryReading, NO_BATTERIES } from './battery';
import type { BatteriesRaw, BatteryRaw } from './battery';
import type { Collector } from './collector';
import type { CollectorDeps } from './deps';
import { percent } from './numbers';

/** A battery that holds less is none of a computer: its driver counts in percent, milliwatt-hours. */
const LEAST_CAPACITY = 1000;

/** Milli. */
const MILLI = 1e-3;

function stateOf({ isCharging, isDischarging, onMains, now, full }: BatteryState): BatteryRaw['state'] {
  if (isCharging) return 'charging';
  if (isDischarging) return 'discharging';
  if (!onMains || now === null || full === null) return null;
  return now >= full ? 'full' : 'notCharging';
}

/** What the system says of its batteries. */
export function windowsBatteries(told: BatteryState): BatteriesRaw {
  if (!told.isPresent) return NO_BATTERIES;
  const { onMains, now, full, rate, timeLeft, isDischarging } = told;
  const state = stateOf(told);
  const isAbsolute = full !== null && full >= LEAST_CAPACITY;
  const scaled = (value: number | null): number | null => (isAbsolute && value !== null ? value * MILLI : null);
  // It discharges into something: 0 means that the rate is not told.
  const watts = rate === 0 && isDischarging ? null : scaled(rate);
  const battery: BatteryRaw = { id: 'battery', label: 'Battery', detail: null, powers: 'machine', state, charge: percent(now, full), watts, energy: scaled(now), full: scaled(full), health: null, cycles: null, limit: null };
  return { batteries: [battery], onMains, timeLeft: isDischarging ? timeLeft : null, timeToFull: null, untold: ['timeToFull', 'health', 'cycles'] };
}

/** Asks the system, whose answer takes no longer than that of the batteries' drivers. */
export function win32Battery({ windows, ignoredBatteries }: Pick<CollectorDeps, 'windows' | 'ignoredBatteries'>): Collector<'battery', BatteriesRaw> {
  return {
    family: 'battery',
    read: async () => ({ ...windowsBatteries(parseBatteryState(await (await windows()).power(BATTERY_STATE))), ignored: ignoredBatteries?.() }),
    toReading: batteryReading,
  };
}
