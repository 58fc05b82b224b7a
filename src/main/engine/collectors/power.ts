/** Power by energy counters and meters: what the platforms read, and the watts between two reads. */
import { power } from '../../../shared/metrics/power';
import type { DeviceReading, ReadingOf, Value } from '../../../shared/metrics/reading';
import { emptyRecord, rounded, totalOf } from './numbers';
import type { Previous } from './collector';

/** An energy counter, or a meter of power. */
export interface MeterRaw {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  /** Set where it tells its power itself; null if it could not be read this time. */
  readonly watts?: Value;
  /** What it measures: a processor, a part of one that the processor's own counter holds as well, or the machine. */
  readonly of: 'processor' | 'part' | 'machine';
  /** Joules since a start that is not told; null if it could not be read this time. */
  readonly joules: Value;
  /** Joules at which the counter begins anew; null if that is not told. */
  readonly range: Value;
  /** True while its chip sleeps, and so is not read. */
  readonly isAsleep?: boolean;
}

/** All meters. */
export interface PowerRaw {
  readonly meters: readonly MeterRaw[];
  readonly note?: string;
}

/** No processor takes more, watts: a counter that was reset looks like one that began anew. */
const MOST_WATTS = 2000;
/** In a longer time a counter may begin anew more than once, s. */
const LONGEST_TIME = 90;

/** Mean power between two reads, watts; null if it is not known how often the counter began anew. */
export function wattsBetween(now: Pick<MeterRaw, 'joules' | 'range'>, before: Pick<MeterRaw, 'joules'> | undefined, seconds: number): Value {
  if (now.joules === null || before === undefined || before.joules === null || !(seconds > 0) || seconds > LONGEST_TIME) return null;
  const grown = now.joules - before.joules;
  const joules = grown >= 0 ? grown : now.range === null ? null : grown + now.range;
  if (joules === null || joules < 0) return null;
  const watts = joules / seconds;
  return watts <= MOST_WATTS ? watts : null;
}

/** Watts of each meter, of all processors together, and of the machine. */
export function powerReading({ meters, note }: PowerRaw, previous: Previous<PowerRaw> | null): ReadingOf<'power'> {
  const before = new Map(previous?.raw.meters.map((meter) => [meter.id, meter]));
  const wattsOf = (meter: MeterRaw): Value => (meter.watts === undefined ? wattsBetween(meter, before.get(meter.id), previous?.seconds ?? 0) : meter.watts);
  const watts = new Map(meters.map((meter) => [meter.id, wattsOf(meter)]));
  const devices = emptyRecord<DeviceReading<'watts'>>();
  for (const { id, label, detail, isAsleep } of meters) {
    devices[id] = { label, ...(detail === undefined ? {} : { detail }), values: rounded(power.device.metrics, { watts: watts.get(id) ?? null }), ...(isAsleep === true ? { state: { code: 'asleep' } } : {}) };
  }
  const sum = (what: MeterRaw['of']): Value => totalOf(meters.filter((meter) => meter.of === what).map(({ id }) => watts.get(id) ?? null));
  return { values: rounded(power.metrics, { processor: sum('processor'), platform: sum('machine') }), devices, ...(note === undefined ? {} : { note }) };
}
