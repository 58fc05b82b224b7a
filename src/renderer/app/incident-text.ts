/** Text for one incident in the lists of open and past alerts and on metric pages, and the link to its chart. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import { incidentPath } from '../../shared/alerts/incident-path';
import type { LinkedIncident } from '../../shared/alerts/incident-path';
import { openAlertTitle, peakSoFar } from '../../shared/alerts/alert-value';
import type { Snapshot } from '../../shared/metrics/reading';
import type { Rule } from '../../shared/alerts/rule';
import { formatSpan, peakWord, toTitle, wordOf } from '../../shared/alerts/alert-text';
import { parseSeriesKey } from '../../shared/metrics/index';
import { formatValue } from '../../shared/units';
import { formatDateTime } from '../lib/range';

/** Address of the incident's metric page at the time of the incident; `now` in epoch ms. */
export function incidentLink(incident: LinkedIncident, now: number): string {
  return `#${incidentPath(incident, now)}`;
}

/** The rule that fired; null where it has been deleted. */
function ruleOf({ ruleId }: Pick<Incident, 'ruleId'>, rules: readonly Rule[]): Rule | null {
  return rules.find(({ id }) => id === ruleId) ?? null;
}

/** Subject and peak of a resolved incident: "CPU 97 %". */
export function incidentTitle(incident: Incident, rules: readonly Rule[]): string {
  return toTitle(incident, ruleOf(incident, rules), incident.peak);
}

/** Subject and current value of an open one; told as such where there is none now. */
export function openIncidentTitle(incident: Incident, rules: readonly Rule[], known: Pick<Snapshot, 'readings' | 'lastKnown'>): string {
  return openAlertTitle(incident, ruleOf(incident, rules), known);
}

/** The peak of an incident, of an open one that so far: "peak 99.0 %", "lowest 8.0 %", "at worst degraded". */
export function incidentPeak(incident: Incident, rules: readonly Rule[], known: Pick<Snapshot, 'readings' | 'lastKnown'>): string {
  const rule = ruleOf(incident, rules);
  const peak = incident.clearedAt === null ? peakSoFar(incident, rule, known) : incident.peak;
  return `${peakWord(peak, incident, rule)} ${valueText(peak, incident, rule)}`;
}

/** A value of the incident: a time until full where its rule evaluates that, else in the metric's unit. */
function valueText(value: number, incident: Incident, rule: Rule | null): string {
  if (rule?.source === 'timeToFull') return formatSpan(value * 3600);
  return wordOf(value, incident) ?? formatValue(value, parseSeriesKey(incident.series)?.descriptor.unit ?? 'count');
}

/** How long the incident lasted, or has lasted at `now` (epoch ms). */
export function incidentDuration({ since, clearedAt }: Pick<Incident, 'since' | 'clearedAt'>, now: number): string {
  return formatSpan(Math.max(0, (clearedAt ?? now) - since) / 1000);
}

/** Why an incident ended, where that was no recovery. */
const END_REASONS = { recovered: '', ruleChanged: 'rule changed', deviceGone: 'no longer measured' } as const;

/** Start, duration, and the reason of the end where that was no recovery. */
export function incidentTimes(incident: Incident, now: number): string {
  const reason = incident.endedBy === null ? '' : END_REASONS[incident.endedBy];
  const duration = incidentDuration(incident, now);
  return `${formatDateTime(incident.since)} · ${incident.clearedAt === null ? `for ${duration}` : duration}${reason === '' ? '' : ` · ${reason}`}`;
}
