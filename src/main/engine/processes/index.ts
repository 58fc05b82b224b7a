/**
 * Processes of the machine: the process table, the processes behind an alert, and the top processes of each minute. The
 * source for the platform is chosen here, once.
 *
 * engine/processes imports src/shared, the engine's clock and time slicing, and helpers of engine/collectors. Other rooms
 * use it through this file.
 */
import { totalmem, userInfo } from 'node:os';
import { win32 } from 'node:path';
import type { CulpritMeasure } from '../../../shared/metrics/define';
import type { TopProcesses } from '../../../shared/processes/process-schemas';
import type { Clock, Timers } from '../clock';
import type { SystemDeps } from '../collectors/deps';
import { createCulpritFinder } from './culprit-finder';
import type { CulpritReport } from './culprit-finder';
import type { ContainerNameOf } from './containers.linux';
import { createTopProcessRecorder } from './top-process-recorder';
import type { GpuLoadParts } from './gpu-loads.linux';
import { GuardedFiles } from './guarded-files.linux';
import { sourceLoadedLate } from './load-late';
import { linuxProcesses } from './processes.linux';
import { yieldToEventLoop } from '../time-slicing';
import { createProcessTables } from './process-table-reader';
import type { ProcessTables } from './process-table-reader';
import type { OwnProcess } from '../windows/process-entries';
import type { ProcessSource } from './process-source';

/** Dependencies. */
export interface ProcessParts {
  readonly system: Pick<SystemDeps, 'platform' | 'root' | 'account' | 'programs' | 'windows' | 'demo'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** False while monitoring is paused. */
  isActive(): boolean;
  /** Absent: no container is known by its name. */
  readonly containerNameOf?: ContainerNameOf;
  /** Called after each minute's snapshot with its failure, or null if it succeeded. */
  onHealth(failure: string | null): void;
}

/** The three uses of process snapshots. */
export interface Processes extends ProcessTables {
  /** Finds the processes that cause a value. Takes half a second; rejects with a CollectorError if processes cannot be read. */
  explain(measure: CulpritMeasure): Promise<CulpritReport>;
  /** Calls the listener once a minute, on systems where a snapshot starts no program; returns the function that unsubscribes. */
  onMinute(listener: (top: TopProcesses) => void): () => void;
}

/** The process source for the platform. */
export function createProcessSource({ system, clock, timers, containerNameOf = () => null }: Pick<ProcessParts, 'system' | 'clock' | 'timers' | 'containerNameOf'>): ProcessSource {
  const { platform, root, account, programs, windows } = system;
  if (platform === 'linux') return linuxProcesses({ root, clock, account, containerNameOf, yieldToEventLoop }, new GuardedFiles(timers));
  if (platform === 'darwin') return sourceLoadedLate(true, async () => (await import('./processes.darwin')).darwinProcesses({ programs, clock, totalMemory: totalmem }));
  const parts = { load: windows, clock, ownName: () => userInfo().username, own: () => ownProcess(clock), totalMemory: totalmem, yieldToEventLoop };
  return sourceLoadedLate(false, async () => (await import('./processes.win32')).win32Processes(parts));
}

/** This process on Windows, as Node tells of it. */
function ownProcess(clock: Clock): OwnProcess {
  const startedAt = clock.now() - process.uptime() * 1000;
  return { pid: process.pid, parent: process.ppid, name: win32.basename(process.execPath), startedAt, memory: process.memoryUsage.rss() };
}

/** What processes use of graphics cards; macOS does not tell. Loaded when the first alert about a card fires, which most machines never have. */
async function readGpuLoads(parts: GpuLoadParts & { readonly system: ProcessParts['system'] }): Promise<ReadonlyMap<number, number>> {
  const { platform } = parts.system;
  if (platform === 'linux') return (await import('./gpu-loads.linux')).readGpuLoads(parts);
  return platform === 'win32' ? (await import('./gpu-loads.win32')).readGpuLoads(parts) : new Map();
}

/** Creates them; nothing is read before the first call or subscription. */
export function createProcesses(parts: ProcessParts): Processes {
  const { clock, timers, system } = parts;
  const slicing = { mono: () => clock.mono(), yieldToEventLoop };
  const snapshots = { source: createProcessSource(parts), timers, slicing, gpuLoads: () => readGpuLoads({ system, timers, slicing }) };
  const tables = createProcessTables(snapshots);
  const minutes = createTopProcessRecorder({ ...snapshots, isActive: () => parts.isActive(), onHealth: (failure) => parts.onHealth(failure) });
  return {
    table: tables.table,
    explain: createCulpritFinder(snapshots),
    onMinute: minutes.subscribe,
    close: () => {
      tables.close();
      minutes.close();
    },
  };
}
