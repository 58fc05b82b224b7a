/** Answers that are asked for again from time to time while a component shows them. */
import { useEffect, useState } from 'react';
import type { App } from '../../app/app-types';
import { useApp, useLive } from '../../app/app-context';

/** What is asked; null where no answer came. `now`: the machine's time, epoch ms. The same function as long as the question is the same. */
export type Load<T> = (app: App, now: number) => Promise<T | null>;

/** Calls `ask` when the answer has changed; returns the function that ends that. */
type Watch = (app: App, ask: () => void) => () => void;

const NEVER: Watch = () => () => undefined;

/** The latest answer, asked again after `every` ms of the machine's time, after gaps, and when `watch` says so; null before the first one. */
export function usePolled<T>(load: Load<T>, every: number, watch: Watch = NEVER): T | null {
  const app = useApp();
  const [answer, setAnswer] = useState<{ readonly of: Load<T>; readonly value: T } | null>(null);
  const started = useLive((state) => state.time > 0);
  useEffect(() => {
    if (!started) return undefined;
    let stopped = false;
    let askedAt = 0;
    const ask = async (): Promise<void> => {
      const now = app.live.getState().time;
      askedAt = now;
      const value = await load(app, now);
      if (!stopped && value !== null) setAnswer({ of: load, value });
    };
    const stop = app.follow({
      onBatch: ({ time }) => {
        if (Math.abs(time - askedAt) >= every) void ask();
      },
      onGap: () => void ask(),
    });
    const unwatch = watch(app, () => void ask());
    void ask();
    return () => {
      stopped = true;
      stop();
      unwatch();
    };
  }, [app, load, every, watch, started]);
  return answer !== null && answer.of === load ? answer.value : null;
}
