import { useEffect, useState } from 'react';
import type { BacktestResult } from '../../../shared/alerts/backtest-schemas';
import type { Rule } from '../../../shared/alerts/rule';
import { useApp, useLive } from '../../app/app-context';
import { windowOf } from '../../lib/range';
import type { Span, TimeWindow } from '../../lib/range';

/** Typing goes on meanwhile: the question waits so long for the next key, ms. */
const PAUSE = 400;

/** What the rule would have done; `busy` while a newer answer is awaited. */
export interface BacktestState {
  readonly busy: boolean;
  readonly answer: BacktestResult | null;
  readonly window: TimeWindow | null;
  readonly failure: string | null;
}

interface Known extends Omit<BacktestState, 'busy'> {
  /** The question that was answered. */
  readonly to: string;
}

const NOTHING = { answer: null, window: null, failure: null } as const;

/** Tries a rule over the last so long, again with each change of it. Null is a rule with mistakes: the last answer stays. */
export function useBacktest(rule: Rule | null, span: Span): BacktestState {
  const { client, timers, live } = useApp();
  const [known, setKnown] = useState<Known>({ to: '', ...NOTHING });
  const started = useLive(({ time }) => time > 0);
  const asked = JSON.stringify({ rule, span });
  useEffect(() => {
    const wanted = JSON.parse(asked) as { readonly rule: Rule | null; readonly span: Span };
    if (wanted.rule === null || !started) return undefined;
    const tried = wanted.rule;
    let stopped = false;
    const cancel = timers.after(PAUSE, () => {
      const window = windowOf({ kind: 'live', span: wanted.span }, live.getState().time);
      void client.call('backtestRule', { rule: tried, ...window }).then((answer) => {
        if (!stopped) setKnown({ to: asked, ...(answer.ok ? { answer: answer.value, window, failure: null } : { ...NOTHING, failure: answer.message }) });
      });
    });
    return () => {
      stopped = true;
      cancel();
    };
  }, [client, timers, live, started, asked]);
  const { answer, window, failure } = known;
  return { busy: rule !== null && known.to !== asked, answer, window, failure };
}
