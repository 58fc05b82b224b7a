/** Link from an incident to its chart. */
import { parseSeriesKey } from '../metrics/index';
import type { Incident } from './incident';

const MINUTE = 60_000;
/** Time shown before an incident began, ms. */
const BEFORE = 10 * MINUTE;
/** Time shown after it fired or was resolved, ms. */
const AFTER = 5 * MINUTE;

/**
 * Path of the metric page at the time of the incident: `/cpu?range=1h&from=…&to=…`. The overview if the series is unknown.
 * `now` in epoch milliseconds.
 */
export function incidentPath({ series, since, firedAt, clearedAt }: Pick<Incident, 'series' | 'since' | 'firedAt' | 'clearedAt'>, now: number): string {
  const parsed = parseSeriesKey(series);
  if (parsed === null) return '/';
  const to = Math.min(now, (clearedAt ?? firedAt) + AFTER);
  const from = Math.min(since, to) - BEFORE;
  return `/${parsed.family}?range=1h&from=${Math.max(0, Math.round(from))}&to=${Math.round(to)}`;
}
