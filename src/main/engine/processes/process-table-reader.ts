/** The process table, read only while it is requested. */
import type { ProcessesQuery, ProcessInfo, ProcessTable } from '../../../shared/processes/process-schemas';
import { sampleTwice } from './culprit-finder';
import type { SnapshotParts } from './culprit-finder';
import { toBaseline, toProcesses } from './rates';
import type { Baseline } from './rates';
import { selectProcesses } from './select';
import type { RawProcessSnapshot } from './process-source';

/** A snapshot younger than this is reused, ms: for another browser, the next letter of a search. */
const REUSE_MS = 900;
/** Rates over a longer time are not current, ms; caches are dropped after it. */
const STALE_MS = 10_000;

/** The last snapshot with its rates. */
interface CurrentTable {
  readonly snapshot: RawProcessSnapshot;
  readonly baseline: Baseline;
  readonly processes: readonly ProcessInfo[];
  /** Seconds between the two snapshots the rates are from. */
  readonly ratesOver: number;
}

/** Reads the process table. */
export interface ProcessTables {
  /**
   * Rates are computed from the previous snapshot; the first call after a while takes two snapshots and half a second.
   * Command lines may contain secrets: without `withCommands` they are neither returned nor searched. Rejects with a
   * CollectorError.
   */
  table(query: ProcessesQuery, withCommands: boolean): Promise<ProcessTable>;
  close(): void;
}

async function sampleAgain({ source, slicing }: SnapshotParts, baseline: Baseline): Promise<Omit<CurrentTable, 'baseline'>> {
  const snapshot = await source.snapshot('full');
  return { snapshot, processes: await toProcesses(snapshot, baseline, slicing), ratesOver: (snapshot.mono - baseline.mono) / 1000 };
}

/** Creates the reader; nothing is read before the first call. */
export function createProcessTables(parts: SnapshotParts): ProcessTables {
  const { source, slicing, timers } = parts;
  let known: CurrentTable | null = null;
  let inFlight: Promise<CurrentTable> | null = null;
  let cancel = (): void => undefined;
  const drop = (): void => {
    known = null;
    source.forget();
  };
  const renew = async (): Promise<CurrentTable> => {
    const before = known;
    const isStale = before === null || slicing.mono() - before.snapshot.mono > STALE_MS;
    const found = isStale ? await sampleTwice(parts, 'full') : await sampleAgain(parts, before.baseline);
    await slicing.yieldToEventLoop();
    return { ...found, baseline: toBaseline(found.snapshot) };
  };
  const current = async (): Promise<CurrentTable> => {
    if (known !== null && slicing.mono() - known.snapshot.mono < REUSE_MS) return known;
    inFlight ??= renew().finally(() => {
      inFlight = null;
    });
    known = await inFlight;
    cancel();
    cancel = timers.after(STALE_MS, drop);
    return known;
  };
  return {
    async table(query, withCommands) {
      const { snapshot, processes, ratesOver } = await current();
      const visible = withCommands ? processes : processes.map((one) => ({ ...one, command: null }));
      return { time: snapshot.time, ratesOver, total: visible.length, ...(await selectProcesses(visible, query, slicing)) };
    },
    close: () => cancel(),
  };
}
