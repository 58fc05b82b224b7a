/** Values of performance counters: an array of PDH_FMT_COUNTERVALUE_ITEM_W (pdh.h), 64 bit. Pure. */
import { Fields, layoutFault } from './fields';
import type { AddressedBytes } from './process-entries';

/** sizeof(PDH_FMT_COUNTERVALUE_ITEM_W): name, status, value. */
const ITEM_BYTES = 24;

/** PDH_CSTATUS_VALID_DATA and PDH_CSTATUS_NEW_DATA; an item with another status has no value. */
const VALID: ReadonlySet<number> = new Set([0, 1]);

/** The value of one instance of a counter. */
export interface CounterItem {
  readonly instance: string;
  readonly value: number;
}

/** The values of `count` instances that have one. Names are named by address, as in lists of processes. Throws a ParseError. */
export function parseCounterItems({ bytes, address }: AddressedBytes, count: number): CounterItem[] {
  const fields = new Fields('PDH_FMT_COUNTERVALUE_ITEM', bytes);
  if (count * ITEM_BYTES > fields.size) throw layoutFault(fields.structure, `${count} values in ${fields.size} bytes`);
  return Array.from({ length: count }, (_, index) => index * ITEM_BYTES).flatMap((at): CounterItem[] => {
    const value = fields.f64(at + 16);
    if (!VALID.has(fields.u32(at + 8)) || !Number.isFinite(value)) return [];
    const offset = fields.id64(at) - address;
    if (offset < 0n || offset >= BigInt(fields.size)) throw layoutFault(fields.structure, 'a name lies outside of it');
    const start = Number(offset);
    return [{ instance: fields.text(start, Math.floor((fields.size - start) / 2)), value }];
  });
}
