/** Finds the processes that cause a value, when an alert fires. */
import type { Culprit } from '../../../shared/alerts/incident';
import type { CulpritMeasure, ProcessMeasure } from '../../../shared/metrics/define';
import type { ProcessInfo, TopProcess } from '../../../shared/processes/process-schemas';
import type { Timers } from '../clock';
import { gpuCulprits, likelyPids, sharingGroups, toCulprits, topBy } from './culprits';
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
  /** Percent of a graphics card by process id, where the system tells it. Takes a second. */
  gpuLoads?(): Promise<ReadonlyMap<number, number>>;
}

/**
 * Time between two snapshots that rates are computed from, ms: CPU time is counted in hundredths of a second, so this
 * resolves 2 %. On Windows the package returns a cached list for the first 500 ms.
 */
const SNAPSHOT_DISTANCE = 600;
/** One result is reused for this long, ms: many alerts may fire at once. */
const REUSE_MS = 3000;
/** Processes stored with an incident. */
const MAX_KEPT = 10;

/** Takes two snapshots shortly after each other and computes the rates between them. */
export async function sampleTwice({ source, timers, slicing }: SnapshotParts, detail: ReadDetail): Promise<{ snapshot: RawProcessSnapshot; processes: readonly ProcessInfo[]; ratesOver: number }> {
  const baseline = toBaseline(await source.snapshot(detail));
  await new Promise<void>((resolve) => timers.after(SNAPSHOT_DISTANCE, resolve));
  const snapshot = await source.snapshot(detail);
  return { snapshot, processes: await toProcesses(snapshot, baseline, slicing), ratesOver: (snapshot.mono - baseline.mono) / 1000 };
}

/** The processes, and of those with these ids the containers they run in: each costs reading a file. */
async function inContainers({ source }: SnapshotParts, processes: readonly ProcessInfo[], pids: readonly number[]): Promise<readonly ProcessInfo[]> {
  const containers = await source.containersOf?.(pids);
  if (containers === undefined || containers.size === 0) return processes;
  return processes.map((one) => ({ ...one, container: containers.get(one.pid) ?? null }));
}

/** Memory of each program with several processes, by the key of its group; empty where only resident sizes are known. */
async function memoryByGroup({ source }: SnapshotParts, processes: readonly ProcessInfo[]): Promise<ReadonlyMap<string, number>> {
  const groups = sharingGroups(processes);
  const keys = [...groups.keys()];
  const values = groups.size === 0 ? [] : await source.groupMemory?.([...groups.values()]);
  return new Map(keys.flatMap((key, at) => (values?.[at] === undefined ? [] : [[key, values[at]]])));
}

/** Processes with their rates, read for alerts. */
interface CurrentProcesses {
  readonly at: number;
  readonly detail: ReadDetail;
  readonly processes: Promise<readonly ProcessInfo[]>;
  /** The same with the containers of those that matter for a measure. */
  readonly placed: Map<ProcessMeasure, Promise<readonly ProcessInfo[]>>;
  /** Null until the first alert about memory. */
  memory: Promise<ReadonlyMap<string, number>> | null;
}

/** Creates the finder. A result takes half a second, of graphics cards one; rejects with a CollectorError if processes cannot be read. */
export function createCulpritFinder(parts: SnapshotParts): (measure: CulpritMeasure) => Promise<CulpritReport> {
  const { slicing, timers } = parts;
  let last: CurrentProcesses | null = null;
  const read = (detail: ReadDetail): CurrentProcesses => {
    const mono = slicing.mono();
    // A read with I/O also serves callers that do not need it.
    if (last !== null && mono - last.at < REUSE_MS && (last.detail === detail || last.detail === 'io')) return last;
    const current: CurrentProcesses = { at: mono, detail, processes: sampleTwice(parts, detail).then(({ processes }) => processes), placed: new Map(), memory: null };
    last = current;
    timers.after(REUSE_MS, () => {
      if (last === current) last = null;
    });
    return current;
  };
  const placed = ({ processes, placed: known }: CurrentProcesses, measure: ProcessMeasure): Promise<readonly ProcessInfo[]> => {
    const found = known.get(measure) ?? processes.then((all) => inContainers(parts, all, likelyPids(all, measure, MAX_KEPT)));
    known.set(measure, found);
    return found;
  };
  return async (measure) => {
    const current = read(measure === 'disk' ? 'io' : 'plain');
    if (measure === 'gpu') {
      const [processes, loads] = await Promise.all([current.processes, parts.gpuLoads?.()]);
      return gpuCulprits(await inContainers(parts, processes, [...(loads?.keys() ?? [])]), loads ?? new Map(), MAX_KEPT);
    }
    const processes = await placed(current, measure);
    const together = measure === 'memory' ? await (current.memory ??= memoryByGroup(parts, processes)) : undefined;
    return { culprits: toCulprits(processes, measure, together), top: topBy(processes, measure, MAX_KEPT) };
  };
}
