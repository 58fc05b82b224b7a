/** Which processes mattered in each minute, for a spike that no alert told of. */
import type { ProcessInfo, TopProcess, TopProcesses } from '../../../shared/processes/process-schemas';
import { messageOf } from '../../../shared/result';
import { topBy } from './culprits';
import type { SnapshotParts } from './culprit-finder';
import { toBaseline, toProcesses } from './rates';
import type { Baseline } from './rates';

/** Between two looks, ms. The share of a minute a process had a core for comes from the counters at both its ends. */
const MINUTE = 60_000;
/** Of a longer time, after a pause say, nothing is kept: it would spread a moment over an hour. */
const LONGEST = 2.5 * MINUTE;
/** Kept by processor time, and by memory. */
const KEPT = 5;

/** What the minutes are made with. */
export interface TopProcessRecorderParts extends SnapshotParts {
  /** False while monitoring is paused: nothing is read then. */
  isActive(): boolean;
  /** Told when looks begin to fail, and null when they succeed again. */
  onHealth(failure: string | null): void;
}

/** Looks once a minute, while somebody listens. */
export interface TopProcessRecorder {
  /** Called with each minute's processes; returns what ends it. Never called where a look would start a program. */
  subscribe(listener: (top: TopProcesses) => void): () => void;
  close(): void;
}

/** The processes that used most of the processor and of the memory, each once. */
export function topOfMinute(processes: readonly ProcessInfo[]): readonly TopProcess[] {
  const byCpu = topBy(processes, 'cpu', KEPT);
  const pids = new Set(byCpu.map(({ pid }) => pid));
  return [...byCpu, ...topBy(processes, 'memory', KEPT).filter(({ pid }) => !pids.has(pid))];
}

/** Makes it; nothing is read before somebody listens. */
export function createTopProcessRecorder({ source, timers, slicing, isActive, onHealth }: TopProcessRecorderParts): TopProcessRecorder {
  const listeners = new Set<(top: TopProcesses) => void>();
  let base: Baseline | null = null;
  let cancel: (() => void) | null = null;
  const snapshot = async (): Promise<void> => {
    const now = await source.snapshot('plain');
    const before = base;
    base = toBaseline(now);
    if (before === null || now.mono - before.mono > LONGEST) return;
    const processes = topOfMinute(await toProcesses(now, before, slicing));
    listeners.forEach((listener) => listener({ time: now.time, incident: null, processes }));
  };
  const round = async (): Promise<void> => {
    try {
      if (isActive()) await snapshot();
      else base = null;
      onHealth(null);
    } catch (error) {
      base = null;
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
    base = null;
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      if (cancel === null && !source.spawns) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close: stop,
  };
}
