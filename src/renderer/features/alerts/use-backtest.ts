/** Backtests the rule of the editor's form while it is edited. */
import { useEffect, useState } from 'react';
import type { BacktestResult } from '../../../shared/alerts/backtest-schemas';
import type { Rule } from '../../../shared/alerts/rule';
import { useApp, useLive } from '../../app/app-context';
import { windowOf } from '../../lib/range';
import type { Span, TimeWindow } from '../../lib/range';

/** A backtest starts after this pause in typing, ms. */
const TYPING_PAUSE = 400;

/** The last backtest of the rule; `busy` while a newer one is running. */
export interface BacktestState {
  readonly busy: boolean;
  readonly result: BacktestResult | null;
  readonly window: TimeWindow | null;
  readonly failure: string | null;
}

interface FinishedBacktest extends Omit<BacktestState, 'busy'> {
  /** The request that it belongs to, as JSON. */
  readonly request: string;
}

const NO_RESULT = { result: null, window: null, failure: null } as const;

/** Backtests a rule over a span that ends now, again after each change of the rule. Null is a rule with errors: the last result stays. */
export function useBacktest(rule: Rule | null, span: Span): BacktestState {
  const { client, timers, live } = useApp();
  const [finished, setFinished] = useState<FinishedBacktest>({ request: '', ...NO_RESULT });
  const started = useLive(({ time }) => time > 0);
  const request = JSON.stringify({ rule, span });
  useEffect(() => {
    const wanted = JSON.parse(request) as { readonly rule: Rule | null; readonly span: Span };
    if (wanted.rule === null || !started) return undefined;
    const tested = wanted.rule;
    let stopped = false;
    const cancel = timers.after(TYPING_PAUSE, () => {
      const window = windowOf({ kind: 'live', span: wanted.span }, live.getState().time);
      void client.call('backtestRule', { rule: tested, ...window }).then((response) => {
        if (!stopped) setFinished({ request, ...(response.ok ? { result: response.value, window, failure: null } : { ...NO_RESULT, failure: response.message }) });
      });
    });
    return () => {
      stopped = true;
      cancel();
    };
  }, [client, timers, live, started, request]);
  const { result, window, failure } = finished;
  return { busy: rule !== null && finished.request !== request, result, window, failure };
}
