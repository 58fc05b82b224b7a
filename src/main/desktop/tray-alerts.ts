/** Open incidents in the tray: a line of the tooltip, and rows of the menu. Pure. */
import type { Incident } from '../../shared/alerts/incident';
import type { LinkedIncident } from '../../shared/alerts/incident-path';
import type { Rule } from '../../shared/alerts/rule';
import { byUrgency } from '../../shared/alerts/severity';
import type { SnoozeLength, SnoozeTarget } from '../../shared/alerts/snooze';
import { openAlertTitle } from '../../shared/alerts/alert-value';
import type { Snapshot } from '../../shared/metrics/reading';

/** An open incident with what the tray needs of its rule. */
export interface TrayIncident {
  readonly incident: Incident;
  readonly rule: Pick<Rule, 'source' | 'direction'>;
  readonly isSnoozed: boolean;
}

/** Where the current or last known values of incidents are. */
type Known = Pick<Snapshot, 'readings' | 'lastKnown'>;

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
  // Without half an emoji at either cut.
  return `${name.slice(0, half).replace(/[\uD800-\uDBFF]$/, '')}…${name.slice(-half).replace(/^[\uDC00-\uDFFF]/, '')}`;
}

function titleOf({ incident, rule }: TrayIncident, known: Known): string {
  return openAlertTitle({ ...incident, deviceLabel: incident.deviceLabel === null ? null : toShortName(incident.deviceLabel) }, rule, known);
}

function ordered(incidents: readonly TrayIncident[]): readonly TrayIncident[] {
  return incidents.toSorted((a, b) => byUrgency(a.incident, b.incident));
}

/** "Critical: Disk space /home 96 %, and 2 more", with "(acknowledged)" after a subject that is; null without incidents. */
export function alertLine(incidents: readonly TrayIncident[], known: Known): string | null {
  const [worst, ...more] = ordered(incidents);
  if (worst === undefined) return null;
  const severity = worst.incident.severity === 'critical' ? 'Critical' : 'Warning';
  const state = worst.incident.acknowledgedAt === null ? '' : ' (acknowledged)';
  return `${severity}: ${titleOf(worst, known)}${state}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}

const SNOOZES: readonly { readonly text: string; readonly length: SnoozeLength }[] = [
  { text: 'Snooze for 15 minutes', length: '15min' },
  { text: 'Snooze for 1 hour', length: '1h' },
  { text: 'Snooze for 4 hours', length: '4h' },
  { text: 'Snooze until tomorrow', length: 'tomorrow' },
  { text: 'Snooze until resolved', length: 'recovery' },
];

function toRow(alert: TrayIncident, known: Known): AlertRow {
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
  return { kind: 'submenu', text: `${titleOf(alert, known)}  (${state})`, rows };
}

/** A submenu for each listed incident, with its commands. */
export function incidentRows(incidents: readonly TrayIncident[], known: Known): readonly AlertRow[] {
  const rest = incidents.length - LISTED;
  const rows = ordered(incidents).slice(0, LISTED).map((alert) => toRow(alert, known));
  return rest > 0 ? [...rows, { kind: 'open', text: `and ${rest} more` }] : rows;
}

/** The submenu that snoozes all alerts, or the row that ends it. */
export function snoozeAllRow(snoozedAll: boolean, hasOpen: boolean): AlertRow {
  if (snoozedAll) return { kind: 'unsnooze', text: 'End snooze' };
  const snoozes = SNOOZES.filter(({ length }) => length !== 'recovery' || hasOpen);
  const rows = snoozes.map(({ text, length }) => ({ kind: 'snooze', text: length === 'recovery' ? 'Snooze until all resolved' : text, target: { kind: 'all' }, length }) as const);
  return { kind: 'submenu', text: 'Snooze all', rows };
}
