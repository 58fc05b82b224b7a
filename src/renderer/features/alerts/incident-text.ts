/** What a view says of an incident. Pure. */
import type { Incident } from '../../../shared/alerts/incident';
import { incidentPath } from '../../../shared/alerts/incident-path';
import type { Rule } from '../../../shared/alerts/rule';
import { formatSpan, toTitle } from '../../../shared/alerts/alert-text';
import { parseSeriesKey } from '../../../shared/metrics/index';
import { formatValue } from '../../../shared/units';
import { formatMoment } from '../../lib/range';

/** The page of the incident's metric at that time; `now` in epoch ms. */
export function incidentLink(incident: Pick<Incident, 'series' | 'since' | 'firedAt' | 'clearedAt'>, now: number): string {
  return `#${incidentPath(incident, now)}`;
}

/** The rule an incident broke, where it still stands. */
function ruleOf({ ruleId }: Pick<Incident, 'ruleId'>, rules: readonly Rule[]): Rule | null {
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
