/** Calls that Windows answers out of its memory: the whole machine, processes, sockets, interfaces. They never wait for a device. */
import { CollectorError } from '../collectors/collector';
import type { FaultKind } from '../../../shared/metrics/reading';
import type { PowerClass } from './battery-state';
import { ROW_BYTES, tableBytes } from './interface-rows';
import type { WindowsLibrary } from './library';
import { handleIn, outNumber } from './native';
import type { NativeFunction, NativeLibrary } from './native';
import type { SocketTable } from './socket-tables';
import { PERFORMANCE_BYTES, SYSTEM } from './system-tables';
import type { SystemClass } from './system-tables';

const SUCCESS = 0;

/** Values of NTSTATUS (ntstatus.h). */
const STATUS = { notImplemented: 0xc000_0002, invalidClass: 0xc000_0003, lengthMismatch: 0xc000_0004, accessDenied: 0xc000_0022, notSupported: 0xc000_00bb } as const;
/** Not known to this system, or not told to this user. */
const NOT_TOLD: ReadonlySet<number> = new Set([STATUS.notImplemented, STATUS.invalidClass, STATUS.notSupported, STATUS.accessDenied]);

/** Codes of winerror.h. */
const ERROR = { accessDenied: 5, notSupported: 50, insufficientBuffer: 122 } as const;
const DENIED: ReadonlySet<number> = new Set([STATUS.accessDenied, ERROR.accessDenied]);

/** How often a call is made again with a larger buffer: what it tells of grows in between. */
const TRIES = 6;

/** A failed call, with the number that it returned. */
export function callFault(name: string, code: number): CollectorError {
  const kind: FaultKind = DENIED.has(code) ? 'PermissionDenied' : 'SystemUnavailable';
  return new CollectorError(kind, `${name} failed with code 0x${code.toString(16)}`);
}

/** Bytes for the next try: what was asked for, and some that may have come since. */
const larger = (asked: number, size: number): number => (asked > size ? Math.ceil(asked * 1.25) : asked > 0 && asked < size ? asked : 2 * size);

function systemInformation({ NtQuerySystemInformation }: NativeLibrary, { number, bytes }: SystemClass): Buffer | null {
  let size: number = bytes;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const [buffer, returned] = [Buffer.alloc(size), outNumber()];
    const status = NtQuerySystemInformation(number, buffer, size, returned);
    const length = returned.readUInt32LE(0);
    if (status === SUCCESS) return buffer.subarray(0, length);
    if (NOT_TOLD.has(status)) return null;
    if (status !== STATUS.lengthMismatch) throw callFault('NtQuerySystemInformation', status);
    size = larger(length, size);
  }
  throw callFault('NtQuerySystemInformation', STATUS.lengthMismatch);
}

/** Remembers how many bytes the list took. */
function processList({ NtQuerySystemInformation, addressOf }: NativeLibrary): WindowsLibrary['processes'] {
  let size: number = SYSTEM.processes.bytes;
  return async () => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      // Of its own, so that two lists read at the same time do not mix.
      const [buffer, returned] = [Buffer.allocUnsafeSlow(size), outNumber()];
      const status = await NtQuerySystemInformation.later(SYSTEM.processes.number, buffer, size, returned);
      const length = Math.min(size, returned.readUInt32LE(0));
      if (status === SUCCESS) return { bytes: buffer.subarray(0, length), address: addressOf(buffer) };
      if (status !== STATUS.lengthMismatch) throw callFault('NtQuerySystemInformation', status);
      size = larger(returned.readUInt32LE(0), size);
    }
    throw callFault('NtQuerySystemInformation', STATUS.lengthMismatch);
  };
}

/** Rights to ask what everybody may know: PROCESS_QUERY_LIMITED_INFORMATION, TOKEN_QUERY (winnt.h). */
const QUERY_PROCESS = 0x1000;
const QUERY_TOKEN = 0x0008;
/** ProcessCommandLineInformation, of Windows 8.1 and later; TokenUser. */
const COMMAND_LINE = 60;
const TOKEN_USER = 1;
/** Most that a command line takes, and TOKEN_USER. */
const COMMAND_BYTES = 16 + 2 * 32_768;
const USER_BYTES = 256;
/** The pseudo handle of this process. */
const THIS_PROCESS = -1;

function userOf({ OpenProcessToken, GetTokenInformation, CloseHandle }: NativeLibrary, process: number): Buffer | null {
  const token = outNumber();
  if (OpenProcessToken(process, QUERY_TOKEN, token) === 0) return null;
  const [buffer, returned] = [Buffer.alloc(USER_BYTES), outNumber()];
  const isKnown = GetTokenInformation(handleIn(token), TOKEN_USER, buffer, USER_BYTES, returned) !== 0;
  CloseHandle(handleIn(token));
  return isKnown ? buffer.subarray(0, returned.readUInt32LE(0)) : null;
}

function processDetails(native: NativeLibrary): WindowsLibrary['processDetails'] {
  const line = Buffer.alloc(COMMAND_BYTES);
  return (pid) => {
    const process = native.OpenProcess(QUERY_PROCESS, 0, pid);
    if (process === 0) return null;
    const returned = outNumber();
    const status = native.NtQueryInformationProcess(process, COMMAND_LINE, line, COMMAND_BYTES, returned);
    const commandLine = status === SUCCESS ? Buffer.from(line.subarray(0, Math.min(COMMAND_BYTES, returned.readUInt32LE(0)))) : null;
    const user = userOf(native, process);
    native.CloseHandle(process);
    return { commandLine, user };
  };
}

/** AF_INET and AF_INET6 of Windows; tables with owners are the only ones that exist for both families. */
const TABLES = { tcp4: [2, 5], tcp6: [23, 5], udp4: [2, 1], udp6: [23, 1] } as const satisfies Record<SocketTable, readonly [family: number, kind: number]>;

function socketTables({ GetExtendedTcpTable, GetExtendedUdpTable }: NativeLibrary): WindowsLibrary['sockets'] {
  const sizes = new Map<SocketTable, number>();
  return async (table) => {
    const [family, kind] = TABLES[table];
    const [call, name]: [NativeFunction, string] = table.startsWith('tcp') ? [GetExtendedTcpTable, 'GetExtendedTcpTable'] : [GetExtendedUdpTable, 'GetExtendedUdpTable'];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const bytes = sizes.get(table) ?? 4096;
      const [buffer, size] = [Buffer.alloc(bytes), outNumber()];
      size.writeUInt32LE(bytes);
      const code = await call.later(buffer, size, 0, family, kind, 0);
      if (code === SUCCESS) return buffer;
      // Without this version of the Internet protocol there is no socket of it.
      if (code === ERROR.notSupported) return Buffer.alloc(4);
      if (code !== ERROR.insufficientBuffer) throw callFault(name, code);
      sizes.set(table, larger(size.readUInt32LE(0), bytes));
    }
    throw callFault(name, ERROR.insufficientBuffer);
  };
}

/** Copies a table that Windows has allocated, and gives it back. */
function interfaceTable({ GetIfTable2, FreeMibTable, RtlMoveMemory }: NativeLibrary): Buffer {
  const out = outNumber();
  const code = GetIfTable2(out);
  if (code !== SUCCESS) throw callFault('GetIfTable2', code);
  const address = handleIn(out);
  const count = Buffer.alloc(4);
  RtlMoveMemory(count, address, count.length);
  const table = Buffer.alloc(tableBytes(count.readUInt32LE(0)));
  RtlMoveMemory(table, address, table.length);
  FreeMibTable(address);
  return table;
}

function interfaceRow({ GetIfEntry2 }: NativeLibrary, luid: bigint): Buffer | null {
  const row = Buffer.alloc(ROW_BYTES);
  row.writeBigUInt64LE(luid);
  return GetIfEntry2(row) === SUCCESS ? row : null;
}

async function powerInformation({ NtPowerInformation }: NativeLibrary, { number, bytes }: PowerClass): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const status = await NtPowerInformation.later(number, null, 0, buffer, bytes);
  if (status !== SUCCESS) throw callFault('NtPowerInformation', status);
  return buffer;
}

async function performance({ K32GetPerformanceInfo }: NativeLibrary): Promise<Buffer> {
  const buffer = Buffer.alloc(PERFORMANCE_BYTES);
  buffer.writeUInt32LE(PERFORMANCE_BYTES);
  if ((await K32GetPerformanceInfo.later(buffer, PERFORMANCE_BYTES)) === 0) throw callFault('K32GetPerformanceInfo', 0);
  return buffer;
}

/** Units of 100 ns in a millisecond. */
const PER_MS = 10_000;

function awakeTime({ QueryUnbiasedInterruptTime }: NativeLibrary): number | null {
  const time = outNumber();
  return QueryUnbiasedInterruptTime(time) === 0 ? null : Number(time.readBigUInt64LE(0)) / PER_MS;
}

type SystemCalls = Pick<WindowsLibrary, 'awakeTime' | 'interfaceTable' | 'interfaceRow' | 'system' | 'processes' | 'processDetails' | 'ownUser' | 'power' | 'performance' | 'sockets'>;

/** These calls over bound functions. */
export function systemCalls(native: NativeLibrary): SystemCalls {
  return {
    interfaceTable: () => interfaceTable(native),
    interfaceRow: (luid) => interfaceRow(native, luid),
    system: (what) => systemInformation(native, what),
    processes: processList(native),
    processDetails: processDetails(native),
    ownUser: () => userOf(native, THIS_PROCESS),
    awakeTime: () => awakeTime(native),
    power: (what) => powerInformation(native, what),
    performance: () => performance(native),
    sockets: socketTables(native),
  };
}
