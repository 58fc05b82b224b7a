/** Answers what a rule would have done. A caller who asks again is no longer interested in the answer before. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { BacktestResult, ReplayQuery } from '../../shared/alerts/backtest-schemas';
import { metricOf } from '../../shared/alerts/rule-validation';
import type { SeriesKey } from '../../shared/metrics/index';
import { CallError } from '../../shared/result';
import type { Clock } from '../engine/clock';
import { replay } from '../engine/alerts/backtest';
import type { Hub } from '../engine/hub';
import type { Store } from '../engine/store/store-types';

/** What replays work on. */
export interface RuleReplayParts {
  readonly hub: Hub;
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** Every series that may have something stored. */
  keys(): readonly SeriesKey[];
}

/** Replays one rule for a caller. Rejects with a CallError where there is nothing to replay, or the caller has asked anew. */
export type RuleReplay = (query: ReplayQuery, caller: string) => Promise<BacktestResult>;

/** Builds the call. */
export function createRuleReplay({ hub, store, clock, keys }: RuleReplayParts): RuleReplay {
  const latest = new Map<string, symbol>();
  return async (query, caller) => {
    const { rule } = query;
    if (metricOf(rule)?.stored === false) throw new CallError('BadInput', 'rule.metric: is not kept in the history, so there is nothing to try the rule on');
    const turn = Symbol(rule.id);
    latest.set(caller, turn);
    const devices = hub.snapshot().readings[rule.family]?.devices ?? {};
    try {
      return await replay(
        {
          store,
          keys,
          facts: ({ device }) => {
            const found = device === null ? undefined : devices[device];
            return { label: found?.label ?? device, marks: found?.limits ?? null };
          },
          now: clock.now(),
          breathe: async () => {
            await breathe();
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
