import { useEffect, useState } from 'react';
import { useApp } from '../../app/app-context';
import { createHistory } from './metric-history';
import type { HistoryState, HistoryWish } from './metric-history';

/**
 * History as wished, kept up while mounted; null until the first answer. While another range loads, the one
 * before stays, so that a page does not blink.
 */
export function useHistory(wish: HistoryWish, started: boolean): HistoryState | null {
  const app = useApp();
  const [state, setState] = useState<HistoryState | null>(null);
  const wished = JSON.stringify(wish);
  useEffect(() => {
    if (!started) return undefined;
    const history = createHistory(app.client, JSON.parse(wished) as HistoryWish, () => app.live.getState().time);
    const stopStore = history.store.subscribe((next) => {
      if (next.status !== 'loading') setState(next);
    });
    const stopBatches = app.follow({ onBatch: history.onBatch, onHole: () => void history.load() });
    void history.load();
    return () => {
      history.stop();
      stopStore();
      stopBatches();
    };
  }, [app, wished, started]);
  return state;
}
