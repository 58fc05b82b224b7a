/** The calls that answer from one machine's hub and history: this machine's, or those of one that reports here. */
import type { Handlers } from '../../shared/api/dispatch';
import { deviceOf, thresholdsOf, warningOf } from '../../shared/alerts/severity';
import type { RuleThreshold } from '../../shared/alerts/severity';
import type { Rule } from '../../shared/alerts/rule';
import type { SeriesKey } from '../../shared/metrics/index';
import type { RuleBacktest } from '../alerts/rule-backtest';
import type { Hub } from '../engine/hub';
import type { Store } from '../engine/store/store-types';
import { runInSlices } from '../engine/time-slicing';
import type { GapQuery } from '../history/gap-query';
import { statsPastWarning } from '../history/time-above';

/** What they answer from. */
export interface HistoryHandlerParts {
  readonly hub: Hub;
  readonly store: Store;
  readonly gaps: GapQuery;
  readonly backtestRule: RuleBacktest;
  /** The machine's rules. */
  rules(): readonly Rule[];
  /** Milliseconds of the monotonic clock. */
  mono(): number;
}

/** Gives the warning threshold of a series: of the active rules, with what is known of its device now. */
function warnings({ rules, hub }: HistoryHandlerParts): (series: SeriesKey) => RuleThreshold | null {
  const active = rules();
  const { readings } = hub.snapshot();
  return (series) => warningOf(thresholdsOf(active, series, deviceOf(readings, series)));
}

/** Creates them. */
export function createHistoryHandlers(parts: HistoryHandlerParts) {
  const { hub, store, gaps, backtestRule, mono } = parts;
  return {
    snapshot: () => hub.snapshot(),
    series: (query) => runInSlices(() => store.queryWork(query), mono),
    stats: (range) => runInSlices(() => statsPastWarning(store, range, warnings(parts)), mono),
    gaps: ({ from, to }) => runInSlices(() => gaps.gapsWork(from, to), mono),
    backtestRule: (query, caller) => backtestRule(query, caller.id),
    events: (query) => store.activity.events(query),
    incidents: (query) => store.activity.incidents(query),
    processSnapshots: (query) => store.activity.processSnapshots(query),
  } satisfies Partial<Handlers>;
}
