/** Hook for the history of a metric page. */
import { useEffect, useState } from 'react';
import type { Rule } from '../../../shared/alerts/rule';
import { useApp } from '../../app/app-context';
import type { ChartData } from '../../charts/chart-data';
import { createMetricHistory } from './metric-history';
import type { HistoryQuery } from './metric-history';

/**
 * The history of a query, updated while mounted; null until the first response. While another query loads, the previous
 * history stays, so that the page does not flicker. `query` and `rules`, by which statistics count the time past a
 * threshold, are compared by value.
 */
export function useMetricHistory(query: HistoryQuery, started: boolean, rules: readonly Rule[]): ChartData | null {
  const app = useApp();
  const [state, setState] = useState<ChartData | null>(null);
  const queryKey = JSON.stringify({ query, rules: rules.filter(({ family }) => family === query.family) });
  useEffect(() => {
    if (!started) return undefined;
    const history = createMetricHistory(app.client, (JSON.parse(queryKey) as { readonly query: HistoryQuery }).query, () => app.live.getState().time);
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
  }, [app, queryKey, started]);
  return state;
}
