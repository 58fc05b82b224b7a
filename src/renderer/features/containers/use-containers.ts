/** Engines and containers, asked for while a page shows them. */
import { useEffect, useState } from 'react';
import type { ContainerList } from '../../../shared/containers/container-schemas';
import type { Reading } from '../../../shared/metrics/reading';
import { useApp } from '../../app/app-context';

/** Longest time between two queries, ms by the time of the batches: a little under 5 s, since batches are not exact to the millisecond. */
const REFRESH_INTERVAL = 4900;

/** The latest list and the state of the query. */
export interface ContainersResult {
  /** Latest response; null before the first. */
  readonly list: ContainerList | null;
  /** Why the last query failed; null if it did not. */
  readonly failure: string | null;
  /** Shows a list that a command answered with. */
  readonly show: (list: ContainerList) => void;
}

/** What of a reading says that the list is another: which containers there are, and their states. */
function outlineOf(reading: Reading): string {
  return JSON.stringify(Object.entries(reading.devices).map(([id, { state }]) => [id, state?.code]));
}

/**
 * The list, asked for every five seconds while mounted and visible, and at once where a reading tells of another set of
 * containers. Batches trigger the queries: none arrive while the page is hidden or monitoring is paused.
 */
export function useContainers(): ContainersResult {
  const app = useApp();
  const [result, setResult] = useState<Omit<ContainersResult, 'show'>>({ list: null, failure: null });
  useEffect(() => {
    let stopped = false;
    let loading = false;
    let queriedAt = app.live.getState().time;
    let outline: string | null = null;
    let isOther = false;
    const load = async (): Promise<void> => {
      loading = true;
      const response = await app.client.call('containers', {});
      loading = false;
      if (stopped) return;
      setResult((before) => (response.ok ? { list: response.value, failure: null } : { ...before, failure: response.message }));
    };
    const stop = app.follow({
      onBatch: ({ time, readings: { container } }) => {
        const seen = container === undefined ? outline : outlineOf(container);
        isOther ||= outline !== null && seen !== outline;
        outline = seen;
        if (loading || (!isOther && Math.abs(time - queriedAt) < REFRESH_INTERVAL)) return;
        isOther = false;
        queriedAt = time;
        void load();
      },
      onGap: () => {
        if (!loading) void load();
      },
    });
    void load();
    return () => {
      stopped = true;
      stop();
    };
  }, [app]);
  const [show] = useState(() => (list: ContainerList) => setResult({ list, failure: null }));
  return { ...result, show };
}
