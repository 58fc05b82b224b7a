/** What a source of processes is, and what one look at all of them gives. */
import type { Value } from '../../../shared/metrics/reading';

/** A process as the system tells it. Counters have grown since it started; what was not read, or not told, is null. */
export interface RawProcess {
  readonly pid: number;
  /** Tells it from a later process of the same number. */
  readonly key: string;
  readonly name: string;
  /** When it started, in the system's own count: only for telling younger from older. */
  readonly born: number;
  /** Processor seconds of all its threads. */
  readonly busySeconds: Value;
  /** Percent of one core, on systems that tell this in the place of processor seconds. */
  readonly cpu: Value;
  /** Resident bytes. */
  readonly memory: Value;
  /** Bytes fetched from and sent to disks. */
  readonly readBytes: Value;
  readonly writtenBytes: Value;
  readonly user: string | null;
  readonly command: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: Value;
}

/** All processes at one time. */
export interface RawProcessSnapshot {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Monotonic milliseconds, for rates. */
  readonly mono: number;
  readonly processes: readonly RawProcess[];
}

/** How much is read of each process: name, processor time and memory; the bytes of its disk I/O too; everything. */
export type ReadDetail = 'plain' | 'io' | 'full';

/** Looks at all processes. */
export interface ProcessSource {
  /** True where each look starts a program: such looks are for when a person or an alert asks. */
  readonly spawns: boolean;
  /** Rejects with a CollectorError. */
  snapshot(depth: ReadDetail): Promise<RawProcessSnapshot>;
  /** Gives back what is remembered of each process between looks. */
  forget(): void;
}
