/** Loads where the history begins. */
import { useEffect, useState } from 'react';
import { queryHistoryBegin } from '../data/history-queries';
import { useApp } from './app-context';

/** Begin of the history, epoch ms; null before the answer, and while there is none. Loaded again after a gap: a backup may have been restored. */
export function useHistoryBegin(started: boolean): number | null {
  const app = useApp();
  const [begins, setBegins] = useState<number | null>(null);
  useEffect(() => {
    if (!started) return undefined;
    let stopped = false;
    const load = async (): Promise<void> => {
      const answer = await queryHistoryBegin(app.client, app.live.getState().time);
      if (!stopped) setBegins(answer);
    };
    const stop = app.follow({ onBatch: () => undefined, onGap: () => void load() });
    void load();
    return () => {
      stopped = true;
      stop();
    };
  }, [app, started]);
  return begins;
}
