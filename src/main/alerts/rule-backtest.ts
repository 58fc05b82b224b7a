/** Answers what a rule would have done. A caller who asks again is no longer interested in the answer before. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { BacktestResult, BacktestQuery } from '../../shared/alerts/backtest-schemas';
import { metricOf } from '../../shared/alerts/rule-validation';
import type { SeriesKey } from '../../shared/metrics/index';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { backtest } from '../engine/alerts/backtest';
import type { Hub } from '../engine/hub';
import type { Store } from '../engine/store/store-types';

/** What replays work on. */
export interface RuleBacktestParts {
  readonly hub: Hub;
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** Every series that may have something stored. */
  keys(): readonly SeriesKey[];
}

/** Replays one rule for a caller. Rejects with a CallError where there is nothing to replay, or the caller has asked anew. */
export type RuleBacktest = (query: BacktestQuery, caller: string) => Promise<BacktestResult>;

/** Builds the call. */
export function createRuleBacktest({ hub, store, clock, keys }: RuleBacktestParts): RuleBacktest {
  const latest = new Map<string, symbol>();
  return async (query, caller) => {
    const { rule } = query;
    if (metricOf(rule)?.stored === false) throw new CallError('BadInput', 'rule.metric: is not kept in the history, so there is nothing to try the rule on');
    const turn = Symbol(rule.id);
    latest.set(caller, turn);
    const devices = hub.snapshot().readings[rule.family]?.devices ?? {};
    try {
      return await backtest(
        {
          store,
          keys,
          facts: ({ device }) => {
            const found = device === null ? undefined : devices[device];
            return { label: found?.label ?? device, deviceLimits: found?.limits ?? null };
          },
          now: clock.now(),
          yieldToEventLoop: async () => {
            await yieldToEventLoop();
            if (latest.get(caller) !== turn) throw new CallError('Unavailable', 'another replay was asked for meanwhile');
          },
        },
        query,
      );
    } finally {
      if (latest.get(caller) === turn) latest.delete(caller);
    }
  };
}
