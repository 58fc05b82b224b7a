/** Reads the facts that a place is made with (hardware-place.ts), without waking any device. */
import { join } from 'node:path';
import { namesIn, optionalTextAsync } from './files';
import { factsOf } from './hardware-place';

/**
 * The number of the bus behind a bridge, as the attribute `secondary_bus_number` says it. The attribute itself is read from
 * the bridge, which kernels since the end of 2025 wake for it, and with it
 * what sleeps behind it; the kernel's folder of the bus is read from none.
 */
async function busBehind(bridge: string): Promise<string | null> {
  const buses = await namesIn(join(bridge, 'pci_bus')).catch(() => []);
  const number = /^[0-9a-f]{4,}:([0-9a-f]{2})$/.exec(buses[0] ?? '')?.[1];
  return number === undefined ? optionalTextAsync(join(bridge, 'secondary_bus_number')) : String(Number.parseInt(number, 16));
}

/** The facts that `placeOf` needs for the device in this folder, whose path below /sys/devices has these parts, by index. */
export async function busFacts(folder: string, parts: readonly string[]): Promise<ReadonlyMap<number, string>> {
  const facts = new Map<number, string>();
  for (const { index, attribute } of factsOf(parts)) {
    const above = join(folder, '../'.repeat(parts.length - 1 - index));
    const fact = attribute === 'secondary_bus_number' ? await busBehind(above) : await optionalTextAsync(join(above, attribute));
    if (fact !== null) facts.set(index, fact);
  }
  return facts;
}
