/**
 * Counters from an engine's one-shot statistics, for containers whose cgroups are not on this machine, as on macOS and Windows. Fields
 * as in Docker's API reference (ContainerStats) and its formulas in docker/cli, stats_helpers.go; Podman gives the same fields. What
 * the engine says of the time of the machine (system_cpu_usage) is not used: Podman gives that of a cgroup there. Pure.
 */
import type { Value } from '../../../../shared/metrics/reading';
import { sumOf } from '../../collectors/numbers';
import type { ContainerCounters } from '../types';
import { believed, believedLimit, believedMemory, inUnits, withoutCache } from './believed';

/** What an answer is understood with. */
export interface StatisticsFacts {
  readonly engine: 'docker' | 'podman';
  /** Bytes of the machine that the engine runs on, which may be a virtual one; null: not known. */
  readonly machineMemory: Value;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under a name, without fields where there is none. */
function part(of: Fields, name: string): Fields {
  const value = of[name];
  return isFields(value) ? value : {};
}

/** Units of CPU time per second: nanoseconds, and on Windows 100 of them. */
const NANOSECONDS = 1e9;
const WINDOWS_UNITS = 1e7;

/** Sum over what was read from, or written to, block devices; null where nothing is listed. */
function blockIo(stats: Fields, letter: 'r' | 'w'): Value {
  const list = part(stats, 'blkio_stats')['io_service_bytes_recursive'];
  if (!Array.isArray(list)) return null;
  const bytes = list.filter(isFields).filter(({ op }) => typeof op === 'string' && op.toLowerCase().startsWith(letter)).map(({ value }) => believed(value));
  return believed(sumOf(bytes));
}

/** Sum over all interfaces. Podman lists one without traffic for a container without a network. */
function traffic(stats: Fields, name: 'rx_bytes' | 'tx_bytes', { engine }: StatisticsFacts): Value {
  const sum = believed(sumOf(Object.values(part(stats, 'networks')).filter(isFields).map((one) => believed(one[name]))));
  return engine === 'podman' && sum === 0 ? null : sum;
}

/** Memory and its limit: on Linux of either version of cgroups, and on Windows. */
function memoryOf(stats: Fields, { machineMemory }: StatisticsFacts): Pick<ContainerCounters, 'memory' | 'memoryLimit'> {
  const memory = part(stats, 'memory_stats');
  const details = part(memory, 'stats');
  const inactive = believedMemory(details['total_inactive_file']) ?? believedMemory(details['inactive_file']);
  return {
    memory: believedMemory(memory['privateworkingset']) ?? withoutCache(believedMemory(memory['usage']), inactive),
    memoryLimit: believedLimit(memory['limit'], machineMemory),
  };
}

/** What the statistics say. Null for an answer that is none, and of a container that does not run: then all counters are zero, and the time is none. */
export function parseStatistics(answer: unknown, facts: StatisticsFacts): Omit<ContainerCounters, 'mono'> | null {
  if (!isFields(answer)) return null;
  const { read } = answer;
  if (typeof read === 'string' && read.startsWith('0001-')) return null;
  const cpu = part(answer, 'cpu_stats');
  const isWindows = (believed(answer['num_procs']) ?? 0) > 0;
  const storage = part(answer, 'storage_stats');
  const counters = {
    cpuSeconds: inUnits(believed(part(cpu, 'cpu_usage')['total_usage']), isWindows ? WINDOWS_UNITS : NANOSECONDS),
    throttledSeconds: isWindows ? null : inUnits(believed(part(cpu, 'throttling_data')['throttled_time']), NANOSECONDS),
    ...memoryOf(answer, facts),
    received: traffic(answer, 'rx_bytes', facts),
    sent: traffic(answer, 'tx_bytes', facts),
    read: believed(storage['read_size_bytes']) ?? blockIo(answer, 'r'),
    written: believed(storage['write_size_bytes']) ?? blockIo(answer, 'w'),
    processes: believed(part(answer, 'pids_stats')['current']),
  };
  return counters.cpuSeconds === null && counters.memory === null ? null : counters;
}
