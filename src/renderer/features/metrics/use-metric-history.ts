import type { ChartData } from '../../charts/chart-data';
import { useEffect, useState } from 'react';
import { useApp } from '../../app/app-context';
import { createMetricHistory } from './metric-history';
import type { HistoryQuery } from './metric-history';

/**
 * History as wished, kept up while mounted; null until the first answer. While another range loads, the one
 * before stays, so that a page does not blink.
 */
export function useMetricHistory(query: HistoryQuery, started: boolean): ChartData | null {
  const app = useApp();
  const [state, setState] = useState<ChartData | null>(null);
  const asked = JSON.stringify(query);
  useEffect(() => {
    if (!started) return undefined;
    const history = createMetricHistory(app.client, JSON.parse(asked) as HistoryQuery, () => app.live.getState().time);
    const stopStore = history.store.subscribe((next) => {
      if (next.status !== 'loading') setState(next);
    });
    const stopBatches = app.follow({ onBatch: history.onBatch, onGap: () => void history.load() });
    void history.load();
    return () => {
      history.stop();
      stopStore();
      stopBatches();
    };
  }, [app, asked, started]);
  return state;
}
