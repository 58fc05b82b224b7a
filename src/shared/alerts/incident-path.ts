/** Where the window shows what an incident is about. */
import { parseSeriesKey } from '../metrics/index';
import type { Incident } from './incident';

const MINUTE = 60_000;
/** Shown before an incident began, so that a person sees what it rose from. */
const BEFORE = 10 * MINUTE;
/** Shown after it fired, or after it ended. */
const AFTER = 5 * MINUTE;

/**
 * Path of the page that shows the incident's metric at its time, as `navigate` and the window take it:
 * `/cpu?range=1h&from=…&to=…`. The overview where no family has such a series any more. `now` in epoch milliseconds.
 */
export function incidentPath({ series, since, firedAt, clearedAt }: Pick<Incident, 'series' | 'since' | 'firedAt' | 'clearedAt'>, now: number): string {
  const parsed = parseSeriesKey(series);
  if (parsed === null) return '/';
  const to = Math.min(now, (clearedAt ?? firedAt) + AFTER);
  const from = Math.min(since, to) - BEFORE;
  return `/${parsed.family}?range=1h&from=${Math.max(0, Math.round(from))}&to=${Math.round(to)}`;
}
