/** Queries the processes while the page is visible. */
import { useEffect, useState } from 'react';
import type { CallInput } from '../../../shared/api/contract';
import type { ProcessTable } from '../../../shared/processes/process-schemas';
import { useApp } from '../../app/app-context';

/** Minimum time between two queries, ms by the time of the batches: a little under 2 s, since batches are not exact to the millisecond. */
const REFRESH_INTERVAL = 1900;

/** The latest processes and the state of the query. */
export interface ProcessesResult {
  /** Latest response; null before the first. */
  readonly table: ProcessTable | null;
  /** The query of that response, as text. */
  readonly queryKey: string;
  /** Why the last query failed; null if it did not. */
  readonly failure: string | null;
}

const NO_RESULT: ProcessesResult = { table: null, queryKey: '', failure: null };

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
    const load = async (): Promise<void> => {
      loading = true;
      const response = await app.client.call('processes', input);
      loading = false;
      if (stopped) return;
      setResult((before) => (response.ok ? { table: response.value, queryKey, failure: null } : { ...before, failure: response.message }));
    };
    const stop = app.follow({
      onBatch: ({ time }) => {
        if (loading || Math.abs(time - queriedAt) < REFRESH_INTERVAL) return;
        queriedAt = time;
        void load();
      },
      onGap: () => undefined,
    });
    void load();
    return () => {
      stopped = true;
      stop();
    };
  }, [app, queryKey]);
  return result;
}
