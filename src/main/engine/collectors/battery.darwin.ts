/**
 * Batteries of macOS: pmset(1) says whether there are any, and what a UPS does; ioreg(8) has all of the one inside. Neither is
 * asked more often than each half minute, and a Mac without a battery is asked once in a quarter of an hour.
 */
import type { Value } from '../../../shared/metrics/reading';
import { batteryReading, NO_BATTERIES } from './battery';
import type { BatteriesRaw, BatteryRaw } from './battery';
import type { Collector } from './collector';
import type { CollectorDeps } from './deps';
import { parseFault } from './faults';
import { ownValue, percent } from './numbers';
import { ProgramValue } from './program-value';

const PMSET = '/usr/bin/pmset';
const IOREG = '/usr/sbin/ioreg';

/** The battery's object (`-n`) without what is below it, no line cut. */
const OF_BATTERY = ['-r', '-w0', '-d', '1', '-n', 'AppleSmartBattery'];

/** After this a program that hangs is ended, ms; both together stay below the family's deadline. */
const DEADLINE = 1500;

/** Between two reads, ms. */
const INTERVAL = 30_000;
/** Between two looks for a battery where there was none, or only the one inside, which ioreg tells all of. */
const RARELY = 15 * 60_000;

/** What pmset lists. */
export interface PowerSources {
  readonly onMains: boolean;
  readonly hasInternal: boolean;
  readonly ups: readonly BatteryRaw[];
}

/** ` -Back-UPS ES 550 (id=100)	100%; discharging; 0:32 remaining present: true`, without a time before macOS knows one. */
const SOURCE = /^ ?-(.+?)(?: \(id=\d+\))?\s+(\d+)%; ([^;]+);/;

const UPS_STATES: Readonly<Record<string, NonNullable<BatteryRaw['state']>>> = { charging: 'charging', discharging: 'discharging', charged: 'full', 'finishing charge': 'charging' };

/** Understands `pmset -g batt`. Throws a ParseError. */
export function parsePowerSources(text: string): PowerSources {
  const from = /^Now drawing from '(.+)'/m.exec(text)?.[1];
  if (from === undefined) throw parseFault(PMSET, 'does not say what the machine draws from');
  const sources = text.split('\n').flatMap((line) => {
    const [, name = '', charge, state = ''] = SOURCE.exec(line) ?? [];
    return charge === undefined ? [] : [{ name, charge: Number(charge), state }];
  });
  const ups = sources.filter(({ name }) => !name.startsWith('InternalBattery')).map(
    ({ name, charge, state }): BatteryRaw => ({ id: name, label: name, detail: 'UPS', powers: 'ups', state: ownValue(UPS_STATES, state), charge: percent(charge, 100), watts: null, energy: null, full: null, health: null, cycles: null, limit: null }),
  );
  return { onMains: from === 'AC Power', hasInternal: sources.length > ups.length, ups };
}

/** Properties of the object itself: those of dictionaries within are on the line of their dictionary. */
function propertiesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^[ |]*"([^"]+)" = (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]));
}

/** Amperes may be printed as a number of 64 bits without its sign. */
function signed(text: string | undefined): Value {
  return text === undefined || !/^-?\d+$/.test(text) ? null : Number(BigInt.asIntN(64, BigInt(text)));
}

/** Minutes for unknown. */
const UNKNOWN_MINUTES = 65_535;

/** Understands what ioreg tells of the battery inside. Capacities are mAh, of Apple Silicon percent; its true ones have names of their own. Throws a ParseError. */
export function parseSmartBattery(text: string): BatteriesRaw {
  const properties = propertiesOf(text);
  const number = (key: string): Value => signed(properties.get(key));
  const is = (key: string): boolean => properties.get(key) === 'Yes';
  const [now, most] = [number('CurrentCapacity'), number('MaxCapacity')];
  if (now === null || most === null) throw parseFault(IOREG, 'does not tell the capacity of the battery');
  const isCharging = is('IsCharging');
  const onMains = is('ExternalConnected');
  const state = isCharging ? 'charging' : !onMains ? 'discharging' : is('FullyCharged') ? 'full' : 'notCharging';
  const [volts, amperes] = [number('Voltage'), number('Amperage')];
  const flow = volts === null || amperes === null ? null : (volts * amperes) / 1e6;
  const whole = number('NominalChargeCapacity') ?? number('AppleRawMaxCapacity') ?? most;
  const cycles = number('CycleCount');
  const battery: BatteryRaw = {
    id: 'internal',
    label: 'Internal battery',
    detail: null,
    powers: 'machine',
    state,
    charge: percent(now, most),
    watts: flow === 0 && state === 'discharging' ? null : flow,
    energy: null,
    full: null,
    health: percent(whole, number('DesignCapacity')),
    cycles: cycles !== null && cycles > 0 ? cycles : null,
    limit: null,
  };
  const minutes = number('TimeRemaining');
  const seconds = minutes === null || minutes < 0 || minutes >= UNKNOWN_MINUTES ? null : minutes * 60;
  return { batteries: [battery], onMains, timeLeft: state === 'discharging' ? seconds : null, timeToFull: isCharging ? seconds : null };
}

/** Reads what there is. */
export function darwinBattery({ programs, clock, ignoredBatteries }: Pick<CollectorDeps, 'programs' | 'clock' | 'ignoredBatteries'>): Collector<'battery', BatteriesRaw> {
  const sources = new ProgramValue(clock, async () => parsePowerSources(await programs.read(PMSET, ['-g', 'batt'], DEADLINE)));
  let interval = INTERVAL;
  return {
    family: 'battery',
    leastInterval: INTERVAL,
    read: async () => {
      const asked = interval;
      // Where this fails it is tried again with the next read.
      interval = INTERVAL;
      const { onMains, hasInternal, ups } = await sources.current(asked);
      interval = ups.length === 0 ? RARELY : INTERVAL;
      if (!hasInternal) return ups.length === 0 ? NO_BATTERIES : { ...NO_BATTERIES, batteries: ups, onMains, ignored: ignoredBatteries?.() };
      const internal = parseSmartBattery(await programs.read(IOREG, OF_BATTERY, DEADLINE));
      return { ...internal, batteries: [...internal.batteries, ...ups], ignored: ignoredBatteries?.() };
    },
    toReading: batteryReading,
  };
}
