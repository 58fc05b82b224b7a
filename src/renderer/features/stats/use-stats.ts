import { useEffect, useState } from 'react';
import type { SeriesKey } from '../../../shared/metrics/index';
import { useApp } from '../../app/app-context';
import { queryStats } from '../../data/history-queries';
import type { StatsEntry } from '../../data/history-queries';
import { windowOf } from '../../lib/range';
import type { RangeChoice } from '../../lib/range';

/** Asked for again after so long, ms of the batches' own time. */
const REFRESH = 60_000;

/** Statistics by key; null until the first answer, 'failed' where it cannot be had. */
export type StatsResult = Readonly<Record<SeriesKey, StatsEntry>> | 'failed' | null;

/** Statistics of series over a range, kept fresh while mounted. `choice` and `keys` are compared by their text. */
export function useStats(keys: readonly SeriesKey[], choice: RangeChoice, started: boolean): StatsResult {
  const app = useApp();
  const [answer, setAnswer] = useState<StatsResult>(null);
  const asked = JSON.stringify({ keys, choice });
  useEffect(() => {
    if (!started) return undefined;
    const { keys: series, choice: range } = JSON.parse(asked) as { keys: readonly SeriesKey[]; choice: RangeChoice };
    let stopped = false;
    let askedAt = 0;
    const load = async (): Promise<void> => {
      const now = app.live.getState().time;
      askedAt = now;
      const { from, to } = windowOf(range, now);
      const found = await queryStats(app.client, series, { from: from + 1, to: to + 1 });
      if (!stopped) setAnswer(found ?? 'failed');
    };
    const stop = app.follow({
      onBatch: ({ time }) => {
        if (range.kind === 'live' && Math.abs(time - askedAt) >= REFRESH) void load();
      },
      onGap: () => void load(),
    });
    void load();
    return () => {
      stopped = true;
      stop();
    };
  }, [app, asked, started]);
  return answer;
}
