/** Open incidents in the tray: the severity of the icon, a line of the tooltip, and rows of the menu. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import type { LinkedIncident } from '../../shared/alerts/incident-path';
import type { Rule } from '../../shared/alerts/rule';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import { countAlerts, toTitle } from '../../shared/alerts/alert-text';
import { parseSeriesKey } from '../../shared/metrics/index';
import type { Snapshot } from '../../shared/metrics/reading';
import { worse } from '../../shared/metrics/severity';
import type { Severity } from '../../shared/metrics/severity';

/** An open incident with what the tray needs of its rule. */
export interface TrayIncident {
  readonly incident: Incident;
  readonly rule: Pick<Rule, 'source' | 'direction'>;
  readonly isSnoozed: boolean;
}

/** A menu row about alerts. */
export type AlertRow =
  | { readonly kind: 'submenu'; readonly text: string; readonly rows: readonly AlertRow[] }
  | { readonly kind: 'show'; readonly text: string; readonly range: LinkedIncident }
  | { readonly kind: 'acknowledge'; readonly text: string; readonly incident: string }
  | { readonly kind: 'snooze'; readonly text: string; readonly target: SnoozeTarget; readonly length: SnoozeLength }
  | { readonly kind: 'unsnooze'; readonly text: string }
  | { readonly kind: 'open'; readonly text: string };

/** Longest device name in the tray, characters. */
const NAME_LENGTH = 28;
/** Number of incidents listed in the menu; the rest is counted. */
const LISTED = 8;

/** A device name, cut in the middle where it is long: names of mounts and sensors differ at both ends. */
export function toShortName(name: string): string {
  if (name.length <= NAME_LENGTH) return name;
  const half = Math.floor((NAME_LENGTH - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}

/** The highest severity of incidents that are not acknowledged; acknowledged ones are listed, but do not affect the icon. */
export function worstOf(incidents: readonly TrayIncident[]): Severity {
  let worst: Severity = 'healthy';
  for (const { incident } of incidents) if (incident.acknowledgedAt === null) worst = worse(worst, incident.severity);
  return worst;
}

/** The last value read; the incident's own value where the rule does not evaluate the metric's value. */
function currentValue({ incident, rule }: TrayIncident, readings: Snapshot['readings']): number | null {
  const parsed = rule.source === 'value' ? parseSeriesKey(incident.series) : null;
  if (parsed === null) return incident.value;
  const reading = readings[parsed.family];
  const values = parsed.device === null ? reading?.values : reading?.devices[parsed.device]?.values;
  return values?.[parsed.metric] ?? null;
}

function titleOf(alert: TrayIncident, readings: Snapshot['readings']): string {
  const { incident, rule } = alert;
  const named = { ...incident, deviceLabel: incident.deviceLabel === null ? null : toShortName(incident.deviceLabel) };
  return toTitle(named, rule, currentValue(alert, readings));
}

/** The most severe first, acknowledged ones last, otherwise the latest first. */
function ordered(incidents: readonly TrayIncident[]): readonly TrayIncident[] {
  const rank = ({ incident }: TrayIncident): number => (incident.acknowledgedAt === null ? 0 : 2) + (incident.severity === 'critical' ? 0 : 1);
  return incidents.toSorted((a, b) => rank(a) - rank(b) || b.incident.firedAt - a.incident.firedAt);
}

/** "Critical: Disk space /home 96 %, and 2 more", or "2 alerts acknowledged" where all are; null without incidents. */
export function alertLine(incidents: readonly TrayIncident[], readings: Snapshot['readings']): string | null {
  const open = ordered(incidents.filter(({ incident }) => incident.acknowledgedAt === null));
  const [worst, ...more] = open;
  if (worst === undefined) return incidents.length === 0 ? null : `${countAlerts(incidents.length)} acknowledged`;
  const severity = worst.incident.severity === 'critical' ? 'Critical' : 'Warning';
  return `${severity}: ${titleOf(worst, readings)}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

const SNOOZES: readonly { readonly text: string; readonly length: SnoozeLength }[] = [
  { text: 'Snooze for 15 minutes', length: '15min' },
  { text: 'Snooze for 1 hour', length: '1h' },
  { text: 'Snooze for 4 hours', length: '4h' },
  { text: 'Snooze until tomorrow', length: 'tomorrow' },
  { text: 'Snooze until resolved', length: 'recovery' },
];

function toRow(alert: TrayIncident, readings: Snapshot['readings']): AlertRow {
  const { incident, isSnoozed } = alert;
  const { id, ruleId, series, since, firedAt, clearedAt, acknowledgedAt } = incident;
  const states = [...(acknowledgedAt === null ? [] : ['acknowledged']), ...(isSnoozed ? ['snoozed'] : [])];
  const state = states.length > 0 ? states.join(', ') : incident.severity;
  const target: SnoozeTarget = { kind: 'series', ruleId, series };
  const rows: AlertRow[] = [
    { kind: 'show', text: 'View', range: { id, series, since, firedAt, clearedAt } },
    ...(acknowledgedAt === null ? [{ kind: 'acknowledge', text: 'Acknowledge', incident: id } as const] : []),
    ...(isSnoozed ? [] : SNOOZES.map(({ text, length }) => ({ kind: 'snooze', text, target, length }) as const)),
  ];
  return { kind: 'submenu', text: `${titleOf(alert, readings)}  (${state})`, rows };
}

/** A submenu for each listed incident, with its commands. */
export function incidentRows(incidents: readonly TrayIncident[], readings: Snapshot['readings']): readonly AlertRow[] {
  const rest = incidents.length - LISTED;
  const rows = ordered(incidents).slice(0, LISTED).map((alert) => toRow(alert, readings));
  return rest > 0 ? [...rows, { kind: 'open', text: `and ${rest} more` }] : rows;
}

/** The submenu that snoozes all alerts, or the row that ends it. */
export function snoozeAllRow(snoozedAll: boolean, hasOpen: boolean): AlertRow {
  if (snoozedAll) return { kind: 'unsnooze', text: 'End snooze' };
  const snoozes = SNOOZES.filter(({ length }) => length !== 'recovery' || hasOpen);
  const rows = snoozes.map(({ text, length }) => ({ kind: 'snooze', text: length === 'recovery' ? 'Snooze until all resolved' : text, target: { kind: 'all' }, length }) as const);
  return { kind: 'submenu', text: 'Snooze all', rows };
}
