/** What the collectors are handed: nothing in this folder finds the machine by itself. */
import type { Clock, Timers } from '../clock';
import type { FamilyId } from '../../../shared/metrics/index';
import type { LoadSystemInformation } from './systeminformation';

/** Operating systems with leaf files of their own; anything else is treated like macOS. */
export type Platform = 'linux' | 'darwin' | 'win32';

/** Where the `self` family gets what only the app can know. Missing is null. */
export interface SelfSource {
  /** Process ids of the app's own processes, the main one included. Used on Linux, where they are read one by one. */
  pids(): readonly number[];
  /** Processor seconds since start and resident bytes of all app processes; used where /proc does not exist. */
  usage(): { readonly cpuSeconds: number; readonly rssBytes: number } | null;
  /** Mean milliseconds per read of each collector that has been read. */
  perCollector(): Readonly<Partial<Record<FamilyId, number | null>>>;
  /** Mean milliseconds of processor time per tick. */
  tickMs(): number | null;
  databaseBytes(): number | null;
  /** Bytes written to disk by the app since it started; only ever grows. */
  bytesWritten(): number | null;
}

/** Space of a file system as statfs(2) tells it: sizes in blocks. */
export interface FileSystemSpace {
  readonly bsize: number;
  /** Unit of the block counts where it differs from `bsize`; Node before 24 does not tell it. */
  readonly frsize?: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

/** The machine's own hands; the real ones are made by `systemDeps`. */
export interface SystemDeps {
  readonly platform: Platform;
  /** `/`, or a folder that holds recorded `proc/`, `sys/` and `etc/` trees. */
  readonly root: string;
  readonly clock: Pick<Clock, 'mono' | 'boot'>;
  readonly timers: Timers;
  statfs(path: string): Promise<FileSystemSpace>;
  /** First address of each interface, for showing. */
  addresses(): Readonly<Record<string, string>>;
  /** The user this program runs as; null where he has no name, and on systems without numbers for users. */
  account(): { readonly uid: number; readonly name: string } | null;
  /** Seconds since this process started. */
  processSeconds(): number;
  /** Loaded at the first read on macOS and Windows; never on Linux. */
  readonly systemInformation: LoadSystemInformation;
}

/** Everything the collectors need. */
export interface CollectorDeps extends SystemDeps {
  /** Whether network and FUSE mounts are asked for their space; read anew each time. */
  networkMounts(): boolean;
  readonly self: SelfSource;
}
