/** The few calls of the systeminformation package that are used, and only the fields that are read. */

/** Value that the package leaves out, or gives as null, where the platform has none. */
type Maybe = number | null | undefined;

/** One disk of `fsSize`. */
export interface SiFileSystem {
  readonly fs: string;
  readonly type: string;
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly mount: string;
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

/** One process of `processes`; memory in KiB, start in the machine's own time. */
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

/** Shape of the package as the leaf files see it; recorded answers take its place in tests. */
export interface SystemInformation {
  mem(): Promise<{ total: number; available: Maybe; buffcache: Maybe; swaptotal: Maybe; swapused: Maybe }>;
  fsSize(): Promise<readonly SiFileSystem[]>;
  fsStats(): Promise<{ rx: Maybe; wx: Maybe } | null>;
  disksIO(): Promise<{ rIO: Maybe; wIO: Maybe } | null>;
  networkStats(interfaces: string): Promise<readonly SiInterface[]>;
  networkConnections(): Promise<readonly { protocol: string; state: string }[]>;
  cpuTemperature(): Promise<{ main: Maybe; max: Maybe; cores: readonly number[]; socket?: readonly number[]; chipset?: Maybe }>;
  processes(): Promise<{ readonly list: readonly SiProcess[] }>;
  cpuCurrentSpeed(): Promise<{ avg: Maybe; max: Maybe; cores: readonly number[] }>;
}

/** Loads the package when it is first needed: it is large, and Linux does without it. */
export type LoadSystemInformation = () => Promise<SystemInformation>;

/** A finite number, or null. */
function finite(value: Maybe): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A finite number of at least `least`, or null; the package says -1 or 0 where it knows nothing. */
export function atLeast(least: number, value: Maybe): number | null {
  const known = finite(value);
  return known !== null && known >= least ? known : null;
}
