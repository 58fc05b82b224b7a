/** Queries the processes while the page is visible. */
import { useEffect, useState } from 'react';
import type { CallInput } from '../../../shared/api/contract';
import type { ProcessTable } from '../../../shared/processes/process-schemas';
import { useApp } from '../../app/app-context';
import { FIRST_ORDER } from './process-rows';
import type { ProcessOrder } from './process-rows';

/** Minimum time between two queries, ms by the time of the batches: a little under 2 s, since batches are not exact to the millisecond. */
const REFRESH_INTERVAL = 1900;
/** Time to the next query after an answer without rates, ms: half a second is enough to measure them. */
const FIRST_RATES = 600;

/** The latest processes and the state of the query. */
export interface ProcessesResult {
  /** Latest response; null before the first. */
  readonly table: ProcessTable | null;
  /** Changes with the query, and after missed data: rows of another key are not in the order of those before. */
  readonly orderKey: string;
  /** The order its rows are in: not yet the one that was just chosen. Null before the first response. */
  readonly order: ProcessOrder | null;
  /** Why the last query failed; null if it did not. */
  readonly failure: string | null;
}

const NO_RESULT: ProcessesResult = { table: null, orderKey: '', order: null, failure: null };

/**
 * Processes matching a query, queried every two seconds while mounted and visible. Batches trigger the queries: none arrive
 * while the page is hidden or monitoring is paused. `query` is compared by value.
 */
export function useProcesses(query: CallInput<'processes'>): ProcessesResult {
  const app = useApp();
  const [result, setResult] = useState<ProcessesResult>(NO_RESULT);
  const queryKey = JSON.stringify(query);
  useEffect(() => {
    const input = JSON.parse(queryKey) as CallInput<'processes'>;
    let stopped = false;
    let loading = false;
    let queriedAt = app.live.getState().time;
    let missed = 0;
    let cancel = (): void => undefined;
    const load = async (): Promise<void> => {
      cancel();
      loading = true;
      const response = await app.client.call('processes', input);
      loading = false;
      if (stopped) return;
      const order = { column: input.sort ?? FIRST_ORDER.column, descending: input.descending ?? FIRST_ORDER.descending };
      const orderKey = `${queryKey} ${missed}`;
      setResult((before) => (response.ok ? { table: response.value, orderKey, order, failure: null } : { ...before, failure: response.message }));
      // Not left to the next batch: while monitoring is paused there is none.
      if (response.ok && response.value.ratesOver === null) cancel = app.timers.after(FIRST_RATES, () => void load());
    };
    const stop = app.follow({
      onBatch: ({ time }) => {
        if (loading || Math.abs(time - queriedAt) < REFRESH_INTERVAL) return;
        queriedAt = time;
        void load();
      },
      onGap: () => {
        missed += 1;
        if (!loading) void load();
      },
    });
    void load();
    return () => {
      stopped = true;
      cancel();
      stop();
    };
  }, [app, queryKey]);
  return result;
}
