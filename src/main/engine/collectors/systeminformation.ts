/** Types of the systeminformation package: only the calls and fields that are used. */

/** A number that the package omits or gives as null where the platform has none. */
type Maybe = number | null | undefined;

/** One disk of `fsSize`. */
export interface SiFileSystem {
  readonly fs: string;
  readonly type: string;
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly mount: string;
  /** False for a read-only one; null or absent where the system does not say. */
  readonly rw?: boolean | null;
}

/** One interface of `networkStats`; counters since boot. */
export interface SiInterface {
  readonly iface: string;
  readonly rx_bytes: Maybe;
  readonly rx_dropped: Maybe;
  readonly rx_errors: Maybe;
  readonly tx_bytes: Maybe;
  readonly tx_dropped: Maybe;
  readonly tx_errors: Maybe;
}

/** One process of `processes`; memory in KiB, start time in local time. */
export interface SiProcess {
  readonly pid: number;
  readonly name: string;
  readonly cpu: Maybe;
  readonly memRss: Maybe;
  readonly started?: string | null;
  readonly user?: string | null;
  readonly command: string;
  readonly params?: string | null;
  readonly path?: string | null;
}

/** The part of the package that is used; tests replace it with recorded results. */
export interface SystemInformation {
  mem(): Promise<{ total: number; available: Maybe; buffcache: Maybe; swaptotal: Maybe; swapused: Maybe }>;
  fsSize(): Promise<readonly SiFileSystem[]>;
  fsStats(): Promise<{ rx: Maybe; wx: Maybe } | null>;
  disksIO(): Promise<{ rIO: Maybe; wIO: Maybe } | null>;
  networkStats(interfaces: string): Promise<readonly SiInterface[]>;
  networkConnections(): Promise<readonly { protocol: string; state: string }[]>;
  cpuTemperature(): Promise<{ main: Maybe; max: Maybe; cores: readonly number[]; socket?: readonly number[]; chipset?: Maybe }>;
  processes(): Promise<{ readonly list: readonly SiProcess[] }>;
  system(): Promise<{ readonly manufacturer: string; readonly model: string }>;
  osInfo(): Promise<{ readonly release: string }>;
  cpuCurrentSpeed(): Promise<{ avg: Maybe; max: Maybe; cores: readonly number[] }>;
}

/** Loads the package when first needed: it is large, and unused on Linux. */
export type LoadSystemInformation = () => Promise<SystemInformation>;

/** A finite number, or null. */
function finite(value: Maybe): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A finite number of at least `least`, or null; the package uses -1 or 0 for unknown. */
export function atLeast(least: number, value: Maybe): number | null {
  const known = finite(value);
  return known !== null && known >= least ? known : null;
}
