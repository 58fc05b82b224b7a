/** Records the top processes of each minute, to explain a spike later that raised no alert. */
import type { ProcessInfo, TopProcess, TopProcesses } from '../../../shared/processes/process-schemas';
import { messageOf } from '../../../shared/result';
import { topBy } from './culprits';
import type { SnapshotParts } from './culprit-finder';
import { toBaseline, toProcesses } from './rates';
import type { Baseline } from './rates';

/** Time between two snapshots, ms; CPU use is the mean over this time. */
const MINUTE = 60_000;
/** After a longer time, e.g. a pause, nothing is recorded: the mean would hide when it happened. */
const MAX_DISTANCE = 2.5 * MINUTE;
/** Number of processes recorded by CPU, and by memory. */
const MAX_KEPT = 5;

/** Dependencies of the recorder. */
export interface TopProcessRecorderParts extends SnapshotParts {
  /** False while monitoring is paused: then nothing is read. */
  isActive(): boolean;
  /** Called after each snapshot with its failure, or null if it succeeded. */
  onHealth(failure: string | null): void;
}

/** Takes a snapshot once a minute while there are subscribers. */
export interface TopProcessRecorder {
  /**
   * Calls the listener with each minute's top processes, never on systems where a snapshot starts a program; returns the
   * function that unsubscribes.
   */
  subscribe(listener: (top: TopProcesses) => void): () => void;
  close(): void;
}

/** The processes that use most CPU and most memory, each once. */
export function topOfMinute(processes: readonly ProcessInfo[]): readonly TopProcess[] {
  const byCpu = topBy(processes, 'cpu', MAX_KEPT);
  const pids = new Set(byCpu.map(({ pid }) => pid));
  return [...byCpu, ...topBy(processes, 'memory', MAX_KEPT).filter(({ pid }) => !pids.has(pid))];
}

/** Creates the recorder; nothing is read without subscribers. */
export function createTopProcessRecorder({ source, timers, slicing, isActive, onHealth }: TopProcessRecorderParts): TopProcessRecorder {
  const listeners = new Set<(top: TopProcesses) => void>();
  let baseline: Baseline | null = null;
  let cancel: (() => void) | null = null;
  const record = async (): Promise<void> => {
    const now = await source.snapshot('plain');
    const before = baseline;
    baseline = toBaseline(now);
    if (before === null || now.mono - before.mono > MAX_DISTANCE) return;
    const processes = topOfMinute(await toProcesses(now, before, slicing));
    listeners.forEach((listener) => listener({ time: now.time, incident: null, processes }));
  };
  const round = async (): Promise<void> => {
    try {
      if (isActive()) await record();
      else baseline = null;
      onHealth(null);
    } catch (error) {
      baseline = null;
      onHealth(messageOf(error));
    }
    if (cancel !== null) start();
  };
  const start = (): void => {
    cancel = timers.after(MINUTE, () => void round());
  };
  const stop = (): void => {
    cancel?.();
    cancel = null;
    baseline = null;
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      if (cancel === null && !source.startsProcess) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close: stop,
  };
}
