/** Rows of GetIfTable2 and GetIfEntry2: layout of MIB_IF_ROW2 (netioapi.h), alike on x64 and arm64. Pure. */
import type { Value } from '../../../shared/metrics/reading';
import { Fields, layoutFault } from './fields';

/** sizeof(MIB_IF_ROW2). */
export const ROW_BYTES = 1352;

/** The rows of MIB_IF_TABLE2 begin after the number of entries, aligned to 8. */
const TABLE_HEADER = 8;

/** IF_MAX_STRING_SIZE + 1 characters. */
const NAME_LENGTH = 257;

/** Offsets in MIB_IF_ROW2. */
const ROW = {
  luid: 0,
  alias: 28,
  description: 542,
  addressLength: 1056,
  address: 1060,
  type: 1128,
  flags: 1152,
  operStatus: 1156,
  inOctets: 1208,
  inUnicast: 1216,
  inOther: 1224,
  inDiscards: 1232,
  inErrors: 1240,
  outOctets: 1280,
  outUnicast: 1288,
  outOther: 1296,
  outDiscards: 1304,
  outErrors: 1312,
} as const;

const MAX_ADDRESS = 32;

/** Bits of InterfaceAndOperStatusFlags. */
const FLAG = { hardware: 1, filter: 2 } as const;

/** NotPresent of IF_OPER_STATUS (ifdef.h): the hardware is gone, its settings are still there. */
const NOT_PRESENT = 6;

/** What an interface has carried since it came up; null where the driver does not count. */
export interface RowCounters {
  readonly rxBytes: Value;
  readonly rxPackets: Value;
  readonly txBytes: Value;
  readonly txPackets: Value;
  /** Received and sent together. */
  readonly errors: Value;
  readonly drops: Value;
}

/** One interface, filters and all. */
export interface InterfaceRow {
  /** NET_LUID: stays the same while the interface exists. */
  readonly luid: bigint;
  /** Its name as Windows shows it and Node reports it, such as "Ethernet 2". */
  readonly alias: string;
  readonly description: string;
  /** MAC address such as `00:15:5d:01:02:03`; empty without one. */
  readonly address: string;
  /** Number of its kind (IANA ifType). */
  readonly type: number;
  readonly isHardware: boolean;
  readonly isFilter: boolean;
  readonly isPresent: boolean;
  readonly counters: RowCounters;
}

/** A number with all bits set is what drivers give that do not count. */
const ALL_ONES = 2 ** 64;

function counted(fields: Fields, at: number): Value {
  const value = fields.u64(at);
  return value >= ALL_ONES ? null : value;
}

function both(fields: Fields, one: number, other: number): Value {
  const [a, b] = [counted(fields, one), counted(fields, other)];
  return a === null || b === null ? null : a + b;
}

/** What one row counts. Throws a ParseError. */
export function parseCounters(row: Buffer): RowCounters {
  const fields = new Fields('MIB_IF_ROW2', row);
  return {
    rxBytes: counted(fields, ROW.inOctets),
    rxPackets: both(fields, ROW.inUnicast, ROW.inOther),
    txBytes: counted(fields, ROW.outOctets),
    txPackets: both(fields, ROW.outUnicast, ROW.outOther),
    errors: both(fields, ROW.inErrors, ROW.outErrors),
    drops: both(fields, ROW.inDiscards, ROW.outDiscards),
  };
}

function parseRow(fields: Fields): InterfaceRow {
  const addressLength = fields.u32(ROW.addressLength);
  if (addressLength > MAX_ADDRESS) throw layoutFault(fields.structure, `an address of ${addressLength} bytes`);
  const flags = fields.u8(ROW.flags);
  return {
    luid: fields.id64(ROW.luid),
    alias: fields.text(ROW.alias, NAME_LENGTH),
    description: fields.text(ROW.description, NAME_LENGTH),
    address: [...fields.part(ROW.address, addressLength).bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
    type: fields.u32(ROW.type),
    isHardware: (flags & FLAG.hardware) !== 0,
    isFilter: (flags & FLAG.filter) !== 0,
    isPresent: fields.u32(ROW.operStatus) !== NOT_PRESENT,
    counters: parseCounters(fields.bytes),
  };
}

/** The rows of MIB_IF_TABLE2. Throws a ParseError. */
export function parseInterfaceTable(table: Buffer): InterfaceRow[] {
  const fields = new Fields('MIB_IF_TABLE2', table);
  const count = fields.u32(0);
  if (fields.size !== tableBytes(count)) throw layoutFault(fields.structure, `${count} rows in ${fields.size} bytes`);
  return Array.from({ length: count }, (_, index) => parseRow(fields.part(TABLE_HEADER + index * ROW_BYTES, ROW_BYTES, 'MIB_IF_ROW2')));
}

/** Bytes of a table with so many rows. */
export function tableBytes(count: number): number {
  return TABLE_HEADER + count * ROW_BYTES;
}

/** An interface as Node lists it. */
export interface KnownInterface {
  readonly name: string;
  /** Its MAC address; zeros without one. */
  readonly mac: string;
}

const NO_MAC = '00:00:00:00:00:00';

/**
 * Compares the rows with what Node lists: every interface that has an address is a row with the same name and the same MAC
 * address. Throws a ParseError if none is: then the rows are not laid out as this file says.
 */
export function checkInterfaces(rows: readonly InterfaceRow[], known: readonly KnownInterface[]): void {
  if (known.length === 0) return;
  const agrees = ({ name, mac }: KnownInterface): boolean => rows.some(({ alias, address }) => alias === name && (mac === NO_MAC || address === mac));
  if (!known.some(agrees)) throw layoutFault('MIB_IF_ROW2', 'names and addresses are not those of the interfaces that Node lists');
}
