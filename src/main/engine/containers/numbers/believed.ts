/** What is believed of a number that a kernel or an engine tells. Pure. */
import type { Value } from '../../../../shared/metrics/reading';

/** No machine has this much memory, bytes: it stands for "unlimited", or is rubbish. */
const MOST_MEMORY = 100e12;

/** A counter or a level; null where it is missing, negative, or too large to be exact. */
export function believed(value: unknown): Value {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** Bytes of memory. */
export function believedMemory(value: unknown): Value {
  const bytes = believed(value);
  return bytes !== null && bytes < MOST_MEMORY ? bytes : null;
}

/** A limit of memory, bytes. That of a container without one is the memory of the machine, or a number that no machine has. */
export function believedLimit(value: unknown, machineMemory: Value): Value {
  const bytes = believedMemory(value);
  return bytes === null || bytes === 0 || (machineMemory !== null && bytes >= machineMemory) ? null : bytes;
}

/** Memory in use without the file cache that can be taken back at once, bytes; all of it where that cache is not told, or not a part of it. */
export function withoutCache(usage: Value, inactiveFile: Value): Value {
  return usage === null || inactiveFile === null || inactiveFile >= usage ? usage : usage - inactiveFile;
}

/** A number in a unit of which so many are one. */
export function inUnits(value: Value, unitsPerOne: number): Value {
  return value === null ? null : value / unitsPerOne;
}
