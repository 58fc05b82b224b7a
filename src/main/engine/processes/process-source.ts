/** Interface of the platform's process sources, and the snapshot they return. */
import type { Value } from '../../../shared/metrics/reading';

/** A process as read from the system. Counters count from its start; values not read or not available are null. */
export interface RawProcess {
  readonly pid: number;
  /** Distinguishes it from a later process with the same id. */
  readonly key: string;
  readonly name: string;
  /** Start time in a unit of the platform, for comparing ages only. */
  readonly born: number;
  /** CPU seconds of all its threads. */
  readonly busySeconds: Value;
  /** Percent of one core, on systems that report this instead of CPU seconds. */
  readonly cpu: Value;
  /** Resident bytes. */
  readonly memory: Value;
  /** Bytes read from and written to disks. */
  readonly readBytes: Value;
  readonly writtenBytes: Value;
  readonly user: string | null;
  readonly command: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: Value;
  /** Display name of the container it runs in; null outside of one, and where that is not read. */
  readonly container: string | null;
}

/** All processes at one time, as read from the system. */
export interface RawProcessSnapshot {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Monotonic milliseconds, for rates. */
  readonly mono: number;
  readonly processes: readonly RawProcess[];
}

/** How much is read of each process. plain: name, CPU time and memory; io: also disk I/O; full: everything. */
export type ReadDetail = 'plain' | 'io' | 'full';

/** A process and its resident bytes. */
export type ProcessMemory = Pick<RawProcess, 'pid' | 'memory'>;

/** Takes snapshots of all processes. */
export interface ProcessSource {
  /** True if each snapshot starts a program: such snapshots are taken for the process table and alerts only. */
  readonly startsProcess: boolean;
  /** Rejects with a CollectorError. */
  snapshot(detail: ReadDetail): Promise<RawProcessSnapshot>;
  /**
   * Bytes of memory that each group of processes uses together: what its processes share counts once, and it is never
   * more than the machine has. Called only when an alert about memory fires. Rejects with a CollectorError.
   */
  groupMemory?(groups: readonly (readonly ProcessMemory[])[]): Promise<readonly number[]>;
  /** Display names of the containers that these processes run in, by process id; without those outside of one. Called only when an alert fires. Rejects with a CollectorError. */
  containersOf?(pids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Drops what is cached about processes between snapshots. */
  forget(): void;
}
