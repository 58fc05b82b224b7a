/** Finds the processes that cause a value, when an alert fires. */
import type { Culprit } from '../../../shared/alerts/incident';
import type { CulpritMeasure } from '../../../shared/metrics/define';
import type { ProcessInfo, TopProcess } from '../../../shared/processes/process-schemas';
import type { Timers } from '../clock';
import { toCulprits, topBy } from './culprits';
import { toBaseline, toProcesses } from './rates';
import type { TimeSlicing } from '../time-slicing';
import type { ReadDetail, RawProcessSnapshot, ProcessSource } from './process-source';

/** Processes that cause a value. */
export interface CulpritReport {
  /** Grouped by program, for notifications. */
  readonly culprits: readonly Culprit[];
  /** Single processes, stored with the incident. */
  readonly top: readonly TopProcess[];
}

/** Dependencies of everything that takes process snapshots. */
export interface SnapshotParts {
  readonly source: ProcessSource;
  readonly timers: Timers;
  readonly slicing: TimeSlicing;
}

/**
 * Time between two snapshots that rates are computed from, ms: CPU time is counted in hundredths of a second, so this
 * resolves 2 %. On macOS and Windows the package returns a cached list for the first 500 ms.
 */
const SNAPSHOT_DISTANCE = 600;
/** One result is reused for this long, ms: many alerts may fire at once. */
const REUSE_MS = 3000;
/** Processes stored with an incident. */
const MAX_KEPT = 10;

/** Takes two snapshots shortly after each other and computes the rates between them. */
export async function sampleTwice({ source, timers, slicing }: SnapshotParts, detail: ReadDetail): Promise<{ snapshot: RawProcessSnapshot; processes: readonly ProcessInfo[] }> {
  const baseline = toBaseline(await source.snapshot(detail));
  await new Promise<void>((resolve) => timers.after(SNAPSHOT_DISTANCE, resolve));
  const snapshot = await source.snapshot(detail);
  return { snapshot, processes: await toProcesses(snapshot, baseline, slicing) };
}

/** Creates the finder. A result takes half a second; rejects with a CollectorError if processes cannot be read. */
export function createCulpritFinder(parts: SnapshotParts): (measure: CulpritMeasure) => Promise<CulpritReport> {
  const { slicing, timers } = parts;
  let last: { readonly at: number; readonly detail: ReadDetail; readonly processes: Promise<readonly ProcessInfo[]> } | null = null;
  const read = (detail: ReadDetail): Promise<readonly ProcessInfo[]> => {
    const mono = slicing.mono();
    // A read with I/O also serves callers that do not need it.
    if (last !== null && mono - last.at < REUSE_MS && (last.detail === detail || last.detail === 'io')) return last.processes;
    const current = { at: mono, detail, processes: sampleTwice(parts, detail).then(({ processes }) => processes) };
    last = current;
    timers.after(REUSE_MS, () => {
      if (last === current) last = null;
    });
    return current.processes;
  };
  return async (measure) => {
    const processes = await read(measure === 'disk' ? 'io' : 'plain');
    return { culprits: toCulprits(processes, measure), top: topBy(processes, measure, MAX_KEPT) };
  };
}
