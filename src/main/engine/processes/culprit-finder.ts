/** Who is behind what just happened: asked once when an alert fires. */
import type { Culprit } from '../../../shared/alerts/incident';
import type { CulpritMeasure } from '../../../shared/metrics/define';
import type { ProcessInfo, TopProcess } from '../../../shared/processes/process-schemas';
import type { Timers } from '../clock';
import { toCulprits, topBy } from './culprits';
import { toBaseline, toProcesses } from './rates';
import type { TimeSlicing } from '../time-slicing';
import type { ReadDetail, RawProcessSnapshot, ProcessSource } from './process-source';

/** What is behind a value. */
export interface CulpritReport {
  /** Programs, for a notification. */
  readonly culprits: readonly Culprit[];
  /** Single processes, for the record of the incident. */
  readonly top: readonly TopProcess[];
}

/** What looks are made with. */
export interface SnapshotParts {
  readonly source: ProcessSource;
  readonly timers: Timers;
  readonly slicing: TimeSlicing;
}

/**
 * Between two looks that rates are made of, ms: processor time is counted in hundredths of a second, so this tells 2 %.
 * The package that is asked on macOS and Windows answers from memory for the first 500.
 */
const BETWEEN = 600;
/** So long one answer stands for all who ask, ms: many alerts may fire at once. */
const SHARED = 3000;
/** Processes kept with an incident. */
const KEPT = 10;

/** Two looks close to each other, and the processes they tell of. */
export async function sampleTwice({ source, timers, slicing }: SnapshotParts, depth: ReadDetail): Promise<{ snapshot: RawProcessSnapshot; processes: readonly ProcessInfo[] }> {
  const base = toBaseline(await source.snapshot(depth));
  await new Promise<void>((resolve) => timers.after(BETWEEN, resolve));
  const snapshot = await source.snapshot(depth);
  return { snapshot, processes: await toProcesses(snapshot, base, slicing) };
}

/** Makes the explainer; its answers take half a second, and reject with a CollectorError when processes cannot be read. */
export function createCulpritFinder(parts: SnapshotParts): (measure: CulpritMeasure) => Promise<CulpritReport> {
  const { slicing, timers } = parts;
  let last: { readonly at: number; readonly depth: ReadDetail; readonly processes: Promise<readonly ProcessInfo[]> } | null = null;
  const ask = (depth: ReadDetail): Promise<readonly ProcessInfo[]> => {
    const mono = slicing.mono();
    // Reading I/O as well serves those who do not need it, too.
    if (last !== null && mono - last.at < SHARED && (last.depth === depth || last.depth === 'io')) return last.processes;
    const mine = { at: mono, depth, processes: sampleTwice(parts, depth).then(({ processes }) => processes) };
    last = mine;
    timers.after(SHARED, () => {
      if (last === mine) last = null;
    });
    return mine.processes;
  };
  return async (measure) => {
    const processes = await ask(measure === 'disk' ? 'io' : 'plain');
    return { culprits: toCulprits(processes, measure), top: topBy(processes, measure, KEPT) };
  };
}
