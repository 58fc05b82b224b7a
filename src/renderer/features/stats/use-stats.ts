/** Loads statistics of series for the Statistics page. */
import { useEffect, useState } from 'react';
import type { SeriesKey } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { queryStats } from '../../data/history-queries';
import type { StatsEntry } from '../../data/history-queries';
import { windowOf } from '../../lib/range';
import type { RangeChoice } from '../../lib/range';

/** A live range is loaded again after this time, ms of the batches' time. */
const REFRESH_INTERVAL = 60_000;

/** Statistics by series key; null until the first response, 'failed' where loading failed. */
export type StatsResult = Readonly<Record<SeriesKey, StatsEntry>> | 'failed' | null;

/** Statistics of series over a range, updated while mounted. `choice` and `keys` are compared as JSON; nothing is loaded before `started`. */
export function useStats(keys: readonly SeriesKey[], choice: RangeChoice, started: boolean): StatsResult {
  const app = useApp();
  const [result, setResult] = useState<StatsResult>(null);
  const request = JSON.stringify({ keys, choice });
  useEffect(() => {
    if (!started) return undefined;
    const { keys: series, choice: range } = JSON.parse(request) as { keys: readonly SeriesKey[]; choice: RangeChoice };
    let stopped = false;
    let loadedAt = 0;
    const load = async (): Promise<void> => {
      const now = app.live.getState().time;
      loadedAt = now;
      const { from, to } = windowOf(range, now);
      const stats = await queryStats(app.client, series, { from: from + 1, to: to + 1 });
      if (!stopped) setResult(stats ?? 'failed');
    };
    const stop = app.follow({
      onBatch: ({ time }) => {
        if (range.kind === 'live' && Math.abs(time - loadedAt) >= REFRESH_INTERVAL) void load();
      },
      onGap: () => void load(),
    });
    void load();
    return () => {
      stopped = true;
      stop();
    };
  }, [app, request, started]);
  return result;
}
