/** The call backtestRule: what a rule would have done on stored data. A new call of the same caller cancels the previous one. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { BacktestResult, BacktestQuery } from '../../shared/alerts/backtest-schemas';
import { metricOf } from '../../shared/alerts/rule-validation';
import type { SeriesKey } from '../../shared/metrics/index';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { backtest } from '../engine/alerts/backtest';
import type { Hub } from '../engine/hub';
import type { Store } from '../engine/store/store-types';

/** What backtests work on. */
export interface RuleBacktestParts {
  readonly hub: Hub;
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** Every series that may have stored data. */
  keys(): readonly SeriesKey[];
}

/** Backtests one rule. Rejects with a CallError where the metric is not stored, or when the caller has started another. */
export type RuleBacktest = (query: BacktestQuery, caller: string) => Promise<BacktestResult>;

/** Creates the call. */
export function createRuleBacktest({ hub, store, clock, keys }: RuleBacktestParts): RuleBacktest {
  /** The latest run of each caller. */
  const latest = new Map<string, symbol>();
  return async (query, caller) => {
    const { rule } = query;
    if (metricOf(rule)?.stored === false) throw new CallError('BadInput', 'rule.metric: is not stored in the history, so there is no data for a preview');
    const run = Symbol(rule.id);
    latest.set(caller, run);
    const devices = hub.snapshot().readings[rule.family]?.devices ?? {};
    try {
      return await backtest(
        {
          store,
          keys,
          facts: ({ device }) => {
            const found = device === null ? undefined : devices[device];
            const media = device !== null && found === undefined ? 'absent' : found?.media;
            return { label: found?.label ?? device, deviceLimits: found?.limits ?? null, ...(media === undefined ? {} : { media }) };
          },
          now: clock.now(),
          yieldToEventLoop: async () => {
            await yieldToEventLoop();
            if (latest.get(caller) !== run) throw new CallError('Unavailable', 'replaced by a newer preview');
          },
        },
        query,
      );
    } finally {
      if (latest.get(caller) === run) latest.delete(caller);
    }
  };
}
