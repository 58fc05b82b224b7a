/**
 * What the readers of Windows ask the system with: each call returns bytes as Windows filled them in, which a pure function
 * beside this file understands.
 *
 * engine/windows knows the system's own libraries: fields and layouts of their structures, and the calls. It imports itself,
 * Node, src/shared, and what every collector needs of engine/collectors. koffi, which calls into a library, is loaded in
 * bind.win32.ts alone, at the first read on Windows and never elsewhere.
 */
import type { PowerClass } from './battery-state';
import type { DeviceQuestion } from './disk-answers';
import type { VolumeFacts } from './drives';
import type { CounterItem } from './counter-items';
import type { AddressedBytes } from './process-entries';
import type { SocketTable } from './socket-tables';
import type { SystemClass } from './system-tables';

/** Values of one performance counter. */
export interface CounterQuery {
  /**
   * Collects and returns the values of all instances. A counter of differences has none at the first call. Rejects with a
   * CollectorError.
   */
  read(): Promise<CounterItem[]>;
  close(): void;
}

/** What a process tells of itself, as far as this user may know; null where not. */
export interface ProcessDetails {
  /** UNICODE_STRING and its characters. */
  readonly commandLine: Buffer | null;
  /** TOKEN_USER and its SID. */
  readonly user: Buffer | null;
}

/**
 * The calls. Those that return a promise run off the main thread, may hang with a device, and then fail with a Timeout.
 * A call that fails throws a CollectorError, unless it says null.
 */
export interface WindowsLibrary {
  /** MIB_IF_TABLE2. */
  interfaceTable(): Buffer;
  /** MIB_IF_ROW2 of one interface; null if it is gone. */
  interfaceRow(luid: bigint): Buffer | null;
  /** NtQuerySystemInformation; null where the system does not tell. */
  system(what: SystemClass): Buffer | null;
  /** SYSTEM_PROCESS_INFORMATION of all processes. The bytes are filled in anew by the next call. */
  processes(): Promise<AddressedBytes>;
  /** Null for a process that has ended or that this user must not know of. */
  processDetails(pid: number): ProcessDetails | null;
  /** TOKEN_USER of this process. */
  ownUser(): Buffer | null;
  /** Milliseconds since boot without sleep; null where the system does not tell. */
  awakeTime(): number | null;
  /** NtPowerInformation. */
  power(what: PowerClass): Promise<Buffer>;
  /** PERFORMANCE_INFORMATION. */
  performance(): Promise<Buffer>;
  sockets(table: SocketTable): Promise<Buffer>;
  /** Mask of the drive letters that exist. */
  letters(): number;
  /** What a name such as `C:` stands for, without touching it. Null if there is none. */
  device(name: string): Buffer | null;
  /** The names of all devices. */
  deviceNames(): Buffer;
  /** Opens a device such as `\\.\PhysicalDrive0` without any right to its content, and asks it. Null if it cannot be opened; an answer is null where the device has none. */
  askDevice(path: string, questions: readonly DeviceQuestion[]): Promise<(Buffer | null)[] | null>;
  /** Touches the volume with this root, such as `C:\`. Those made by programs are not waited for by the others. */
  volume(root: string, kind: 'disk' | 'slow'): Promise<VolumeFacts>;
  /** The paths of each local volume: letters and folders. */
  volumePaths(): Promise<Buffer[]>;
  /** By the English name of a counter, on a system of any language. Null where the system does not have the counter. */
  counters(path: string): Promise<CounterQuery | null>;
}

/** Loads the library when it is first needed. */
export type LoadWindows = () => Promise<WindowsLibrary>;
