/** Processes: the table, who is behind an incident, and who mattered in each minute. The source is chosen once for the platform. */
import { cpus } from 'node:os';
import type { CulpritMeasure } from '../../../shared/metrics/define';
import type { TopProcesses } from '../../../shared/processes/process-schemas';
import type { Clock, Timers } from '../clock';
import type { SystemDeps } from '../collectors/deps';
import { createCulpritFinder } from './culprit-finder';
import type { CulpritReport } from './culprit-finder';
import { createTopProcessRecorder } from './top-process-recorder';
import { linuxProcesses } from './processes.linux';
import { portableProcesses } from './processes.portable';
import { yieldToEventLoop } from '../time-slicing';
import { createProcessTables } from './process-table-reader';
import type { ProcessTables } from './process-table-reader';
import type { ProcessSource } from './process-source';

/** What they are built from. */
export interface ProcessParts {
  readonly system: Pick<SystemDeps, 'platform' | 'root' | 'account' | 'systemInformation'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** False while monitoring is paused. */
  isActive(): boolean;
  /** Told when the looks of each minute begin to fail, and null when they succeed again. */
  onHealth(failure: string | null): void;
}

/** All that is to be known of processes. */
export interface Processes extends ProcessTables {
  /** Takes half a second; rejects with a CollectorError when processes cannot be read. */
  explain(measure: CulpritMeasure): Promise<CulpritReport>;
  /** Called once a minute, on systems where that starts no program; returns what ends it. */
  onMinute(listener: (top: TopProcesses) => void): () => void;
}

/** The source of this machine. */
export function createProcessSource({ system, clock, timers }: Pick<ProcessParts, 'system' | 'clock' | 'timers'>): ProcessSource {
  const { platform, root, account, systemInformation } = system;
  if (platform === 'linux') return linuxProcesses({ root, clock, account, yieldToEventLoop });
  return portableProcesses({ load: systemInformation, clock, timers, isWindows: platform === 'win32', cores: () => cpus().length });
}

/** Builds them; nothing is read before somebody asks. */
export function createProcesses(parts: ProcessParts): Processes {
  const { clock, timers } = parts;
  const snapshots = { source: createProcessSource(parts), timers, slicing: { mono: () => clock.mono(), yieldToEventLoop } };
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
