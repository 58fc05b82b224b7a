/** Performance counters (pdh.h), by their English names. Providers may be slow to load: all of it runs off the main thread. */
import type { Timers } from '../clock';
import { parseCounterItems } from './counter-items';
import type { CounterItem } from './counter-items';
import type { CounterQuery, WindowsLibrary } from './library';
import { handleIn, outNumber, wide } from './native';
import type { NativeLibrary } from './native';
import { Patience } from './patience';
import { callFault } from './system-calls';

/** Deadline of one call, ms: below those of the families, so that these say what does not respond. */
const DEADLINE = 1500;

/** Values of PDH_STATUS (pdhmsg.h). */
const PDH = {
  success: 0,
  moreData: 0x8000_07d2,
  noData: 0x8000_07d5,
  noInstance: 0x8000_07d1,
  noObject: 0xc000_0bb8,
  noCounter: 0xc000_0bb9,
  badName: 0xc000_0bc0,
  invalidData: 0xc000_0bc6,
  noValue: 0xc000_0bba,
  negativeDenominator: 0x8000_07d6,
  negativeTime: 0x8000_07d7,
  negativeValue: 0x8000_07d8,
} as const;

/** The system does not have the counter. */
const ABSENT: ReadonlySet<number> = new Set([PDH.noInstance, PDH.noObject, PDH.noCounter, PDH.badName]);
/** Nothing to tell now: no instance, or a difference without a value before, or with one that is greater. */
const NOTHING: ReadonlySet<number> = new Set([PDH.noData, PDH.noInstance, PDH.invalidData, PDH.noValue, PDH.negativeDenominator, PDH.negativeTime, PDH.negativeValue]);

/** PDH_FMT_DOUBLE | PDH_FMT_NOCAP100: a processor may be faster than its base speed. */
const AS_DOUBLE = 0x8200;

/** How often values are asked for again: instances may come in between. */
const TRIES = 4;

async function itemsOf({ PdhGetFormattedCounterArrayW, addressOf }: NativeLibrary, counter: bigint): Promise<CounterItem[]> {
  let bytes = 0;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const [size, count, buffer] = [outNumber(), outNumber(), bytes === 0 ? null : Buffer.alloc(bytes)];
    size.writeUInt32LE(bytes);
    const status = await PdhGetFormattedCounterArrayW.later(counter, AS_DOUBLE, size, count, buffer);
    if (NOTHING.has(status)) return [];
    if (status === PDH.success) return buffer === null ? [] : parseCounterItems({ bytes: buffer, address: addressOf(buffer) }, count.readUInt32LE(0));
    if (status !== PDH.moreData) throw callFault('PdhGetFormattedCounterArray', status);
    bytes = size.readUInt32LE(0);
  }
  throw callFault('PdhGetFormattedCounterArray', PDH.moreData);
}

async function read(native: NativeLibrary, query: bigint, counter: bigint): Promise<CounterItem[]> {
  const status = await native.PdhCollectQueryData.later(query);
  if (NOTHING.has(status)) return [];
  if (status !== PDH.success) throw callFault('PdhCollectQueryData', status);
  return itemsOf(native, counter);
}

async function openQuery(native: NativeLibrary, path: string, patience: Patience): Promise<CounterQuery | null> {
  const [queryOut, counterOut, name] = [outNumber(), outNumber(), wide(path)];
  const opened = await native.PdhOpenQueryW.later(null, 0, queryOut);
  if (opened !== PDH.success) throw callFault('PdhOpenQuery', opened);
  const query = handleIn(queryOut);
  const added = await native.PdhAddEnglishCounterW.later(query, name, 0, counterOut);
  if (added !== PDH.success) {
    await native.PdhCloseQuery.later(query);
    if (ABSENT.has(added)) return null;
    throw callFault('PdhAddEnglishCounter', added);
  }
  const counter = handleIn(counterOut);
  return {
    read: () => patience.run(path, () => read(native, query, counter)),
    // Closing waits for a read that is in flight.
    close: () => void native.PdhCloseQuery.later(query),
  };
}

/** Opens a query; one that is late is closed when it comes. */
async function openInTime(native: NativeLibrary, path: string, patience: Patience): Promise<CounterQuery | null> {
  let opening: Promise<CounterQuery | null> | undefined;
  try {
    return await patience.run(path, () => (opening = openQuery(native, path, patience)));
  } catch (error) {
    opening?.then((query) => query?.close(), () => undefined);
    throw error;
  }
}

/** These calls over bound functions. */
export function counterCalls(native: NativeLibrary, timers: Timers): Pick<WindowsLibrary, 'counters'> {
  const patience = new Patience(timers, DEADLINE);
  return { counters: (path) => openInTime(native, path, patience) };
}
