/** What a view says of an incident. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import type { Rule } from '../../shared/alerts/rule';
import { formatSpan, toTitle } from '../../shared/alerts/words';
import { parseSeriesKey } from '../../shared/metrics/index';
import { formatValue } from '../../shared/units';
import { formatMoment, SPANS } from './range';
import type { Span } from './range';
import { formatRoute } from './route';

/** Milliseconds shown before an incident began and after it ended. */
const MARGIN = 120_000;
const SPAN: Span = '1h';

/** The page of the incident's metric at that time; null where this version has no such metric. */
export function incidentLink({ series, since, clearedAt }: Pick<Incident, 'series' | 'since' | 'clearedAt'>, now: number): string | null {
  const parsed = parseSeriesKey(series);
  if (parsed === null) return null;
  const to = Math.min(now, (clearedAt ?? now) + MARGIN);
  const from = Math.max(0, Math.min(since - MARGIN, to - SPANS['5m'].ms));
  return formatRoute({ page: 'family', family: parsed.family, range: { kind: 'fixed', from: Math.round(from), to: Math.round(to), span: SPAN } });
}

/** The rule an incident broke, where it still stands. */
export function ruleOf({ ruleId }: Pick<Incident, 'ruleId'>, rules: readonly Rule[]): Rule | null {
  return rules.find(({ id }) => id === ruleId) ?? null;
}

/** Value and time: "CPU 97 %". An incident that is over is named by its peak. */
export function incidentTitle(incident: Incident, rules: readonly Rule[]): string {
  return toTitle(incident, ruleOf(incident, rules), incident.clearedAt === null ? (incident.value ?? incident.peak) : incident.peak);
}

/** A value of the incident: hours where its rule looks ahead. */
export function incidentValue(value: number, incident: Incident, rules: readonly Rule[]): string {
  if (ruleOf(incident, rules)?.source === 'timeToFull') return formatSpan(value * 3600);
  return formatValue(value, parseSeriesKey(incident.series)?.descriptor.unit ?? 'count');
}

/** How long it lasted, or lasts. */
export function incidentLength({ since, clearedAt }: Pick<Incident, 'since' | 'clearedAt'>, now: number): string {
  return formatSpan(Math.max(0, (clearedAt ?? now) - since) / 1000);
}

const ENDINGS = { recovered: '', ruleChanged: 'rule changed', deviceGone: 'device gone' } as const;

/** When it began, how long it lasted, and how it ended where that was no recovery. */
export function incidentTimes(incident: Incident, now: number): string {
  const ending = incident.endedBy === null ? '' : ENDINGS[incident.endedBy];
  const length = incidentLength(incident, now);
  return `${formatMoment(incident.since)} · ${incident.clearedAt === null ? `for ${length}` : length}${ending === '' ? '' : ` · ${ending}`}`;
}
