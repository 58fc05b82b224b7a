/**
 * Room `engine/containers`: container engines (Docker, Podman) and what their containers use. It is loaded when a machine has an
 * engine, by import(), and reached through index.ts; the collector `container` turns what it reads into values.
 *
 * It imports src/shared, the engine's clock, log and time slicing, helpers of engine/collectors, and Node's modules. It starts no program.
 *
 * This file has the types that others need.
 */
import type { ContainerHealth, ContainerState, EngineStatus } from '../../../shared/containers/container-schemas';
import type { Value } from '../../../shared/metrics/reading';

/** Counters and levels of a running container at one time. Null: not told. */
export interface ContainerCounters {
  /** When they were read, monotonic ms: rates are made of the time between two reads of the same container. */
  readonly mono: number;
  /** CPU seconds since its start. */
  readonly cpuSeconds: Value;
  /** Seconds for which a limit of CPU time held it up, since its start. */
  readonly throttledSeconds: Value;
  /** Bytes without the file cache that can be taken back at once. */
  readonly memory: Value;
  /** Bytes; null where no limit is set. */
  readonly memoryLimit: Value;
  /** Bytes over all its network interfaces since its start; null where it shares the network of the machine. */
  readonly received: Value;
  readonly sent: Value;
  /** Bytes read from and written to block devices since its start. */
  readonly read: Value;
  readonly written: Value;
  /** Threads included: that is what the kernel limits and engines tell. */
  readonly processes: Value;
}

/** One container, as far as an engine and the kernel tell of it. */
export interface ContainerRaw {
  /** Id of its series: its name or that of its service; it lasts while containers under that name come and go. */
  readonly device: string;
  /** Display name. */
  readonly label: string;
  /** Id of the container itself, 64 hexadecimal digits: another one under the same name begins anew. */
  readonly id: string;
  readonly image: string;
  readonly state: ContainerState;
  readonly health: ContainerHealth;
  /** Epoch ms; null while it was never started. Another start begins counters anew. */
  readonly startedAt: Value;
  /** Automatic restarts since it was created. */
  readonly restarts: Value;
  /** Times it ended by itself in the last ten minutes. */
  readonly recentDeaths: number;
  /** Times the kernel ended one of its processes for want of memory in the last ten minutes. */
  readonly recentOomKills: number;
  /** It ended by itself although it was to be kept running. */
  readonly isMissed: boolean;
  /** What is to be said of its state: "exit code 137", "its health check failed 3 times: …". Null where there is nothing to add. */
  readonly reason: string | null;
  /** False for one that comes and goes under a name that nobody gave it: shown, not kept. */
  readonly isStored: boolean;
  /** Null where it does not run, and where nothing could be read of it. */
  readonly counters: ContainerCounters | null;
}

/** One read of all engines. */
export interface ContainersRaw {
  /** Engines that are there or were asked for; empty where the machine has none. */
  readonly engines: readonly EngineStatus[];
  readonly containers: readonly ContainerRaw[];
}

/** What the collector of containers reads from. */
export interface ContainerSource {
  /** Resolves to null where this machine has no engine. */
  read(): Promise<ContainersRaw | null>;
}
