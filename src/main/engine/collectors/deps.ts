/** Dependencies of the collectors: only platform.ts accesses the real machine by itself. */
import type { Clock, Timers } from '../clock';
import type { ContainerSource } from '../containers/types';
import type { ServiceSource } from '../probes/types';
import type { Programs } from '../programs/programs';
import type { FamilyId } from '../../../shared/metrics/index';
import type { LoadWindows } from '../windows/library';
import type { LoadSystemInformation } from './systeminformation';

/** Platforms with files of their own; any other is treated like macOS. */
export type Platform = 'linux' | 'darwin' | 'win32';

/** Source of the `self` family: what only the app knows. Missing is null. */
export interface SelfSource {
  /** Process ids of the app, including the main process. Used on Linux, where each is read from /proc. */
  pids(): readonly number[];
  /** CPU seconds since start and resident bytes of all app processes; used where there is no /proc. */
  usage(): { readonly cpuSeconds: number; readonly rssBytes: number } | null;
  /** Mean milliseconds per read, by collector. */
  perCollector(): Readonly<Partial<Record<FamilyId, number | null>>>;
  /** Mean milliseconds per tick of the sampler. */
  tickMs(): number | null;
  databaseBytes(): number | null;
  /** Bytes written to disk by the app since it started; never decreases. */
  bytesWritten(): number | null;
}

/** Result of statfs(2): sizes in blocks. */
export interface FileSystemSpace {
  readonly bsize: number;
  /** Unit of the block counts if it differs from `bsize`; missing in Node before 24. */
  readonly frsize?: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** Memory of macOS in KiB, as Electron's process.getSystemMemoryInfo() tells it. */
export interface MachineMemory {
  readonly free: number;
  readonly fileBacked: number;
  readonly purgeable: number;
}

/** How hot macOS feels, as Electron's powerMonitor tells it. */
export type ThermalState = 'unknown' | 'nominal' | 'fair' | 'serious' | 'critical';

/** A machine that is made up: its name, and the machine that the app itself runs on. */
interface DemoFacts {
  readonly hostname: string;
  readonly own: Pick<SystemDeps, 'platform' | 'root'>;
}

/** Access to the machine; `systemDeps` creates the real one. */
export interface SystemDeps {
  readonly platform: Platform;
  /** `/`, or a folder that holds recorded `proc/`, `sys/` and `etc/` trees. */
  readonly root: string;
  readonly clock: Pick<Clock, 'now' | 'mono' | 'boot'>;
  readonly timers: Timers;
  /** The path is bytes where it is not UTF-8. */
  statfs(path: string | Buffer): Promise<FileSystemSpace>;
  /** First address of each interface, for display. */
  addresses(): Readonly<Record<string, string>>;
  /** The user this program runs as; null without a name, and on systems without numeric user ids. */
  account(): { readonly uid: number; readonly name: string } | null;
  /** Seconds since this process started. */
  processSeconds(): number;
  /** Programs of the system, for what neither a file nor a library tells; on Linux nvidia-smi, smartctl and ping alone. */
  readonly programs: Programs;
  /** Set on macOS where the app runs in Electron; null if it does not know. */
  readonly systemMemory?: () => MachineMemory | null;
  readonly thermalState?: () => ThermalState | null;
  /** Loaded when first needed on macOS and Windows, never on Linux. */
  readonly systemInformation: LoadSystemInformation;
  /** The system's own libraries: loaded at the first read on Windows, and there alone. */
  readonly windows: LoadWindows;
  /** Set where `root` holds a machine that is made up (demo-machine.ts). */
  readonly demo?: DemoFacts;
}

/** Everything the collectors need. */
export interface CollectorDeps extends SystemDeps {
  /** Whether network mounts are measured, and FUSE mounts that are no local disks; called at each read. */
  networkMounts(): boolean;
  /** Whether drives are asked for their health (SMART); called at each read. */
  driveHealth(): boolean;
  /** Ids of the batteries that a person ignores, which do not count for the machine; called at each read. Absent: none. */
  readonly ignoredBatteries?: () => ReadonlySet<string>;
  readonly self: SelfSource;
  /** Container engines, and services that are probed. Absent: none, as on a machine that is made up. */
  readonly containers?: ContainerSource;
  readonly services?: ServiceSource;
}
