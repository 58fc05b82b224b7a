/** The table of processes, read only while somebody asks for it. */
import type { ProcessesQuery, ProcessInfo, ProcessTable } from '../../../shared/processes/process-schemas';
import { sampleTwice } from './culprit-finder';
import type { SnapshotParts } from './culprit-finder';
import { toBaseline, toProcesses } from './rates';
import type { Baseline } from './rates';
import { selectProcesses } from './select';
import type { RawProcessSnapshot } from './process-source';

/** Younger than this, a look answers again, ms: another viewer, the next letter of a search. */
const FRESH = 900;
/** Rates over a longer time tell nothing of now, ms; what is remembered is given back then. */
const STALE = 10_000;

/** The last look, understood. */
interface Known {
  readonly snapshot: RawProcessSnapshot;
  readonly base: Baseline;
  readonly processes: readonly ProcessInfo[];
}

/** Answers for the table. */
export interface ProcessTables {
  /**
   * Rates count from the look before; the first answer after a while takes two looks and half a second. Command lines
   * may hold secrets: without them they are neither told nor searched. Rejects with a CollectorError.
   */
  table(query: ProcessesQuery, withCommands: boolean): Promise<ProcessTable>;
  close(): void;
}

async function sampleAgain({ source, slicing }: SnapshotParts, base: Baseline): Promise<Pick<Known, 'snapshot' | 'processes'>> {
  const snapshot = await source.snapshot('full');
  return { snapshot, processes: await toProcesses(snapshot, base, slicing) };
}

/** Makes it; nothing is read before the first question. */
export function createProcessTables(parts: SnapshotParts): ProcessTables {
  const { source, slicing, timers } = parts;
  let known: Known | null = null;
  let flight: Promise<Known> | null = null;
  let cancel = (): void => undefined;
  const drop = (): void => {
    known = null;
    source.forget();
  };
  const renew = async (): Promise<Known> => {
    const before = known;
    const isStale = before === null || slicing.mono() - before.snapshot.mono > STALE;
    const found = isStale ? await sampleTwice(parts, 'full') : await sampleAgain(parts, before.base);
    await slicing.yieldToEventLoop();
    return { ...found, base: toBaseline(found.snapshot) };
  };
  const current = async (): Promise<Known> => {
    if (known !== null && slicing.mono() - known.snapshot.mono < FRESH) return known;
    flight ??= renew().finally(() => {
      flight = null;
    });
    known = await flight;
    cancel();
    cancel = timers.after(STALE, drop);
    return known;
  };
  return {
    async table(query, withCommands) {
      const { snapshot, processes } = await current();
      const told = withCommands ? processes : processes.map((one) => ({ ...one, command: null }));
      return { time: snapshot.time, total: told.length, ...(await selectProcesses(told, query, slicing)) };
    },
    close: () => cancel(),
  };
}
