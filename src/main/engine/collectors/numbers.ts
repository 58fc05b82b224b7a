/** Arithmetic shared by all collectors: rates, shares and rounding. Rounded values are never NaN or infinite. */
import type { MetricDescriptor } from '../../../shared/metrics/define';
import type { Value } from '../../../shared/metrics/reading';

/** A record for names that others give, such as those of interfaces: one named `constructor` or `__proto__` is like any other. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** The value under a name that others give; null if there is none. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(record, name) ? (record[name] ?? null) : null;
}

/** Rounds to a multiple of the resolution; non-finite values become null. */
export function roundTo(value: Value, resolution: number): Value {
  if (value === null || !Number.isFinite(value)) return null;
  // Doubles this large are integers already, and multiplying the largest would overflow.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return value;
  if (resolution >= 1) return Math.round(value / resolution) * resolution + 0;
  // Dividing by an integer avoids results such as 0.30000000000000004; + 0 turns -0 into 0.
  const steps = Math.round(1 / resolution);
  return Math.round(value * steps) / steps + 0;
}

/** Rounds each value to the resolution of its metric. */
export function rounded<M extends string>(
  metrics: Readonly<Record<M, MetricDescriptor>>,
  values: Readonly<Record<NoInfer<M>, Value>>,
): Record<M, Value> {
  const result = {} as Record<M, Value>;
  for (const name in metrics) result[name] = roundTo(values[name], metrics[name].resolution);
  return result;
}

/** True if a counter decreased: it was reset, or it wrapped. */
export function shrank(now: Value, before: Value): boolean {
  return now !== null && before !== null && now < before;
}

/** Bytes per second that no disk and no network card moves: 8.8 Tbit/s. */
const MOST_BYTES = 2 ** 40;

/** True if a counter of bytes grew by more than any device can move: it shows -1, or rubbish, until it is read again. */
export function leapt(now: Value, before: Value, seconds: number): boolean {
  return now !== null && before !== null && now - before > MOST_BYTES * seconds;
}

/** Growth of a counter; null if either value is missing or the counter decreased (reset or wrapped). */
export function growth(now: Value, before: Value | undefined): Value {
  return now === null || before === null || before === undefined || now < before ? null : now - before;
}

/** Growth of a counter per second; null as for growth, and for no time. */
export function rate(now: Value, before: Value | undefined, seconds: number): Value {
  const grown = growth(now, before);
  return grown === null || !(seconds > 0) ? null : grown / seconds;
}

/** `part` of `whole` in percent, limited to 0–100; null if the whole is not positive. */
export function percent(part: Value, whole: Value): Value {
  if (part === null || whole === null || !(whole > 0)) return null;
  return Math.min(100, Math.max(0, (100 * part) / whole));
}

/** Sum of all values; null if one of them is unknown, and without any: what is left would look like the whole. */
export function totalOf(values: Iterable<Value>): Value {
  let total: Value = null;
  for (const value of values) {
    if (value === null) return null;
    total = (total ?? 0) + value;
  }
  return total;
}

/** Sum of the values that are not null, for parts that are null where the system has none; null if all are. */
export function sumOf(values: Iterable<Value>): Value {
  let sum: Value = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}

/** How many of the devices have a value above 0, given those of each that count; null while nothing is known of any. */
export function countOf(devices: readonly (readonly Value[])[]): Value {
  return devices.every((values) => values.every((value) => value === null)) ? null : devices.filter((values) => values.some((value) => (value ?? 0) > 0)).length;
}

/** Maximum of the values that are not null; null if all are. */
export function maxOf(values: Iterable<Value>): Value {
  let max: Value = null;
  for (const value of values) if (value !== null && (max === null || value > max)) max = value;
  return max;
}
